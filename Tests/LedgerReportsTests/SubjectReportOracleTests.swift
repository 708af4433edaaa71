// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerReports
import LedgerTestSupport
import QuotaLedger
import Rulebook
import Testing

/// The reports about one country, one party, and small orders against the oracle.
@Suite("Reports about a country or a party say what the oracle says")
struct SubjectReportOracleTests {
    private static let profiles: [StreamProfile] = [
        .reservations, .lifeCycle, .breaches, .lawChanges,
    ]

    private func forEachWorld(
        _ profile: StreamProfile,
        _ seed: Int,
        _ body: (borrowing ReportWorld) throws -> Void
    ) throws {
        let oracle = ReportWorld.oracle(profile, seed: seed)
        var random = SplitMix64(seed: UInt64(seed))
        let last = oracle.entries.count - 1
        for position in [last, random.below(last)] {
            guard let world = try ReportWorld(oracle, near: position) else { continue }
            try body(world)
        }
    }

    @Test("a country", arguments: profiles, 22_000..<22_004)
    func country(profile: StreamProfile, seed: Int) throws {
        try forEachWorld(profile, seed) { world in
            let rulebook = world.scope.rulebook
            let balances = world.balances
            let codes = Set(balances.map(\.order.destination)).union([CountryCode.of("FR")])
            for code in codes.sorted() {
                let counted = rulebook.countries.counted(code)
                let foundReport = world.core.countryReport(of: code)
                let report = try #require(foundReport)
                let value = report.document(history: nil, orders: [:], runOn: world.scope.asOf)
                    .value
                let standing = try #require(value["standing"]?[0])
                let use = world.uses[.country(counted)]
                #expect(standing["used"]?.number ?? 0 == use?.used ?? 0, "\(code)")
                if let use { #expect(standing["limit"]?.number == use.limit, "\(code)") }
                let there = balances.filter {
                    rulebook.countries.counted($0.order.destination) == counted
                }
                #expect(
                    Set((value["holds"]?.rows ?? []).compactMap { $0["entry"]?.number })
                        == Set(
                            there.filter { $0.balance.open > .zero }
                                .map { Int64($0.entry.number.rawValue) }
                        ).union(openButEmpty(value))
                )
                let parties = value["parties"]?.rows ?? []
                #expect(
                    parties.reduce(0) { $0 + ($1["used"]?.number ?? 0) } == use?.used ?? 0,
                    "parties of \(code), entry \(world.last)"
                )
                for party in Set(there.map(\.order.consignee)) {
                    let row = parties.first { $0["party"]?.string == party.text }
                    let small = there.filter {
                        $0.order.consignee == party && $0.decision.mechanism == .smallOrder
                    }.reduce(0) { $0 + $1.balance.open.rawValue }
                    #expect(row?["small_orders"]?.number ?? 0 == small, "\(party) in \(code)")
                }
            }
        }
    }

    /// Open holds of 0 TPP: what is not controlled charges nothing and may still be shipped.
    private func openButEmpty(_ value: ReportValue) -> Set<Int64> {
        Set(
            (value["holds"]?.rows ?? []).filter {
                $0["open"]?.number == 0 && $0["mechanism"]?.string == "uncontrolled"
            }.compactMap { $0["entry"]?.number }
        )
    }

    @Test("a party and its group", arguments: profiles, 22_100..<22_104)
    func party(profile: StreamProfile, seed: Int) throws {
        try forEachWorld(profile, seed) { world in
            for id in world.core.partyIdentifiers {
                let foundReport = world.core.partyReport(of: id)
                let report = try #require(foundReport)
                let group = report.group.group
                let value = report.document(orders: [:], runOn: world.scope.asOf).value
                for row in value["shares"]?.rows ?? [] {
                    guard let text = row["country"]?.string, let country = CountryCode(text) else {
                        let use = world.oracle.use(
                            of: .outsideShare(group: group),
                            asOf: world.last
                        )
                        #expect(row["used"]?.number == use?.used, "outside of \(group)")
                        continue
                    }
                    guard let used = row["used"]?.number else { continue }
                    let name = LimitName.countryShare(group: group, country: country)
                    let use = world.oracle.use(of: name, asOf: world.last)
                    #expect(used == use?.used, "\(name)")
                    #expect(row["limit"]?.number == use?.limit, "\(name)")
                }
                for row in value["nveu"]?.rows ?? [] {
                    let country = try #require(row["country"]?.string.flatMap(CountryCode.init))
                    let name = LimitName.nationalVEU(party: id, country: country)
                    let use = world.oracle.use(of: name, asOf: world.last)
                    #expect(row["used"]?.number == use?.used, "\(name)")
                    let days = (value["nveu_window"]?.rows ?? []).filter {
                        $0["limit_name"]?.string == "\(name)"
                    }
                    #expect(
                        days.reduce(0) { $0 + ($1["counted"]?.number ?? 0) } == use?.used,
                        "days of \(name)"
                    )
                }
                for row in value["small_orders"]?.rows ?? [] {
                    let year = Int32(world.scope.asOf.day.year)
                    let name = LimitName.smallOrder(group: group, year: year)
                    let use = world.oracle.use(of: name, asOf: world.last)
                    #expect(row["used"]?.number == use?.used, "\(name)")
                    #expect(row["limit"]?.number == use?.limit, "\(name)")
                }
                let held = world.balances.filter { $0.order.consignee == id }
                #expect(
                    (value["holds"]?.rows ?? []).reduce(0) { $0 + ($1["open"]?.number ?? 0) }
                        == held.reduce(0) { $0 + $1.balance.open.rawValue },
                    "holds of \(id)"
                )
            }
        }
    }

    @Test("small orders of every group and year", arguments: profiles, 22_200..<22_204)
    func smallOrders(profile: StreamProfile, seed: Int) throws {
        try forEachWorld(profile, seed) { world in
            let foundReport = world.core.smallOrderReport()
            let report = try #require(foundReport)
            let rows = report.document(runOn: world.scope.asOf).value["years"]?.rows ?? []
            for row in rows {
                let group = try #require(row["group"]?.string)
                let year = try #require(row["year"]?.number)
                let name = LimitName.smallOrder(
                    group: PartyIdentifier(checked: group),
                    year: Int32(year)
                )
                let use = world.oracle.use(of: name, asOf: world.last)
                #expect(row["used"]?.number == use?.used, "\(name), entry \(world.last)")
                #expect(row["limit"]?.number == use?.limit, "\(name)")
                let shipped = try #require(row["shipped"]?.number)
                let held = try #require(row["held"]?.number)
                #expect(shipped >= 0 && held >= 0 && shipped + held == row["used"]?.number)
            }
            let expected = world.uses.keys.count {
                if case .smallOrder = $0 { true } else { false }
            }
            let now = Int64(world.scope.asOf.day.year)
            let found = rows.count { $0["year"]?.number == now && $0["used"]?.number != 0 }
            #expect(found == expected)
        }
    }
}
