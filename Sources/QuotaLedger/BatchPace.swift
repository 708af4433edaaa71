// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How long a batch takes from one to the next while there is always more to decide, and so when
/// there will be room again.
///
/// It knows no clock: the decider tells it when batches begin. Anyone may ask.
package struct BatchPace: ~Copyable, Sendable {
    /// What a batch takes, in two halves of a word: microseconds, and operations.
    private let smoothed = Atomic<UInt64>(0)
    /// When the newest batch began, and of how many operations; negative when nothing went before.
    private let newestBegan = Atomic<Int64>(-1)
    private let newestCount = Atomic<Int>(0)

    /// Until a batch is measured: what one commit takes.
    private static let firstMicroseconds: UInt64 = 1_000
    /// A new batch counts for one part in so many.
    private static let smoothing: UInt64 = 4

    /// Makes a pace of which nothing is measured yet.
    package init() {}

    /// A batch begins, at a time since any fixed moment; for the decider only.
    package func began(operationCount: Int, at microseconds: Int64) {
        // Relaxed, here and in `rest`: the decider's own, passed on with the duty.
        let before = newestBegan.load(ordering: .relaxed)
        if before >= 0 {
            record(
                operationCount: newestCount.load(ordering: .relaxed),
                microseconds: microseconds - before
            )
        }
        newestBegan.store(microseconds, ordering: .relaxed)
        newestCount.store(operationCount, ordering: .relaxed)
    }

    /// Nothing is left to decide: how long it takes until the next batch tells nothing.
    package func rest() { newestBegan.store(-1, ordering: .relaxed) }

    private func record(operationCount: Int, microseconds: Int64) {
        let newCount = UInt64(clamping: max(1, operationCount))
        let newTime = UInt64(clamping: max(1, microseconds))
        // Relaxed, here and below: one thread writes, and no other word depends on this one.
        let (time, count) = Self.halves(smoothed.load(ordering: .relaxed))
        let isFirst = count == 0
        let smoothTime = isFirst ? newTime : Self.mean(time, newTime)
        let smoothCount = isFirst ? newCount : Self.mean(count, newCount)
        smoothed.store(
            UInt64(UInt32(clamping: smoothTime)) << 32 | UInt64(UInt32(clamping: smoothCount)),
            ordering: .relaxed
        )
    }

    /// After how long so many operations will have been decided, in milliseconds: whole batches, and
    /// at least 1.
    package func millisecondsToDecide(operationCount: Int) -> Int {
        let (time, count) = Self.halves(smoothed.load(ordering: .relaxed))
        let operations = UInt64(clamping: max(1, operationCount))
        let batchCount = count == 0 ? 1 : (operations + count - 1) / count
        let perBatch = count == 0 ? Self.firstMicroseconds : time
        let (total, overflow) = batchCount.multipliedReportingOverflow(by: perBatch)
        return overflow
            ? .max : Int(clamping: max(1, (total / 1_000) + (total % 1_000 > 0 ? 1 : 0)))
    }

    private static func mean(_ old: UInt64, _ new: UInt64) -> UInt64 {
        (old * (smoothing - 1) + min(new, UInt64(UInt32.max)) + smoothing - 1) / smoothing
    }

    private static func halves(_ word: UInt64) -> (microseconds: UInt64, operations: UInt64) {
        (word >> 32, word & UInt64(UInt32.max))
    }
}
