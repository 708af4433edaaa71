// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import Foundation
import LedgerDisclosure
import LedgerModel
import LedgerProofs
import Rulebook
import Testing

/// Receipts that are kept as files, which `scripts/receipts` gives to the other verifier too.
///
/// They are frozen: whoever has a receipt can have it checked for ever. Set
/// `HEADROOM_WRITE_SNAPSHOTS=1` to write those of a new version of the format.
@Suite struct GoldenTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Golden")

    /// The samples of whose receipts the ones of a banded ledger differ in what is opened.
    private static let differing: Set<String> = [
        "reserve-granted", "reserve-refused", "reserve-up-to", "attest-installed", "expiry",
    ]

    @Test func everyKindOfReceiptIsTheOneThatWasKept() throws {
        let vendor = DisclosureReader.vendor(SampleLedger.vendor)
        for (totals, word) in [(TotalsDisclosure.open, "open"), (.banded, "banded")] {
            let ledger = try SampleLedger(SampleLedger.entries(totals: totals))
            for sample in SampleEntries.golden {
                let number = sample.entry.number.rawValue
                // Of an open ledger all is opened, of a banded one what a vendor may see.
                let reader: DisclosureReader = totals == .open ? .authority : vendor
                if totals == .banded, !Self.differing.contains(sample.name) { continue }
                let bytes = try ledger.receipt(of: number, for: reader).bytes()
                try expect(bytes, "\(sample.name)-\(word).json")
            }
            try expect(Array((ledger.key.verifierKey.text + "\n").utf8), "key-\(word).txt")
        }
    }

    /// A receipt of before and one of after prove the same entry; the latter tells less.
    @Test func aRedactedEntryIsProvenWithoutWhatIsPersonal() throws {
        let named = [
            "create-ledger", "adopt-rulebook", "block", "reserve-granted", "reserve-refused",
            "propose", "breach", "expiry",
        ]
        let samples = SampleEntries.golden.filter { named.contains($0.name) }
        let whole = try SampleLedger()
        let redacted = try SampleLedger(redacting: Set(samples.map(\.entry.number)))
        #expect(whole.checkpoint.checkpoint == redacted.checkpoint.checkpoint)
        for sample in samples {
            let number = sample.entry.number.rawValue
            let before = try whole.receipt(of: number).bytes()
            _ = try redacted.verifier.verify(before)
            let after = try redacted.receipt(of: number).bytes()
            let verified = try whole.verifier.verify(after)
            #expect(verified.reading.isRedacted && verified.reading.tellsShared)
            let text = String(decoding: after, as: UTF8.self)
            #expect(!text.contains("\"person\": \"\(sample.entry.actor.person)\""))
            #expect(text.contains("\"redacted\": true"))
            try expect(after, "\(sample.name)-redacted.json")
        }
        // Where `shared` stays closed it is told that `own` was redacted, all the same.
        let vendor = DisclosureReader.vendor(SampleLedger.vendor)
        let banded = try SampleLedger(
            SampleLedger.entries(totals: .banded),
            redacting: Set(samples.map(\.entry.number))
        )
        let grant = SampleEntries.golden.first { $0.name == "reserve-granted" }
        let number = try #require(grant).entry.number.rawValue
        let bytes = try banded.receipt(of: number, for: vendor).bytes()
        let verified = try banded.verifier.verify(bytes)
        #expect(verified.reading.isRedacted && !verified.reading.tellsShared)
    }

    /// The kind came after the trees of the other receipts were frozen: it has a log of its own.
    @Test func aRotationOfTheKeyIsProvenToEverybody() throws {
        let vendor = DisclosureReader.vendor(OrganisationIdentifier(checked: "anybody"))
        for (totals, word) in [(TotalsDisclosure.open, "open"), (.banded, "banded")] {
            let entries = try SampleLedger.rotated(totals: totals)
            let number = try #require(entries.last).number
            let ledger = try SampleLedger(entries)
            let bytes = try ledger.receipt(of: number.rawValue, for: vendor).bytes()
            let verified = try ledger.verifier.verify(bytes)
            #expect(verified.reading.tellsShared && !verified.reading.isRedacted)
            try expect(bytes, "rotate-key-\(word).json")
            guard totals == .open else { continue }
            let redacted = try SampleLedger(entries, redacting: [number])
            let after = try redacted.receipt(of: number.rawValue, for: vendor).bytes()
            #expect(try ledger.verifier.verify(after).reading.isRedacted)
            try expect(after, "rotate-key-redacted.json")
        }
    }

    /// Receipts of entries of version 2, as they were kept.
    @Test func receiptsOfVersion2StayValid() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Golden2")
        var count = 0
        for word in ["open", "banded"] {
            let key = try String(
                contentsOf: folder.appending(path: "key-\(word).txt"),
                encoding: .utf8
            )
            let verifier = ReceiptVerifier(keys: [
                try NoteVerifierKey(String(key.dropLast()))
            ])
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path())
            where name.hasSuffix(".json") && name.hasSuffix("-banded.json") == (word == "banded") {
                let bytes = try [UInt8](Data(contentsOf: folder.appending(path: name)))
                #expect(foundFault(bytes, by: verifier) == nil, "\(name)")
                count += 1
            }
        }
        #expect(count == 50)
    }

    @Test func aReceiptUnderAShippedRulebookTellsItsCitation() throws {
        let file = ShippedRulebook.brief.file.bytes
        let ledger = try SampleLedger(SampleLedger.entries(rulebook: file))
        for (number, name) in [(12, "cited-grant"), (13, "cited-refusal"), (35, "cited-weights")] {
            let bytes = try ledger.receipt(of: UInt64(number)).bytes()
            let verified = try ledger.verifier.verify(bytes)
            #expect(verified.rulebook?.name.text == "diffusion-2025-brief")
            try expect(bytes, name + ".json")
        }
        let text = String(decoding: try ledger.receipt(of: 12).bytes(), as: UTF8.self)
        #expect(
            text.contains(
                #""citation": "White House fact sheet of 13 January 2025, the cap on countries"#
            )
        )
        let altered = text.replacing("the cap on countries", with: "the cap of countries")
        #expect(
            foundFault(Array(altered.utf8), by: ledger.verifier)?.part
                == .claim("rulebook.citation")
        )
    }

    private func expect(_ bytes: [UInt8], _ name: String) throws {
        let file = Self.folder.appending(path: name)
        if ProcessInfo.processInfo.environment["HEADROOM_WRITE_SNAPSHOTS"] == "1" {
            try Data(bytes).write(to: file)
        }
        let kept = try [UInt8](Data(contentsOf: file))
        #expect(kept == bytes, "\(name)")
    }
}
