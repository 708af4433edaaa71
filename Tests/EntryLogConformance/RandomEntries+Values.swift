// SPDX-License-Identifier: Apache-2.0
import LedgerModel

/// The single values.
extension RandomEntries {
    mutating func below(_ bound: UInt64) -> UInt64 {
        bound == 0 ? 0 : random.next(upperBound: bound)
    }

    mutating func oneIn(_ count: UInt64) -> Bool { below(count) == 0 }

    mutating func maybe<Value>(_ make: (inout RandomEntries) -> Value) -> Value? {
        oneIn(2) ? nil : make(&self)
    }

    mutating func member<Member: CaseIterable>() -> Member
    where Member.AllCases == [Member] {
        Member.allCases[Int(below(UInt64(Member.allCases.count)))]
    }

    mutating func identifier<Identifier: LedgerIdentifier>() -> Identifier {
        let count = oneIn(10) ? 64 : 1 + below(20)
        var bytes = (0..<count).map { _ in UInt8(0x20 + below(0x5f)) }
        if bytes.first == 0x20 { bytes[0] = 0x41 }
        if bytes.last == 0x20 { bytes[bytes.count - 1] = 0x5a }
        return Identifier(checked: String(decoding: bytes, as: UTF8.self))
    }

    mutating func text() -> String {
        let scalars = ["a", "Z", " ", "é", "e\u{301}", "界", "🧮", "\u{0}", "\n", "\u{10ffff}"]
        var text = ""
        let wanted = oneIn(10) ? 200 : 1 + below(30)
        while text.utf8.count < wanted {
            let next = scalars[Int(below(UInt64(scalars.count)))]
            text += text.utf8.count + next.utf8.count > 200 ? "." : next
        }
        return text
    }

    mutating func amount() -> TPP {
        switch below(4) {
        case 0: .zero
        case 1: .maximumSum
        case 2: TPP(rawValue: Int64(below(1_000_000_000)))
        default: TPP(rawValue: Int64(below(UInt64(TPP.maximumSum.rawValue) + 1)))
        }
    }

    mutating func country() -> CountryCode {
        let letters = (UInt8(0x41 + below(26)), UInt8(0x41 + below(26)))
        return CountryCode(letters.0, letters.1) ?? SampleEntries.country("AE")
    }

    mutating func day() -> CivilDate {
        CivilDate(daysSince1970: Int32(below(2_932_896))) ?? .earliest
    }

    mutating func dates() -> DateRange {
        let from = day()
        let until = maybe { _ in from.adding(days: 1) } ?? nil
        return DateRange(from: from, until: until) ?? SampleEntries.dates
    }

    mutating func time() -> LedgerTime {
        let milliseconds = below(UInt64(LedgerTime.latest.millisecondsSince1970) + 1)
        return LedgerTime(millisecondsSince1970: Int64(milliseconds)) ?? .earliest
    }

    mutating func actor() -> Actor {
        Actor(organisation: identifier(), person: identifier(), role: member())
    }

    mutating func reference() -> OperationReference {
        OperationReference(organisation: maybe { $0.identifier() }, id: identifier())
    }

    mutating func file() -> [UInt8] {
        (0..<below(oneIn(50) ? 60_001 : 40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    mutating func limitName() -> LimitName {
        switch below(5) {
        case 0: .country(country())
        case 1: .smallOrder(group: identifier(), year: Int32(1_970 + below(8_030)))
        case 2: .nationalVEU(party: identifier(), country: country())
        case 3: .countryShare(group: identifier(), country: country())
        default: .outsideShare(group: identifier())
        }
    }
}
