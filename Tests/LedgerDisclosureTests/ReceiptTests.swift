// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import LedgerDisclosure
import LedgerModel
import LedgerProofs
import LedgerText
import Testing

@Suite struct ReceiptTests {
    @Test(arguments: SampleEntries.golden.map(\.entry.number.rawValue))
    func everyKindOfEntryHasAReceiptThatVerifies(number: UInt64) throws {
        let ledger = try SampleLedger()
        let bytes = try ledger.receipt(of: number).bytes()
        let verified = try ledger.verifier.verify(bytes)
        #expect(verified.reading.entry == SampleLedger.entries()[Int(number)])
        #expect(verified.reading.tellsShared)
        #expect(verified.checkpoint == ledger.checkpoint.checkpoint)
        #expect(verified.signatures.map(\.key) == [ledger.key.verifierKey])
        #expect(try verified.receipt.bytes() == bytes)
    }

    @Test func aReceiptOpensOnlyWhatItsReaderMaySee() throws {
        for (totals, isOpen) in [(TotalsDisclosure.open, true), (.banded, false)] {
            let ledger = try SampleLedger(SampleLedger.entries(totals: totals))
            let receipt = try ledger.receipt(of: 13, for: .vendor(SampleLedger.vendor))
            let verified = try ledger.verifier.verify(receipt.bytes())
            #expect(verified.reading.tellsShared == isOpen)
            #expect((receipt.entry.shared.bytes != nil) == isOpen)
            let text = String(decoding: try receipt.bytes(), as: UTF8.self)
            #expect(text.contains(#""room_by_installing": 1000000"#) == isOpen)
            #expect(text.contains(#""limits_after": null"#) != isOpen)
            // The names of the limits are the vendor's to see either way.
            #expect(text.contains(#""kind": "uveu-outside""#))
        }
    }

    @Test func aReceiptOfAnExpiryDoesNotTellWhoBroughtTheTime() throws {
        let ledger = try SampleLedger()
        let bytes = try ledger.receipt(of: 14, for: .vendor(SampleLedger.vendor)).bytes()
        let reading = try ledger.verifier.verify(bytes).reading
        #expect(reading.actor == nil)
        #expect(
            reading.content
                == .expiry(
                    HoldExpiry(
                        hold: EntryNumber(rawValue: 12),
                        freed: TPP(rawValue: 15_832_000)
                    )
                )
        )
    }

    @Test func nothingOfAnotherVendorsEntryIsInAReceipt() throws {
        let ledger = try SampleLedger()
        let other = OrganisationIdentifier(checked: "another")
        for number: UInt64 in [3, 12, 14, 17] {
            #expect(throws: ReceiptError.notForReader(EntryNumber(rawValue: number), other)) {
                try ledger.receipt(of: number, for: .vendor(other))
            }
        }
        // The law is everyone's.
        for number: UInt64 in [0, 1, 2] {
            #expect(try ledger.receipt(of: number, for: .vendor(other)).entry.own.bytes != nil)
        }
    }

    @Test func anEntryThatIsNotThereHasNoReceipt() throws {
        let ledger = try SampleLedger()
        let next = UInt64(SampleEntries.golden.count)
        #expect(throws: ReceiptError.noEntry(EntryNumber(rawValue: next), next: next)) {
            try ledger.receipt(of: next)
        }
    }

    @Test func aCheckpointBeforeTheEntryDoesNotCoverIt() throws {
        let ledger = try SampleLedger()
        let draft = try ReceiptDraft(
            of: EntryNumber(rawValue: 12),
            in: ledger.log,
            secret: SampleEntries.secret,
            for: .authority
        )
        let old = SignedCheckpoint(
            try Checkpoint(origin: SampleLedger.origin, size: 12, root: .zero),
            signedWith: ledger.key
        )
        #expect(throws: ReceiptError.notCovered(EntryNumber(rawValue: 12), size: 12)) {
            try draft.receipt(proofs: [], checkpoint: old)
        }
    }

    @Test func limitsAreToldAsTheyStandWithTheEntry() throws {
        let ledger = try SampleLedger()
        let granted = String(decoding: try ledger.receipt(of: 12).bytes(), as: UTF8.self)
        #expect(
            granted.contains(
                """
                      "used": 15832000,
                      "limit": 791600000,
                      "left": 775768000
                """
            )
        )
        let value = try JSONValue(ledger.receipt(of: 13).bytes())
        guard case .array(let limits)? = value["limits_after"] else {
            Issue.record("a refusal's limits are told")
            return
        }
        #expect(limits.count == 5)
    }

    @Test func anotherKeyDoesNotVouchForAReceipt() throws {
        let ledger = try SampleLedger()
        let bytes = try ledger.receipt(of: 12).bytes()
        let other = try NoteSigningKey(
            name: NoteKeyName(SampleLedger.origin),
            seed: Array(repeating: 8, count: 32)
        )
        let fault = foundFault(bytes, by: ReceiptVerifier(keys: [other.verifierKey]))
        #expect(fault?.part == .signature)
        #expect(foundFault(bytes, by: ReceiptVerifier(keys: []))?.part == .signature)
    }

    @Test func aWitnessIsVouchedForByItsOwnKeyOnly() throws {
        let ledger = try SampleLedger()
        let witness = try NoteSigningKey(
            name: NoteKeyName("witness.example"),
            algorithm: .cosignature,
            seed: Array(repeating: 9, count: 32)
        )
        let receipt = try ledger.receipt(of: 12)
        var note = ledger.checkpoint.note
        note.cosign(with: witness, secondsSince1970: 1_740_000_000)
        let text = try String(decoding: receipt.bytes(), as: UTF8.self)
        let plain = try #require(lines(of: ledger.checkpoint.bytes).last)
        let cosigned = lines(of: note.bytes)
        let bytes = Array(
            text.replacing(
                "    \"\(plain)\"",
                with: "    \"\(plain)\",\n    \"\(cosigned[cosigned.count - 1])\""
            ).utf8
        )
        let keys = [ledger.key.verifierKey, witness.verifierKey]
        let verified = try ReceiptVerifier(keys: keys).verify(bytes)
        #expect(verified.signatures.map(\.key) == keys)
        // Without its key nobody would notice if it was altered.
        #expect(foundFault(bytes, by: ledger.verifier)?.part == .signature)
    }

    private func lines(of bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
