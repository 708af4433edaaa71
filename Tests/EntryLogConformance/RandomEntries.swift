// SPDX-License-Identifier: Apache-2.0
public import LedgerModel

/// Random numbers that are the same for the same seed (SplitMix64, Steele, Lea and Flood 2014).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Makes a generator.
    public init(seed: UInt64) { state = seed }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}

/// Makes entries of every kind, with values up to the edges of what may be written.
public struct RandomEntries: Sendable {
    private var random: SeededGenerator
    private var next: UInt64

    /// Makes a source that begins with the entry `first`.
    public init(seed: UInt64, first: UInt64 = 0) {
        random = SeededGenerator(seed: seed)
        next = first
    }

    /// The next entry.
    public mutating func entry() -> Entry {
        let number = EntryNumber(rawValue: next)
        next += 1
        return Entry(
            number: number,
            time: time(),
            actor: actor(),
            rulebook: maybe { EntryNumber(rawValue: $0.below(number.rawValue + 1)) },
            content: number.rawValue > 0 && oneIn(8) ? expiry(number) : operation()
        )
    }

    private mutating func expiry(_ number: EntryNumber) -> EntryContent {
        .expiry(
            HoldExpiry(hold: EntryNumber(rawValue: below(number.rawValue)), freed: amount())
        )
    }

    private mutating func operation() -> EntryContent {
        let action = action()
        let outcome: Outcome
        if case .reserve = action {
            outcome = .decided(decision())
        } else {
            outcome = oneIn(3) ? .refused(member()) : .accepted
        }
        return .operation(OperationRecord(id: identifier(), action: action, outcome: outcome))
    }

    private mutating func action() -> Action {
        switch below(14) {
        case 0:
            .createLedger(
                LedgerCreation(origin: identifier(), mode: member(), disclosure: member())
            )
        case 1:
            .party(
                PartyRecord(
                    id: identifier(),
                    name: text(),
                    site: country(),
                    headquarters: country(),
                    parent: maybe { $0.identifier() }
                )
            )
        case 2: .block(PartyBlock(party: identifier(), isBlocked: oneIn(2), reason: text()))
        case 3:
            .grantStatus(
                StatusGrant(
                    kind: oneIn(2) ? .universal : .national(country()),
                    party: identifier(),
                    dates: dates()
                )
            )
        case 4:
            .changeStatus(StatusChange(grant: reference(), step: member(), reason: text()))
        case 5: .attestSecurity(SecurityAttestation(party: identifier(), dates: dates()))
        case 6: .attestInstalled(installed())
        case 7: .signAgreement(AgreementSigning(country: country(), dates: dates()))
        case 8: .endAgreement(AgreementEnd(agreement: reference(), until: day()))
        case 9: .adoptRulebook(RulebookAdoption(bytes: file()))
        case 10: .adoptDevices(DeviceAdoption(bytes: file()))
        default: .reserve(reservation())
        }
    }

    private mutating func reservation() -> Reservation {
        Reservation(
            consignee: identifier(),
            destination: country(),
            lines: (0..<(oneIn(20) ? 100 : 1 + below(3))).map { _ in line() },
            endUse: identifier(),
            deadline: maybe { $0.time() },
            reference: maybe { $0.text() }
        )
    }

    private mutating func line() -> ReservationLine {
        switch below(3) {
        case 0: .devices(identifier(), quantity: 1 + amount().rawValue / 2)
        case 1: .tpp(TPP(rawValue: 1 + amount().rawValue / 2))
        default: .h100e(H100Equivalent(thousandths: 1 + amount().rawValue / 2))
        }
    }

    private mutating func decision() -> Decision {
        let tests = (0..<below(oneIn(20) ? 254 : 5)).map { _ in
            LimitTest(
                mechanism: member(),
                name: limitName(),
                used: amount(),
                limit: amount(),
                left: amount()
            )
        }
        return Decision(
            refusal: maybe { $0.member() },
            mechanism: member(),
            asked: amount(),
            tests: tests,
            bindingTest: tests.isEmpty ? nil : maybe { Int($0.below(UInt64(tests.count))) },
            roomByInstalling: maybe { $0.amount() },
            attestationLapsed: oneIn(2)
        )
    }

    private mutating func limitName() -> LimitName {
        switch below(5) {
        case 0: .country(country())
        case 1: .smallOrder(group: identifier(), year: Int32(1_970 + below(8_030)))
        case 2: .nationalVEU(party: identifier(), country: country())
        case 3: .countryShare(group: identifier(), country: country())
        default: .outsideShare(group: identifier())
        }
    }

    private mutating func installed() -> InstalledAttestation {
        let countries = Set((0..<below(oneIn(10) ? 600 : 4)).map { _ in country() })
        return InstalledAttestation(
            party: identifier(),
            asOf: day(),
            amounts: countries.sorted().map { InstalledAmount(country: $0, amount: amount()) }
        )
    }
}

/// The single values.
extension RandomEntries {
    private mutating func below(_ bound: UInt64) -> UInt64 {
        bound == 0 ? 0 : random.next(upperBound: bound)
    }

    private mutating func oneIn(_ count: UInt64) -> Bool { below(count) == 0 }

    private mutating func maybe<Value>(_ make: (inout RandomEntries) -> Value) -> Value? {
        oneIn(2) ? nil : make(&self)
    }

    private mutating func member<Member: CaseIterable>() -> Member
    where Member.AllCases == [Member] {
        Member.allCases[Int(below(UInt64(Member.allCases.count)))]
    }

    private mutating func identifier<Identifier: LedgerIdentifier>() -> Identifier {
        let count = oneIn(10) ? 64 : 1 + below(20)
        var bytes = (0..<count).map { _ in UInt8(0x20 + below(0x5f)) }
        if bytes.first == 0x20 { bytes[0] = 0x41 }
        if bytes.last == 0x20 { bytes[bytes.count - 1] = 0x5a }
        return Identifier(checked: String(decoding: bytes, as: UTF8.self))
    }

    private mutating func text() -> String {
        let scalars = ["a", "Z", " ", "é", "e\u{301}", "界", "🧮", "\u{0}", "\n", "\u{10ffff}"]
        var text = ""
        let wanted = oneIn(10) ? 200 : 1 + below(30)
        while text.utf8.count < wanted {
            let next = scalars[Int(below(UInt64(scalars.count)))]
            text += text.utf8.count + next.utf8.count > 200 ? "." : next
        }
        return text
    }

    private mutating func amount() -> TPP {
        switch below(4) {
        case 0: .zero
        case 1: .maximumSum
        case 2: TPP(rawValue: Int64(below(1_000_000_000)))
        default: TPP(rawValue: Int64(below(UInt64(TPP.maximumSum.rawValue) + 1)))
        }
    }

    private mutating func country() -> CountryCode {
        let letters = (UInt8(0x41 + below(26)), UInt8(0x41 + below(26)))
        return CountryCode(letters.0, letters.1) ?? SampleEntries.country("AE")
    }

    private mutating func day() -> CivilDate {
        CivilDate(daysSince1970: Int32(below(2_932_896))) ?? .earliest
    }

    private mutating func dates() -> DateRange {
        let from = day()
        let until = maybe { _ in from.adding(days: 1) } ?? nil
        return DateRange(from: from, until: until) ?? SampleEntries.dates
    }

    private mutating func time() -> LedgerTime {
        let milliseconds = below(UInt64(LedgerTime.latest.millisecondsSince1970) + 1)
        return LedgerTime(millisecondsSince1970: Int64(milliseconds)) ?? .earliest
    }

    private mutating func actor() -> Actor {
        Actor(organisation: identifier(), person: identifier(), role: member())
    }

    private mutating func reference() -> OperationReference {
        OperationReference(organisation: maybe { $0.identifier() }, id: identifier())
    }

    private mutating func file() -> [UInt8] {
        (0..<below(oneIn(50) ? 60_001 : 40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
}
