// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
import QuotaLedger
import Rulebook

extension Explainer {
    /// A decision with its arithmetic: how it was reached, which limit binds, what would make room.
    ///
    /// - Parameters:
    ///   - decision: The decision.
    ///   - order: What was asked.
    ///   - entry: The entry that records the decision; `nil` of a check, which is told as what
    ///     would happen.
    ///   - remedies: What would let a refused order through, if that was looked for.
    /// - Returns: The sentence, the facts, the limits, the remedies and the sources.
    public func explanation(
        of decision: Decision,
        on order: AskedOrder,
        recordedAs entry: Entry? = nil,
        remedies: [Remedy]? = nil
    ) -> Explanation {
        var facts: [Explanation.Fact] = []
        if let entry {
            facts.append(
                Explanation.Fact(
                    "entry",
                    "\(entry.number), \(entry.time), by \(entry.actor.text)"
                )
            )
        }
        facts += redaction(of: entry)
        let citation = rulebook?.mechanism(decision.mechanism)?.citation
        facts.append(
            Explanation.Fact(
                "mechanism",
                "\(decision.mechanism)" + (citation.map { ": \($0)" } ?? "")
            )
        )
        facts.append(Explanation.Fact("order", words(for: order.reservation)))
        facts.append(Explanation.Fact("asked", both(decision.asked, .up)))
        if decision.isInPart {
            facts.append(Explanation.Fact("granted", both(decision.granted, .up)))
        }
        if let room = room(for: decision, remedies) { facts.append(Explanation.Fact("room", room)) }
        if decision.attestationLapsed {
            facts.append(
                Explanation.Fact(
                    "note",
                    "attestation-lapsed: a status did not help, because the security "
                        + "attestation of its holder is not current"
                )
            )
        }
        if let deadline = order.reservation.deadline, decision.isGranted {
            facts.append(Explanation.Fact("expires", "\(deadline)"))
        }
        return Explanation(
            sentence: sentence(for: decision, on: order, isRecorded: entry != nil),
            facts: facts + closing(entry),
            limits: limitTable(decision),
            remedies: remedyTable(remedies ?? [], for: order),
            sources: sources(of: decision)
        )
    }

    /// A decision in one sentence.
    ///
    /// - Parameters:
    ///   - decision: The decision.
    ///   - order: What was asked.
    ///   - isRecorded: `false` of a check, which is told as what would happen.
    /// - Returns: The sentence, with its full stop.
    public func sentence(
        for decision: Decision,
        on order: AskedOrder,
        isRecorded: Bool = true
    ) -> String {
        let upTo = order.reservation.isUpTo ? "up to " : ""
        let what =
            "Order \(order.id) of \(order.exporter), \(upTo)\(short(decision.asked, .up)) for "
            + "\(order.reservation.consignee) to \(name(of: order.reservation.destination)), "
        let tense = isRecorded ? "was " : "would be "
        let part = decision.isInPart ? " in part, \(short(decision.granted, .up))," : ""
        let answer =
            decision.isGranted
            ? "granted\(part)\(asIfEnforced) by \(decision.mechanism): \(grantReason(decision))"
            : "refused\(asIfEnforced) by \(decision.mechanism): \(refusalReason(decision, order))"
        return plainText(what + tense + answer + ".")
    }

    /// What an order is made of.
    private func words(for reservation: Reservation) -> String {
        var lines = reservation.lines.prefix(Self.namedLineCount).map { line in
            switch line {
            case .devices(let device, let quantity): "\(grouped(quantity)) x \(device)"
            case .tpp(let amount): "\(AmountStyle.tpp(amount)) TPP"
            case .h100e(let amount): "\(amount) H100e"
            }
        }
        let more = reservation.lines.count - lines.count
        if more > 0 { lines.append("and " + counted(more, "more line")) }
        return lines.joined(separator: ", ") + "; end use \(reservation.endUse)"
            + (reservation.reference.map { "; reference \($0)" } ?? "")
    }

    /// The most lines of an order that are named.
    private static let namedLineCount = 10

    private func binding(_ decision: Decision) -> LimitTest? {
        decision.bindingTest.flatMap {
            decision.tests.indices.contains($0) ? decision.tests[$0] : nil
        }
    }

    private func grantReason(_ decision: Decision) -> String {
        if let test = binding(decision) {
            let rest =
                disclosure == .open
                ? "has \(short(test.left, .down)) left"
                : knowsBands ? "is \(test.band(after: decision).rawValue)" : "has room for it"
            return "\(subject(of: test.name)) \(rest)"
        }
        return switch decision.mechanism {
        case .domestic: "what stays at home needs no allocation"
        case .allied: "an ally's destination has no limit"
        case .universalVEU: "a Universal VEU has no limit there"
        case .uncontrolled: "no line of it is controlled, so nothing is charged"
        case .concern, .prohibited, .nationalVEU, .smallOrder, .country:
            "no limit stands against it"
        }
    }

    private func refusalReason(_ decision: Decision, _ order: AskedOrder) -> String {
        switch decision.refusal {
        case .countryOfConcern:
            return
                "the destination, the consignee's site or headquarters, or its ultimate parent's "
                + "headquarters is of concern"
        case .prohibitedEndUse:
            return "the rulebook prohibits the end use \(order.reservation.endUse)"
        case .partyBlocked: return "the consignee is blocked"
        case .limitReached:
            guard let test = binding(decision) else {
                return "a limit has less left than was asked"
            }
            guard disclosure == .open || knowsBands else {
                return "\(subject(of: test.name)) has less left than was asked"
            }
            return disclosure == .open
                ? "\(subject(of: test.name)) has only \(short(test.left, .down)) left"
                : "\(subject(of: test.name)) is \(test.band(after: decision).rawValue) and has "
                    + "less left than was asked"
        case .some(let refusal): return reason(refusal)
        case nil: return ""
        }
    }

    /// What would make room for a refused order, where remedies do not say it.
    private func room(for decision: Decision, _ remedies: [Remedy]?) -> String? {
        guard decision.refusal == .limitReached, let test = binding(decision) else { return nil }
        guard disclosure == .open else { return nil }
        if let remedies {
            return remedies.isEmpty
                ? "nothing is known to make room: no smaller order fits, nothing that expires, "
                    + "begins or ends by itself lets it through, nor does an agreement or a status"
                : nil
        }
        if let installing = decision.roomByInstalling {
            let tpp = AmountStyle.tpp(installing)
            let inH100e = rulebook.map {
                " (\(AmountStyle($0).h100e(installing, rounding: .up)) H100e)"
            }
            let place =
                if case .outsideShare = test.name { "at home or in allied countries" } else {
                    "elsewhere"
                }
            return "install \(tpp) TPP\(inH100e ?? "") more \(place)"
        }
        return test.left > .zero
            ? "\(both(test.left, .down)) are left: an order of at most that fits this limit"
            : "nothing is left of \(subject(of: test.name))"
    }

    private func limitTable(_ decision: Decision) -> TextTable? {
        guard !decision.tests.isEmpty else { return nil }
        let unit = rulebook == nil ? "TPP" : "H100e"
        let amounts: [TextTable.Column] =
            disclosure == .open
            ? [.number("used"), .number("limit"), .number("asked"), .number("left")]
            : [.number("asked")] + (knowsBands ? [.word("band")] : [])
        var table = TextTable([.text("tested, in \(unit)")] + amounts + [.word("")])
        for (position, test) in decision.tests.enumerated() {
            let asked = TextTable.Cell(number(decision.asked, .up))
            let cells: [TextTable.Cell] =
                if disclosure == .open {
                    [
                        TextTable.Cell(number(test.used, .up)),
                        TextTable.Cell(number(test.limit, .down)), asked,
                        TextTable.Cell(number(test.left, .down)),
                    ]
                } else {
                    [asked]
                        + (knowsBands ? [TextTable.Cell(test.band(after: decision).rawValue)] : [])
                }
            let mark = TextTable.Cell(position == decision.bindingTest ? "binds" : "", .strong)
            table.append([TextTable.Cell("\(test.name)")] + cells + [mark])
        }
        return table
    }

    func number(_ amount: TPP, _ rounding: H100Rounding) -> String {
        rulebook.map { AmountStyle($0).h100e(amount, rounding: rounding) }
            ?? AmountStyle.tpp(amount)
    }

    private func sources(of decision: Decision) -> [Explanation.Fact] {
        decision.tests.compactMap { source(of: $0.name, testedBy: $0.mechanism) }
    }
}

extension Decision {
    /// Whether less was granted than asked, as an order "up to" an amount allows.
    var isInPart: Bool { isGranted && granted < asked }
}
