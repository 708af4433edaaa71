// SPDX-License-Identifier: Apache-2.0

import Foundation
import LMDB
import QuotaLedger

/// One table of LMDB with the hash of the name as key, filled in the order in which ids arrive, 8,192
/// a commit, or in sorted batches of as many as the runs' table has.
func measureTable(
    _ count: Int,
    in folder: URL,
    isSorted: Bool,
    atMost seconds: Double
) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let environment = try Environment(path: folder.path)
    let table: Database<NameKey> = try environment.database(named: "operations")
    let batchCount = isSorted ? 196_608 : 8_192
    let start = privateMemory()
    var figures = Figures(
        what: isSorted ? "LMDB table, sorted batches" : "LMDB table, order of arrival"
    )
    while figures.count < count, figures.putWall < seconds {
        let numbers = figures.count..<min(count, figures.count + batchCount)
        let put = try timed {
            var keys = numbers.map { (name: name($0), number: $0) }
            if isSorted { keys.sort { $0.name < $1.name } }
            try environment.withWriteTransaction { transaction throws(LMDBError) in
                for (hash, number) in keys {
                    let content = content(number)
                    let value = [content.low, content.high, UInt64(number)]
                    try transaction.put(
                        unsafe value.span.bytes,
                        for: NameKey(hash: hash),
                        in: table
                    )
                }
            }
        }
        figures.putCPU += put.cpu
        figures.putWall += put.wall
        figures.count = numbers.upperBound
        figures.memory = max(figures.memory, privateMemory() - start)
    }
    func isKnown(_ number: Int) throws -> Bool {
        try environment.withReadTransaction { transaction throws(LMDBError) in
            try transaction.contains(NameKey(hash: name(number)), in: table)
        }
    }
    let filled = figures.count
    figures.newLook = try timedLooks(200_000, in: filled..<4 * filled) { number in
        guard try !isKnown(number) else { throw Wrong() }
    }
    figures.knownLook = try timedLooks(200_000, in: 0..<filled) { number in
        guard try isKnown(number) else { throw Wrong() }
    }
    figures.disk = byteCount(of: folder.appending(path: "data.mdb"))
    figures.print()
}

/// The hash of a name as a key: sixteen bytes, most significant first.
private struct NameKey: DatabaseKey {
    let hash: Hash128

    init(hash: Hash128) { self.hash = hash }

    init?(keyBytes: RawSpan) {
        guard keyBytes.byteCount == 16,
            let high = UInt64(keyBytes: keyBytes.extracting(first: 8)),
            let low = UInt64(keyBytes: keyBytes.extracting(last: 8))
        else { return nil }
        hash = Hash128(low: low, high: high)
    }

    func withKeyBytes<Result>(_ body: (RawSpan) -> Result) -> Result {
        let bytes = InlineArray<16, UInt8> { index in
            let word = index < 8 ? hash.high : hash.low
            return UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64(index & 7)))
        }
        return body(unsafe bytes.span.bytes)
    }
}
