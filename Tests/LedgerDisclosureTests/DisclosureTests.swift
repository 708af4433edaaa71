// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import LedgerDisclosure
import LedgerModel
import LedgerProofs
import LedgerText
import Testing

/// What a vendor sees does not depend on what is another's.
@Suite struct DisclosureTests {
    private static let other = OrganisationIdentifier(checked: "xyz")

    /// Entries of two vendors in turn; those of the second, and all that belongs to others, are made
    /// from a seed.
    private func entries(seed: UInt64, totals: TotalsDisclosure) throws -> [Entry] {
        var random = SeededGenerator(seed: seed)
        let samples = SampleEntries.golden.map(\.entry)
        var entries = SampleLedger.entries(totals: totals)
        for sample in samples {
            var entry = sample
            entry.number = EntryNumber(rawValue: UInt64(entries.count))
            if case .operation = entry.content {
                // Of the same length, as lengths are in the header.
                entry.actor.organisation = Self.other
                entry.actor.person = PersonIdentifier(checked: "p.\(random.next() % 900 + 100)")
                entry.content.change { record in
                    let id = record.id.text
                    record.id = OperationIdentifier(
                        checked: String(id.dropLast()) + "\(random.next() % 10)"
                    )
                }
            } else {
                entry.actor.person = PersonIdentifier(checked: "q.\(random.next() % 900 + 100)")
            }
            entries.append(entry)
        }
        if totals == .banded {
            for index in samples.indices { entries[index].content.changeTotals(&random) }
        }
        return entries
    }

    @Test(arguments: [TotalsDisclosure.open, .banded])
    func noByteOfAVendorsReceiptTellsOfAnother(totals: TotalsDisclosure) throws {
        let first = try SampleLedger(entries(seed: 1, totals: totals))
        let second = try SampleLedger(entries(seed: 2, totals: totals))
        #expect(first.checkpoint.checkpoint.root != second.checkpoint.checkpoint.root)
        for number in SampleEntries.golden.indices {
            let entry = try #require(try first.log.entry(EntryNumber(rawValue: UInt64(number))))
            if case .limit = entry.content { continue }
            let reader = DisclosureReader.vendor(SampleLedger.vendor)
            let left = try first.receipt(of: UInt64(number), for: reader).bytes()
            let right = try second.receipt(of: UInt64(number), for: reader).bytes()
            #expect(try withoutHashes(left) == withoutHashes(right), "entry \(number)")
        }
    }

    /// A receipt without hashes of what is not in it: those of sections that are not opened, of
    /// leaves that have them, of subtrees and roots; and without signatures, which cover the root.
    private func withoutHashes(_ bytes: [UInt8]) throws -> [String] {
        var isProof = false
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let text = line.drop { $0 == " " }
            if text.hasPrefix("\"proof\"") { isProof = true }
            if isProof { return text.hasPrefix("\"index ") ? String(text) : nil }
            let isHash = ["\"hash\"", "\"leaf\"", "\"root\""].contains { text.hasPrefix($0) }
            let isPath = text.hasPrefix("\"") && !text.contains(":")
            return isHash || isPath ? nil : String(text)
        }
    }

    @Test func aVendorOpensItsOwnAndTheLawAndNothingElse() throws {
        let mine = SampleEntries.reservation(12)
        let vendor = mine.actor.organisation
        let rules = [TotalsDisclosure.open, .banded].map {
            Disclosure(to: .vendor(vendor), totals: $0)
        }
        #expect(rules.map { $0.sections(of: mine, holdOwner: nil) } == [[.own, .shared], .own])
        var theirs = mine
        theirs.actor.organisation = Self.other
        for rule in rules {
            #expect(rule.sections(of: theirs, holdOwner: nil) == [])
            // What an authority does to its hold.
            #expect(rule.sections(of: theirs, holdOwner: vendor).contains(.own))
        }
        for sample in SampleEntries.golden {
            let authority = Disclosure(to: .authority, totals: .banded)
            #expect(authority.sections(of: sample.entry, holdOwner: nil) == [.own, .shared])
            let stranger = Disclosure(to: .vendor(Self.other), totals: .open)
            let isLaw = ["create-ledger", "adopt-rulebook", "adopt-devices"]
                .contains { sample.name.hasPrefix($0) }
            #expect(
                stranger.sections(of: sample.entry, holdOwner: nil)
                    == (isLaw ? [.own, .shared] : []),
                "\(sample.name)"
            )
        }
    }

    @Test func aRulebookThatAnotherVendorBroughtIsNotShown() {
        var adoption = SampleEntries.golden[1].entry
        adoption.actor.role = .vendor
        let rule = Disclosure(to: .vendor(Self.other), totals: .open)
        #expect(rule.sections(of: adoption, holdOwner: nil) == [])
    }
}

extension EntryContent {
    /// Other numbers in the section `shared` of operations, of the same length.
    fileprivate mutating func changeTotals(_ random: inout SeededGenerator) {
        let number = Int64(random.next() % 1_000_000)
        change { record in
            switch record.outcome {
            case .decided(var decision):
                for index in decision.tests.indices {
                    decision.tests[index].used = TPP(rawValue: number)
                }
                record.outcome = .decided(decision)
            case .attested(var gaps):
                for index in gaps.indices {
                    gaps[index].known = TPP(rawValue: 20_000_000 + number)
                }
                record.outcome = .attested(gaps)
            default: break
            }
        }
    }
}
