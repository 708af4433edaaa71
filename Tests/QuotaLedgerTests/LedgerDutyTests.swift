// SPDX-License-Identifier: Apache-2.0

import Dispatch
import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Synchronization
import Testing

@Suite("Who decides, writes and tells")
struct LedgerDutyTests {
    private let now = LedgerTime.of(2025, 3, 1)

    private func tick(_ name: String) -> Operation {
        let actor = Actor(
            organisation: OrganisationIdentifier(checked: "A"),
            person: PersonIdentifier(checked: "p"),
            role: .operator
        )
        return Operation(id: OperationIdentifier(checked: name), actor: actor, action: .tick)
    }

    /// A ledger with a first entry, over a log with a gate; and what is signalled for each batch that
    /// is decided later.
    private func open() throws -> (Ledger, GatedLog, decided: DispatchSemaphore) {
        let log = GatedLog(over: InMemoryEntryLog())
        let decided = DispatchSemaphore(value: 0)
        let ledger = try Ledger.open(
            log,
            secret: testSecret(),
            publisher: { _ in
                decided.signal()
                return nil
            },
            clock: { [now] in now }
        )
        let stream = GeneratedStream(seed: 9, profile: .reservations, count: 1)
        _ = try ledger.submit(stream.operations)
        decided.wait()
        return (ledger, log, decided)
    }

    @Test func anOperationThatComesAloneIsDecidedAndWrittenByItsCaller() throws {
        let (ledger, log, _) = try open()
        for number in 0..<20 {
            _ = try ledger.submit([tick("t\(number)")])
            #expect(log.lastAppender == thisThread())
        }
    }

    @Test func aCallerWhoDoesNotBlockLendsNoThread() async throws {
        let (ledger, log, _) = try open()
        let answered = DispatchSemaphore(value: 0)
        let caller = Mutex<ObjectIdentifier?>(nil)
        await onThread {
            caller.withLock { $0 = thisThread() }
            ledger.submit([tick("t")]) { _ in answered.signal() }
            answered.wait()
        }
        #expect(log.lastAppender != caller.withLock { $0 })
    }

    @Test func theNextBatchIsDecidedWhileOneBecomesDurable() throws {
        let (ledger, log, decided) = try open()
        log.shut()
        let answerCount = Atomic<Int>(0)
        let answered = DispatchSemaphore(value: 0)
        for name in ["a", "b"] {
            ledger.submit([tick(name)]) { _ in
                answerCount.wrappingAdd(1, ordering: .relaxed)
                answered.signal()
            }
            if name == "a" { log.waitForAppend() }
            decided.wait()
        }
        let early = answerCount.load(ordering: .relaxed)
        #expect(early == 0)
        log.open()
        answered.wait()
        answered.wait()
    }

    @Test func noCommitWaitsForWhoeverIsTold() throws {
        let (ledger, log, _) = try open()
        let next = try log.head().next
        let isTold = DispatchSemaphore(value: 0)
        let letGo = DispatchSemaphore(value: 0)
        ledger.submit([tick("slow")]) { _ in
            isTold.signal()
            letGo.wait()
        }
        isTold.wait()
        // Somebody is being told, and does not return. Everything else goes on.
        let answered = DispatchSemaphore(value: 0)
        for number in 0..<5 { ledger.submit([tick("t\(number)")]) { _ in answered.signal() } }
        try waitUntil { try log.head().next >= next + 6 }
        letGo.signal()
        for _ in 0..<5 { answered.wait() }
    }

    @Test func aQuestionIsAnsweredWhileAnAppendIsHeldUp() throws {
        let (ledger, log, decided) = try open()
        log.shut()
        let answered = DispatchSemaphore(value: 0)
        for name in ["a", "b", "c"] {
            ledger.submit([tick(name)]) { _ in answered.signal() }
            if name == "a" { log.waitForAppend() }
        }
        decided.wait()
        decided.wait()
        // Nothing more is decided for want of room; the core is free all the same.
        _ = try ledger.capReport()
        log.open()
        for _ in 0..<3 { answered.wait() }
    }
}
