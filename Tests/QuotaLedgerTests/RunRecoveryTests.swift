// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import StateStore
import Testing

/// A log with everything derived from it, of a ledger whose newest 20 operations are in memory.
struct RunLedger {
    let log = InMemoryEntryLog()
    let shelf = SnapshotShelf()
    let runs = InMemoryRunStore()

    var storage: OperationStorage { OperationStorage(runs, newestCount: 20) }

    func open() throws -> Ledger {
        try openLedger(log, snapshots: shelf, operations: storage)
    }

    /// A ledger that has taken operations in, with a snapshot after the first of them, and closed.
    init(_ operations: [Operation], snapshotAfter count: Int) throws {
        let ledger = try open()
        try ledger.submit(operations.prefix(count), batchCount: 7)
        ledger.saveSnapshot()
        try ledger.submit(operations.dropFirst(count), batchCount: 7)
        ledger.close()
    }

    init() {}
}

@Suite("A ledger whose operations are on disk answers as one that has them in memory")
struct RunRecoveryTests {
    @Test("also where they are read on demand", arguments: [0, 100, 150], 0..<2)
    func onDemandIsTheSame(before count: Int, seed: Int) throws {
        let operations = stampedOperations(seed: seed, profile: .reservations, count: 150)
        let subject = try RunLedger(operations, snapshotAfter: count)
        var storage = subject.storage
        storage.isReadOnDemand = true
        var core = try LedgerCore.recovered(
            from: subject.log,
            snapshots: subject.shelf,
            operations: storage
        )
        let (recovery, digest, key) = (core.recovery, core.digest, core.key)
        #expect(recovery?.ignoredSnapshot == nil, "seed \(seed)")
        #expect((recovery?.replayedFrom.rawValue ?? 0 > 0) == (count > 0), "seed \(seed)")
        #expect(try digest == digestFromLog(subject.log, key: key), "seed \(seed)")
        // All of them are known, and nothing else.
        var knownCount = 0
        var plain = try LedgerCore.recovered(from: subject.log)
        for operation in operations {
            let number = try core.number(of: operation.id, by: operation.actor.organisation)
            #expect(
                try plain.number(of: operation.id, by: operation.actor.organisation) == number,
                "seed \(seed), \(operation.id)"
            )
            knownCount += number == nil ? 0 : 1
            guard case .reserve = operation.action else { continue }
            let asked = operation
            #expect(
                try core.check(asked, now: .earliest) == plain.check(asked, now: .earliest),
                "seed \(seed), \(operation.id)"
            )
        }
        #expect(knownCount > 50)
        let nobody = try #require(OrganisationIdentifier("nobody"))
        #expect(try core.number(of: operations[0].id, by: nobody) == nil)
    }

    @Test("opened again at any moment", arguments: StreamProfile.allCases, 0..<4)
    func answersAreTheSame(profile: StreamProfile, seed: Int) throws {
        let operations = stampedOperations(seed: seed, profile: profile, count: 500)
        let undisturbed = InMemoryEntryLog()
        let plain = try makeLedger(undisturbed)
        var expected: [LedgerAnswer] = []
        for operation in operations { expected += try plain.submit([operation]) }
        let subject = RunLedger()
        var random = SplitMix64(seed: UInt64(seed))
        var done = 0
        while done < operations.count {
            let ledger = try subject.open()
            #expect(ledger.recovery.ignoredSnapshot == nil, "seed \(seed), \(done) done")
            let end = min(operations.count, done + Int.random(in: 1...90, using: &random))
            while done < end {
                let batch = operations[
                    done..<min(end, done + Int.random(in: 1...9, using: &random))
                ]
                let answers = try ledger.submit(Array(batch))
                #expect(answers == Array(expected[done...].prefix(batch.count)), "seed \(seed)")
                done += batch.count
                if random.chance(10) { ledger.saveSnapshot() }
            }
            // Everything again: nothing may be decided twice, wherever it is kept.
            for (operation, answer) in zip(operations, expected).prefix(done) {
                guard let entry = answer.entry, random.chance(20) else { continue }
                #expect(try ledger.submit([operation]) == [.replayed(entry)], "seed \(seed)")
            }
            #expect(try ledger.digest == digestFromLog(subject.log, key: ledger.key))
            ledger.close()
        }
        #expect(try subject.log.frontier().root == undisturbed.frontier().root, "seed \(seed)")
        #expect(subject.runs.pageCount > 0)
    }

    @Test("also where runs are ahead of the snapshot that rests on them", arguments: 0..<4)
    func runsAheadAreUsed(seed: Int) throws {
        let operations = stampedOperations(seed: seed, count: 300)
        let subject = try RunLedger(operations, snapshotAfter: 100)
        let list = try #require(try subject.runs.runList())
        let again = try subject.open()
        #expect(again.recovery.ignoredSnapshot == nil)
        #expect(again.recovery.replayedFrom.rawValue > 0)
        #expect(try again.digest == digestFromLog(subject.log, key: again.key))
        again.close()
        #expect(try subject.runs.runList() == list, "nothing is written again")
        // Whoever only looks, at the end and at an entry that the runs are ahead of.
        let head = try subject.log.head().next
        for until in [head, head - 40] {
            let core = try LedgerCore.recovered(
                from: subject.log,
                snapshots: subject.shelf,
                operations: subject.storage,
                until: EntryNumber(rawValue: until)
            )
            let plain = try LedgerCore.recovered(
                from: subject.log,
                until: EntryNumber(rawValue: until),
                key: core.key
            )
            #expect(core.digest == plain.digest)
        }
    }

    /// What can be wrong with the runs beside a snapshot that is right.
    enum Fault: String, CaseIterable {
        case gone, listGone, otherLedgers, older, damaged, ofAnotherLog
    }

    @Test("rebuilt from the log when runs can not be used", arguments: Fault.allCases)
    func unusableRunsAreRebuilt(fault: Fault) throws {
        let operations = stampedOperations(seed: 5, count: 300)
        let subject = try RunLedger(
            operations,
            snapshotAfter: fault == .ofAnotherLog ? 100 : 250
        )
        switch fault {
        case .gone:
            try subject.runs.removeRunList()
            try subject.runs.removeRuns(except: [])
        case .listGone: try subject.runs.removeRunList()
        case .otherLedgers:
            let other = try RunLedger(operations, snapshotAfter: 250)
            try subject.takeRuns(of: other)
        case .older:
            let younger = RunLedger()
            let ledger = try younger.open()
            try ledger.submit(operations.prefix(60), batchCount: 7)
            ledger.close()
            try subject.takeRuns(of: younger)
        case .damaged:
            let run = try #require(subject.runs.runs.first)
            for page in 0..<UInt32(subject.runs.pageCount) {
                subject.runs.damage(page, of: run) { $0[0] ^= 1 }
            }
        case .ofAnotherLog:
            // The same up to the snapshot, and then another history.
            let other = RunLedger()
            let writing = try openLedger(other.log, snapshots: other.shelf)
            try writing.submit(operations.prefix(100), batchCount: 7)
            try writing.submit(operations.dropFirst(120), batchCount: 7)
            writing.close()
            let snapshot = try subject.shelf.bytes()
            try other.shelf.save(snapshot.span.rawBytes, next: EntryNumber(rawValue: 0))
            try other.takeRuns(of: subject)
            let ledger = try other.open()
            #expect(ledger.recovery.ignoredSnapshot != nil)
            #expect(try ledger.digest == digestFromLog(other.log, key: ledger.key))
            return
        }
        let again = try subject.open()
        #expect(again.recovery.ignoredSnapshot != nil, "\(fault)")
        #expect(again.recovery.replayedFrom.rawValue == 0)
        #expect(try again.digest == digestFromLog(subject.log, key: again.key))
        for operation in operations.prefix(200) {
            guard case .recorded = try again.submit([operation])[0] else { continue }
            Issue.record("\(fault): decided twice")
        }
        again.saveSnapshot()
        again.close()
        let third = try subject.open()
        #expect(third.recovery.ignoredSnapshot == nil, "made anew, they are used")
    }

    @Test("a run that can not be read closes the ledger, and the next start rebuilds it")
    func unreadableRunsCloseTheLedger() throws {
        let operations = stampedOperations(seed: 9, count: 300)
        let subject = try RunLedger(operations, snapshotAfter: 300)
        let ledger = try subject.open()
        let root = try subject.log.frontier().root
        for run in subject.runs.runs {
            for page in 0..<UInt32(subject.runs.pageCount) {
                subject.runs.damage(page, of: run) { $0[1] ^= 1 << 63 }
            }
        }
        var failure: LedgerError?
        do throws(LedgerError) {
            for operation in operations { _ = try ledger.submit([operation]) }
        } catch {
            failure = error
        }
        guard case .index(.damaged)? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(throws: LedgerError.self) { try ledger.submit([operations[0]]) }
        ledger.close()
        #expect(try subject.log.frontier().root == root, "nothing was decided again")
        let again = try subject.open()
        #expect(try again.digest == digestFromLog(subject.log, key: again.key))
        for operation in operations.prefix(200) {
            guard case .recorded = try again.submit([operation])[0] else { continue }
            Issue.record("decided twice")
        }
    }

    @Test("a store that can not be written leaves everything in memory")
    func unwritableStoresAreDoneWithout() throws {
        let operations = stampedOperations(seed: 12, count: 200)
        let log = InMemoryEntryLog()
        for count in [0, 1, 2, 3, 5, 8] {
            let store = FailingRunStore(InMemoryRunStore(), afterWrites: count)
            let shelf = SnapshotShelf()
            let ledger = try openLedger(
                log,
                snapshots: shelf,
                operations: OperationStorage(store, newestCount: 20)
            )
            #expect((ledger.recovery.unusedRuns != nil) == (count < 2))
            try ledger.submit(operations, batchCount: 5)
            #expect(try ledger.digest == digestFromLog(log, key: ledger.key))
            ledger.saveSnapshot()
            ledger.close()
            let again = try openLedger(
                log,
                snapshots: shelf,
                operations: OperationStorage(store.store, newestCount: 20)
            )
            #expect(again.recovery.ignoredSnapshot == nil)
            #expect(try again.digest == digestFromLog(log, key: again.key))
            again.close()
        }
    }
}

extension RunLedger {
    /// Puts the runs of another ledger in place of its own.
    fileprivate func takeRuns(of other: RunLedger) throws {
        try runs.removeRuns(except: [])
        for run in other.runs.runs { try runs.put(other.runs.pages(of: run), of: run, from: 0) }
        let list = try #require(try other.runs.runList())
        try runs.putRunList(list.span.rawBytes)
    }
}
