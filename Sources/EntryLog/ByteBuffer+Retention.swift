// SPDX-License-Identifier: Apache-2.0
import LedgerModel

/// How a step of a legal hold is told.
enum LegalHoldTag: UInt8 {
    case placeOnParty = 1
    case placeOnOperation = 2
    case placeOnEntry = 3
    case lift = 4
}

/// Redactions and legal holds as bytes.
extension ByteBuffer {
    mutating func append(_ redaction: Redaction, _ place: TextPlace) throws(EntryLogError) {
        let count = redaction.entries.count
        guard count >= 1, count <= Redaction.maximumEntryCount else {
            throw .notEncodable(what: "a redaction names \(count) entries")
        }
        append(UInt16(count))
        var last: EntryNumber?
        for entry in redaction.entries {
            if let last, entry <= last {
                throw .notEncodable(what: "the entries are not in ascending order")
            }
            append(entry.rawValue)
            last = entry
        }
        try append(freeText: redaction.reason, "reason", place)
    }

    mutating func append(_ hold: LegalHold, _ place: TextPlace) throws(EntryLogError) {
        switch hold.step {
        case .place(.party(let party)):
            append(LegalHoldTag.placeOnParty.rawValue)
            try append(party, "party")
        case .place(.operation(let operation)):
            append(LegalHoldTag.placeOnOperation.rawValue)
            try append(operation)
        case .place(.entry(let entry)):
            append(LegalHoldTag.placeOnEntry.rawValue)
            append(entry.rawValue)
        case .lift(let placed):
            append(LegalHoldTag.lift.rawValue)
            try append(placed)
        }
        try append(freeText: hold.reason, "reason", place)
    }
}

/// The same, read back.
extension ByteReader {
    @_lifetime(self: copy self)
    mutating func redaction() throws(EntryLogError) -> Redaction {
        let count = Int(try number("number of entries") as UInt16)
        guard count >= 1, count <= Redaction.maximumEntryCount else {
            throw malformed("a redaction names \(count) entries")
        }
        var entries: [EntryNumber] = []
        for _ in 0..<count {
            let entry = EntryNumber(rawValue: try number("entry"))
            if let last = entries.last, entry <= last {
                throw malformed("the entries are not in ascending order")
            }
            entries.append(entry)
        }
        return Redaction(entries: entries, reason: try freeText("reason"))
    }

    @_lifetime(self: copy self)
    mutating func legalHold() throws(EntryLogError) -> LegalHold {
        let tag: LegalHoldTag = try member("step of the legal hold")
        let step: LegalHoldStep =
            switch tag {
            case .placeOnParty: .place(.party(try identifier("party")))
            case .placeOnOperation: .place(.operation(try reference()))
            case .placeOnEntry: .place(.entry(EntryNumber(rawValue: try number("entry"))))
            case .lift: .lift(try reference())
            }
        return LegalHold(step: step, reason: try freeText("reason"))
    }
}
