// SPDX-License-Identifier: Apache-2.0

import Dispatch
import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Synchronization
import Testing

/// A number that one thread leaves for another.
private final class LastNumber: Sendable {
    private let noted = Mutex<UInt64?>(nil)

    var number: UInt64? { noted.withLock { $0 } }

    func note(_ number: UInt64?) { noted.withLock { $0 = number } }
}

@Suite("Many callers at once")
struct ConcurrentHistoryTests {
    private let now = LedgerTime.of(2025, 3, 1)

    /// A stream whose operations have no times, so that callers may interleave in any way.
    private func stream(_ seed: Int, _ profile: StreamProfile, count: Int) -> GeneratedStream {
        var stream = GeneratedStream(seed: UInt64(seed), profile: profile, count: count)
        for index in stream.steps.indices { stream.steps[index].operation.time = nil }
        return stream
    }

    private func open(
        _ log: any EntryLog,
        maximumWaitingCount: Int = Ledger.defaultWaitingCount
    ) throws -> Ledger {
        try Ledger.open(
            log,
            secret: testSecret(),
            maximumWaitingCount: maximumWaitingCount,
            clock: { [now] in now }
        )
    }

    /// Requests of one to four operations, some of which two callers ask.
    private func requests(_ operations: ArraySlice<Operation>, seed: Int) -> [[Operation]] {
        var random = SplitMix64(seed: UInt64(seed) &* 77)
        var requests: [[Operation]] = []
        var rest = operations
        while !rest.isEmpty {
            let request = Array(rest.prefix(Int.random(in: 1...4, using: &random)))
            rest = rest.dropFirst(request.count)
            requests.append(request)
            if Int.random(in: 0..<6, using: &random) == 0 { requests.append(request) }
        }
        return requests
    }

    @Test(
        "what they are told is what one after the other would be told",
        arguments: [StreamProfile.reservations, .tightCaps, .lifeCycle, .lawChanges],
        [(8, 8, 32_768), (48, 64, 8)]
    )
    func histories(profile: StreamProfile, callers: (Int, Int, Int)) async throws {
        let seed = 500 + callers.0
        let stream = stream(seed, profile, count: 160)
        let log = InMemoryEntryLog()
        let ledger = try open(log, maximumWaitingCount: callers.2)
        let crowd = ConcurrentCallers(ledger)
        // The first ones register what the others need.
        await crowd.ask([Array(stream.operations.prefix(40))], threadCount: 1, taskCount: 0)
        await crowd.ask(
            requests(stream.operations.dropFirst(40), seed: seed),
            threadCount: callers.0,
            taskCount: callers.1
        )
        let judge = HistoryJudge(stream: stream, now: now, exchanges: crowd.exchanges)
        let fault = try judge.firstFault(in: log)
        #expect(fault == nil, "seed \(seed), \(profile)")
    }

    @Test("thousands of tasks get their own answers, with little room")
    func thousandsOfTasks() async throws {
        let stream = stream(3, .reservations, count: 2_040)
        let log = InMemoryEntryLog()
        let ledger = try open(log, maximumWaitingCount: 16)
        let crowd = ConcurrentCallers(ledger)
        await crowd.ask([Array(stream.operations.prefix(40))], threadCount: 1, taskCount: 0)
        let requests = stream.operations.dropFirst(40).map { [$0] }
        await crowd.ask(requests, threadCount: 0, taskCount: requests.count)
        #expect(crowd.exchanges.count == requests.count + 1)
        for exchange in crowd.exchanges {
            for (operation, answer) in exchange.pairs {
                guard case .operation(let record)? = answer.entry?.content else { continue }
                #expect(record.id == operation.id)
            }
        }
        #expect(crowd.exchanges.allSatisfy { $0.pairs.count == $0.operations.count })
        #expect(try log.head().next >= UInt64(crowd.exchanges.flatMap(\.numbers).count))
    }

    @Test func aFullQueueIsAnAnswerAndLeavesNoTrace() throws {
        let stream = stream(4, .reservations, count: 400)
        let memory = InMemoryEntryLog()
        let log = GatedLog(over: memory)
        let ledger = try open(log, maximumWaitingCount: 8)
        _ = try ledger.submit(Array(stream.operations.prefix(40)))
        let crowd = ConcurrentCallers(ledger)
        log.shut()
        let answered = DispatchGroup()
        let busy = Mutex<[Operation]>([])
        let waits = Mutex<[Int]>([])
        for operation in stream.operations.dropFirst(40) {
            answered.enter()
            ledger.submit([operation]) { result in
                if case .failure(.busy(let milliseconds)) = result {
                    busy.withLock { $0.append(operation) }
                    waits.withLock { $0.append(milliseconds) }
                }
                answered.leave()
            }
        }
        // While nothing becomes durable, one batch is being written, one is decided, and eight wait.
        let refused = busy.withLock { $0 }
        #expect(refused.count >= 1)
        #expect(waits.withLock { $0.allSatisfy { $0 >= 1 } })
        log.open()
        answered.wait()
        ledger.drain()
        // Nothing of what was refused was taken: asked again, it is new.
        let timesAsked = Dictionary(stream.operations.map { ($0.id, 1) }, uniquingKeysWith: +)
        let asked = refused.filter { timesAsked[$0.id] == 1 }
        for operation in asked { crowd.ask([operation]) }
        for exchange in crowd.exchanges {
            for case (_, .replayed(let entry)) in exchange.pairs {
                Issue.record("entry \(entry.number) was made although its caller was told 'busy'")
            }
        }
        #expect(crowd.exchanges.flatMap(\.numbers).count > 0)
    }

    @Test func aSubmissionLargerThanTheBoundIsTaken() async throws {
        let stream = stream(5, .reservations, count: 300)
        let ledger = try open(InMemoryEntryLog(), maximumWaitingCount: 8)
        let crowd = ConcurrentCallers(ledger)
        let requests = stride(from: 0, to: 300, by: 30).map {
            Array(stream.operations[$0..<($0 + 30)])
        }
        await crowd.ask(
            requests + stream.operations.map { [$0] },
            threadCount: 6,
            taskCount: 6
        )
        #expect(crowd.exchanges.allSatisfy { $0.pairs.count == $0.operations.count })
    }

    @Test(
        "an append that fails in mid-crowd is told to all, and what was acknowledged is there",
        arguments: [FailingLog.Failure.refused, .unknown, .fenced],
        [2, 7]
    )
    func failingAppend(failure: FailingLog.Failure, after appendCount: Int) async throws {
        let stream = stream(6, .reservations, count: 280)
        let log = InMemoryEntryLog()
        let ledger = try open(
            FailingLog(over: log, after: appendCount, failure),
            maximumWaitingCount: 8
        )
        let crowd = ConcurrentCallers(ledger)
        await crowd.ask([Array(stream.operations.prefix(40))], threadCount: 1, taskCount: 0)
        let requests = stream.operations.dropFirst(40).map { [$0] }
        await crowd.ask(requests, threadCount: 16, taskCount: 16)
        #expect(crowd.exchanges.count == requests.count + 1)
        let failed = crowd.exchanges.filter {
            if case .failure = $0.answers { true } else { false }
        }
        #expect(!failed.isEmpty)

        let reopened = try open(log)
        for exchange in crowd.exchanges {
            for (operation, answer) in exchange.pairs {
                guard let entry = answer.entry else { continue }
                #expect(try await reopened.answers(to: [operation]) == [.replayed(entry)])
            }
        }
        for exchange in failed { _ = try await reopened.answers(to: exchange.operations) }
    }

    @Test("closed under load, it ends what it took and takes nothing more")
    func closingUnderLoad() async throws {
        let stream = stream(7, .reservations, count: 40)
        let log = InMemoryEntryLog()
        let ledger = try open(log, maximumWaitingCount: 8)
        let crowd = ConcurrentCallers(ledger)
        await crowd.ask([stream.operations], threadCount: 1, taskCount: 0)
        let asker = stream.operations[0].actor
        let entriesAtClose = LastNumber()
        await withTaskGroup(of: Void.self) { group in
            for caller in 0..<12 {
                group.addTask {
                    await onThread {
                        var number = 0
                        repeat {
                            number += 1
                        } while crowd.ask([
                            Operation(
                                id: OperationIdentifier(checked: "tick-\(caller)-\(number)"),
                                actor: asker,
                                action: .tick
                            )
                        ])
                    }
                }
            }
            group.addTask {
                await onThread {
                    waitUntil { crowd.exchangeCount >= 300 }
                    ledger.close()
                    entriesAtClose.note(try? log.head().next)
                }
            }
        }
        #expect(try log.head().next == entriesAtClose.number)
        var lastOnes = 0
        for exchange in crowd.exchanges {
            guard case .failure(let error) = exchange.answers else { continue }
            lastOnes += 1
            guard case .closed = error else {
                Issue.record("\(error)")
                continue
            }
        }
        #expect(lastOnes == 12)
        let numbers = crowd.exchanges.flatMap(\.numbers)
        #expect(Set(numbers).count == numbers.count)
        for exchange in crowd.exchanges {
            for case (_, .recorded(let entry)) in exchange.pairs {
                #expect(try log.entry(entry.number) == entry)
            }
        }
    }

    @Test("what is published is durable, and is there before the answers that rest on it")
    func publication() async throws {
        let stream = stream(8, .reservations, count: 300)
        let log = InMemoryEntryLog()
        // Releasing and acquiring: whoever reads a number sees the log that far.
        let published = Atomic<UInt64>(0)
        let isMonotonic = Atomic<Bool>(true)
        let early = Atomic<Int>(0)
        let ledger = try Ledger.open(
            log,
            secret: testSecret(),
            publisher: { core in
                let next = core.next.rawValue
                return BatchPublication {
                    let durable = (try? log.head().next) ?? 0
                    if durable < next { early.wrappingAdd(1, ordering: .relaxed) }
                    if published.exchange(next, ordering: .acquiringAndReleasing) > next {
                        isMonotonic.store(false, ordering: .relaxed)
                    }
                }
            },
            clock: { [now] in now }
        )
        let late = Atomic<Int>(0)
        onThreads(8) { index in
            for place in stride(from: index, to: stream.operations.count, by: 8) {
                guard let answer = try? ledger.submit([stream.operations[place]]).first,
                    let entry = answer.entry
                else { continue }
                if published.load(ordering: .acquiring) <= entry.number.rawValue {
                    late.wrappingAdd(1, ordering: .relaxed)
                }
            }
        }
        let counts = (early.load(ordering: .relaxed), late.load(ordering: .relaxed))
        #expect(counts.0 == 0, "published before it was durable")
        #expect(counts.1 == 0, "answered before it was published")
        let neverWentBack = isMonotonic.load(ordering: .relaxed)
        #expect(neverWentBack)
        let last = published.load(ordering: .acquiring)
        #expect(try log.head().next == last)
    }
}
