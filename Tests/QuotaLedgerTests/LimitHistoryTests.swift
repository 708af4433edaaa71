// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Testing

@Suite("Histories of limits")
struct LimitHistoryTests {
    private static let profiles: [StreamProfile] = [
        .reservations, .lifeCycle, .breaches, .lawChanges, .tightCaps,
    ]

    /// A log of generated operations that bring their times, and the oracle that decided the same.
    private func world(_ profile: StreamProfile, seed: Int) throws -> (InMemoryEntryLog, Oracle) {
        let stream = GeneratedStream(seed: UInt64(seed), profile: profile, count: 120)
        var oracle = stream.makeOracle()
        var operations: [LedgerModel.Operation] = []
        for step in stream.steps {
            var operation = step.operation
            if operation.time == nil { operation.time = max(step.now, oracle.newestTime) }
            _ = oracle.apply(operation, now: step.now)
            operations.append(operation)
        }
        let log = InMemoryEntryLog()
        _ = try makeLedger(log).submit(operations)
        return (log, oracle)
    }

    @Test("are there also of a ledger with a legal hold on an order")
    func heldOrdersAreNoMatter() throws {
        let scene = try RedactionScene()
        let order = OperationReference(
            organisation: OrganisationIdentifier(checked: "acme"),
            id: OperationIdentifier(checked: "o-1")
        )
        try scene.hold("h-1", .place(.operation(order)))
        let placed = OperationReference(id: OperationIdentifier(checked: "h-1"))
        try scene.hold("h-2", .lift(placed))
        scene.ledger.close()
        let limit = LimitName.country(RedactionScene.country("AE"))
        let histories = try LedgerCore.histories(of: [limit], from: scene.log)
        #expect(histories.count == 1)
    }

    @Test("at every instant they say what the oracle says", arguments: profiles, 9_100..<9_108)
    func agreeWithTheOracle(profile: StreamProfile, seed: Int) throws {
        let (log, oracle) = try world(profile, seed: seed)
        // Of entries of one instant only the last one's state lasts.
        let instants = oracle.entries.indices.filter { position in
            position + 1 == oracle.entries.count
                || oracle.entries[position].time < oracle.entries[position + 1].time
        }
        let uses = instants.map { oracle.watchedUses(asOf: oracle.entries[$0].number) ?? [:] }
        let names = uses.reduce(into: Set<LimitName>()) { names, uses in
            names.formUnion(uses.filter { $0.value.used > 0 }.keys)
        }
        try #require(!names.isEmpty, "a world in which nothing is used shows nothing")
        let limits = Array(names)
        let histories = try LedgerCore.histories(of: limits, from: log)
        #expect(histories.map(\.name) == limits)
        for history in histories {
            for (instant, uses) in zip(instants, uses) {
                let time = oracle.entries[instant].time
                let point = history.points.last { $0.time <= time }
                let expected = uses[history.name]
                #expect(
                    point?.used.rawValue ?? 0 == expected?.used ?? 0,
                    "used of \(history.name) at entry \(instant)"
                )
                guard let expected, expected.used > 0 else { continue }
                #expect(
                    point?.limit.rawValue == expected.limit,
                    "limit of \(history.name) at entry \(instant)"
                )
            }
        }
    }

    @Test("cut off at an entry they are those of the log up to it", arguments: 9_200..<9_206)
    func endWhereTheyAreCut(seed: Int) throws {
        let (log, oracle) = try world(.lifeCycle, seed: seed)
        let names = (oracle.watchedUses() ?? [:]).keys.map { $0 }
        let whole = try LedgerCore.histories(of: names, from: log)
        var random = SplitMix64(seed: UInt64(seed))
        let cut = random.below(oracle.entries.count - 1)
        let time = oracle.entries[cut].time
        // Entries of the same instant would be told by one and not by the other.
        guard oracle.entries[cut + 1].time > time else { return }
        let some = try LedgerCore.histories(
            of: names,
            from: log,
            until: EntryNumber(rawValue: UInt64(cut + 1))
        )
        for (history, part) in zip(whole, some) {
            let expected = history.points.filter { $0.time <= time }
            // The last point says that nothing changed until then.
            #expect(part.points.filter { expected.contains($0) } == expected)
            #expect(part.points.last?.used == expected.last?.used)
        }
    }

    @Test("of a long log keep every maximum in bounded memory")
    func thinningLosesNoMaximum() throws {
        var random = SplitMix64(seed: 5)
        var trace = LimitTrace(name: .country(CountryCode.of("AE")), maximumStretchCount: 40)
        var time: Int64 = 1_700_000_000_000
        var most: (time: Int64, used: Int64) = (0, -1)
        var isInBreach = false
        var breachCount = 0
        for _ in 0..<200_000 {
            time += Int64(random.below(1_000_000)) + 1
            let used = Int64(random.below(1_000_000_000))
            if used > most.used { most = (time, used) }
            if (used > 999_990_000) != isInBreach {
                isInBreach.toggle()
                breachCount += isInBreach ? 1 : 0
            }
            trace.add(
                .init(
                    time: try #require(LedgerTime(millisecondsSince1970: time)),
                    used: TPP(rawValue: used),
                    limit: TPP(rawValue: 999_990_000)
                )
            )
        }
        let end = try #require(LedgerTime(millisecondsSince1970: time))
        let history = trace.history(until: end)
        #expect(history.points.count <= 40 * 24)
        #expect(history.points.map(\.used.rawValue).max() == most.used)
        let peak = try #require(history.points.first { $0.used.rawValue == most.used })
        #expect(peak.time.millisecondsSince1970 == most.time)
        #expect(history.points.map(\.time) == history.points.map(\.time).sorted())
        #expect(breachCount > 0)
        #expect(!history.breaches.isEmpty && history.breaches.count <= breachCount)
        #expect(
            history.breaches.contains { $0.from <= peak.time && ($0.until ?? end) >= peak.time }
        )
    }
}
