// SPDX-License-Identifier: Apache-2.0
import EntryLog
import LedgerModel

/// What happens after a grant, and orders that take less than they ask.
extension SampleEntries {
    static let life: [(name: String, entry: Entry)] = [
        ("reserve-up-to", upTo),
        ("reserve-not-permitted", entry(16, "o-16", reserveUpTo, .refused(.notPermitted))),
        (
            "ship",
            entry(
                17,
                "ship-1",
                .ship(Shipment(hold: order, part: .amount(TPP(rawValue: 5_832_000)))),
                .moved(
                    HoldMove(
                        hold: hold,
                        before: HoldBalance(open: TPP(rawValue: 15_832_000)),
                        amount: TPP(rawValue: 5_832_000)
                    )
                )
            )
        ),
        (
            "ship-refused",
            entry(
                18,
                "ship-2",
                .ship(Shipment(hold: order, part: .amount(TPP(rawValue: .max)))),
                .moved(
                    HoldMove(
                        refusal: .exceedsHold,
                        hold: hold,
                        before: underWay,
                        amount: TPP(rawValue: .max)
                    )
                )
            )
        ),
        (
            "ship-needs-approval",
            entry(19, "ship-3", .ship(Shipment(hold: order)), .refused(.needsApproval))
        ),
        (
            "ship-final",
            entry(
                20,
                "ship-4",
                .ship(
                    Shipment(hold: order, part: .amount(TPP(rawValue: 9_000_000)), isFinal: true)
                ),
                .moved(
                    HoldMove(
                        hold: hold,
                        before: underWay,
                        amount: TPP(rawValue: 9_000_000),
                        freed: TPP(rawValue: 1_000_000)
                    )
                )
            )
        ),
        (
            "release",
            entry(
                21,
                "release-1",
                .release(HoldRelease(hold: order)),
                .moved(
                    HoldMove(hold: hold, before: underWay, freed: TPP(rawValue: 10_000_000))
                )
            )
        ),
        (
            "extend",
            entry(
                22,
                "extend-1",
                .extend(HoldExtension(hold: order, deadline: time(9_000))),
                .moved(HoldMove(hold: hold, before: underWay))
            )
        ),
        (
            "give-back",
            entry(
                23,
                "return-1",
                .giveBack(GoodsReturn(hold: order)),
                .moved(
                    HoldMove(hold: hold, before: underWay, amount: TPP(rawValue: 5_832_000))
                )
            )
        ),
        ("retire", retirement),
        (
            "revoke",
            entry(
                25,
                "revoke-1",
                .revoke(Revocation(hold: order, reason: "end user under review")),
                .moved(
                    HoldMove(
                        refusal: .notGranted,
                        hold: EntryNumber(rawValue: 13),
                        before: .zero
                    )
                )
            )
        ),
        (
            "correct",
            entry(
                26,
                "fix-1",
                .correct(
                    Correction(
                        target: .entry(EntryNumber(rawValue: 3)),
                        text: "the site is in Århus"
                    )
                )
            )
        ),
        (
            "correct-operation",
            entry(
                27,
                "fix-2",
                .correct(Correction(target: .operation(order), text: "PO 4712"))
            )
        ),
    ]

    /// The order of ``reservation(_:)`` with the number 12, by its name.
    private static let order = OperationReference(
        organisation: OrganisationIdentifier(checked: "bis"),
        id: OperationIdentifier(checked: "order-12")
    )
    private static let hold = EntryNumber(rawValue: 12)
    private static let underWay = HoldBalance(
        open: TPP(rawValue: 10_000_000),
        out: TPP(rawValue: 5_832_000)
    )

    private static let retirement = entry(
        24,
        "retire-1",
        .retire(
            Retirement(
                hold: order,
                part: .amount(TPP(rawValue: 15_832)),
                cause: .failure
            )
        ),
        .moved(
            HoldMove(
                hold: hold,
                before: HoldBalance(
                    open: .zero,
                    out: TPP(rawValue: 5_000_000),
                    returned: TPP(rawValue: 800_000),
                    retired: TPP(rawValue: 32_000)
                ),
                amount: TPP(rawValue: 15_832)
            )
        )
    )

    private static let reserveUpTo = Action.reserve(
        Reservation(
            consignee: falcon,
            destination: country("IN"),
            lines: [.devices(DeviceIdentifier(checked: "H200 SXM"), quantity: 9)],
            endUse: EndUseIdentifier(checked: "cloud"),
            isUpTo: true
        )
    )

    private static let upTo = entry(
        15,
        "order-15",
        reserveUpTo,
        .decided(
            Decision(
                refusal: nil,
                mechanism: .country,
                asked: TPP(rawValue: 142_488),
                granted: TPP(rawValue: 63_328),
                tests: [test(.country, .country(country("IN")))],
                bindingTest: 0
            )
        )
    )
}
