// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import StateStore
import Synchronization
import Testing

@Suite("A snapshot gives the state that the log gives")
struct SnapshotRecoveryTests {
    @Test("with and without entries behind it", arguments: StreamProfile.allCases, 0..<4)
    func theStateIsTheSame(profile: StreamProfile, seed: Int) throws {
        let operations = stampedOperations(seed: seed, profile: profile, count: 300)
        var random = SplitMix64(seed: UInt64(seed))
        let cut = Int.random(in: 1..<300, using: &random)
        let log = InMemoryEntryLog()
        let shelf = SnapshotShelf()
        let ledger = try openLedger(log, snapshots: shelf)
        try ledger.submit(operations.prefix(cut), batchCount: 64)
        let middle = try log.head().next
        #expect(ledger.saveSnapshot() == .saved(next: EntryNumber(rawValue: middle)))
        try ledger.submit(operations.dropFirst(cut), batchCount: 64)
        let live = ledger.digest

        #expect(try digestFromLog(log, key: ledger.key) == live, "seed \(seed)")
        let withTail = try resumed(log, shelf)
        #expect(withTail.recovery == recovery(from: middle), "seed \(seed)")
        #expect(withTail.digest == live, "seed \(seed), cut at \(cut)")

        guard try log.head().next > middle else { return }
        #expect(ledger.saveSnapshot() == .saved(next: EntryNumber(rawValue: try log.head().next)))
        let whole = try resumed(log, shelf)
        #expect(whole.recovery == recovery(from: try log.head().next), "seed \(seed)")
        #expect(whole.digest == live, "seed \(seed)")
    }

    private func recovery(from next: UInt64) -> LedgerRecovery {
        var recovery = LedgerRecovery()
        recovery.replayedFrom = EntryNumber(rawValue: next)
        return recovery
    }

    @Test("and the same decisions after it", arguments: 40..<46)
    func whatIsDecidedLaterIsTheSame(seed: Int) throws {
        let profile = StreamProfile.allCases[seed % 3]
        let operations = stampedOperations(seed: seed, profile: profile, count: 250)
        let undisturbed = InMemoryEntryLog()
        try makeLedger(undisturbed).submit(operations, batchCount: 40)
        let log = InMemoryEntryLog()
        let shelf = SnapshotShelf()
        var random = SplitMix64(seed: UInt64(seed))
        var rest = operations[...]
        while !rest.isEmpty {
            let ledger = try openLedger(log, snapshots: shelf)
            #expect(ledger.recovery.ignoredSnapshot == nil, "seed \(seed)")
            let count = Int.random(in: 1...90, using: &random)
            try ledger.submit(rest.prefix(count), batchCount: 40)
            rest = rest.dropFirst(count)
            if random.chance(60) { ledger.saveSnapshot() }
        }
        #expect(try log.frontier().root == undisturbed.frontier().root, "seed \(seed)")
    }

    @Test("taken while others ask", arguments: 60..<62)
    func theStateIsDurableWhileOthersAsk(seed: Int) throws {
        let operations = stampedOperations(seed: seed, profile: .reservations, count: 1_500)
        let log = InMemoryEntryLog()
        let shelf = SnapshotShelf()
        let ledger = try openLedger(log, snapshots: shelf)
        let failures = Mutex(0)
        _ = try ledger.submit([operations[0]])
        for operation in operations.dropFirst() {
            ledger.submit([operation], whenFull: .wait) { result in
                if case .failure = result { failures.withLock { $0 += 1 } }
            }
        }
        var positions: Set<UInt64> = []
        while try log.head().next == 0 || positions.count < 2 {
            guard case .saved(let next) = ledger.saveSnapshot() else { break }
            positions.insert(next.rawValue)
            // The log may be ahead by now, but never behind.
            let recovery = try resumed(log, shelf).recovery
            #expect(recovery.replayedFrom == next, "seed \(seed)")
        }
        ledger.drain()
        #expect(failures.withLock { $0 } == 0)
        #expect(!positions.isEmpty)
        #expect(try resumed(log, shelf).digest == ledger.digest, "seed \(seed)")
        #expect(try digestFromLog(log, key: ledger.key) == ledger.digest, "seed \(seed)")
    }
}
