// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension OracleRulebook {
    /// A valid rulebook with other numbers; `isTight` makes every cap a few devices wide, a divisor
    /// makes them narrower still.
    public static func varied(
        named name: String,
        isTight: Bool,
        divisor: Int64 = 1,
        by random: inout SplitMix64
    ) -> OracleRulebook {
        var rulebook = random.chance(50) ? brief : cfr
        rulebook.name = name
        if random.chance(40) {
            rulebook.effective = random.pick(
                [.of(2025, 1, 1), .of(2025, 3, 31), .of(2025, 7, 1), .of(2026, 2, 28)]
            )
        }
        if random.chance(50) {
            rulebook.tppPerH100e = random.pick([1, 10, 999, 1_000, 15_824, 15_825, 15_832])
        }
        if random.chance(30) { rulebook.control.unknownDensityIsDense = true }
        if random.chance(20) { rulebook.control.tpp = 4_801 }
        if random.chance(10) { rulebook.needsSecurityAttestation = false }
        if random.chance(10) { rulebook.anyoneCanBeUniversal = true }
        rulebook.agreementMultiplier = Int64(2 + random.below(2))
        rulebook.moveCountries(by: &random)
        let india = CountryCode.of("IN")
        if random.chance(isTight ? 40 : 30),
            !rulebook.lists.contains(where: { $0.country == india })
        {
            // Two capped countries that share one allocation.
            rulebook.aliases[india] = .of("AE")
        }
        rulebook.varyEvents(by: &random)
        for index in rulebook.mechanisms.indices {
            rulebook.mechanisms[index].vary(isTight: isTight, by: &random)
            rulebook.mechanisms[index].limits = rulebook.mechanisms[index].limits
                .map { $0.divided(by: divisor) }
        }
        for kind in [MechanismKind.universalVEU, .nationalVEU, .smallOrder]
        where random.chance(10) {
            rulebook.mechanisms.removeAll { $0.kind == kind }
        }
        return rulebook
    }

    /// Other thresholds, and another rule for model weights.
    private mutating func varyEvents(by random: inout SplitMix64) {
        if random.chance(25) {
            thresholds.percents = random.pick([[50], [1, 100], [60, 90, 99], [80, 81, 82, 95]])
        }
        if random.chance(30) { thresholds.kinds = [random.pick(WatchedKind.allCases)] }
        if random.chance(40) {
            weights.threshold = random.pick([1, 1_000_000, 1 << 100, .max])
        }
        if random.chance(40) {
            weights.floor = random.pick([2_000_000, weights.threshold, 1 << 101])
        }
        for condition in WeightsCondition.allCases
        where weights.refusedWhen.count > 1 && random.chance(20) {
            weights.refusedWhen.remove(condition)
        }
    }

    /// Lets some countries change lists on a day.
    private mutating func moveCountries(by random: inout SplitMix64) {
        let from = random.pick([CivilDate.of(2025, 6, 30), .of(2025, 10, 1), .of(2026, 3, 1)])
        let until = random.chance(50) ? from.adding(months: 1 + random.below(14)) : nil
        if random.chance(20) { lists += Self.listed("IN", .concern, from: from, until: until) }
        if random.chance(30) { lists += Self.listed("AE", .allied, from: from, until: until) }
        if random.chance(30) {
            let germany = CountryCode.of("DE")
            lists.removeAll { $0.country == germany }
            lists += Self.listed("DE", .allied, from: .of(2025, 1, 1), until: from)
        }
        if random.chance(20) { endUses[EndUseIdentifier(checked: "research")] = nil }
    }
}

extension OracleRulebook.Mechanism {
    fileprivate mutating func vary(isTight: Bool, by random: inout SplitMix64) {
        for credit in OracleRulebook.Credit.allCases where random.chance(25) {
            credits.formSymmetricDifference([credit])
        }
        switch kind {
        case .domestic, .uncontrolled: break
        case .prohibited:
            if random.chance(20) { prohibitions = [random.pick([.endUse, .consigneeBlocked])] }
        case .concern:
            if random.chance(20) { places.remove(random.pick([.site, .headquarters])) }
        case .allied:
            if random.chance(30) { places = [.destination, .headquarters] }
        case .universalVEU:
            goesOnWhenFull = random.chance(40)
            let denominator = Int64(random.pick([3, 7, 100, 1_000]))
            let numerator = Int64(1 + random.below(Int(denominator) / 2))
            switch random.below(5) {
            case 0: limits = [.countryShare(numerator, denominator)]
            case 1, 3: limits = [.outsideShare(numerator, denominator)]
            case 2:
                limits = [
                    .countryShare(numerator, denominator),
                    .outsideShare(numerator + 1, denominator),
                ]
            default: break
            }
        case .nationalVEU:
            goesOnWhenFull = random.chance(60)
            limits = [.varied(kind, isTight: isTight, by: &random)]
        case .smallOrder:
            goesOnWhenFull = random.chance(80)
            let amount = OracleRulebook.Amount.varied(kind, isTight: isTight, by: &random)
            limits = [.calendarYear(amount)]
            if random.chance(20) { unavailable[.of("AE")] = .of(.of(2025, 5, 1)) }
        case .country:
            limits = [.varied(kind, isTight: isTight, by: &random)]
        }
    }
}

extension OracleRulebook.Limit {
    fileprivate static func varied(
        _ kind: MechanismKind,
        isTight: Bool,
        by random: inout SplitMix64
    ) -> OracleRulebook.Limit {
        let amount = OracleRulebook.Amount.varied(kind, isTight: isTight, by: &random)
        switch random.below(6) {
        case 0: return .calendarYear(amount)
        case 1: return .always(amount)
        case 2: return .rolling(months: random.pick([1, 2, 3, 12, 24]), amount)
        case 3:
            var steps: [OracleRulebook.Step] = []
            var day = CivilDate.of(2025, random.pick([1, 2, 4]), 1)
            for _ in 0...random.below(8) {
                let more = OracleRulebook.Amount.varied(kind, isTight: isTight, by: &random)
                steps.append(OracleRulebook.Step(from: day, amount: more))
                day = day.adding(months: random.pick([1, 3])) ?? day
            }
            return .schedule(steps.inAscendingAmounts)
        default:
            let from = random.pick([CivilDate.of(2025, 1, 1), .of(2025, 2, 28), .of(2025, 9, 1)])
            // Not over before any of the rulebooks begins.
            let until = from.adding(months: random.pick([15, 18, 36])) ?? .latest
            return .period(from: from, until: until, amount)
        }
    }
}

extension OracleRulebook.Limit {
    /// The same with amounts that are a part as large; shares stay as they are.
    fileprivate func divided(by divisor: Int64) -> OracleRulebook.Limit {
        switch self {
        case .period(let from, let until, let amount):
            .period(from: from, until: until, amount.divided(by: divisor))
        case .calendarYear(let amount): .calendarYear(amount.divided(by: divisor))
        case .rolling(let months, let amount):
            .rolling(months: months, amount.divided(by: divisor))
        case .schedule(let steps):
            .schedule(
                steps.map {
                    OracleRulebook.Step(from: $0.from, amount: $0.amount.divided(by: divisor))
                }
            )
        case .always(let amount): .always(amount.divided(by: divisor))
        case .countryShare, .outsideShare: self
        }
    }
}

extension [OracleRulebook.Step] {
    /// The same days with the same amounts, the least first: a cumulative ceiling does not fall.
    fileprivate var inAscendingAmounts: [OracleRulebook.Step] {
        let amounts = map(\.amount).sorted { $0.number < $1.number }
        return zip(self, amounts).map { OracleRulebook.Step(from: $0.from, amount: $1) }
    }
}

extension OracleRulebook.Amount {
    fileprivate func divided(by divisor: Int64) -> OracleRulebook.Amount {
        switch self {
        case .tpp(let number): .tpp(max(1, number / divisor))
        case .h100e(let number): .h100e(max(1, number / divisor))
        }
    }

    /// The number in the unit in which it is stated.
    fileprivate var number: Int64 {
        switch self {
        case .tpp(let number), .h100e(let number): number
        }
    }

    fileprivate static func varied(
        _ kind: MechanismKind,
        isTight: Bool,
        by random: inout SplitMix64
    ) -> OracleRulebook.Amount {
        let unit: Int64 =
            switch kind {
            case .smallOrder: isTight ? 4_000 : 26_900_000
            case .country: isTight ? 24_000 : 790_000_000
            default: isTight ? 40_000 : 1_266_000_000
            }
        // A little off the round number, so that nothing divides evenly by accident.
        return .tpp(unit / 2 + Int64(random.below(Int(unit))))
    }
}
