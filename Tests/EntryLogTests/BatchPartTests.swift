// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import LedgerModel
import Testing

struct BatchPartTests {
    private let secret = SampleEntries.secret

    @Test(arguments: [1, 2, 3, 4, 8, 16])
    func partsInOrderAreTheBatch(workerCount: Int) throws {
        for count in [1, 2, 15, 100, 257] {
            let batch = try batch(count)
            for partEntryCount in [1, 2, 3, 7, 64, 1_000] {
                let found = try BatchReader.map(
                    batch.bytes.span.rawBytes,
                    workerCount: workerCount,
                    partEntryCount: partEntryCount,
                    read
                )
                #expect(
                    found.flatMap { $0 }
                        == (0..<count).map { SampleEntries.reservation(UInt64($0)) }
                )
                #expect(found.allSatisfy { $0.count >= min(partEntryCount, count) })
            }
        }
    }

    /// A batch is damaged anywhere but in its header: its parts say the same of it as all of it.
    @Test(arguments: UInt64(0)..<4)
    func partsFindWhatIsWrongWhereTheBatchDoes(seed: UInt64) throws {
        let batch = try batch(40)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            var bytes = batch.bytes
            let index = Int.random(in: BatchHeader.byteCount..<bytes.count, using: &random)
            bytes[index] = .random(in: 0...255, using: &random)
            let whole = logError { () throws(EntryLogError) in
                try BatchReader.forEachEntry(in: bytes.span.rawBytes) {
                    _,
                    entry throws(EntryLogError) in
                    _ = try EntryCodec.decode(entry)
                    return .next
                }
            }
            let inParts = logError { () throws(EntryLogError) in
                _ = try BatchReader.map(
                    bytes.span.rawBytes,
                    workerCount: 3,
                    partEntryCount: Int.random(in: 1...20, using: &random),
                    read
                )
            }
            #expect(whole == inParts)
        }
    }

    private let read: @Sendable (RawSpan, BatchReader.Part) throws(EntryLogError) -> [Entry] = {
        batch,
        part throws(EntryLogError) in
        var entries: [Entry] = []
        try BatchReader.forEachEntry(in: batch, part) { _, entry throws(EntryLogError) in
            entries.append(try EntryCodec.decode(entry))
            return .next
        }
        return entries
    }

    private func batch(_ count: Int) throws -> EncodedBatch {
        var builder = BatchBuilder(secret: secret, frontier: MerkleFrontier())
        for number in 0..<UInt64(count) { try builder.append(SampleEntries.reservation(number)) }
        return builder.finish(previous: .genesis)
    }

    private func logError(_ body: () throws(EntryLogError) -> Void) -> EntryLogError? {
        do throws(EntryLogError) {
            try body()
            return nil
        } catch {
            return error
        }
    }
}
