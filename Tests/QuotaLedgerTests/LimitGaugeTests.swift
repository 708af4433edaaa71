// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Synchronization
import Testing

/// What somebody saw of a limit, and what was surely decided before and surely not after.
private struct Look: Sendable {
    var limit: Int
    var headroom: TPP?
    /// An entry that the look must have taken in.
    var atLeast: UInt64
    /// The first entry that it can not have taken in.
    var before: UInt64
}

@Suite("Gauges of limits")
struct LimitGaugeTests {
    private let now = LedgerTime.of(2025, 3, 1)

    private func headroom(_ use: OracleUse?) -> TPP? {
        use.map { TPP(rawValue: max(0, $0.limit - $0.used)) }
    }

    /// Whether a gauge shows what the oracle says: of a limit that nobody watches, such as that of a
    /// party that is not known, it may show nothing.
    private func isRight(_ shown: TPP?, _ watched: OracleUse?, _ use: OracleUse?) -> Bool {
        shown == headroom(use) || shown == nil && watched == nil
    }

    @Test(
        "after each answer they show what the oracle says is left",
        arguments: [StreamProfile.reservations, .lifeCycle, .breaches, .lawChanges, .tightCaps],
        9_300..<9_302
    )
    func agreeWithTheOracle(profile: StreamProfile, seed: Int) throws {
        let stream = GeneratedStream(seed: UInt64(seed), profile: profile, count: 90)
        var end = stream.makeOracle()
        for step in stream.steps { _ = end.apply(step.operation, now: step.now) }
        let limits = (end.watchedUses() ?? [:]).keys.sorted()
        try #require(!limits.isEmpty, "a world without limits shows nothing")

        let clock = Mutex(LedgerTime.earliest)
        let ledger = try Ledger.open(
            InMemoryEntryLog(),
            secret: testSecret(),
            clock: { clock.withLock { $0 } }
        )
        let gauges = try ledger.gauges(of: limits)
        #expect(gauges.allSatisfy { $0.headroom == nil }, "nothing is defined in an empty ledger")
        var oracle = stream.makeOracle()
        var changeCount = 0
        var before: [TPP?] = []
        for (place, step) in stream.steps.enumerated() {
            clock.withLock { $0 = step.now }
            _ = oracle.apply(step.operation, now: step.now)
            _ = try ledger.submit([step.operation])
            let shown = gauges.map(\.headroom)
            let watched = oracle.watchedUses() ?? [:]
            for (limit, shown) in zip(limits, shown) {
                #expect(
                    isRight(shown, watched[limit], oracle.use(of: limit)),
                    "seed \(seed), \(profile), \(limit) after operation \(place)"
                )
            }
            changeCount += shown == before ? 0 : 1
            before = shown
        }
        #expect(changeCount > 1, "gauges that do not move are no test")
    }

    @Test("asked for later they begin with what is left now, once a limit")
    func beginWithThePresent() throws {
        let stream = GeneratedStream(seed: 12, profile: .reservations, count: 80)
        var oracle = stream.makeOracle()
        for step in stream.steps { _ = oracle.apply(step.operation, now: step.now) }
        let ledger = try makeLedger(InMemoryEntryLog())
        var operations = stream.operations
        for (place, step) in stream.steps.enumerated() where operations[place].time == nil {
            operations[place].time = step.now
        }
        _ = try ledger.submit(operations)
        let names = (oracle.watchedUses() ?? [:]).keys.sorted()
        for gauge in try ledger.gauges(of: names + names) {
            let use = oracle.use(of: gauge.name)
            #expect(gauge.headroom == headroom(use), "\(gauge.name)")
            guard let left = gauge.headroom else { continue }
            #expect(gauge.holds(left) || left == .zero)
            #expect(!gauge.holds(TPP(rawValue: left.rawValue + 1)))
        }
    }

    @Test(
        "while many callers ask, every look is of a moment between what is answered and what is durable",
        arguments: [StreamProfile.reservations, .lifeCycle]
    )
    func looksAreOfOneMoment(profile: StreamProfile) throws {
        var stream = GeneratedStream(seed: 77, profile: profile, count: 320)
        for index in stream.steps.indices { stream.steps[index].operation.time = nil }
        let log = InMemoryEntryLog()
        let ledger = try Ledger.open(log, secret: testSecret(), clock: { [now] in now })
        _ = try ledger.submit(Array(stream.operations.prefix(60)))
        var first = stream.makeOracle()
        for step in stream.steps { _ = first.apply(step.operation, now: now) }
        let names = (first.watchedUses() ?? [:]).keys.sorted()
        let gauges = try ledger.gauges(of: names)
        let looks = Mutex<[Look]>([])
        let rest = stream.operations.dropFirst(60)
        let isOver = Atomic<Bool>(false)
        onThreads(7) { thread in
            var own: [Look] = []
            if thread == 0 {
                // Looks on and on, and has only the log to say what was durable before.
                while !isOver.load(ordering: .acquiring) {
                    for limit in gauges.indices {
                        let headroom = gauges[limit].headroom
                        let next = (try? log.head().next) ?? 0
                        guard own.last?.headroom != headroom || own.last?.limit != limit else {
                            continue
                        }
                        own.append(Look(limit: limit, headroom: headroom, atLeast: 0, before: next))
                    }
                }
            } else {
                for place in rest.indices where place % 6 == thread - 1 {
                    let answer = try? ledger.submit([rest[place]]).first
                    let number = answer?.entry?.number.rawValue ?? 0
                    for limit in gauges.indices {
                        let headroom = gauges[limit].headroom
                        let next = (try? log.head().next) ?? 0
                        own.append(
                            Look(limit: limit, headroom: headroom, atLeast: number, before: next)
                        )
                    }
                }
                if thread == 1 { isOver.store(true, ordering: .releasing) }
            }
            looks.withLock { $0 += own }
        }
        let series = try uses(of: names, in: log, stream)
        let taken = looks.withLock { $0 }
        #expect(taken.count > 1_000)
        for look in taken {
            let possible = series[look.limit][Int(look.atLeast)..<Int(look.before)]
            #expect(
                possible.contains { isRight(look.headroom, $0.watched, $0.use) },
                "\(names[look.limit]) between \(look.atLeast) and \(look.before)"
            )
        }
    }

    /// How limits stood after each entry of a log, as the oracle says.
    private func uses(
        of names: [LimitName],
        in log: InMemoryEntryLog,
        _ stream: GeneratedStream
    ) throws -> [[(watched: OracleUse?, use: OracleUse?)]] {
        var oracle = stream.makeOracle()
        var uses = names.map { _ in [(watched: OracleUse?, use: OracleUse?)]() }
        let next = try log.head().next
        for number in 0..<next {
            let entry = try #require(try log.entry(EntryNumber(rawValue: number)))
            if case .operation(let record) = entry.content {
                let operation = Operation(
                    id: record.id,
                    actor: entry.actor,
                    time: entry.time,
                    action: record.action
                )
                _ = oracle.apply(operation, now: entry.time)
            }
            // Events of limits, which follow, change no room.
            let watched = oracle.watchedUses() ?? [:]
            for (place, name) in names.enumerated() {
                uses[place].append((watched[name], oracle.use(of: name)))
            }
        }
        try #require(UInt64(oracle.entries.count) == next)
        return uses
    }
}
