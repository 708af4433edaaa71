// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

/// What would let a refused order through, told to people.
extension Explainer {
    /// The remedies as a table; `nil` if there are none, or the reader sees only bands.
    func remedyTable(_ remedies: [Remedy], for order: AskedOrder) -> TextTable? {
        guard disclosure == .open, !remedies.isEmpty else { return nil }
        var table = TextTable([
            .text("what would make room"), .number("granted then"), .word("by"),
            .number("left then"),
        ])
        for remedy in remedies {
            let left = remedy.decision.bindingTest.flatMap { binding in
                remedy.decision.tests.indices.contains(binding)
                    ? remedy.decision.tests[binding].left : nil
            }
            table.append([
                TextTable.Cell(words(for: remedy, order)),
                TextTable.Cell(
                    remedy.isWhole
                        ? "all of it" : number(remedy.decision.granted, .up),
                    remedy.isWhole ? .strong : .plain
                ),
                TextTable.Cell("\(remedy.decision.mechanism)"),
                TextTable.Cell(left.map { number($0, .down) } ?? ""),
            ])
        }
        return table
    }

    private func words(for remedy: Remedy, _ asked: AskedOrder) -> String {
        let order = remedy.isWhole ? "" : "; then \(most(remedy))"
        return switch remedy.step {
        case .askLess: most(remedy)
        case .wait(let limit, let causes): words(for: causes, of: limit, remedy, asked)
        case .agreement(let country): agreementWords(country, remedy) + order
        case .status(let repair): words(for: repair) + order
        case .install(let amount, let home):
            "\(both(amount, .up)) more installed at home (\(home)), at least" + order
        }
    }

    /// The largest order that is granted.
    private func most(_ remedy: Remedy) -> String {
        guard let line = remedy.reservation.lines.first, !remedy.reservation.isUpTo else {
            return "part of it is granted"
        }
        return switch line {
        case .devices(let device, let quantity): "ask for at most \(grouped(quantity)) x \(device)"
        case .tpp(let amount): "ask for at most \(both(amount, .down))"
        case .h100e(let amount): "ask for at most \(amount) H100e"
        }
    }

    private func agreementWords(_ country: CountryCode, _ remedy: Remedy) -> String {
        let raised = remedy.decision.tests.first { test in
            if case .country = test.name { true } else { false }
        }
        let limit = raised.map { ", which lifts its limit to \(short($0.limit, .down))" } ?? ""
        return "an agreement with \(name(of: country))" + limit
    }

    private func words(for repair: StatusRepair) -> String {
        let status = words(for: repair.kind)
        var steps: [String] = []
        if repair.needsRenewal { steps.append("the \(status) granted again (it has ended)") }
        if repair.needsReinstatement { steps.append("the \(status) reinstated") }
        if repair.needsAttestation {
            steps.append(
                "a current security attestation"
                    + (steps.isEmpty ? ", so that its \(status) helps" : "")
            )
        }
        return "of \(repair.party) (entry \(repair.grant)): " + steps.joined(separator: ", and ")
    }

    // MARK: - Waiting

    private func words(
        for causes: [WaitCause],
        of limit: LimitName?,
        _ remedy: Remedy,
        _ order: AskedOrder
    ) -> String {
        let reasons = causes.map { words(for: $0, of: limit, remedy) }
        let isTooLate = order.reservation.deadline != nil && remedy.reservation.deadline == nil
        let deadline = isTooLate ? ", with a later deadline" : ""
        return "wait until \(instant(remedy.time))\(deadline): " + reasons.joined(separator: ", ")
    }

    private func words(
        for cause: WaitCause,
        of limit: LimitName?,
        _ remedy: Remedy
    ) -> String {
        let place = limit.map(subject(of:)) ?? ""
        return switch cause {
        case .rulebook: "another rulebook is in force by then"
        case .mechanism: "\(remedy.decision.mechanism) applies to it by then"
        case .weight(let before, let after):
            "the order weighs \(short(after, .up)) by then, not \(short(before, .up))"
        case .limit(let before, let after):
            "\(place) is \(short(after, .down)) by then, not \(short(before, .down))"
        case .window(let amount): windowWords(amount, limit, place)
        case .expiries(let count, let freed):
            "\(counted(Int(count), "hold")) of \(short(freed, .down)) in \(place) "
                + "\(count == 1 ? "expires" : "expire") by then"
        }
    }

    private func windowWords(_ amount: TPP, _ limit: LimitName?, _ place: String) -> String {
        switch limit {
        case .smallOrder?:
            "the calendar year turns, and \(short(amount, .down)) of this year count no longer"
        default: "\(short(amount, .down)) count no longer in \(place)"
        }
    }

    /// An instant, as the day that begins with it where one does.
    private func instant(_ time: LedgerTime) -> String {
        LedgerTime(startOf: time.day) == time ? "\(time.day)" : "\(time)"
    }
}
