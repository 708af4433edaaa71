// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerReports
import LedgerTestSupport
import QuotaLedger
import Rulebook
import Testing

/// Every figure of the reports against the oracle, on random ledgers, as of random entries.
@Suite("Reports say what the oracle says") struct ReportOracleTests {
    private static let profiles: [StreamProfile] = [
        .reservations, .lifeCycle, .breaches, .lawChanges, .tightCaps,
    ]

    /// Looks at a world as of a few of its entries, its last among them.
    private func forEachWorld(
        _ profile: StreamProfile,
        _ seed: Int,
        _ body: (borrowing ReportWorld) throws -> Void
    ) throws {
        let oracle = ReportWorld.oracle(profile, seed: seed)
        var random = SplitMix64(seed: UInt64(seed))
        let last = oracle.entries.count - 1
        var looked = 0
        for position in [last] + (0..<3).map({ _ in random.below(last) }) {
            guard let world = try ReportWorld(oracle, near: position) else { continue }
            looked += 1
            try body(world)
        }
        #expect(looked > 0, "a log without a rulebook shows nothing, seed \(seed)")
    }

    @Test("the sums of the reconciliation", arguments: profiles, 21_000..<21_006)
    func reconciliation(profile: StreamProfile, seed: Int) throws {
        try forEachWorld(profile, seed) { world in
            let foundCaps = world.core.capReport()
            let caps = try #require(foundCaps)
            let readings = world.core.limitReadings()
            let report = ReconciliationReport(
                world.scope,
                fold: world.charges(at: world.scope.asOf),
                readings: readings,
                caps: caps
            )
            let value = report.document(runOn: world.scope.asOf).value
            #expect(report.isReconciled, "seed \(seed), entry \(world.last)")
            #expect(value["is_reconciled"] == .boolean(true))
            #expect(value["contradictions"] == .array([]))
            var found: [String: Int64] = [:]
            for row in value["limits"]?.rows ?? [] {
                let name = try #require(row["limit_name"]?.string)
                found[name] = try #require(row["used"]?.number)
                #expect(row["equal"] == .boolean(true), "\(name)")
            }
            for (name, use) in world.uses {
                #expect(found["\(name)"] == use.used, "\(name), entry \(world.last)")
            }
            #expect(found.filter { $0.value != 0 }.count == world.uses.count)
            try compareTotals(value, world)
        }
    }

    private func compareTotals(_ value: ReportValue, _ world: borrowing ReportWorld) throws {
        let balances = world.balances
        func amount(_ flow: String) -> Int64? {
            value["totals"]?.rows.first { $0["flow"]?.string == flow }?["amount"]?.number
        }
        #expect(amount("granted") == balances.reduce(0) { $0 + $1.decision.granted.rawValue })
        #expect(amount("open") == balances.reduce(0) { $0 + $1.balance.open.rawValue })
        #expect(amount("returned") == balances.reduce(0) { $0 + $1.balance.returned.rawValue })
        #expect(amount("retired") == balances.reduce(0) { $0 + $1.balance.retired.rawValue })
        #expect(
            amount("shipped")
                == balances.reduce(0) {
                    $0 + $1.balance.out.rawValue + $1.balance.returned.rawValue
                        + $1.balance.retired.rawValue
                }
        )
    }

    @Test("holds expire up to the moment of the reconciliation", arguments: 21_100..<21_112)
    func reconciliationLater(seed: Int) throws {
        let oracle = ReportWorld.oracle(.lifeCycle, seed: seed)
        guard let world = try ReportWorld(oracle, near: oracle.entries.count - 1) else { return }
        for days in [1, 40, 400] {
            let start = world.scope.asOf.millisecondsSince1970
            let moment = try #require(
                LedgerTime(
                    millisecondsSince1970: start + Int64(days) * LedgerTime.millisecondsPerDay
                )
            )
            let foundScope = world.core.reportScope(at: moment)
            let scope = try #require(foundScope)
            let foundCaps = world.core.capReport(at: moment)
            let caps = try #require(foundCaps)
            let report = ReconciliationReport(
                scope,
                fold: world.charges(at: moment),
                readings: world.core.limitReadings(at: moment),
                caps: caps
            )
            #expect(report.isReconciled, "seed \(seed), \(days) days later")
            for row in report.document(runOn: moment).value["limits"]?.rows ?? [] {
                let name = try #require(row["limit_name"]?.string)
                let reading = world.core.limitReadings(at: moment).first { "\($0.name)" == name }
                guard let reading, let use = oracle.use(of: reading.name, at: moment) else {
                    continue
                }
                #expect(row["used"]?.number == use.used, "\(name), \(days) days later")
            }
        }
    }

    @Test("a balance that is not what the entries say is found", arguments: 21_200..<21_208)
    func aWrongBalanceIsFound(seed: Int) throws {
        let oracle = ReportWorld.oracle(.lifeCycle, seed: seed)
        let found = try ReportWorld(oracle, near: oracle.entries.count - 1)
        guard let world = found else { return }
        let foundCaps = world.core.capReport()
        let caps = try #require(foundCaps)
        var readings = world.core.limitReadings()
        try #require(!readings.isEmpty)
        var random = SplitMix64(seed: UInt64(seed))
        let position = random.below(readings.count)
        readings[position].used = TPP(rawValue: readings[position].used.rawValue + 1)
        let charges = world.charges(at: world.scope.asOf)
        let wrong = ReconciliationReport(world.scope, fold: charges, readings: readings, caps: caps)
        #expect(!wrong.isReconciled)
        var short = caps
        short.tallies.expiries.count += 1
        let right = world.core.limitReadings()
        #expect(
            !ReconciliationReport(world.scope, fold: charges, readings: right, caps: short)
                .isReconciled
        )
        // A log that lacks an entry in the middle.
        var fold = ChargeFold()
        let grant = try #require(
            world.balances.first { $0.balance.out > .zero || $0.balance.returned > .zero }
        )
        for entry in world.entries where entry.number != grant.entry.number { fold.take(entry) }
        fold.finish(at: world.scope.asOf)
        let holed = ReconciliationReport(world.scope, fold: fold, readings: right, caps: caps)
        #expect(!holed.isReconciled)
        let value = holed.document(runOn: world.scope.asOf).value
        #expect(value["contradictions"]?.rows.isEmpty == false)
    }

    @Test("exceptions: breaches and lapsed attestations", arguments: profiles, 21_300..<21_305)
    func exceptions(profile: StreamProfile, seed: Int) throws {
        try forEachWorld(profile, seed) { world in
            var fold = ExceptionFold()
            for entry in world.entries { fold.take(entry) }
            for occurrence in world.core.occurrencesDue(by: world.scope.asOf) {
                fold.take(occurrence)
            }
            let value = ExceptionReport(
                world.scope,
                fold: fold,
                notable: world.core.notableLimits().limits,
                statuses: world.core.grantedStatuses(),
                ratios: world.core.groupRatios()
            ).document(runOn: world.scope.asOf).value
            let breaches = value["breaches"]?.rows ?? []
            let standing = breaches.filter { $0["standing"] == .text("in breach") }
            let expected = world.oracle.limitsInBreach(asOf: world.last) ?? []
            #expect(
                Set(standing.compactMap { $0["limit_name"]?.string })
                    == Set(expected.map { "\($0)" })
            )
            let uses = world.oracle.watchedUses(asOf: world.last) ?? [:]
            for name in expected {
                let row = standing.first { $0["limit_name"]?.string == "\(name)" }
                #expect(row?["used_now"]?.number == uses[name]?.used, "\(name)")
                #expect(row?["limit_now"]?.number == uses[name]?.limit, "\(name)")
            }
            let lapsed = (value["lapsed"]?.rows ?? []).compactMap { row in
                row["party"]?.string.map { "\(row["status"]?.string ?? "") \($0)" }
            }
            let lapsedStatuses = world.oracle.lapsedStatuses(asOf: world.last).map { grant in
                (grant.kind == .universal ? "uveu " : "nveu ") + grant.party.text
            }
            #expect(lapsed == lapsedStatuses, "seed \(seed), entry \(world.last)")
            let corrected = world.entries.count { entry in
                guard case .correct? = entry.operation?.action else { return false }
                return entry.operation?.outcome == .accepted
            }
            #expect(value["corrections"]?.rows.count == corrected)
        }
    }

    @Test("refusals: every one is counted once", arguments: profiles, 21_400..<21_403)
    func refusals(profile: StreamProfile, seed: Int) throws {
        try forEachWorld(profile, seed) { world in
            var fold = RefusalFold()
            for entry in world.entries { fold.take(entry) }
            var destinations: [EntryNumber: CountryCode] = [:]
            for entry in world.entries where fold.orders.contains(entry.number) {
                guard case .reserve(let order)? = entry.operation?.action else { continue }
                destinations[entry.number] = order.destination
            }
            #expect(fold.orders == Set(destinations.keys))
            let value = RefusalReport(world.scope, fold: fold, destinations: destinations)
                .document(runOn: world.scope.asOf).value
            let refused = world.entries.filter { $0.operation?.outcome.refusal != nil }
            // Nothing bounds what is asked and refused, not even 64 bits.
            var asked: [String: Int128] = [:]
            var counts: [String: Int64] = [:]
            for entry in refused {
                let reason = try #require(entry.operation?.outcome.refusal).description
                counts[reason, default: 0] += 1
                switch entry.operation?.outcome {
                case .decided(let decision)?:
                    asked[reason, default: 0] += Int128(decision.asked.rawValue)
                case .moved(let move)?: asked[reason, default: 0] += Int128(move.amount.rawValue)
                default: break
                }
            }
            let reasons = value["reasons"]?.rows ?? []
            #expect(reasons.count == counts.count)
            for row in reasons {
                let reason = try #require(row["reason"]?.string)
                #expect(row["count"]?.number == counts[reason], "\(reason)")
                #expect(
                    row["asked"]?.number == asked[reason].flatMap(Int64.init(exactly:)),
                    "\(reason)"
                )
            }
            let all = value["all"]?.rows ?? []
            #expect(all.reduce(0) { $0 + ($1["count"]?.number ?? 0) } == Int64(refused.count))
        }
    }
}
