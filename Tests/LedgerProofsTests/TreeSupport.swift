// SPDX-License-Identifier: Apache-2.0
import EntryLog
import Foundation
import LedgerProofs
import Synchronization

/// Leaves of no entries, and how many of them were asked for.
final class FakeLeaves: LeafSource {
    let leaves: [LedgerHash]
    private let asked = Mutex(0)

    init(_ leaves: [LedgerHash]) { self.leaves = leaves }

    /// How many leaves were asked for since the last time.
    func takeAskedCount() -> Int {
        asked.withLock { count in
            defer { count = 0 }
            return count
        }
    }

    func forEachRun(
        of range: Range<UInt64>,
        takingInputs: Bool,
        _ body: (LeafRun) -> ReadStep
    ) throws(EntryLogError) {
        asked.withLock { $0 += range.count }
        var first = Int(range.lowerBound)
        while first < Int(range.upperBound) {
            // Of no particular length, as parts of batches are.
            let end = min(first + 301, Int(range.upperBound))
            let run = LeafRun(first: UInt64(first), leaves: Array(leaves[first..<end]))
            guard case .next = body(run) else { return }
            first = end
        }
    }
}

/// The right edge of the tree over leaves.
func frontier(_ leaves: some Sequence<LedgerHash>) -> MerkleFrontier {
    var frontier = MerkleFrontier()
    for leaf in leaves { frontier.append(leaf) }
    return frontier
}

/// A folder that goes away.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "headroom-proofs-\(UInt64.random(in: 0...UInt64.max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The files below it by their paths, or below a folder in it.
    func files(in folder: String = "") throws -> [String: [UInt8]] {
        let base = path + (folder.isEmpty ? "" : "/" + folder)
        var files: [String: [UInt8]] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: base) {
            // Of a folder there is none.
            if let data = FileManager.default.contents(atPath: "\(base)/\(name)") {
                files[name] = [UInt8](data)
            }
        }
        return files
    }
}

func bytes(of path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
}

func put(_ bytes: [UInt8], in path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
}
