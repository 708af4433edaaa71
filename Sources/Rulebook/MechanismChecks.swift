// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// Finds mechanisms that can never apply or never grant, and lists that nobody reads.
///
/// What could not be read has its own finding and is skipped here.
struct MechanismChecks {
    let drafts: [MechanismDraft]
    let countries: CountryRules?
    let effective: CivilDate?
    let multiplier: Int64?
    let availability: SmallOrderAvailability?
    let endUses: [EndUseRule]?

    func run() {
        checkOrder()
        checkPresence()
        checkShares()
        checkPeriods()
        checkMultiplier()
        checkAvailability()
        if let endUses { checkEndUses(endUses) }
        if let countries, let effective { checkLists(countries, effective) }
    }

    /// Every kind once, nothing behind what takes or refuses all, refusals before limits.
    private func checkOrder() {
        for (index, draft) in drafts.enumerated() {
            let earlier = drafts[..<index]
            if earlier.contains(where: { $0.kind == draft.kind }) {
                draft.field.fail("\(quoted(draft.kind.description)) is listed twice")
            } else if earlier.contains(where: { $0.kind == .country }) {
                draft.field.fail(
                    "can never apply: country, before it, always applies and has to be last"
                )
            } else if draft.kind == .concern || draft.kind == .prohibited,
                let limited = earlier.first(where: { hasLimits($0.kind) })
            {
                draft.field.fail(
                    "refuses always, so it has to stand before \(limited.kind), which has limits"
                )
            } else if draft.kind == .domestic, earlier.contains(where: takesAllDestinations) {
                draft.field.fail(
                    "can never apply: allied, before it, takes every order to home and allied"
                )
            }
        }
        if let last = drafts.last, whenFull(last) == .next {
            last.field.fail("hands full orders to the next mechanism, and there is none")
        }
    }

    /// The prohibition stops some orders and lets some pass.
    private func checkEndUses(_ endUses: [EndUseRule]) {
        guard let draft = drafts.first(where: { $0.kind == .prohibited }),
            case .prohibited(let tests)? = draft.rule?.terms, tests.contains(.endUse)
        else { return }
        if tests == [.endUse], !endUses.contains(where: \.isProhibited) {
            draft.field.fail("can never apply: it tests the end use alone, and none is prohibited")
        } else if endUses.allSatisfy(\.isProhibited) {
            draft.field.fail("refuses every order: all end uses of the list are prohibited")
        }
    }

    /// What every rulebook needs.
    private func checkPresence() {
        guard let first = drafts.first else { return }
        for kind in [MechanismKind.prohibited, .country]
        where !drafts.contains(where: { $0.kind == kind }) {
            first.field.fail("no mechanism of the list is \(kind); expected one")
        }
    }

    /// A share of all countries that is no larger than that of one leaves the latter without use.
    private func checkShares() {
        for draft in drafts {
            let shares = draft.rule?.shares ?? []
            guard let one = shares.first(where: { $0.scope == .country }),
                let index = shares.firstIndex(where: { $0.scope == .allOutside }),
                shares[index].numerator * one.denominator
                    <= one.numerator * shares[index].denominator
            else { continue }
            draft.limitFields[index].fail(
                "is not above the share of one country, which could never bind"
            )
        }
    }

    /// A period that is over before the rulebook begins leaves a limit of 0 for ever.
    private func checkPeriods() {
        guard let effective else { return }
        for draft in drafts {
            guard case .period(_, let until, _)? = draft.rule?.limit?.window, until <= effective
            else { continue }
            draft.limitFields.first?.fail(
                "the period is over on \(until), before the rulebook begins on \(effective): "
                    + "the limit would be 0 for ever"
            )
        }
    }

    private func checkMultiplier() {
        guard let multiplier else { return }
        for draft in drafts where draft.kind == .country {
            guard let limit = draft.rule?.limit?.window.largestAmount else { continue }
            guard let product = limit.multiplied(by: multiplier), product <= .maximumSum else {
                draft.limitFields.first?.fail(
                    "times the agreement multiplier is more than \(grouped(TPP.maximumSum.rawValue))"
                        + " TPP"
                )
                continue
            }
        }
    }

    /// The list of destinations without small orders, and the open point that says it is read.
    private func checkAvailability() {
        guard let availability else { return }
        for draft in drafts {
            guard case .smallOrder(_, let unavailable)? = draft.rule?.terms else { continue }
            switch (availability, unavailable.isEmpty) {
            case (.everywhere, false):
                draft.field.fail(
                    "lists unavailable countries, but open-points.small-order-availability is "
                        + "everywhere; expected except-listed"
                )
            case (.exceptListed, true):
                draft.field.fail(
                    "lists no unavailable countries, but open-points.small-order-availability is "
                        + "except-listed"
                )
            case (.everywhere, true), (.exceptListed, false): break
            }
        }
    }

    /// A mechanism that is about a list needs one that has not ended, and the other way round.
    private func checkLists(_ countries: CountryRules, _ effective: CivilDate) {
        let pairs: [(MechanismKind, CountryTier)] = [
            (.concern, .concern), (.domestic, .home), (.allied, .allied),
        ]
        for (kind, tier) in pairs {
            let isInUse = countries.rows(of: tier).contains { row in
                row.days.until.map { $0 > effective } ?? true
            }
            let draft = drafts.first { $0.kind == kind }
            if let draft, !isInUse {
                draft.field.fail(
                    "can never apply: the list countries.\(tier.rawValue) has no country "
                        + "on or after \(effective)"
                )
            } else if draft == nil, isInUse, tier == .concern, let first = drafts.first {
                first.field.fail(
                    "no mechanism of the list is concern, but countries.concern lists countries"
                )
            }
        }
    }

    private func whenFull(_ draft: MechanismDraft) -> WhenFull? { draft.rule?.whenFull }

    private func hasLimits(_ kind: MechanismKind) -> Bool {
        switch kind {
        case .universalVEU, .nationalVEU, .smallOrder, .country: true
        case .concern, .prohibited, .domestic, .allied, .uncontrolled: false
        }
    }

    private func takesAllDestinations(_ draft: MechanismDraft) -> Bool {
        if case .allied(let tests)? = draft.rule?.terms { tests == [.destination] } else { false }
    }
}

extension WindowRule {
    /// The most that the window ever allows.
    var largestAmount: TPP {
        switch self {
        case .period(_, _, let amount), .calendarYear(let amount), .rolling(_, let amount),
            .allTime(let amount):
            amount.tpp
        case .schedule(let steps): steps.map(\.amount.tpp).max() ?? .zero
        }
    }
}
