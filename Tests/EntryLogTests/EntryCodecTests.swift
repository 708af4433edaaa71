// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import LedgerModel
import Testing

struct EntryCodecTests {
    @Test(arguments: UInt64(0)..<8)
    func randomEntriesComeBackWhole(seed: UInt64) throws {
        var source = RandomEntries(seed: seed)
        for _ in 0..<500 {
            let entry = source.entry()
            let bytes = try encoded(entry)
            let back = try decoded(bytes)
            #expect(back == entry, "seed \(seed)")
            #expect(try encoded(back) == bytes, "seed \(seed)")
        }
    }

    /// Whatever the decoder accepts is what the encoder writes: no entry has two encodings.
    @Test(arguments: UInt64(0)..<8)
    func mutatedBytesAreRefusedOrCanonical(seed: UInt64) throws {
        var source = RandomEntries(seed: seed)
        var random = SeededGenerator(seed: seed)
        var accepted = 0
        for _ in 0..<200 {
            let original = try encoded(source.entry())
            for _ in 0..<40 {
                let bytes = mutated(original, &random)
                guard let entry = try? decoded(bytes) else { continue }
                accepted += 1
                #expect(try encoded(entry) == bytes, "seed \(seed)")
            }
        }
        #expect(accepted > 0, "some mutations are other entries; seed \(seed)")
    }

    @Test(arguments: UInt64(0)..<4)
    func anOperationIsKnownByItsIdWithoutTheRest(seed: UInt64) throws {
        var source = RandomEntries(seed: seed)
        var operations = 0
        for _ in 0..<500 {
            let entry = source.entry()
            let bytes = try encoded(entry)
            guard case .operation(let record) = entry.content else {
                let id = try #require(OperationIdentifier("x"))
                #expect(try !EntryCodec.isOperation(bytes.span.rawBytes, of: id))
                continue
            }
            operations += 1
            #expect(try EntryCodec.isOperation(bytes.span.rawBytes, of: record.id), "seed \(seed)")
            let text = record.id.text
            for other in [text + "x", String(text.dropLast()), "x" + text.dropFirst()] {
                guard let id = OperationIdentifier(other), id != record.id else { continue }
                #expect(try !EntryCodec.isOperation(bytes.span.rawBytes, of: id), "seed \(seed)")
            }
        }
        #expect(operations > 0)
    }

    @Test(arguments: UInt64(0)..<4)
    func randomBytesNeverTrap(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            var bytes = (0..<Int.random(in: 0..<200, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            if bytes.count >= 32 {
                // A plausible header, so that the sections are reached.
                let own = Int.random(in: 0...(bytes.count - 32), using: &random)
                bytes.replaceSubrange(
                    0..<8,
                    with: [
                        2, EntryKind.allCases.randomElement(using: &random)?.rawValue ?? 1, 2, 0,
                        UInt8(own), 0, UInt8(bytes.count - 32 - own), 0,
                    ]
                )
                bytes.replaceSubrange(
                    16..<32,
                    with: [0, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 255, count: 8)
                )
            }
            guard let entry = try? decoded(bytes) else { continue }
            #expect(try encoded(entry) == bytes, "seed \(seed)")
        }
    }

    @Test(arguments: SampleEntries.golden.indices)
    func everyTruncationAndExtensionIsRefused(index: Int) throws {
        let bytes = try encoded(SampleEntries.golden[index].entry)
        for count in 0..<bytes.count {
            #expect(throws: EntryLogError.self) { try decoded(Array(bytes[..<count])) }
        }
        #expect(throws: EntryLogError.self) { try decoded(bytes + [0]) }
        // Also where the lengths are put right, so that the sections themselves are too long.
        for offset in [4, 6] {
            var longer = bytes
            longer[offset] &+= 1
            let end = offset == 4 ? 32 + Int(bytes[4]) + Int(bytes[5]) << 8 : bytes.count
            longer.insert(0, at: end)
            #expect(throws: EntryLogError.self) { try decoded(longer) }
        }
    }

    @Test(arguments: [(offset: 0, by: 1), (offset: 2, by: 1), (offset: 3, by: 256)])
    func newerVersionsSayThatTheyAreNewer(offset: Int, by more: UInt64) throws {
        var bytes = try encoded(SampleEntries.reservation(5))
        bytes[offset] += 1
        #expect(
            throws: EntryLogError.newerFormat(
                at: .entry(EntryNumber(rawValue: 5)),
                found: (offset == 0 ? 3 : 2) + more,
                supported: offset == 0 ? 3 : 2
            )
        ) { try decoded(bytes) }
    }

    /// Version 1 was written before the first release only.
    @Test(arguments: [0, 2])
    func theVersionBeforeTheFirstReleaseIsNotRead(offset: Int) throws {
        var bytes = try encoded(SampleEntries.reservation(5))
        bytes[offset] = 1
        let expected = EntryLogError.olderFormat(
            at: .entry(EntryNumber(rawValue: 5)),
            found: 1,
            supported: 2
        )
        #expect(throws: expected) { try decoded(bytes) }
        #expect(expected.description.hasSuffix("Start a new ledger"))
        bytes[offset] = 0
        #expect(
            throws: EntryLogError.corrupt(
                at: .entry(EntryNumber(rawValue: 5)),
                what: "its version is 0"
            )
        ) { try decoded(bytes) }
    }

    @Test func unknownKindsAreRefused() throws {
        let known = Set(EntryKind.allCases.map(\.rawValue))
        for kind in UInt8.min...UInt8.max where !known.contains(kind) {
            var bytes = try encoded(SampleEntries.reservation(5))
            bytes[1] = kind
            #expect(
                throws: EntryLogError.unknownNumber(
                    at: .entry(EntryNumber(rawValue: 5)),
                    field: "kind",
                    number: UInt64(kind)
                )
            ) { try decoded(bytes) }
        }
    }

    /// Behind the person and the free text, which stand in front of everything else.
    @Test func ownHoldsTheContentInOnePiece() throws {
        for (_, entry) in SampleEntries.golden {
            guard case .operation(let record) = entry.content else { continue }
            var content = ByteBuffer()
            try ActionCodec.appendApart(record.action, to: &content)
            let bytes = try encoded(entry)
            let header = try EntryLogTests.header(of: bytes)
            let own = bytes[32..<32 + header.ownByteCount]
            let actor = entry.actor
            let text = Array((record.action.freeText ?? "").utf8)
            let person = Array(actor.person.text.utf8)
            let personal = [UInt8(person.count)] + person + [UInt8(text.count)] + text
            #expect(own.starts(with: personal))
            let before =
                personal.count + actor.organisation.text.utf8.count + record.id.text.utf8.count
                + 3
            #expect(own.dropFirst(before).starts(with: content.bytes.copied))
        }
    }

    @Test func contentBytesComeBackAsTheActionAndNothingElseDoes() throws {
        for (_, entry) in SampleEntries.golden {
            guard case .operation(let record) = entry.content else { continue }
            let bytes = try ActionCodec.contentBytes(of: record.action)
            #expect(try ActionCodec.action(of: bytes) == record.action)
            #expect(throws: EntryLogError.self) { try ActionCodec.action(of: bytes + [0]) }
            #expect(throws: EntryLogError.self) { try ActionCodec.action(of: bytes.dropLast()) }
        }
    }

    @Test func contentIsOfTheActionAlone() throws {
        let first = try ActionCodec.contentBytes(
            of: .signAgreement(
                AgreementSigning(
                    country: #require(CountryCode("AE")),
                    dates: #require(DateRange(from: .earliest, until: nil))
                )
            )
        )
        #expect(hex(first) == "16" + "4145" + "00000000" + "ffffffff")
    }

    /// Of an expiry the actor is whoever brought the time, which is not for the hold's owner to see.
    @Test func whoBroughtTheTimeIsNotInTheOwnSectionOfAnExpiry() throws {
        let header = try EntryLogTests.header(of: encoded(SampleEntries.named("expiry")))
        #expect(header.kind == .expiry && header.ownByteCount == 16)
    }

    /// What is used of a limit is everyone's who draws on it, and nobody asked for its event.
    @Test(arguments: ["breach", "cure", "unwatched", "threshold"])
    func anEventOfALimitHasNothingOfItsOwn(name: String) throws {
        let header = try EntryLogTests.header(of: encoded(SampleEntries.named(name)))
        #expect(header.ownByteCount == 0)
    }

    /// What the ledger knew of a group tells what other vendors shipped to it.
    @Test func gapsAreNotInTheOwnSectionOfAnAttestation() throws {
        let entry = try SampleEntries.named("attest-installed")
        var without = entry
        guard case .operation(var record) = entry.content else { return }
        record.outcome = .attested([])
        without.content = .operation(record)
        let header = try EntryLogTests.header(of: encoded(entry))
        let bare = try EntryLogTests.header(of: encoded(without))
        #expect(header.ownByteCount == bare.ownByteCount)
        #expect(header.sharedByteCount == 2 + 2 * 18 && bare.sharedByteCount == 2)
    }

    /// Who knows one operation's bytes knows another's: proposed it has the bytes of the plain one.
    @Test func aProposalHoldsTheContentBytesOfWhatItProposes() throws {
        var source = RandomEntries(seed: 5)
        for _ in 0..<500 {
            guard case .operation(let record) = source.entry().content,
                case .propose(let proposal) = record.action
            else { continue }
            let inner = try ActionCodec.contentBytes(of: proposal.action)
            #expect(try ActionCodec.contentBytes(of: record.action) == [5] + inner)
        }
    }

    /// The length of `shared` is part of every receipt: it must depend on the number of limits only.
    @Test func theLengthOfSharedTellsTheNumberOfLimitsOnly() throws {
        var source = RandomEntries(seed: 11)
        for _ in 0..<500 {
            let entry = source.entry()
            guard case .operation(let record) = entry.content,
                case .decided(let decision) = record.outcome
            else { continue }
            let header = try EntryLogTests.header(of: encoded(entry))
            #expect(header.sharedByteCount == 24 * decision.tests.count + 8)
        }
    }

    private func mutated(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0...Int.random(in: 0..<3, using: &random) {
            guard let index = bytes.indices.randomElement(using: &random) else { break }
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[index] = UInt8.random(in: 0...255, using: &random)
            case 2: bytes[index] = [0, 1, 0x7f, 0x80, 0xff][index % 5]
            case 3: bytes.remove(at: index)
            case 4: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
            default: bytes.swapAt(index, bytes.count - 1 - index)
            }
        }
        return bytes
    }
}
