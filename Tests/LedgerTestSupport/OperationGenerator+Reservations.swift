// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension OperationGenerator {
    mutating func makeReservation() -> Reservation {
        var consignee = makeParty()
        var destination = makeDestination()
        let today = clock.day
        let statuses = oracle.facts.statuses.filter { $0.dates.contains(today) || $0.isRevoked }
        if random.chance(profile == .breaches ? 45 : 20), !statuses.isEmpty {
            // Where someone has a status, which may help or not.
            let status = random.pick(statuses)
            consignee = status.party
            destination = random.pick(cappedCountries)
            if case .national(let country) = status.kind { destination = country }
        }
        var reservation = Reservation(
            consignee: consignee,
            destination: destination,
            lines: makeLines(consignee, destination),
            endUse: makeEndUse(),
            deadline: makeDeadline()
        )
        if random.chance(15) { ask(&reservation) }
        if random.chance(10) { reservation.reference = "PO \(random.below(1_000))" }
        if random.chance(2) { spoil(&reservation) }
        return reservation
    }

    /// Asks for "up to", often for more than there is.
    private mutating func ask(_ reservation: inout Reservation) {
        reservation.isUpTo = true
        if random.chance(96) { reservation.lines = [reservation.lines[0]] }
        guard random.chance(60) else { return }
        let factor = Int64(1 + random.below(4))
        switch reservation.lines[0] {
        case .devices(let device, let quantity):
            let more = quantity.multipliedReportingOverflow(by: factor).partialValue
            reservation.lines[0] = .devices(device, quantity: max(1, more))
        case .tpp(let amount):
            let most = TPP.maximumAmount.rawValue
            reservation.lines[0] = .tpp(TPP(rawValue: min(most, amount.rawValue * factor)))
        case .h100e(let claim):
            let more = claim.thousandths.multipliedReportingOverflow(by: factor).partialValue
            reservation.lines[0] = .h100e(H100Equivalent(thousandths: max(1, more)))
        }
    }

    /// A registered party as a rule.
    mutating func makeParty() -> PartyIdentifier {
        if random.chance(2) { return PartyIdentifier(checked: "nobody") }
        let registered = partyPool.filter { oracle.facts.parties[$0] != nil }
        return random.pick(registered.isEmpty || random.chance(4) ? partyPool : registered)
    }

    mutating func makeDestination() -> CountryCode {
        switch random.below(100) {
        case 0..<3: .of("US")
        case 3..<8: .of(random.pick(["DE", "NO", "TW"]))
        case 8..<11: .of(random.pick(["CN", "HK", "MO", "RU", "KH"]))
        case 11: .of("ZZ")
        default: random.pick(cappedCountries)
        }
    }

    private mutating func makeEndUse() -> EndUseIdentifier {
        let code =
            switch random.below(100) {
            case 0..<2: random.pick(["military", "nuclear", "supercomputer"])
            case 2: "gardening"
            case 3..<10: "research"
            default: "commercial"
            }
        return EndUseIdentifier(checked: code)
    }

    mutating func makeDeadline() -> LedgerTime? {
        guard random.chance(45) else { return nil }
        if random.chance(25), let other = someDeadline(), other > clock { return other }
        let day = LedgerTime.millisecondsPerDay
        if random.chance(8) {
            // At the midnight of a change, such as a rulebook's start.
            let turn = turn()
            if turn > clock { return turn }
        }
        switch random.below(12) {
        case 0: return clock.adding(milliseconds: 1)
        case 1: return random.chance(20) ? clock : clock.adding(milliseconds: 2)
        case 2: return clock.adding(milliseconds: Int64(random.below(5_000)) + 1)
        case 3:
            return clock.day.adding(days: 1 + random.below(3)).map(LedgerTime.init(startOf:))
        case 4:
            return clock.day.adding(months: 1 + random.below(12)).map(LedgerTime.init(startOf:))
        case 5: return clock.adding(milliseconds: day * Int64(random.below(800) + 1))
        default: return clock.adding(milliseconds: day * Int64(random.below(30)) + 7)
        }
    }

    // MARK: Sizes

    private mutating func makeLines(
        _ consignee: PartyIdentifier,
        _ destination: CountryCode
    ) -> [ReservationLine] {
        let room = makeRoom(consignee, destination)
        var lines: [ReservationLine]
        switch random.below(10) {
        case 0..<4: lines = [.tpp(TPP(rawValue: aimed(at: room)))]
        case 4: lines = split(aimed(at: room))
        case 5:
            let factor = oracle.rulebook(at: clock)?.tppPerH100e ?? 15_832
            let thousandths = Int128(room) * 1_000 / Int128(factor) + Int128(random.below(3)) - 1
            lines = [.h100e(H100Equivalent(thousandths: Int64(clamping: max(1, thousandths))))]
        case 6: lines = [.tpp(TPP(rawValue: Int64(1 + random.below(5_000))))]
        default:
            let parts = Int64(1 + random.below(8))
            lines = (0...random.below(3)).map { _ in
                let device = makeDevice()
                let tpp = oracle.facts.device(device, on: clock.day)?.tpp ?? 10_000
                let quantity = max(1, min(room, 900_000_000_000) / max(1, tpp) / parts)
                return .devices(device, quantity: quantity)
            }
        }
        if random.chance(10) { lines.append(.devices(makeDevice(), quantity: 1)) }
        if random.chance(4) {
            let uncontrolled = DeviceIdentifier(checked: random.pick(["H20", "RTX 4090"]))
            lines = [.devices(uncontrolled, quantity: Int64(1 + random.below(1_000)))]
        }
        return lines
    }

    private mutating func makeDevice() -> DeviceIdentifier {
        if random.chance(1) { return DeviceIdentifier(checked: "Abacus") }
        let usual = OracleDevices.usual.map(\.id)
        let known = usual.filter { oracle.facts.device($0, on: clock.day) != nil }
        return random.pick(known.isEmpty || random.chance(1) ? usual : known)
    }

    /// What is left of a limit that the order may meet, at least 1.
    private mutating func makeRoom(
        _ consignee: PartyIdentifier,
        _ destination: CountryCode
    ) -> Int64 {
        let group = oracle.facts.ultimateParent(of: consignee)
        var names: [LimitName] = [
            .country(destination),
            .country(destination),
            .smallOrder(group: group, year: Int32(clock.day.year)),
            .smallOrder(group: group, year: Int32(clock.day.year)),
            .nationalVEU(party: consignee, country: destination),
            .countryShare(group: group, country: destination),
            .outsideShare(group: group),
        ]
        let status = oracle.facts.statuses.last { $0.party == consignee && !$0.isRevoked }
        if let status, random.chance(60) {
            names = Array(names.suffix(2))
            if case .national = status.kind {
                names = [.nationalVEU(party: consignee, country: destination)]
            }
        }
        guard let use = oracle.use(of: random.pick(names), at: clock) else { return 20_000 }
        if random.chance(40), let percents = oracle.rulebook(at: clock)?.thresholds.percents {
            // Up to a threshold, so that the limit reaches it exactly or misses it by one.
            let part = Int128(use.limit) * Int128(random.pick(percents))
            return max(1, Int64((part + 99) / 100) - use.used)
        }
        return random.chance(10) ? max(1, use.limit) : max(1, use.limit - use.used)
    }

    /// Exactly the room, one less, one more, or a part of it.
    private mutating func aimed(at room: Int64) -> Int64 {
        let amount =
            switch random.below(8) {
            case 0, 1: room
            case 2: room + 1
            case 3: room - 1
            case 4: room / 2
            case 5: room / 3 + 1
            default: room / Int64(2 + random.below(12)) + Int64(random.below(3))
            }
        return max(1, amount)
    }

    /// An amount as devices of one kind and the rest in TPP.
    private mutating func split(_ amount: Int64) -> [ReservationLine] {
        let device = makeDevice()
        guard let tpp = oracle.facts.device(device, on: clock.day)?.tpp, amount > tpp else {
            return [.tpp(TPP(rawValue: amount))]
        }
        let (quantity, rest) = amount.quotientAndRemainder(dividingBy: tpp)
        let devices = ReservationLine.devices(device, quantity: quantity)
        return rest == 0 ? [devices] : [devices, .tpp(TPP(rawValue: rest))]
    }

    /// Makes a reservation malformed, or too large.
    private mutating func spoil(_ reservation: inout Reservation) {
        let device = DeviceIdentifier(checked: "H100 SXM5")
        switch random.below(11) {
        case 0: reservation.lines = []
        case 1: reservation.lines = [.devices(device, quantity: 0)]
        case 2: reservation.lines.append(.devices(device, quantity: -1))
        case 3: reservation.lines.append(.tpp(.zero))
        case 4: reservation.lines.append(.h100e(H100Equivalent(thousandths: 0)))
        case 5:
            reservation.lines = Array(
                repeating: .tpp(TPP(rawValue: 1)),
                count: Reservation.maximumLineCount + random.below(2)
            )
        case 6: reservation.lines = [.devices(device, quantity: .max)]
        case 7: reservation.lines.append(.tpp(.maximumAmount))
        case 8: reservation.lines = [.h100e(H100Equivalent(thousandths: .max))]
        case 9: reservation.reference = random.chance(50) ? "" : String(repeating: "x", count: 201)
        default: reservation.lines = [.tpp(.maximumAmount)]
        }
    }
}
