// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerReports
import Rulebook

/// Operations after a grant, each with its sentence.
enum LifeCases {
    static let hold = OperationReference(id: OperationIdentifier(checked: "po-17"))
    static let entry = EntryNumber(rawValue: 5)

    static func h100e(_ count: Int64) -> TPP { TPP(rawValue: count * 15_832) }

    static func move(
        _ refusal: Refusal? = nil,
        open: Int64 = 0,
        out: Int64 = 0,
        amount: Int64 = 0,
        freed: Int64 = 0
    ) -> Outcome {
        .moved(
            HoldMove(
                refusal: refusal,
                hold: entry,
                before: HoldBalance(open: h100e(open), out: h100e(out)),
                amount: h100e(amount),
                freed: h100e(freed)
            )
        )
    }

    static func all() throws -> [(String, String)] {
        let explainer = try DecisionCases.explainer(mode: .binding)
        return try (shipments() + returns() + others()).map { name, action, outcome in
            (name, explainer.sentence(for: try Fixtures.entry(action, outcome)))
        }
    }

    private static func shipments() -> [(String, Action, Outcome)] {
        let ship = Action.ship(Shipment(hold: hold))
        let last = Action.ship(Shipment(hold: hold, isFinal: true))
        return [
            ("ship a part", ship, move(open: 10, amount: 3)),
            ("ship all", ship, move(open: 10, out: 2, amount: 10)),
            ("ship the last", last, move(open: 10, amount: 3, freed: 7)),
            ("ship the last of all", last, move(open: 10, amount: 10)),
            ("ship too much", ship, move(.exceedsHold, open: 2, amount: 3)),
            ("ship under a closed hold", ship, move(.holdClosed, out: 3, amount: 3)),
            ("ship under no hold", ship, move(.notGranted)),
            ("ship to concern", ship, move(.countryOfConcern, open: 3, amount: 3)),
            ("ship to a blocked party", ship, move(.partyBlocked, open: 3, amount: 3)),
            ("ship without status", ship, move(.statusInactive, open: 3, amount: 3)),
            ("ship for another", ship, .refused(.notPermitted)),
        ]
    }

    private static func returns() -> [(String, Action, Outcome)] {
        let back = Action.giveBack(GoodsReturn(hold: hold))
        let lost = Action.retire(Retirement(hold: hold, cause: .loss))
        return [
            ("return a part", back, move(out: 10, amount: 3)),
            ("return all", back, move(open: 4, out: 3, amount: 3)),
            ("return too much", back, move(.exceedsShipped, out: 2, amount: 3)),
            ("return of nothing", back, move(.exceedsShipped, open: 3)),
            ("return for another", back, .refused(.notPermitted)),
            ("retire a part", lost, move(out: 10, amount: 3)),
            ("retire too much", lost, move(.exceedsShipped, out: 2, amount: 3)),
            ("retire for another", lost, .refused(.notPermitted)),
        ]
    }

    private static func others() throws -> [(String, Action, Outcome)] {
        let theirs = OperationReference(
            organisation: OrganisationIdentifier(checked: "NVIDIA"),
            id: OperationIdentifier(checked: "po-17")
        )
        let release = Action.release(HoldRelease(hold: hold))
        let extend = Action.extend(
            HoldExtension(hold: hold, deadline: try Fixtures.noon("2025-09-01"))
        )
        let revoke = Action.revoke(Revocation(hold: theirs, reason: "review"))
        return [
            ("release", release, move(open: 10, freed: 10)),
            ("release nothing", release, move()),
            ("release a closed hold", release, move(.holdClosed)),
            ("extend", extend, move(open: 10)),
            ("extend backwards", extend, move(.deadlineNotLater, open: 10)),
            ("revoke", revoke, move(open: 10, freed: 10)),
            ("revoke without permission", revoke, .refused(.notPermitted)),
            (
                "correct an entry",
                .correct(Correction(target: .entry(entry), text: "the site is in DE")), .accepted
            ),
            (
                "correct an operation",
                .correct(Correction(target: .operation(theirs), text: "PO 18")), .accepted
            ),
            ("tick", .tick, .accepted),
            ("tick without permission", .tick, .refused(.notPermitted)),
            (
                "reserve without permission", .reserve(try Fixtures.order().reservation),
                .refused(.notPermitted)
            ),
        ]
    }
}
