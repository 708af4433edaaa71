// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// Operations on holds, and what they did.
///
/// What the ledger's policy refuses has no arithmetic: it is told without a move.
extension Explainer {
    func deed(of shipment: Shipment, _ move: HoldMove?) -> Deed {
        let amount = amount(of: move).map { " of \($0)" } ?? ""
        return Deed(
            (shipment.isFinal ? "Last shipment" : "Shipment")
                + "\(amount) under \(words(for: shipment.hold, move))",
            was: "recorded"
        )
    }

    func deed(of release: HoldRelease, _ move: HoldMove?) -> Deed {
        Deed("Release of \(words(for: release.hold, move))", was: "recorded")
    }

    func deed(of more: HoldExtension, _ move: HoldMove?) -> Deed {
        Deed(
            "Extension of \(words(for: more.hold, move)) to \(more.deadline)",
            was: "recorded"
        )
    }

    func deed(of goods: GoodsReturn, _ move: HoldMove?) -> Deed {
        Deed(
            "Return of \(shipped(move)) under \(words(for: goods.hold, move))",
            was: "recorded"
        )
    }

    func deed(of retirement: Retirement, _ move: HoldMove?) -> Deed {
        Deed(
            "Retirement (\(retirement.cause)) of \(shipped(move)) under "
                + words(for: retirement.hold, move),
            was: "recorded"
        )
    }

    func deed(of revocation: Revocation, _ move: HoldMove?) -> Deed {
        Deed(
            "Revocation of \(words(for: revocation.hold, move)) (\(revocation.reason))",
            past: "took effect"
        )
    }

    private func shipped(_ move: HoldMove?) -> String {
        (amount(of: move) ?? "goods") + " shipped"
    }

    /// What was to be moved; `nil` where there is nothing to tell: the rest of nothing was refused.
    private func amount(of move: HoldMove?) -> String? {
        guard let move, move.refusal == nil || move.amount > .zero else { return nil }
        return short(move.amount, .up)
    }

    private func words(for reference: OperationReference, _ move: HoldMove?) -> String {
        let entry = move.map { " (entry \($0.hold))" } ?? ""
        return "the hold of \(words(for: reference))\(entry)"
    }

    /// What an operation left of the hold, as the end of its sentence.
    func effect(of move: HoldMove, _ action: Action) -> String {
        guard let after = move.after(action) else { return "" }
        switch action {
        case .ship(let shipment) where shipment.isFinal:
            return move.freed > .zero
                ? ": the rest, \(short(move.freed, .down)), is free again"
                : ": nothing was left to free"
        case .ship:
            return after.open > .zero
                ? ": \(short(after.open, .down)) are still open" : ": nothing is left open"
        case .giveBack, .retire:
            return after.out > .zero
                ? ": \(short(after.out, .up)) are still shipped" : ": nothing is left shipped"
        default:
            return move.freed > .zero
                ? ": \(short(move.freed, .down)) are free again" : ": it held nothing"
        }
    }

    /// How the hold stood before an operation, and stands after it.
    func facts(of move: HoldMove, _ action: Action) -> [Explanation.Fact] {
        var facts = [Explanation.Fact("hold", "entry \(move.hold)")]
        // Of a refused reservation there never was anything.
        guard move.refusal != .notGranted else { return facts }
        facts.append(Explanation.Fact("before", words(for: move.before)))
        if move.amount > .zero {
            facts.append(Explanation.Fact("amount", both(move.amount, .up)))
        }
        if move.freed > .zero {
            facts.append(Explanation.Fact("freed", both(move.freed, .down)))
        }
        if let after = move.after(action) {
            facts.append(Explanation.Fact("after", words(for: after)))
        }
        return facts
    }

    private func words(for balance: HoldBalance) -> String {
        let parts: [(TPP, H100Rounding, String)] = [
            (balance.open, .down, "open"), (balance.out, .up, "shipped"),
            (balance.returned, .down, "returned"), (balance.retired, .down, "retired"),
        ]
        let told = parts.filter { $0.0 > .zero }.map { "\(both($0.0, $0.1)) \($0.2)" }
        return told.isEmpty ? "nothing open or shipped" : told.joined(separator: ", ")
    }
}
