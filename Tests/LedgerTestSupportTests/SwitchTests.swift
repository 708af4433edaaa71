// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import Testing

/// What a rulebook of one's own may choose, beyond the two shipped ones.
@Suite struct SwitchTests {
    private let emirates = CountryCode.of("AE")

    @Test func aRulebookMayAskForNoAttestationAndAnySeat() {
        var rulebook = OracleRulebook.cfr
        rulebook.needsSecurityAttestation = false
        rulebook.anyoneCanBeUniversal = true
        var desk = Desk(rulebook)
        desk.party("P")
        desk.party("Q")
        desk.installed("P", ["AE": 0, "US": 100])
        #expect(desk.status(.universal, "P", attested: false) == "accepted")
        #expect(desk.status(.national(emirates), "Q", attested: false) == "accepted")
        #expect(desk.reserve(.tpp(7))?.mechanism == .universalVEU)
        #expect(desk.reserve(.tpp(7), for: "Q")?.mechanism == .nationalVEU)
    }

    @Test func aRulebookMayLeaveCountriesWithoutSmallOrders() throws {
        var rulebook = OracleRulebook.cfr
        let index = try #require(rulebook.mechanisms.firstIndex { $0.kind == .smallOrder })
        rulebook.mechanisms[index].unavailable = [
            emirates: .of(.of(2025, 3, 1), until: .of(2025, 4, 1))
        ]
        var desk = Desk(rulebook)
        desk.party("P")
        let expected: [(LedgerTime, MechanismKind)] = [
            (.of(2025, 2, 28), .smallOrder), (.of(2025, 3, 1), .country),
            (.of(2025, 3, 31), .country), (.of(2025, 4, 1), .smallOrder),
        ]
        for (time, mechanism) in expected {
            desk.clock = time
            // What does not apply is not tested either.
            #expect(desk.reserve(.tpp(1))?.tests.map(\.mechanism) == [mechanism])
            #expect(desk.reserve(.tpp(1), to: "SA")?.mechanism == .smallOrder)
        }
    }

    @Test func whatFullMechanismsDoIsTheRulebooksChoice() throws {
        var rulebook = OracleRulebook.brief
        for kind in [MechanismKind.universalVEU, .nationalVEU] {
            let index = try #require(rulebook.mechanisms.firstIndex { $0.kind == kind })
            rulebook.mechanisms[index].goesOnWhenFull = true
        }
        let index = try #require(rulebook.mechanisms.firstIndex { $0.kind == .smallOrder })
        rulebook.mechanisms[index].goesOnWhenFull = false
        var desk = Desk(rulebook)
        desk.party("P", headquarters: "US")
        desk.status(.universal, "P")
        desk.status(.national(emirates), "P")
        desk.reserve(.tpp(5_066_240_000))
        #expect(
            desk.reserve(.tpp(26_914_400))?.line
                == "small-order granted 26914400; uveu-country P AE 5066240000/0 0;"
                + " nveu P AE 5066240000/5066240000 0; small-order P 2025* 0/26914400 0"
        )
        #expect(
            desk.reserve(.tpp(1))?.line
                == "small-order refused limit-reached 1; uveu-country P AE 5093154400/0 0;"
                + " nveu P AE 5066240000/5066240000 0;"
                + " small-order P 2025* 26914400/26914400 0"
        )
        // Too large to be small: the country decides.
        #expect(desk.reserve(.tpp(26_914_401))?.mechanism == .country)
    }

    @Test func otherWindowsCountTheirOwnDays() throws {
        var rulebook = OracleRulebook.cfr
        let index = try #require(rulebook.mechanisms.firstIndex { $0.kind == .country })
        let limits: [(OracleRulebook.Limit, [Int64?])] = [
            // Charged 100,000,000 on 2025-01-31; asked on 02-27, 02-28, 2026-01-01, 2040-01-01.
            (.rolling(months: 1, .tpp(100_000_000)), [100_000_000, 0, 0, 0]),
            (.calendarYear(.tpp(100_000_000)), [100_000_000, 100_000_000, 0, 0]),
            (.always(.tpp(100_000_000)), [100_000_000, 100_000_000, 100_000_000, 100_000_000]),
            (
                .period(from: .of(2025, 1, 31), until: .of(2025, 2, 28), .tpp(100_000_000)),
                [100_000_000, 0, 0, 0]
            ),
            (
                .schedule([.init(from: .of(2025, 1, 31), amount: .tpp(100_000_000))]),
                [100_000_000, 100_000_000, 100_000_000, 100_000_000]
            ),
        ]
        for (limit, expected) in limits {
            rulebook.mechanisms[index].limits = [limit]
            var desk = Desk(rulebook)
            desk.party("P")
            desk.clock = .of(2025, 1, 31)
            #expect(desk.reserve(.tpp(100_000_000))?.mechanism == .country)
            let days: [LedgerTime] = [
                .of(2025, 2, 27), .of(2025, 2, 28), .of(2026, 1, 1), .of(2040, 1, 1),
            ]
            let used = days.map { desk.oracle.use(of: .country(emirates), at: $0)?.used }
            #expect(used == expected, "\(limit)")
        }
    }
}
