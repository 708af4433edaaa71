// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import Testing

/// What must hold of limits' events, whatever the oracle is asked.
@Suite struct EventStreamTests {
    private static let seeds = Array(UInt64(1)...20)

    // "an entry when it starts and when it is cured": at the end of every look, the limits in
    // breach are exactly those of which more is used than they allow.
    @Test(arguments: seeds, StreamProfile.allCases)
    func theLimitsInBreachAreThoseThatAreOver(seed: UInt64, profile: StreamProfile) {
        let stream = GeneratedStream(seed: seed, profile: profile, count: 150)
        var oracle = stream.makeOracle()
        for step in stream.steps {
            guard case .entry = oracle.apply(step.operation, now: step.now) else { continue }
            let uses = oracle.watchedUses() ?? [:]
            let over = Set(uses.filter { $0.value.used > $0.value.limit }.keys)
            #expect(oracle.limitsInBreach() == over, "seed \(seed), \(profile)")
        }
    }

    // Breaches open and close in turn; a look tells each limit's events once, in order of names, a
    // breach or its end before a threshold; the numbers prove what is said.
    @Test(arguments: seeds, StreamProfile.allCases)
    func eventsAreInOrderAndProveWhatTheySay(seed: UInt64, profile: StreamProfile) {
        let stream = GeneratedStream(seed: seed, profile: profile, count: 150)
        var oracle = stream.makeOracle()
        for step in stream.steps { _ = oracle.apply(step.operation, now: step.now) }
        var breached: Set<LimitName> = []
        var previous: LimitEvent?
        for entry in oracle.entries {
            guard case .limit(let event) = entry.content else {
                previous = nil
                continue
            }
            let what = "seed \(seed), \(profile), entry \(entry.number): \(event)"
            switch event.change {
            case .breached: #expect(breached.insert(event.name).inserted, "\(what)")
            case .cured, .unwatched: #expect(breached.remove(event.name) != nil, "\(what)")
            case .crossed: break
            }
            #expect(Self.isProved(event), "\(what)")
            if let previous, Self.isSameLook(entry, after: oracle) {
                let isSecond = previous.name == event.name && Self.isThreshold(event)
                #expect(previous.name < event.name || isSecond, "\(what)")
            }
            previous = event
        }
    }

    /// Two looks follow each other without another entry between only where a day began and nothing
    /// expired: then the time differs.
    private static func isSameLook(_ entry: Entry, after oracle: Oracle) -> Bool {
        oracle.entries[Int(entry.number.rawValue) - 1].time == entry.time
    }

    private static func isThreshold(_ event: LimitEvent) -> Bool {
        if case .crossed = event.change { true } else { false }
    }

    private static func isProved(_ event: LimitEvent) -> Bool {
        switch event.change {
        case .breached: event.used > event.limit
        case .cured: event.used <= event.limit
        case .unwatched: event.used == .zero && event.limit == .zero
        case .crossed(let percent):
            event.used > .zero
                && Int128(event.used.rawValue) * 100
                    >= Int128(percent) * Int128(event.limit.rawValue)
        }
    }

    // "Midnight UTC, also when nothing else happens on that day": one tick over two years brings the
    // same expiries and events at the same instants as a tick at every midnight.
    @Test(arguments: Array(seeds.prefix(6)), StreamProfile.allCases)
    func noMidnightIsMissed(seed: UInt64, profile: StreamProfile) {
        let stream = GeneratedStream(seed: seed, profile: profile, count: 100)
        var oracle = stream.makeOracle()
        for step in stream.steps { _ = oracle.apply(step.operation, now: step.now) }
        let count = oracle.entries.count
        let first = oracle.newestTime.day
        var daily = oracle
        for number in 1...730 {
            guard let day = first.adding(days: number) else { break }
            Self.tick(&daily, LedgerTime(startOf: day))
            if number == 730 { Self.tick(&oracle, LedgerTime(startOf: day)) }
        }
        let events = Self.news(oracle.entries[count...])
        #expect(events == Self.news(daily.entries[count...]), "seed \(seed), \(profile)")
    }

    private static func tick(_ oracle: inout Oracle, _ time: LedgerTime) {
        let id = OperationIdentifier(checked: "tick \(time.day)")
        _ = oracle.apply(
            Operation(id: id, actor: Oracle.nobody, time: time, action: .tick),
            now: time
        )
    }

    private struct News: Hashable {
        var time: LedgerTime
        var content: EntryContent
        var rulebook: EntryNumber?
    }

    private static func news(_ entries: ArraySlice<Entry>) -> [News] {
        entries.compactMap {
            if case .operation = $0.content { return nil }
            return News(time: $0.time, content: $0.content, rulebook: $0.rulebook)
        }
    }

    // Nobody's charge is lost or doubled: what is used of all countries is what the holds say.
    @Test(arguments: seeds, StreamProfile.allCases)
    func theBaseIsWhatWasShippedAndIsStillThere(seed: UInt64, profile: StreamProfile) {
        // Without attestations, all that a group has is what is out under its holds.
        let stream = GeneratedStream(seed: seed, profile: profile, count: 150)
        var oracle = stream.makeOracle()
        for step in stream.steps where step.operation.action.kind != .attestInstalled {
            _ = oracle.apply(step.operation, now: step.now)
        }
        var holds: [EntryNumber: FollowedHold] = [:]
        for entry in oracle.entries { _ = FollowedHold.follow(entry, in: &holds) }
        let out = holds.values.reduce(0) { $0 + $1.out }
        let parties = (0..<9).map { PartyIdentifier(checked: "P\($0)") }
        var installed: Int64 = 0
        for party in parties {
            for country in OracleCountries.assigned {
                installed += oracle.installed(of: party, in: country) ?? 0
            }
        }
        #expect(installed == out, "seed \(seed), \(profile)")
    }
}
