// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import StateStore
import Synchronization
import Testing

/// A trail in memory, which can be spoilt.
private final class TrailShelf: TrailStore {
    private struct State {
        var record: [UInt8]?
        var filters: [[UInt8]] = []
        var putCount = 0
    }

    private let state = Mutex(State())

    /// How many filters were put, all times together.
    var putCount: Int { state.withLock { $0.putCount } }

    func trailRecord() throws(StateStoreError) -> [UInt8]? { state.withLock { $0.record } }

    func putTrail(
        _ filters: [[UInt64]],
        from first: UInt64,
        record: RawSpan
    ) throws(StateStoreError) {
        let copy = record.allBytes
        state.withLock { state in
            state.filters.removeSubrange(Int(first)...)
            state.filters += filters.map { $0.span.rawBytes.allBytes }
            state.putCount += filters.count
            state.record = copy
        }
    }

    func forEachTrailFilter(
        from first: UInt64,
        _ body: (UInt64, RawSpan) throws(StateStoreError) -> ReadStep
    ) throws(StateStoreError) {
        for (position, bytes) in state.withLock({ $0.filters }).enumerated().dropFirst(Int(first)) {
            guard case .next = try body(UInt64(position), bytes.span.rawBytes) else { return }
        }
    }

    /// Changes one filter.
    func spoil(_ position: Int, _ change: (inout [UInt8]) -> Void) {
        state.withLock { change(&$0.filters[position]) }
    }

    func swapFilters(_ one: Int, _ other: Int) {
        state.withLock { $0.filters.swapAt(one, other) }
    }

    func dropLastFilter() { state.withLock { _ = $0.filters.removeLast() } }
}

extension RawSpan {
    fileprivate var allBytes: [UInt8] {
        (0..<byteCount).map { unsafe unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }
}

@Suite("A trail leads to every entry about a hold")
struct HoldTrailTests {
    /// How many entries a stretch has here.
    fileprivate static let length: UInt64 = 8

    /// A log of the life of orders, of which the trail was lengthened while it grew.
    private struct Scene {
        let log = InMemoryEntryLog()
        let shelf = TrailShelf()

        init(seed: Int, count: Int = 400) throws {
            let ledger = try makeLedger(log)
            let operations = stampedOperations(seed: seed, profile: .lifeCycle, count: count)
            for (index, operation) in operations.enumerated() {
                _ = try ledger.submit([operation])
                if index % 67 == 0 { try grow() }
            }
            ledger.close()
            try grow()
        }

        func grow() throws {
            let end = EntryNumber(rawValue: try log.head().next)
            try HoldTrail.grow(
                over: log,
                to: end,
                in: shelf,
                stretchEntryCount: HoldTrailTests.length
            )
        }

        func entries() throws -> [Entry] {
            var entries: [Entry] = []
            try log.forEachDecodedEntry(until: EntryNumber(rawValue: try log.head().next)) {
                entries.append($0)
                return .next
            }
            return entries
        }
    }

    @Test("and past most that are about none", arguments: 0..<3)
    func everyEntryIsFound(seed: Int) throws {
        let scene = try Scene(seed: seed)
        let entries = try scene.entries()
        let trail = try #require(HoldTrail(scene.log, scene.shelf))
        #expect(trail.next.rawValue == UInt64(entries.count) / Self.length * Self.length)
        // Each stretch was read into a filter once.
        #expect(scene.shelf.putCount == entries.count / Int(Self.length))
        var found = 0
        var told = 0
        for hold in entries.map(\.number) {
            let stretches = try trail.stretches(about: hold)
            told += stretches.reduce(0) { $0 + $1.count }
            for entry in entries where entry.number > hold && entry.number < trail.next {
                guard entry.hold == hold else { continue }
                found += 1
                #expect(
                    stretches.contains { $0.contains(entry.number.rawValue) },
                    "seed \(seed), hold \(hold), entry \(entry.number)"
                )
            }
        }
        #expect(found > entries.count / 8, "seed \(seed): the log is of the life of orders")
        // At most the stretches of what there is, and a few more.
        #expect(told < (found + entries.count / 20) * Int(Self.length), "seed \(seed)")
    }

    @Test("or is not believed where it is another log's")
    func othersAreNotBelieved() throws {
        let scene = try Scene(seed: 1, count: 120)
        let other = try Scene(seed: 2, count: 120)
        #expect(HoldTrail(other.log, scene.shelf) == nil)
        #expect(HoldTrail(scene.log, TrailShelf()) == nil)
        // What belongs to another log is made anew.
        let end = EntryNumber(rawValue: try other.log.head().next)
        try HoldTrail.grow(
            over: other.log,
            to: end,
            in: scene.shelf,
            stretchEntryCount: Self.length
        )
        let trail = try #require(HoldTrail(other.log, scene.shelf))
        let expected = try #require(HoldTrail(other.log, other.shelf))
        #expect(trail.next == expected.next)
        for number in 0..<expected.next.rawValue {
            let hold = EntryNumber(rawValue: number)
            #expect(try trail.stretches(about: hold) == expected.stretches(about: hold))
        }
    }

    @Test("or says that it is damaged")
    func damageIsFound() throws {
        let first = EntryNumber(rawValue: 0)
        let changes: [(TrailShelf) -> Void] = [
            { $0.spoil(2) { $0[20] ^= 1 } }, { $0.spoil(2) { $0.removeLast(8) } },
            { $0.spoil(2) { $0 = [] } }, { $0.swapFilters(1, 2) }, { $0.dropLastFilter() },
        ]
        for change in changes {
            let scene = try Scene(seed: 3, count: 80)
            let trail = try #require(HoldTrail(scene.log, scene.shelf))
            _ = try trail.stretches(about: first)
            change(scene.shelf)
            #expect(throws: StateStoreError.self) { try trail.stretches(about: first) }
        }
    }

    @Test("and grows with every snapshot that is saved")
    func itGrowsWithSnapshots() throws {
        let (log, shelf) = (InMemoryEntryLog(), TrailShelf())
        let ledger = try Ledger.open(
            log,
            secret: testSecret(),
            snapshots: SnapshotShelf(),
            trail: shelf,
            policy: SnapshotPolicy(entriesAtClose: nil, entriesBetween: nil),
            clock: { .earliest }
        )
        let tick = Operation(
            id: try #require(OperationIdentifier("create")),
            actor: RedactionScene.actor("someone"),
            action: .createLedger(RedactionScene.creation)
        )
        _ = try ledger.submit([tick])
        let ticks = try (0..<HoldTrail.usualStretchEntryCount).map { index in
            Operation(
                id: try #require(OperationIdentifier("tick-\(index)")),
                actor: RedactionScene.actor("someone"),
                action: .tick
            )
        }
        ledger.saveSnapshot()
        #expect(HoldTrail(log, shelf) == nil, "no stretch is whole yet")
        try ledger.submit(ticks, batchCount: 4_096)
        #expect(ledger.saveSnapshot() == .saved(next: EntryNumber(rawValue: try log.head().next)))
        #expect(HoldTrail(log, shelf)?.next.rawValue == HoldTrail.usualStretchEntryCount)
        ledger.close()
    }
}

extension Entry {
    /// The hold that it is about.
    fileprivate var hold: EntryNumber? {
        switch content {
        case .expiry(let expiry): expiry.hold
        case .operation(let record):
            if case .moved(let move) = record.outcome { move.hold } else { nil }
        case .limit: nil
        }
    }
}
