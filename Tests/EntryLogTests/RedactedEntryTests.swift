// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import LedgerModel
import Testing

/// Entries without what is personal, as batches hold them.
struct RedactedEntryTests {
    private let hasher = LeafHasher(secret: SampleEntries.secret)

    /// The samples, each redacted.
    private func stored() throws -> [[UInt8]] {
        var builder = BatchBuilder(secret: SampleEntries.secret, frontier: MerkleFrontier())
        for (_, entry) in SampleEntries.golden { try builder.append(entry) }
        let batch = builder.finish(previous: LogHead(next: 0, hash: .genesis, epoch: 1))
        return try entries(of: redacted(batch.bytes, SampleEntries.golden.map(\.entry.number)))
    }

    private func redacted(_ batch: [UInt8], _ numbers: [EntryNumber]) throws -> [UInt8] {
        try RedactedBatch(batch.span.rawBytes, redacting: Set(numbers), hasher: hasher).bytes
    }

    private func entries(of batch: [UInt8]) throws -> [[UInt8]] {
        var entries: [[UInt8]] = []
        try BatchReader.forEachEntry(in: batch.span.rawBytes) { _, bytes in
            entries.append(bytes.copied)
            return .next
        }
        return entries
    }

    private func leaf(of bytes: [UInt8]) throws -> LedgerHash {
        try hasher.leaf(of: bytes.span.rawBytes)
    }

    @Test func everyKindCanBeRedactedAndIsWhatItWasOtherwise() throws {
        for (bytes, sample) in zip(try stored(), SampleEntries.golden) {
            let entry = try decoded(bytes)
            #expect(entry.isRedacted && entry.actor.person == .redacted)
            #expect(try leaf(of: bytes) == leaf(of: encoded(sample.entry)))
            var whole = entry
            whole.isRedacted = false
            whole.actor.person = sample.entry.actor.person
            if sample.entry.freeText == nil {
                #expect(whole == sample.entry)
            } else {
                #expect(entry.freeText == Redaction.placeholder)
                #expect(bytes[0] == 0xc3)
            }
            #expect(throws: EntryLogError.self) { try encoded(entry) }
        }
    }

    @Test func itsHoldIsFoundAsBefore() throws {
        var found = 0
        for (bytes, sample) in zip(try stored(), SampleEntries.golden) {
            let whole = try encoded(sample.entry)
            // What the ledger's policy refused names none, and may seem to name any.
            guard let told = sample.entry.concernedHold else { continue }
            #expect(try EntryCodec.holdConcerned(by: whole.span.rawBytes) == told)
            #expect(try EntryCodec.holdConcerned(by: bytes.span.rawBytes) == told)
            #expect(try EntryCodec.mayConcern(bytes.span.rawBytes, hold: told))
            found += 1
        }
        #expect(found > 5)
    }

    /// Redacting again changes nothing.
    @Test func whatIsRedactedStaysAsItIs() throws {
        var builder = BatchBuilder(secret: SampleEntries.secret, frontier: MerkleFrontier())
        for (_, entry) in SampleEntries.golden { try builder.append(entry) }
        let batch = builder.finish(previous: LogHead(next: 0, hash: .genesis, epoch: 1))
        let numbers = SampleEntries.golden.prefix(9).map(\.entry.number)
        let once = try redacted(batch.bytes, numbers)
        #expect(try redacted(once, numbers) == once)
        #expect(throws: EntryLogError.self) {
            try redacted(batch.bytes, [EntryNumber(rawValue: 999)])
        }
    }

    /// Any byte that is altered is refused, or makes another leaf; nothing traps.
    @Test func alteredBytesAreFound() throws {
        for bytes in try stored() {
            let leaf = try leaf(of: bytes)
            for index in bytes.indices {
                var altered = bytes
                altered[index] ^= 1 << UInt8(index % 8)
                if let found = try? self.leaf(of: altered) {
                    #expect(found != leaf, "byte \(index)")
                }
                _ = try? decoded(altered)
            }
            for count in 0..<bytes.count {
                #expect(throws: EntryLogError.self) { try decoded(Array(bytes.prefix(count))) }
            }
        }
    }

    /// The text that was taken out is told from another by what is left of it.
    @Test func aTextIsRecognised() throws {
        let sample = try SampleEntries.named("block")
        let text = try #require(sample.freeText)
        let index = Int(sample.number.rawValue)
        let bytes = try stored()[index]
        let left = try #require(LedgerHash(Array(bytes[64..<96])))
        #expect(hasher.commitment(toText: text, of: sample.number) == left)
        #expect(hasher.commitment(toText: text + "!", of: sample.number) != left)
        let other = EntryNumber(rawValue: sample.number.rawValue + 1)
        #expect(hasher.commitment(toText: text, of: other) != left)
    }
}

extension Entry {
    fileprivate var freeText: String? {
        guard case .operation(let record) = content else { return nil }
        return record.action.freeText
    }
}

extension Entry {
    /// The hold that it changes, or tried to.
    fileprivate var concernedHold: EntryNumber? {
        switch content {
        case .expiry(let expiry): expiry.hold
        case .operation(let record):
            if case .moved(let move) = record.outcome { move.hold } else { nil }
        case .limit: nil
        }
    }
}
