// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// A mechanism as far as it could be read, with its place.
struct MechanismDraft {
    let kind: MechanismKind
    let rule: MechanismRule?
    let field: Field
    /// The fields of its limits, for findings about them.
    let limitFields: [Field]
}

extension [MechanismDraft] {
    /// The rules, or `nil` if one of them could not be read.
    var rules: [MechanismRule]? {
        let rules = compactMap(\.rule)
        return rules.count == count ? rules : nil
    }
}

extension RulebookParser {
    /// The mechanisms in order; those whose kind is not known are left out, with a finding.
    func mechanisms(tppPerH100e: Int64?) -> [MechanismDraft]? {
        file.required("mechanisms")?.items()?.collect { item, _ in
            guard let group = item.group(), let kindField = group.required("kind") else {
                return nil
            }
            let kinds = MechanismKind.allCases.filter { $0 != .uncontrolled }
            let words = Field.words(kinds.map(\.description))
            guard
                let kind = kindField.value(
                    words,
                    { text in
                        kinds.first { $0.description == text }
                    }
                )
            else { return nil }
            var limitFields: [Field] = []
            let terms = readTerms(kind, group, tppPerH100e, &limitFields)
            let citation = group.citation()
            group.finish()
            let rule = terms.flatMap { terms in
                citation.map { MechanismRule(terms: terms, citation: $0) }
            }
            return MechanismDraft(
                kind: kind,
                rule: rule,
                field: kindField,
                limitFields: limitFields
            )
        }
    }

    private func readTerms(
        _ kind: MechanismKind,
        _ group: FieldGroup,
        _ tppPerH100e: Int64?,
        _ limitFields: inout [Field]
    ) -> MechanismTerms? {
        switch kind {
        case .concern:
            return group.required("tests")?.choices(OrderPlace.self).map { .concern(tests: $0) }
        case .prohibited:
            return group.required("tests")?.choices(Prohibition.self).map {
                .prohibited(tests: $0)
            }
        case .domestic: return .domestic
        case .allied:
            return group.required("tests")?.choices(OrderPlace.self).map { .allied(tests: $0) }
        case .universalVEU:
            let whenFull = group.required("when-full")?.choice(WhenFull.self)
            let shares = readShares(group.required("limits"), &limitFields)
            guard let whenFull, let shares else { return nil }
            return .universalVEU(shares: shares, whenFull: whenFull)
        case .nationalVEU:
            return readLimited(group, tppPerH100e, .any, &limitFields).map { .nationalVEU($0) }
        case .smallOrder:
            let limited = readLimited(group, tppPerH100e, .calendarYearOnly, &limitFields)
            var listed = ListedCountries()
            let field = group.optional("unavailable")
            let rows = field == nil ? [] : rows(field, tier: nil, &listed)
            guard let limited, let rows else { return nil }
            return .smallOrder(limited, unavailable: rows)
        case .country:
            return readLimited(group, tppPerH100e, .any, &limitFields).map { .country($0) }
        case .uncontrolled: return nil
        }
    }

    private func readShares(_ field: Field?, _ limitFields: inout [Field]) -> [ShareRule]? {
        guard let items = field?.items() else { return nil }
        var fields: [Field] = []
        let shares: [ShareRule]? = items.collect { item, earlier in
            guard let group = item.group() else { return nil }
            let kindField = group.required("kind")
            let scope = kindField?.choice(ShareScope.self)
            let shareField = group.required("share")
            let fraction = shareField?.fraction()
            let citation = group.citation()
            group.finish()
            guard let scope, let shareField, let fraction, let citation else { return nil }
            if earlier.contains(where: { $0.scope == scope }) {
                kindField?.fail("\(quoted(scope.rawValue)) is listed twice")
            }
            fields.append(shareField)
            return ShareRule(
                numerator: fraction.numerator,
                denominator: fraction.denominator,
                scope: scope,
                citation: citation
            )
        }
        limitFields += fields
        return shares
    }

    private func readLimited(
        _ group: FieldGroup,
        _ tppPerH100e: Int64?,
        _ windows: AllowedWindows,
        _ limitFields: inout [Field]
    ) -> LimitedMechanism? {
        let whenFull = group.required("when-full")?.choice(WhenFull.self)
        let limitField = group.required("limit")
        let limit = limitField?.group().flatMap { readLimit($0, tppPerH100e, windows) }
        let credits = group.group("credits").flatMap { readCredits($0) }
        if let limitField { limitFields.append(limitField) }
        guard let whenFull, let limit, let credits else { return nil }
        return LimitedMechanism(limit: limit, whenFull: whenFull, credits: credits)
    }

    private func readLimit(
        _ group: FieldGroup,
        _ tppPerH100e: Int64?,
        _ windows: AllowedWindows
    ) -> LimitRule? {
        guard let windowField = group.required("window") else { return nil }
        guard let word = windowField.choice(WindowWord.self) else { return nil }
        if windows == .calendarYearOnly, word != .calendarYear {
            windowField.expected(
                "calendar-year: the small-order allowance is kept by group and year"
            )
            return nil
        }
        let window = readWindow(word, group, tppPerH100e)
        let citation = group.citation()
        group.finish()
        guard let window, let citation else { return nil }
        return LimitRule(window: window, citation: citation)
    }

    private func readWindow(
        _ word: WindowWord,
        _ group: FieldGroup,
        _ tppPerH100e: Int64?
    ) -> WindowRule? {
        if word == .schedule {
            return readSteps(group.required("steps"), tppPerH100e).map { .schedule($0) }
        }
        let amount = group.required("amount")?.amount(tppPerH100e: tppPerH100e)
        switch word {
        case .period:
            _ = group.required("until")
            guard let days = days(of: group), let until = days.until, let amount else {
                return nil
            }
            return .period(from: days.from, until: until, amount: amount)
        case .calendarYear: return amount.map { .calendarYear(amount: $0) }
        case .rolling:
            let months = group.required("months")?.number(1...1_200, example: "24")
            guard let months, let amount else { return nil }
            return .rolling(months: Int(months), amount: amount)
        case .none: return amount.map { .allTime(amount: $0) }
        case .schedule: return nil
        }
    }

    /// The steps of a schedule: days ascend, and a cumulative ceiling does not fall.
    private func readSteps(_ field: Field?, _ tppPerH100e: Int64?) -> [ScheduleStep]? {
        field?.items()?.collect { item, earlier in
            guard let group = item.group() else { return nil }
            let fromField = group.required("from")
            let from = fromField?.date()
            let amountField = group.required("amount")
            let amount = amountField?.amount(tppPerH100e: tppPerH100e)
            group.finish()
            guard let from, let amount else { return nil }
            if let last = earlier.last, from <= last.from {
                fromField?.fail("found \(from); expected a day after \(last.from)")
            }
            if let last = earlier.last, amount.tpp < last.amount.tpp {
                amountField?.fail(
                    "is less than the step before; a cumulative ceiling does not fall"
                )
            }
            return ScheduleStep(from: from, amount: amount)
        }
    }

    private func readCredits(_ group: FieldGroup) -> CreditRule? {
        let returned = group.required("returned")?.yesOrNo()
        let retired = group.required("retired")?.yesOrNo()
        let citation = group.citation()
        group.finish()
        guard let returned, let retired, let citation else { return nil }
        return CreditRule(
            creditsReturns: returned,
            creditsRetirements: retired,
            citation: citation
        )
    }
}

/// Which windows the limit of a mechanism can have.
private enum AllowedWindows {
    case any
    case calendarYearOnly
}

/// The words for windows.
enum WindowWord: String, CaseIterable {
    case period
    case calendarYear = "calendar-year"
    case rolling
    case schedule
    case none
}
