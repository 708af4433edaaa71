// SPDX-License-Identifier: Apache-2.0
import EntryLog
import Glibc

/// Files that hold the roots of the perfect subtrees of a log's tree, one level of tiles a file.
///
/// In the folder are `level-1`, `level-2` and so on: hashes of 32 bytes, one behind the other. They
/// are derived from the log and may be deleted, cut short or wrong at any time: whoever reads them
/// checks every hash. For one thread at a time.
struct TreeFiles: Sendable {
    let folder: String

    private func path(_ level: Int) -> String { "\(folder)/level-\(level)" }

    /// How many hashes of a level are there; none if that can not be told.
    func count(level: Int) -> UInt64 {
        guard let file = try? OpenFile(path(level), O_RDONLY),
            let byteCount = try? file.byteCount()
        else { return 0 }
        return UInt64(byteCount / LedgerHash.byteCount)
    }

    /// Hashes of a level, or fewer if they are not there any more.
    func hashes(level: Int, _ range: Range<UInt64>) -> [LedgerHash] {
        guard let file = try? OpenFile(path(level), O_RDONLY),
            let bytes = try? file.read(
                at: Int(range.lowerBound) * LedgerHash.byteCount,
                atMost: range.count * LedgerHash.byteCount
            )
        else { return [] }
        return LedgerHash.all(in: bytes)
    }

    /// Puts hashes behind the first of each level, and removes what else is behind those.
    ///
    /// Does nothing if somebody else is writing, or has written more: whatever is there is checked by
    /// whoever reads it. Throws if the folder can not be written, of which nothing follows.
    func write(_ levels: [(level: Int, first: UInt64, hashes: [LedgerHash])]) throws(FileFailure) {
        try Files.makeFolder(folder, mode: 0o750)
        let lock = try OpenFile("\(folder)/lock", O_RDWR | O_CREAT, mode: 0o640)
        guard try lock.lock() else { return }
        for (level, first, hashes) in levels {
            let file = try OpenFile(path(level), O_RDWR | O_CREAT, mode: 0o640)
            let end = Int(first) * LedgerHash.byteCount
            // A file that is shorter now was begun anew by somebody else.
            guard try file.byteCount() >= end else { return }
            try file.truncate(to: end)
            try file.write(LedgerHash.bytes(of: hashes), at: end)
        }
    }
}
