// SPDX-License-Identifier: Apache-2.0

public import AllocationKernel
public import BenchmarkSupport

/// A workload in the kernel's own types.
extension KernelWorkload {
    /// A table with the workload's cells, limits and routes.
    public func makeTable() -> AllocationTable {
        var table = AllocationTable(maximumSum: WorkloadModel.maximumSum)
        for value in model.cells { _ = table.addCell(value) }
        for limit in model.limits {
            switch limit {
            case .amount(let used, let allowed):
                _ = table.addLimit(.amount(used: cell(used), allowed: cell(allowed)))
            case .share(let used, let base, let numerator, let denominator):
                _ = table.addLimit(
                    .share(
                        used: cell(used),
                        base: cell(base),
                        numerator: numerator,
                        denominator: denominator
                    )
                )
            }
        }
        for route in model.routes {
            _ = table.addRoute(
                route.map { alternative in
                    AllocationTable.Alternative(
                        limits: alternative.limits.map { LimitIndex(rawValue: UInt32($0)) },
                        charges: alternative.charges.map(cell),
                        maximumAmount: alternative.maximumAmount
                    )
                }
            )
        }
        return table
    }

    /// Makes every cell hold again what it held before the first item.
    public func reset(_ table: inout AllocationTable) {
        for (place, value) in model.cells.enumerated() { table.setValue(value, of: cell(place)) }
    }

    /// Adds the items of a range to a batch.
    public func append(_ range: Range<Int>, to batch: inout AllocationBatch) {
        batch.reserveCapacity(batch.count + range.count)
        for item in items[range] { batch.append(Self.kernelItem(item)) }
    }

    /// The whole stream in batches of `count` items, the last perhaps smaller.
    public func batches(of count: Int) -> [PreparedBatch] {
        precondition(count > 0, "a batch has an item")
        return stride(from: 0, to: items.count, by: count).map { first in
            var batch = AllocationBatch()
            append(first..<min(first + count, items.count), to: &batch)
            return PreparedBatch(first: first, batch)
        }
    }

    private func cell(_ place: Int) -> CellIndex { CellIndex(rawValue: UInt32(place)) }

    private static func kernelItem(_ item: WorkloadItem) -> AllocationBatch.Item {
        switch item {
        case .claim(let route, let amount):
            .claim(route: RouteIndex(rawValue: UInt32(route)), amount: amount)
        case .claimUpTo(let route, let unit, let count):
            .claimUpTo(route: RouteIndex(rawValue: UInt32(route)), unit: unit, count: count)
        case .adjust(let cell, let change):
            .adjust(cell: CellIndex(rawValue: UInt32(cell)), by: change)
        }
    }
}

/// A batch that is ready to be decided, and where it lies in its stream.
public final class PreparedBatch: Sendable {
    /// The position of its first item.
    public let first: Int
    /// The items.
    public let batch: AllocationBatch

    /// Keeps a batch.
    public init(first: Int, _ batch: consuming AllocationBatch) {
        self.first = first
        self.batch = batch
    }
}

/// Holds what a kernel answers against the oracle.
public struct AnswerCheck: Sendable {
    private let expected: ExpectedAnswers
    private var position = 0
    /// The digest of the answers so far.
    public private(set) var digest = DecisionDigest()
    /// The differences so far.
    public private(set) var correctness = Correctness()

    /// Begins in front of the first item.
    public init(_ expected: ExpectedAnswers) { self.expected = expected }

    /// Takes in the answers to the next items.
    public mutating func add(_ result: borrowing AllocationResult) {
        for place in 0..<result.count {
            for index in result.testRange(at: place) {
                let test = result.test(at: index)
                digest.addTest(
                    limit: test.limit.rawValue,
                    alternative: test.alternative,
                    used: test.used,
                    allowed: test.allowed,
                    base: test.base
                )
            }
            let code: UInt8 =
                switch result.outcome(at: place) {
                case .taken(let alternative): UInt8(alternative)
                case .refused: PlainOutcome.refused.code
                case .overflow: PlainOutcome.overflow.code
                case .adjusted: PlainOutcome.adjusted.code
                }
            let granted = result.granted(at: place)
            digest.addOutcome(code: code, granted: granted)
            expected.compare(code: code, granted: granted, at: position, into: &correctness)
            position += 1
        }
    }

    /// Counts what differs in the end: cells, and records of tests.
    public mutating func finish(_ table: borrowing AllocationTable) {
        precondition(position == expected.count, "every item must be answered")
        let cells = table.snapshot()
        for (place, value) in expected.cells.enumerated() where cells[place] != value {
            correctness.otherDifferenceCount += 1
        }
        if digest != expected.digest { correctness.otherDifferenceCount += 1 }
    }
}
