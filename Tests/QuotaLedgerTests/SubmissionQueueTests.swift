// SPDX-License-Identifier: Apache-2.0

import Dispatch
import QuotaLedger
import Synchronization
import Testing

/// What one producer puts: who it is, and its how-manieth it is.
private struct Parcel: Hashable, Sendable {
    var producer: Int
    var number: Int
    var operationCount = 1
}

@Suite("What waits to be decided")
struct SubmissionQueueTests {
    private typealias Queue = SubmissionQueue<Parcel>

    private func queue(bound: Int) -> Queue { Queue(bound: bound) { $0.operationCount } }

    private func parcel(_ number: Int, operations: Int = 1) -> Parcel {
        Parcel(producer: 0, number: number, operationCount: operations)
    }

    /// Checks that the parcels of each producer arrive once and in order.
    private struct Arrivals {
        var next: [Int]
        var isInOrder = true

        mutating func take(_ parcel: Parcel) {
            isInOrder = isInOrder && next[parcel.producer] == parcel.number
            next[parcel.producer] += 1
        }
    }

    @Test func aRingGivesBackInOrderWhatFits() {
        let ring = SubmissionRing<Int>(minimumCapacity: 3)
        #expect(ring.capacity == 4)
        for lap in 0..<5 {
            for number in 0..<4 { #expect(ring.put(lap * 4 + number)) }
            #expect(!ring.put(-1))
            #expect(ring.take { $0 < 0 } == nil)
            for number in 0..<4 { #expect(ring.take { _ in true } == lap * 4 + number) }
            #expect(ring.take { _ in true } == nil)
            #expect(!ring.hasFront)
        }
    }

    @Test func aRingLetsGoOfWhatIsLeftInIt() {
        final class Witness: Sendable {}
        weak var seen: Witness?
        do {
            let ring = SubmissionRing<Witness>(minimumCapacity: 4)
            let witness = Witness()
            seen = witness
            #expect(ring.put(witness))
        }
        #expect(seen == nil)
    }

    @Test("many producers fill a ring, and nothing is lost, doubled or overtaken")
    func producers() {
        let producerCount = 4
        let parcelCount = 200_000
        let ring = SubmissionRing<Parcel>(minimumCapacity: 64)
        let arrivals = Mutex(Arrivals(next: Array(repeating: 0, count: producerCount)))
        onThreads(producerCount + 1) { index in
            guard index < producerCount else {
                var left = producerCount * parcelCount
                arrivals.withLock { arrivals in
                    while left > 0 {
                        waitUntil { ring.hasFront }
                        while let parcel = ring.take(if: { _ in true }) {
                            arrivals.take(parcel)
                            left -= 1
                        }
                    }
                }
                return
            }
            for number in 0..<parcelCount {
                waitUntil { ring.put(Parcel(producer: index, number: number)) }
            }
        }
        #expect(arrivals.withLock { $0.isInOrder })
        #expect(
            arrivals.withLock { $0.next } == Array(repeating: parcelCount, count: producerCount)
        )
    }

    @Test(
        "a decider that sleeps whenever nothing is there misses nothing",
        arguments: [false, true]
    )
    func sleepingDecider(producersWait: Bool) {
        let producerCount = 8
        let parcelCount = 200_000 / producerCount
        let queue = queue(bound: 48)
        let arrivals = Mutex(Arrivals(next: Array(repeating: 0, count: producerCount)))
        let left = Atomic(producerCount * parcelCount)
        let done = DispatchSemaphore(value: 0)
        let deciders = DispatchQueue(label: "decider")
        // A decider takes all there is and ends when it falls asleep; who wakes it starts another.
        @Sendable func decide() {
            repeat {
                let taken = queue.take(upTo: 16)
                arrivals.withLock { arrivals in for parcel in taken { arrivals.take(parcel) } }
                if left.wrappingSubtract(taken.count, ordering: .relaxed).newValue == 0,
                    !taken.isEmpty
                {
                    done.signal()
                }
            } while !queue.sleepIfEmpty()
        }
        onThreads(producerCount) { index in
            for number in 0..<parcelCount {
                let parcel = Parcel(producer: index, number: number)
                waitUntil {
                    guard
                        case .taken(let mustStart, _) = queue.put(
                            parcel,
                            waitsForRoom: producersWait
                        )
                    else { return false }
                    if mustStart { deciders.async { decide() } }
                    return true
                }
            }
        }
        done.wait()
        #expect(arrivals.withLock { $0.isInOrder })
        #expect(
            arrivals.withLock { $0.next } == Array(repeating: parcelCount, count: producerCount)
        )
        #expect(queue.isIdle)
    }

    @Test func whoMakesACrowdIsToldOnceWhereItIsAwaited() {
        let queue = Queue(bound: 9, crowdCount: 3) { $0.operationCount }
        func isTold(_ number: Int, operations: Int = 1) -> Bool {
            let parcel = parcel(number, operations: operations)
            guard case .taken(_, let isTold) = queue.put(parcel, waitsForRoom: false) else {
                return false
            }
            return isTold
        }
        #expect([isTold(0), isTold(1), isTold(2)] == [false, false, false])
        #expect(queue.awaitCrowd())
        #expect(queue.take(upTo: 9).count == 3)
        #expect(!queue.awaitCrowd())
        // It is no business of its own.
        #expect(queue.isIdle)
        #expect([isTold(3), isTold(4), isTold(5), isTold(6)] == [false, false, true, false])
        #expect(queue.take(upTo: 9).count == 4)
        #expect(!queue.awaitCrowd())
        #expect(isTold(7, operations: 5))
    }

    @Test("a crowd that is awaited is told of, however many come at once")
    func crowds() {
        let producerCount = 6
        let parcelCount = 20_000
        let queue = Queue(bound: 64, crowdCount: 5) { $0.operationCount }
        let arrivals = Mutex(Arrivals(next: Array(repeating: 0, count: producerCount)))
        let told = DispatchSemaphore(value: 0)
        let left = Atomic(producerCount)
        onThreads(producerCount + 1) { index in
            guard index < producerCount else {
                // Who is not told of a crowd, and is not the last, sleeps for ever.
                while arrivals.withLock({ $0.next.reduce(0, +) }) < producerCount * parcelCount {
                    if !queue.awaitCrowd(), left.load(ordering: .acquiring) > 0 { told.wait() }
                    let taken = queue.take(upTo: 64)
                    arrivals.withLock { arrivals in for parcel in taken { arrivals.take(parcel) } }
                }
                return
            }
            for number in 0..<parcelCount {
                let parcel = Parcel(producer: index, number: number)
                waitUntil {
                    guard case .taken(_, let isCrowd) = queue.put(parcel, waitsForRoom: false)
                    else { return false }
                    if isCrowd { told.signal() }
                    return true
                }
            }
            left.wrappingSubtract(1, ordering: .releasing)
            told.signal()
        }
        #expect(arrivals.withLock { $0.isInOrder })
        #expect(
            arrivals.withLock { $0.next } == Array(repeating: parcelCount, count: producerCount)
        )
        #expect(queue.isIdle)
    }

    @Test func theBoundIsOnOperations() {
        let queue = queue(bound: 10)
        #expect(queue.put(parcel(0, operations: 6), waitsForRoom: false) != .closed)
        #expect(
            queue.put(parcel(1, operations: 5), waitsForRoom: false) == .full(excessCount: 1)
        )
        #expect(
            queue.put(parcel(2, operations: 4), waitsForRoom: false)
                == .taken(mustStartDecider: false)
        )
        #expect(
            queue.put(parcel(3, operations: 0), waitsForRoom: false) == .full(excessCount: 1)
        )
        #expect(queue.take(upTo: 16).map(\.number) == [0, 2])
        #expect(queue.isIdle)
    }

    @Test func aSubmissionBeyondTheBoundWaitsForAnEmptyQueue() {
        let queue = queue(bound: 10)
        #expect(queue.put(parcel(0), waitsForRoom: false) == .taken(mustStartDecider: true))
        #expect(
            queue.put(parcel(1, operations: 25), waitsForRoom: false) == .full(excessCount: 1)
        )
        #expect(queue.take(upTo: 16).count == 1)
        #expect(
            queue.put(parcel(1, operations: 25), waitsForRoom: false)
                == .taken(mustStartDecider: false)
        )
        #expect(queue.put(parcel(2), waitsForRoom: false) == .full(excessCount: 1))
        #expect(queue.take(upTo: 16).map(\.number) == [1])
    }

    @Test func nobodyOvertakesTheLine() {
        let queue = queue(bound: 4)
        for number in 0..<4 { _ = queue.put(parcel(number), waitsForRoom: false) }
        // The first in line needs more room than there is at first.
        for (number, count) in [(4, 3), (5, 1), (6, 9)] {
            #expect(
                queue.put(parcel(number, operations: count), waitsForRoom: true)
                    == .taken(mustStartDecider: false)
            )
        }
        #expect(queue.take(upTo: 1).map(\.number) == [0])
        #expect(queue.put(parcel(9), waitsForRoom: false) == .full(excessCount: 8))
        #expect(queue.take(upTo: 2).map(\.number) == [1, 2])
        #expect(queue.take(upTo: 4).map(\.number) == [3, 4])
        #expect(queue.take(upTo: 4).map(\.number) == [5])
        #expect(queue.put(parcel(9), waitsForRoom: false) == .full(excessCount: 1))
        #expect(queue.take(upTo: 4).map(\.number) == [6])
        #expect(queue.put(parcel(9), waitsForRoom: false) == .taken(mustStartDecider: false))
    }

    @Test func aClosedQueueKeepsWhatItHas() {
        let queue = queue(bound: 2)
        for number in 0..<3 { _ = queue.put(parcel(number), waitsForRoom: true) }
        queue.close()
        #expect(queue.put(parcel(3), waitsForRoom: true) == .closed)
        #expect(queue.put(parcel(3), waitsForRoom: false) == .closed)
        #expect(
            queue.put(parcel(4), waitsForRoom: true, isTakenWhenClosed: true)
                == .taken(mustStartDecider: false)
        )
        #expect(!queue.isIdle)
        #expect(queue.take(upTo: 8).map(\.number) == [0, 1])
        #expect(queue.take(upTo: 8).map(\.number) == [2, 4])
        #expect(queue.isIdle)
    }

    @Test func howLongItTakesIsToldFromTheBatchesBefore() {
        let pace = BatchPace()
        #expect(pace.millisecondsToDecide(operationCount: 5) == 1)
        pace.began(operationCount: 1_000, at: 0)
        pace.began(operationCount: 1_000, at: 20_000)
        #expect(pace.millisecondsToDecide(operationCount: 1) == 20)
        #expect(pace.millisecondsToDecide(operationCount: 1_000) == 20)
        #expect(pace.millisecondsToDecide(operationCount: 2_500) == 60)
        // What lies between two crowds is not counted.
        pace.rest()
        pace.began(operationCount: 1_000, at: 9_000_000)
        #expect(pace.millisecondsToDecide(operationCount: 1) == 20)
        for batch in 1...60 {
            pace.began(operationCount: 1_000, at: 9_000_000 + Int64(batch) * 4_000)
        }
        #expect(pace.millisecondsToDecide(operationCount: 1) == 5)
    }
}
