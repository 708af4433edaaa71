// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerReports
import Rulebook

/// Decisions of every kind, with what explains them.
struct DecisionCase {
    let name: String
    let explanation: Explanation
    let row: OrderRow
}

enum DecisionCases {
    static func explainer(
        _ rulebook: ShippedRulebook = .brief,
        mode: LedgerMode = .advisory,
        disclosure: TotalsDisclosure = .open
    ) throws -> Explainer {
        Explainer(rulebook: try rulebook.load(), mode: mode, disclosure: disclosure)
    }

    static func test(
        _ mechanism: MechanismKind,
        _ name: LimitName,
        used: Int64,
        limit: Int64,
        left: Int64
    ) -> LimitTest {
        LimitTest(
            mechanism: mechanism,
            name: name,
            used: TPP(rawValue: used),
            limit: TPP(rawValue: limit),
            left: TPP(rawValue: left)
        )
    }

    /// A refusal by the country, after the small-order allowance was found too small.
    static func countryRefusal() throws -> Decision {
        Decision(
            refusal: .limitReached,
            mechanism: .country,
            asked: TPP(rawValue: 1_583_200),
            tests: [
                test(
                    .smallOrder,
                    .smallOrder(group: Fixtures.party("ACME"), year: 2025),
                    used: 26_914_399,
                    limit: 26_914_400,
                    left: 1
                ),
                test(
                    .country,
                    .country(try Fixtures.country("AE")),
                    used: 790_808_400,
                    limit: 791_600_000,
                    left: 791_600
                ),
            ],
            bindingTest: 1
        )
    }

    /// A grant by the small-order allowance, to the last TPP.
    static func smallOrderGrant() -> Decision {
        Decision(
            refusal: nil,
            mechanism: .smallOrder,
            asked: TPP(rawValue: 1_583_200),
            tests: [
                test(
                    .smallOrder,
                    .smallOrder(group: Fixtures.party("ACME"), year: 2025),
                    used: 25_331_200,
                    limit: 26_914_400,
                    left: 0
                )
            ],
            bindingTest: 0,
            attestationLapsed: true
        )
    }

    /// A refusal by the shares of a Universal VEU, the first of which binds.
    static func shareRefusal() throws -> Decision {
        Decision(
            refusal: .limitReached,
            mechanism: .universalVEU,
            asked: TPP(rawValue: 1_583_200),
            tests: [
                test(
                    .universalVEU,
                    .countryShare(
                        group: Fixtures.party("ACME"),
                        country: try Fixtures.country("AE")
                    ),
                    used: 6_000_000,
                    limit: 7_000_000,
                    left: 1_000_000
                ),
                test(
                    .universalVEU,
                    .outsideShare(group: Fixtures.party("ACME")),
                    used: 6_000_000,
                    limit: 25_000_000,
                    left: 19_000_000
                ),
            ],
            bindingTest: 0,
            roomByInstalling: TPP(rawValue: 8_331_429)
        )
    }

    private static func plain(_ mechanism: MechanismKind, _ refusal: Refusal? = nil) -> Decision {
        Decision(
            refusal: refusal,
            mechanism: mechanism,
            asked: TPP(rawValue: mechanism == .uncontrolled ? 0 : 1_583_200)
        )
    }

    static func all() throws -> [DecisionCase] {
        let order = try Fixtures.order()
        let military = try Fixtures.order("po-18", endUse: "military")
        let home = try Fixtures.order("po-19", consignee: "ACME-US", destination: "US")
        let dated = try Fixtures.order("po-20", deadline: Fixtures.noon("2025-07-01"))
        let open = try explainer()
        let codified = try explainer(.codified, mode: .binding)
        let banded = try explainer(disclosure: .banded)
        let cases: [(String, Explainer, Decision, AskedOrder, Bool)] = [
            ("country refusal", open, try countryRefusal(), order, true),
            ("small-order grant", open, smallOrderGrant(), dated, true),
            ("share refusal", codified, try shareRefusal(), order, false),
            ("banded country refusal", banded, try countryRefusal(), order, true),
            ("banded small-order grant", banded, smallOrderGrant(), order, true),
            ("concern", open, plain(.concern, .countryOfConcern), order, true),
            ("prohibited", open, plain(.prohibited, .prohibitedEndUse), military, true),
            ("blocked", codified, plain(.prohibited, .partyBlocked), order, true),
            ("domestic", codified, plain(.domestic), home, false),
            ("allied", open, plain(.allied), order, true),
            ("uveu in an allied country", open, plain(.universalVEU), order, true),
            ("uncontrolled", open, plain(.uncontrolled), order, true),
        ]
        return try cases.map { name, explainer, decision, order, isRecorded in
            let entry = try Fixtures.entry(.reserve(order.reservation), .decided(decision))
            return DecisionCase(
                name: name,
                explanation: explainer.explanation(
                    of: decision,
                    on: order,
                    recordedAs: isRecorded ? entry : nil
                ),
                row: explainer.row(of: decision, on: order)
            )
        }
    }
}
