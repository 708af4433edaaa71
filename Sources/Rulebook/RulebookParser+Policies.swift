// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension RulebookParser {
    /// The readings of what the regulation leaves open.
    func openPoints() -> OpenPoints? {
        guard let group = file.group("open-points") else { return nil }
        let alliedHeadquarters: Cited<ChargedCountry>? =
            openPoint(group, "allied-headquarters-at-capped-site")
        let cappedHeadquarters: Cited<ChargedCountry>? =
            openPoint(group, "capped-headquarters-at-allied-site")
        let unusedHold: Cited<UnusedHold>? = openPoint(group, "unused-hold")
        let movement: Cited<OnwardMovement>? = openPoint(group, "transfer-or-reexport")
        let aboveHeadroom: Cited<OrderAboveHeadroom>? = openPoint(group, "order-above-headroom")
        let agreementCountry: Cited<AgreementCountry>? = openPoint(group, "agreement-country")
        let availability: Cited<SmallOrderAvailability>? =
            openPoint(group, "small-order-availability")
        group.finish()
        guard let alliedHeadquarters, let cappedHeadquarters, let unusedHold, let movement,
            let aboveHeadroom, let agreementCountry, let availability
        else { return nil }
        return OpenPoints(
            alliedHeadquartersAtCappedSite: alliedHeadquarters,
            cappedHeadquartersAtAlliedSite: cappedHeadquarters,
            unusedHold: unusedHold,
            transferOrReexport: movement,
            orderAboveHeadroom: aboveHeadroom,
            agreementCountry: agreementCountry,
            smallOrderAvailability: availability
        )
    }

    private func openPoint<Choice: OpenPointChoice>(
        _ group: FieldGroup,
        _ key: String
    ) -> Cited<Choice>? {
        group.group(key)?.cited("choice") { field in
            let words = Field.words(Choice.allCases.map(\.rawValue))
            guard let text = field.scalar(words) else { return nil }
            if let choice = Choice(rawValue: text) { return choice }
            if Choice.unsupported.contains(text) {
                field.fail("this version can not decide by \(quoted(text)); expected \(words)")
            } else {
                field.expected(words)
            }
            return nil
        }
    }

    /// What reports watch; the section may be missing.
    func watched() -> [WatchedRatio]? {
        guard let field = file.optional("watched") else { return [] }
        return field.items()?.collect { item, _ in
            guard let group = item.group() else { return nil }
            let kind = group.required("kind")?.choice(WatchedKind.self)
            let groups = group.required("groups")?.choice(WatchedGroups.self)
            let fraction = group.required("at-least")?.fraction()
            let days: [MonthDay]? = group.required("days")?.items()?.collect { day, earlier in
                guard let value = day.value("a month and day such as 02-01", Self.monthDay) else {
                    return nil
                }
                if earlier.contains(value) { day.fail("\(value) is listed twice") }
                return value
            }
            let citation = group.citation()
            group.finish()
            guard let kind, let groups, let fraction, let days, let citation else { return nil }
            return WatchedRatio(
                kind: kind,
                groups: groups,
                numerator: fraction.numerator,
                denominator: fraction.denominator,
                days: days,
                citation: citation
            )
        }
    }

    /// A day of every year, so not 29 February.
    private static func monthDay(_ text: String) -> MonthDay? {
        guard let date = CivilDate("2025-" + text) else { return nil }
        return MonthDay(month: date.parts.month, day: date.parts.day)
    }

    /// When crossing part of a limit is an entry.
    func thresholds() -> ThresholdRule? {
        guard let group = file.group("thresholds") else { return nil }
        let percentages: [Int64]? = group.required("percent")?.items()?.collect { item, earlier in
            guard let percent = item.number(1...100, example: "80") else { return nil }
            if let last = earlier.last, percent <= last {
                item.fail("found \(percent); expected more than \(last): they ascend")
            }
            return percent
        }
        let limits = group.required("limits")?.choices(WatchedLimit.self)
        let citation = group.citation()
        group.finish()
        guard let percentages, let limits, let citation else { return nil }
        return ThresholdRule(percentages: percentages, limits: Set(limits), citation: citation)
    }

    /// The rule for model weights.
    func modelWeights() -> ModelWeightsRule? {
        guard let group = file.group("model-weights") else { return nil }
        let expectation = "a number of operations such as 10^26, below 2^128"
        let threshold = group.group("threshold")?.cited("operations") { field in
            field.value(expectation, operationCount)
        }
        let floor = group.group("floor")?.cited("operations") { field in
            field.value(expectation, operationCount)
        }
        let published = group.required("published")?.choice(PublishedWeights.self)
        let refusals = group.required("refused-when")?.choices(ModelWeightsRefusal.self)
        let citation = group.citation()
        group.finish()
        guard let threshold, let floor, let published, let refusals, let citation else {
            return nil
        }
        return ModelWeightsRule(
            threshold: threshold,
            floor: floor,
            published: published,
            refusals: Set(refusals),
            citation: citation
        )
    }
}
