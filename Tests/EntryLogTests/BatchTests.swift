// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import LedgerModel
import Testing

struct BatchTests {
    private let secret = SampleEntries.secret

    @Test(arguments: UInt64(0)..<3)
    func theSameEntriesGiveTheSameRootInAnyBatching(seed: UInt64) throws {
        var source = RandomEntries(seed: seed)
        let entries = (0..<300).map { _ in source.entry() }
        let roots = try [1, 7, 64, 300].map { size in
            try batches(of: entries, size: size).last?.header.root
        }
        #expect(Set(roots).count == 1, "seed \(seed)")
        #expect(roots.first != .some(.none))
    }

    @Test func entriesComeBackFromABatch() throws {
        let entries = (0..<50).map { SampleEntries.reservation(UInt64($0)) }
        let batch = try #require(try batches(of: entries, size: 50).first)
        var found: [Entry] = []
        try BatchReader.forEachEntry(in: batch.bytes.span.rawBytes) {
            number,
            bytes throws(EntryLogError) in
            let entry = try EntryCodec.decode(bytes)
            #expect(entry.number == number)
            found.append(entry)
            return .next
        }
        #expect(found == entries)
        let header = try check(batch.bytes, after: .genesis)
        #expect(header == batch.header)
        #expect(BatchReader.head(after: header, batch.bytes.span.rawBytes) == batch.head)
    }

    @Test(arguments: [1, 3, 10])
    func chunksGiveTheSameBatchAsEntries(chunkSize: Int) throws {
        let entries = (0..<10).map { SampleEntries.reservation(UInt64($0)) }
        let plain = try #require(try batches(of: entries, size: 10).first)
        var builder = BatchBuilder(secret: secret, frontier: MerkleFrontier())
        var reused = EncodedChunk(first: entries[0].number, secret: secret)
        for start in stride(from: 0, to: 10, by: chunkSize) {
            let count = min(chunkSize, 10 - start)
            let first = entries[start].number
            if start % 2 == 0 {
                try builder.append(
                    EncodedChunk(first: first, count: count, secret: secret) {
                        entries[start + $0]
                    }
                )
            } else {
                reused.restart(at: first)
                for entry in entries[start..<start + count] { try reused.append(entry) }
                try builder.append(reused)
            }
        }
        let chunked = builder.finish(previous: .genesis)
        #expect(chunked.bytes == plain.bytes)
        #expect(chunked.frontier == plain.frontier)
    }

    @Test func aReusedBuilderMakesTheSameBatches() throws {
        let entries = (0..<40).map { SampleEntries.reservation(UInt64($0)) }
        let plain = try batches(of: entries, size: 8)
        var builder = BatchBuilder(secret: secret, frontier: MerkleFrontier())
        var head = LogHead.genesis
        for (index, batch) in plain.enumerated() {
            for entry in entries[index * 8..<index * 8 + 8] { try builder.append(entry) }
            let again = builder.finish(previous: head)
            #expect(again.bytes == batch.bytes)
            head = again.head
            builder.recycle(again)
        }
        #expect(head == plain.last?.head)
    }

    @Test func everyFlippedBitIsFound() throws {
        let batch = try sample()
        for index in batch.bytes.indices {
            for bit in 0..<8 {
                var bytes = batch.bytes
                bytes[index] ^= 1 << UInt8(bit)
                #expect(throws: EntryLogError.self, "byte \(index), bit \(bit)") {
                    try check(bytes)
                }
            }
        }
    }

    @Test func everyTruncationIsFound() throws {
        let batch = try sample()
        for count in 0..<batch.bytes.count {
            let bytes = Array(batch.bytes[..<count])
            #expect(throws: EntryLogError.self) { try check(bytes) }
            #expect(throws: EntryLogError.self) {
                try BatchReader.forEachEntry(in: bytes.span.rawBytes) { _, _ in .next }
            }
        }
        let longer = batch.bytes + [0]
        #expect(throws: EntryLogError.self) { try check(longer) }
    }

    /// Also without the checksum, damaged lengths lead nowhere.
    @Test(arguments: UInt64(0)..<4)
    func walkingThroughDamagedBytesNeverTraps(seed: UInt64) throws {
        let batch = try sample()
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            var bytes = batch.bytes
            let index = Int.random(in: 0..<bytes.count, using: &random)
            bytes[index] = UInt8.random(in: 0...255, using: &random)
            try? BatchReader.forEachEntry(in: bytes.span.rawBytes) {
                _,
                bytes throws(EntryLogError) in
                _ = try EntryCodec.decode(bytes)
                return .next
            }
        }
    }

    @Test func aNewerFormatSaysSo() throws {
        var bytes = try sample().bytes
        bytes[8] = 3
        #expect(
            throws: EntryLogError.newerFormat(
                at: .batch(EntryNumber(rawValue: 0)),
                found: 3,
                supported: 2
            )
        ) { try check(bytes) }
    }

    @Test func aBatchThatDoesNotFollowIsFound() throws {
        let entries = (0..<6).map { SampleEntries.reservation(UInt64($0)) }
        let batches = try batches(of: entries, size: 2)
        let second = batches[1].bytes
        _ = try check(second, after: batches[0].head)
        var other = batches[0].head
        other.hash = .genesis
        #expect(throws: EntryLogError.self) {
            try check(second, after: other)
        }
        other = batches[0].head
        other.epoch += 1
        #expect(throws: EntryLogError.self) {
            try check(second, after: other)
        }
        #expect(throws: EntryLogError.self) {
            try check(second, after: batches[1].head)
        }
    }

    /// The checksum and the chain fit, only the hashes tell.
    @Test func verifyingFindsEntriesThatAreNotThoseOfTheTree() throws {
        let other = try #require(LedgerSecret(randomBytes: [UInt8](repeating: 1, count: 32)))
        var builder = BatchBuilder(secret: other, frontier: MerkleFrontier())
        try builder.append(SampleEntries.reservation(0))
        let bytes = builder.finish(previous: .genesis).bytes
        _ = try check(bytes, after: .genesis)
        #expect(throws: EntryLogError.self) {
            try EncodedBatch(
                verifying: bytes,
                after: .genesis,
                frontier: MerkleFrontier(),
                secret: secret
            )
        }
        let good = try EncodedBatch(
            verifying: bytes,
            after: .genesis,
            frontier: MerkleFrontier(),
            secret: other
        )
        #expect(good.head.next == 1)
    }

    @Test func aBuilderIsAsItWasAfterAnError() throws {
        var builder = BatchBuilder(secret: secret, frontier: MerkleFrontier())
        try builder.append(SampleEntries.reservation(0))
        var bad = SampleEntries.reservation(1)
        bad.rulebook = EntryNumber(rawValue: 2)
        #expect(throws: EntryLogError.self) { try builder.append(bad) }
        try builder.append(SampleEntries.reservation(1))
        let plain = try batches(of: (0..<2).map { SampleEntries.reservation($0) }, size: 2)
        #expect(builder.finish(previous: .genesis).bytes == plain.first?.bytes)
    }

    @Test func aBatchHoldsAtMost65536Entries() throws {
        var builder = BatchBuilder(secret: secret, frontier: MerkleFrontier())
        for number in 0..<65_536 { try builder.append(SampleEntries.reservation(UInt64(number))) }
        #expect(!builder.hasRoom)
        #expect(throws: EntryLogError.batchFull) {
            try builder.append(SampleEntries.reservation(65_536))
        }
        let chunk = try EncodedChunk(first: builder.next, count: 1, secret: secret) { _ in
            SampleEntries.reservation(65_536)
        }
        #expect(throws: EntryLogError.batchFull) { try builder.append(chunk) }
        let batch = builder.finish(previous: .genesis)
        #expect(try check(batch.bytes).entryCount == 65_536)
    }

    private func sample() throws -> EncodedBatch {
        let entries = (0..<3).map { SampleEntries.reservation(UInt64($0)) }
        return try #require(try batches(of: entries, size: 3).first)
    }

    private func batches(of entries: [Entry], size: Int) throws -> [EncodedBatch] {
        var builder = BatchBuilder(secret: secret, frontier: MerkleFrontier())
        var head = LogHead(next: 0, hash: .genesis, epoch: 0)
        return try stride(from: 0, to: entries.count, by: size).map { start in
            for entry in entries[start..<min(start + size, entries.count)] {
                try builder.append(entry)
            }
            let batch = builder.finish(previous: head)
            head = batch.head
            return batch
        }
    }
}
