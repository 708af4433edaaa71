// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import BenchmarkSupport
import BenchmarkWorkloads
import Synchronization

/// Amounts and limits to check, in the order in which a workload's claims name them.
final class CheckList: Sendable {
    /// How many different checks are made over and over: a power of two.
    private static let count = 65_536

    private let amounts: [Int64]
    /// The limits of all checks, `limitsPerCheck` each.
    private let limits: [LimitIndex]
    private let limitsPerCheck: Int
    /// What the checks found, so that none can be left out.
    private let fitCount = Atomic<Int>(0)
    private let nanoseconds = Atomic<Int>(0)

    init(_ workload: KernelWorkload, isOneLimit: Bool) {
        var amounts: [Int64] = []
        var limits: [LimitIndex] = []
        var width = 1
        for item in workload.items {
            guard case .claim(let route, let amount) = item, amounts.count < Self.count else {
                continue
            }
            let tested =
                isOneLimit
                ? [workload.markedLimits[0]] : workload.model.routes[Int(route)][0].limits
            width = tested.count
            amounts.append(amount)
            limits += tested.map { workload.kernelLimit($0) }
        }
        // A short stream is repeated.
        let found = amounts.count
        while amounts.count < Self.count {
            let place = amounts.count % found
            amounts.append(amounts[place])
            limits += limits[place * width..<(place + 1) * width]
        }
        self.amounts = amounts
        self.limits = limits
        limitsPerCheck = width
    }

    /// How long the threads that checked have been on cores for it, since it was asked last.
    func takeNanoseconds() -> Int { nanoseconds.exchange(0, ordering: .acquiring) }

    /// Makes so many checks, beginning at a place of the reader's own.
    func run(_ checkCount: Int, on board: LimitBoard, from reader: Int) {
        let before = ThreadUsage.ownNanoseconds()
        // Releasing: pairs with the exchange in `takeNanoseconds`.
        defer {
            nanoseconds.wrappingAdd(
                Int(ThreadUsage.ownNanoseconds() - before),
                ordering: .releasing
            )
        }
        let start = reader * 7_919
        let found =
            switch limitsPerCheck {
            case 1: one(checkCount, board, start)
            case 2: two(checkCount, board, start)
            default: three(checkCount, board, start)
            }
        // Relaxed: nobody reads it before the threads have met.
        fitCount.wrappingAdd(found, ordering: .relaxed)
    }

    private func one(_ checkCount: Int, _ board: LimitBoard, _ start: Int) -> Int {
        var found = 0
        let limit = limits[0]
        for turn in start..<start + checkCount {
            if board.holds(amounts[turn & (Self.count - 1)], limit) { found &+= 1 }
        }
        return found
    }

    private func two(_ checkCount: Int, _ board: LimitBoard, _ start: Int) -> Int {
        var found = 0
        for turn in start..<start + checkCount {
            let place = turn & (Self.count - 1)
            let amount = amounts[place]
            if board.holds(amount, limits[place * 2]), board.holds(amount, limits[place * 2 + 1]) {
                found &+= 1
            }
        }
        return found
    }

    private func three(_ checkCount: Int, _ board: LimitBoard, _ start: Int) -> Int {
        var found = 0
        for turn in start..<start + checkCount {
            let place = turn & (Self.count - 1)
            let amount = amounts[place]
            if board.holds(amount, limits[place * 3]), board.holds(amount, limits[place * 3 + 1]),
                board.holds(amount, limits[place * 3 + 2])
            {
                found &+= 1
            }
        }
        return found
    }
}
