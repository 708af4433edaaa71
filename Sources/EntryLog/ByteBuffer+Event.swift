// SPDX-License-Identifier: Apache-2.0
import LedgerModel

/// How the end of a breach is told.
enum CureTag: UInt8 {
    case cured = 1
    case unwatched = 2
}

/// What nobody asks for, as bytes: expiries and what happens to limits.
extension ByteBuffer {
    /// The percentages at which a threshold can lie.
    static let percentages: ClosedRange<UInt8> = 1...100

    mutating func append(
        _ expiry: HoldExpiry,
        at number: EntryNumber
    ) throws(EntryLogError) {
        try append(earlier: expiry.hold, before: number, "hold")
        try append(amount: expiry.freed, "amount freed")
    }

    mutating func append(_ event: LimitEvent) throws(EntryLogError) {
        try append(event.name)
        switch event.change {
        case .breached: break
        case .cured: append(CureTag.cured.rawValue)
        case .unwatched:
            guard event.used == .zero, event.limit == .zero else {
                throw .notEncodable(what: "a limit that is not watched has numbers")
            }
            append(CureTag.unwatched.rawValue)
        case .crossed(let percent):
            guard ByteBuffer.percentages.contains(percent) else {
                throw .notEncodable(what: "the threshold is out of range: \(percent) percent")
            }
            append(percent)
        }
        try append(amount: event.used, "amount used")
        try append(amount: event.limit, "limit")
    }
}

/// The same, read back.
extension ByteReader {
    @_lifetime(self: copy self)
    mutating func expiry(at number: EntryNumber) throws(EntryLogError) -> HoldExpiry {
        HoldExpiry(
            hold: try earlierEntry(before: number, "hold"),
            freed: try amount("amount freed")
        )
    }

    @_lifetime(self: copy self)
    mutating func limitEvent(of kind: EntryKind) throws(EntryLogError) -> LimitEvent {
        let name = try limitName()
        let change = try limitChange(of: kind)
        let event = LimitEvent(
            name: name,
            change: change,
            used: try amount("amount used"),
            limit: try amount("limit")
        )
        guard change != .unwatched || event.used == .zero && event.limit == .zero else {
            throw malformed("a limit that is not watched has numbers")
        }
        return event
    }

    @_lifetime(self: copy self)
    private mutating func limitChange(of kind: EntryKind) throws(EntryLogError) -> LimitChange {
        switch kind {
        case .breach: return .breached
        case .cure:
            let tag: CureTag = try member("end of the breach")
            return tag == .cured ? .cured : .unwatched
        case .threshold:
            let percent = try byte("threshold")
            guard ByteBuffer.percentages.contains(percent) else {
                throw malformed("the threshold is out of range: \(percent) percent")
            }
            return .crossed(percent: percent)
        default: throw malformed("its kind is not that of a limit's event")
        }
    }
}
