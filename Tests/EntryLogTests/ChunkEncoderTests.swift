// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import LedgerModel
import Testing

struct ChunkEncoderTests {
    private let secret = SampleEntries.secret

    /// Entries of every kind, in one batch that begins anywhere, encoded by as many workers in
    /// chunks of as many entries as can be: always the bytes, the root and the edge of one entry
    /// after the other.
    @Test(arguments: [1, 2, 3, 4, 8, 16])
    func anyNumberOfWorkersMakesTheSameBatch(workerCount: Int) throws {
        var random = SeededGenerator(seed: UInt64(workerCount))
        for (first, count) in [(0, 1), (0, 257), (1, 64), (7, 333), (64, 512), (1_000, 1_023)] {
            let entries = entries(first: first, count: count, seed: UInt64(count))
            let frontier = frontier(of: first)
            let plain = try batch(of: entries, after: frontier)
            for chunkEntryCount in [1, 2, 3, 17, Int.random(in: 1...count, using: &random), 256] {
                let encoder = ChunkEncoder(
                    secret: secret,
                    workerCount: workerCount,
                    chunkEntryCount: chunkEntryCount
                )
                // Twice, the second time in memory that was used.
                for _ in 0..<2 {
                    let chunked = try batch(of: entries[...], after: frontier, with: encoder)
                    #expect(chunked.bytes == plain.bytes)
                    #expect(chunked.frontier == plain.frontier)
                    #expect(chunked.head == plain.head)
                }
            }
        }
    }

    @Test func noEntriesAreNoChunks() throws {
        let encoder = ChunkEncoder(secret: secret)
        #expect(try chunks(of: [], with: encoder).isEmpty)
    }

    /// Whichever worker is faster, the first entry that can not be encoded is the one that is told.
    @Test func theFirstEntryThatDoesNotFitIsTold() throws {
        var entries = (0..<64).map { SampleEntries.reservation(UInt64($0)) }
        entries[20].rulebook = EntryNumber(rawValue: 21)
        entries[50].content = .limit(
            LimitEvent(
                name: .smallOrder(group: PartyIdentifier(checked: "G"), year: 1),
                change: .breached,
                used: .zero,
                limit: .zero
            )
        )
        let encoder = ChunkEncoder(secret: secret, workerCount: 8, chunkEntryCount: 1)
        for _ in 0..<50 {
            #expect(throws: EntryLogError.notEncodable(what: "its rulebook was adopted later")) {
                try chunks(of: entries[...], with: encoder)
            }
        }
        #expect(try chunks(of: entries[..<20], with: encoder).count == 20)
    }

    /// Long enough for the thread sanitizer to meet a race if there is one.
    @Test func manyBatchesAreEncodedAndReadOnAllCores() throws {
        let entries = entries(first: 0, count: 4_096, seed: 5)
        let plain = try batch(of: entries, after: MerkleFrontier())
        let encoder = ChunkEncoder(secret: secret, chunkEntryCount: 64)
        for _ in 0..<8 {
            let again = try batch(of: entries[...], after: MerkleFrontier(), with: encoder)
            #expect(again.bytes == plain.bytes)
            let counts = try BatchReader.map(again.bytes.span.rawBytes, partEntryCount: 64) {
                batch,
                part throws(EntryLogError) in
                var sum = 0
                try BatchReader.forEachEntry(in: batch, part) { _, entry in
                    sum += entry.byteCount
                    return .next
                }
                return sum
            }
            #expect(counts.count == 64)
            var frontier = MerkleFrontier()
            _ = try BatchReader.verify(
                again.bytes.span.rawBytes,
                after: .genesis,
                frontier: &frontier,
                hasher: LeafHasher(secret: secret)
            )
            #expect(frontier == plain.frontier)
        }
    }

    private func entries(first: Int, count: Int, seed: UInt64) -> [Entry] {
        var source = RandomEntries(seed: seed, first: UInt64(first))
        return (0..<count).map { _ in source.entry() }
    }

    /// The edge of a tree over as many leaves.
    private func frontier(of count: Int) -> MerkleFrontier {
        var frontier = MerkleFrontier()
        for index in 0..<count { frontier.append(sha256([UInt8(index & 0xff)].span.rawBytes)) }
        return frontier
    }

    private func chunks(
        of entries: ArraySlice<Entry>,
        with encoder: ChunkEncoder
    ) throws -> [EncodedChunk] {
        let first = entries.first?.number ?? EntryNumber(rawValue: 0)
        return try encoder.chunks(first: first, count: entries.count) {
            entries[entries.startIndex + $0]
        }
    }

    private func batch(
        of entries: ArraySlice<Entry>,
        after frontier: MerkleFrontier,
        with encoder: ChunkEncoder
    ) throws -> EncodedBatch {
        var builder = BatchBuilder(secret: secret, frontier: frontier)
        for chunk in try chunks(of: entries, with: encoder) {
            try builder.append(chunk)
            encoder.recycle(chunk)
        }
        return builder.finish(previous: head(at: frontier))
    }

    private func batch(
        of entries: [Entry],
        after frontier: MerkleFrontier
    ) throws -> EncodedBatch {
        var builder = BatchBuilder(secret: secret, frontier: frontier)
        for entry in entries { try builder.append(entry) }
        return builder.finish(previous: head(at: frontier))
    }

    private func head(at frontier: MerkleFrontier) -> LogHead {
        LogHead(next: frontier.size, hash: .genesis, epoch: 1)
    }
}
