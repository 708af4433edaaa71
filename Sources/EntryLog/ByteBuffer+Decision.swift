// SPDX-License-Identifier: Apache-2.0
import LedgerModel

/// How the kind of a limit is told, in permanent numbers.
enum LimitTag: UInt8 {
    case country = 1
    case smallOrder = 2
    case nationalVEU = 3
    case countryShare = 4
    case outsideShare = 5
}

/// Decisions as bytes: names in `own`, numbers of limits in `shared`.
extension ByteBuffer {
    /// The note, a bit each, that a status did not help for want of a current attestation.
    static let attestationLapsedNote: UInt8 = 1
    /// What stands for no binding limit.
    static let noBindingTest: UInt8 = 0xff
    /// The most limits that a decision can list.
    static let maximumTestCount = 254
    /// The years that a limit can name.
    static let years: ClosedRange<Int32> = 1970...9999

    mutating func appendOwn(_ decision: Decision) throws(EntryLogError) {
        append(decision.mechanism.rawValue)
        append(decision.attestationLapsed ? ByteBuffer.attestationLapsedNote : 0)
        try append(amount: decision.asked, "amount asked")
        try append(amount: decision.granted, "amount granted")
        let count = decision.tests.count
        guard count <= ByteBuffer.maximumTestCount else {
            throw .notEncodable(what: "a decision lists \(count) limits")
        }
        if let binding = decision.bindingTest {
            guard binding >= 0, binding < count else {
                throw .notEncodable(what: "the limit that binds is not listed")
            }
            append(UInt8(binding))
        } else {
            append(ByteBuffer.noBindingTest)
        }
        append(UInt8(count))
        for test in decision.tests {
            append(test.mechanism.rawValue)
            try append(test.name)
        }
    }

    mutating func append(_ name: LimitName) throws(EntryLogError) {
        switch name {
        case .country(let country):
            append(LimitTag.country.rawValue)
            append(country)
        case .smallOrder(let group, let year):
            append(LimitTag.smallOrder.rawValue)
            try append(group, "group")
            guard ByteBuffer.years.contains(year) else {
                throw .notEncodable(what: "the year is out of range: \(year)")
            }
            append(UInt16(year))
        case .nationalVEU(let party, let country):
            append(LimitTag.nationalVEU.rawValue)
            try append(party, "party")
            append(country)
        case .countryShare(let group, let country):
            append(LimitTag.countryShare.rawValue)
            try append(group, "group")
            append(country)
        case .outsideShare(let group):
            append(LimitTag.outsideShare.rawValue)
            try append(group, "group")
        }
    }

    mutating func appendShared(_ decision: Decision) throws(EntryLogError) {
        for test in decision.tests {
            try append(amount: test.used, "amount used")
            try append(amount: test.limit, "limit")
            try append(amount: test.left, "amount left")
        }
        // Always there, so that the section's length tells no more than the number of limits.
        if let room = decision.roomByInstalling {
            try append(amount: room, "amount to install")
        } else {
            append(EntryHeader.absent)
        }
    }
}

/// Decisions, read back.
extension ByteReader {
    @_lifetime(self: copy self)
    @_lifetime(shared: copy shared)
    mutating func decision(
        _ refusal: Refusal?,
        _ shared: inout ByteReader
    ) throws(EntryLogError) -> Decision {
        let mechanism: MechanismKind = try member("mechanism")
        let notes = try byte("notes")
        guard notes & ~ByteBuffer.attestationLapsedNote == 0 else {
            throw malformed("it has an unknown note")
        }
        let asked = try amount("amount asked")
        let granted = try amount("amount granted")
        let binding = try byte("limit that binds")
        let count = try byte("number of limits")
        guard Int(count) <= ByteBuffer.maximumTestCount,
            binding == ByteBuffer.noBindingTest || binding < count
        else { throw malformed("the limit that binds is not listed") }
        var tests: [LimitTest] = []
        tests.reserveCapacity(Int(count))
        for _ in 0..<count {
            tests.append(
                LimitTest(
                    mechanism: try member("mechanism of a limit"),
                    name: try limitName(),
                    used: try shared.amount("amount used"),
                    limit: try shared.amount("limit"),
                    left: try shared.amount("amount left")
                )
            )
        }
        return Decision(
            refusal: refusal,
            mechanism: mechanism,
            asked: asked,
            granted: granted,
            tests: tests,
            bindingTest: binding == ByteBuffer.noBindingTest ? nil : Int(binding),
            roomByInstalling: try shared.optionalAmount("amount to install"),
            attestationLapsed: notes & ByteBuffer.attestationLapsedNote != 0
        )
    }

    @_lifetime(self: copy self)
    private mutating func optionalAmount(
        _ field: StaticString
    ) throws(EntryLogError) -> TPP? {
        let start = try pass(8, field)
        guard bytes.word(at: start) != EntryHeader.absent else { return nil }
        guard let amount = Int64(exactly: bytes.word(at: start)),
            amount <= TPP.maximumSum.rawValue
        else { throw malformed("the \(field) is out of range") }
        return TPP(rawValue: amount)
    }

    @_lifetime(self: copy self)
    mutating func limitName() throws(EntryLogError) -> LimitName {
        let tag: LimitTag = try member("kind of limit")
        switch tag {
        case .country: return .country(try country("country"))
        case .smallOrder:
            let group: PartyIdentifier = try identifier("group")
            let year = Int32(try number("year") as UInt16)
            guard ByteBuffer.years.contains(year) else {
                throw malformed("the year is out of range: \(year)")
            }
            return .smallOrder(group: group, year: year)
        case .nationalVEU:
            return .nationalVEU(party: try identifier("party"), country: try country("country"))
        case .countryShare:
            return .countryShare(group: try identifier("group"), country: try country("country"))
        case .outsideShare: return .outsideShare(group: try identifier("group"))
        }
    }
}
