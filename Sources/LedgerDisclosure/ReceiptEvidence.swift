// SPDX-License-Identifier: Apache-2.0
import EntryLog
import LedgerModel
import LedgerProofs

/// What a receipt's entries say together; whether they are in the tree is not asked here.
struct ReceiptEvidence {
    let claims: ReceiptClaims

    /// Reads the entry and its grounds, and requires that these are what the entry rests on.
    init(_ receipt: Receipt) throws(ReceiptFault) {
        let reading = try ReceiptEvidence.reading(receipt.entry)
        let number = reading.header.number
        var grounds = receipt.grounds[...]
        var adoption: (EntryNumber, [UInt8])?
        if let adopted = reading.header.rulebook {
            let entry =
                try adopted == number
                ? reading.entry : ReceiptEvidence.next(adopted, in: &grounds, "adopts its rulebook")
            if let file = entry?.adoptedRulebook?.bytes {
                adoption = (adopted, file)
            } else if adopted != number {
                throw ReceiptFault(.header("\(number)"), "entry \(adopted) adopts no rulebook")
            }
        }
        let first = EntryNumber(rawValue: 0)
        let entry =
            try number == first
            ? reading.entry : ReceiptEvidence.next(first, in: &grounds, "creates the ledger")
        guard let creation = entry?.creation else {
            throw ReceiptFault(.section("own", of: "0"), "it does not create a ledger")
        }
        if let left = grounds.first {
            throw ReceiptFault(
                .layout,
                "entry \(left.entry.statedNumber) is nothing that entry \(number) rests on"
            )
        }
        claims = ReceiptClaims(
            reading: reading,
            creation: creation,
            checkpoint: receipt.proof.checkpoint.checkpoint,
            adoption: adoption,
            // None of a file that this version does not read, as may be after years.
            rulebook: adoption.flatMap { RulebookWords(file: $0.1, called: "entry \($0.0)") }
        )
    }

    private static func next(
        _ number: EntryNumber,
        in grounds: inout ArraySlice<Receipt.Ground>,
        _ role: String
    ) throws(ReceiptFault) -> Entry? {
        guard let ground = grounds.popFirst(), ground.entry.statedNumber == number.rawValue else {
            throw ReceiptFault(.layout, "entry \(number), which \(role), is missing")
        }
        guard let entry = try reading(ground.entry).entry else {
            throw ReceiptFault(
                .section("own", of: "\(number)"),
                "it is not opened, and the entry rests on it"
            )
        }
        return entry
    }

    private static func reading(_ entry: DisclosedEntry) throws(ReceiptFault) -> EntryReading {
        let name = "\(entry.statedNumber)"
        do throws(EntryLogError) {
            _ = try EntryHeader(alone: entry.headerBytes.span.rawBytes)
        } catch {
            throw ReceiptFault(.header(name), error.withoutAdvice)
        }
        do throws(EntryLogError) {
            return try entry.reading()
        } catch {
            throw ReceiptFault(.section("own", of: name), error.withoutAdvice)
        }
    }
}

extension EntryLogError {
    /// What is wrong, without what to do about a log.
    fileprivate var withoutAdvice: String {
        if case .corrupt(_, let what) = self { what } else { description }
    }
}
