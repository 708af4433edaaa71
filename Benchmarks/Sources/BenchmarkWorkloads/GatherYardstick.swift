// SPDX-License-Identifier: Apache-2.0

/// Gathers the words that a workload's claims are tested against, in the order of the stream, and
/// copies as many bytes as a kernel writes: what deciding costs at least, without a decision.
///
/// For each item it reads the item, the record of its route, and the two cells of as many limits of it
/// as the oracle tested, and writes 32 bytes a test and 13 an item. Nothing is compared and no cell is
/// changed, so every item is independent of the others: it first reads the records of a window of
/// items and then their cells, each first by a loop that does nothing else, so that the memory always
/// has as many reads to do at once as the core can ask for.
public struct GatherYardstick: Sendable {
    /// The size of what is kept of a test in a result.
    public static let bytesPerTest = 32
    /// The size of what is kept of an item in a result, without its tests.
    public static let bytesPerOutcome = 13
    /// The size of an item in a batch.
    public static let bytesPerItem = 24

    private struct Pair {
        var used: UInt32
        var ceiling: UInt32

        init(used: UInt32, ceiling: UInt32) {
            self.used = used
            self.ceiling = ceiling
        }

        /// The cells of a limit.
        init(_ limit: WorkloadModel.Limit) {
            switch limit {
            case .amount(let used, let allowed):
                self.init(used: UInt32(used), ceiling: UInt32(allowed))
            case .share(let used, let base, _, _):
                self.init(used: UInt32(used), ceiling: UInt32(base))
            }
        }
    }

    private struct Item {
        var amount: Int64
        var index: UInt32
        /// How many of the route's tests are made.
        var testCount: UInt32
    }

    /// How many items are read ahead.
    private static let windowCount = 64

    private let cells: [Int64]
    /// The tests of all routes, each route's at a multiple of `stride`.
    private let pairs: [Pair]
    private let stride: Int
    private let items: [Item]
    private let batchCount: Int
    /// The tests of a window.
    private var window: [Pair]
    private var records: [Int64]
    private var outcomes: [UInt8]
    private var granted: [Int64]
    private var ends: [UInt32]

    /// Prepares the tables of a workload for batches of `batchCount` items.
    public init(_ workload: KernelWorkload, _ expected: ExpectedAnswers, batchCount: Int) {
        let model = workload.model
        // A power of two: no record lies in more cache lines than it has to.
        let most = model.routes.map { $0.reduce(0) { $0 + $1.limits.count } }.max() ?? 0
        let stride = most > 1 ? 1 << (Int.bitWidth - (most - 1).leadingZeroBitCount) : 1
        var pairs: [Pair] = []
        pairs.reserveCapacity(model.routes.count * stride)
        for (place, route) in model.routes.enumerated() {
            for limit in route.flatMap(\.limits) { pairs.append(Pair(model.limits[limit])) }
            while pairs.count < (place + 1) * stride { pairs.append(Pair(used: 0, ceiling: 0)) }
        }
        var mostInBatch = 1
        var inBatch = 0
        items = workload.items.enumerated().map { place, item in
            if place % batchCount == 0 { inBatch = 0 }
            let made = Int(expected.testCounts[place])
            inBatch += made
            mostInBatch = max(mostInBatch, inBatch)
            switch item {
            case .claim(let route, let amount):
                return Item(amount: amount, index: UInt32(route), testCount: UInt32(made))
            case .claimUpTo(let route, let unit, let count):
                return Item(amount: unit * count, index: UInt32(route), testCount: UInt32(made))
            case .adjust(_, let change):
                return Item(amount: change, index: 0, testCount: 0)
            }
        }
        cells = model.cells
        self.pairs = pairs
        self.stride = stride
        self.batchCount = batchCount
        window = [Pair](repeating: Pair(used: 0, ceiling: 0), count: Self.windowCount * stride + 1)
        records = [Int64](repeating: 0, count: mostInBatch * 4)
        outcomes = [UInt8](repeating: 0, count: batchCount)
        granted = [Int64](repeating: 0, count: batchCount)
        ends = [UInt32](repeating: 0, count: batchCount)
    }

    /// Goes through the whole stream; returns a word that depends on all that was read.
    public mutating func run() -> Int64 {
        var sum: Int64 = 0
        for first in Swift.stride(from: 0, to: items.count, by: batchCount) {
            sum &+= gather(first..<min(first + batchCount, items.count))
        }
        return sum
    }

    private mutating func gather(_ range: Range<Int>) -> Int64 {
        var sum: Int64 = 0
        var end = 0
        for first in Swift.stride(
            from: range.lowerBound,
            to: range.upperBound,
            by: Self.windowCount
        ) {
            let part = first..<min(first + Self.windowCount, range.upperBound)
            let count = readRecords(part)
            sum &+= readCells(count, writingAt: end)
            end = writeOutcomes(part, place: first - range.lowerBound, end: end)
        }
        return sum
    }

    /// Reads the records of a window's routes, and says how many tests they make.
    private mutating func readRecords(_ part: Range<Int>) -> Int {
        var count = 0
        // Safe: the buffers are lent for the length of the calls; an item names a route of the
        // table and makes no more tests than the stride, and a window has room for all of them.
        unsafe items.withUnsafeBufferPointer { items in
            unsafe pairs.withUnsafeBufferPointer { pairs in
                unsafe window.withUnsafeMutableBufferPointer { window in
                    var touched: UInt32 = 0
                    for number in part {
                        let item = unsafe items[number]
                        unsafe touched &+= pairs[Int(item.index) &* stride].used
                    }
                    // What was touched is used, or reading it could be left out.
                    unsafe window[window.count &- 1].used = touched
                    for number in part {
                        let item = unsafe items[number]
                        let start = Int(item.index) &* stride
                        for offset in 0..<Int(item.testCount) {
                            unsafe window[count] = unsafe pairs[start &+ offset]
                            count &+= 1
                        }
                    }
                }
            }
        }
        return count
    }

    /// Writes what is kept of a window's items beside their tests; says where their tests end.
    private mutating func writeOutcomes(_ part: Range<Int>, place: Int, end: Int) -> Int {
        var end = end
        // Safe: as above; the places of a batch's items lie in these buffers.
        unsafe items.withUnsafeBufferPointer { items in
            unsafe outcomes.withUnsafeMutableBufferPointer { outcomes in
                unsafe granted.withUnsafeMutableBufferPointer { granted in
                    unsafe ends.withUnsafeMutableBufferPointer { ends in
                        for offset in 0..<part.count {
                            let item = unsafe items[part.lowerBound &+ offset]
                            end &+= Int(item.testCount) &* 4
                            unsafe outcomes[place &+ offset] = UInt8(
                                truncatingIfNeeded: item.testCount
                            )
                            unsafe granted[place &+ offset] = item.amount
                            unsafe ends[place &+ offset] = UInt32(truncatingIfNeeded: end)
                        }
                    }
                }
            }
        }
        return end
    }

    /// Reads the cells of a window's tests and writes a record for each.
    private mutating func readCells(_ count: Int, writingAt place: Int) -> Int64 {
        var sum: Int64 = 0
        // Safe: as above; `init` counted the records of the largest batch.
        unsafe cells.withUnsafeBufferPointer { cells in
            unsafe window.withUnsafeBufferPointer { window in
                unsafe records.withUnsafeMutableBufferPointer { records in
                    for number in 0..<count {
                        unsafe sum &+= cells[Int(window[number].used)]
                    }
                    for number in 0..<count {
                        let pair = unsafe window[number]
                        let used = unsafe cells[Int(pair.used)]
                        let ceiling = unsafe cells[Int(pair.ceiling)]
                        let start = place &+ number &* 4
                        unsafe records[start] = Int64(pair.used)
                        unsafe records[start &+ 1] = used
                        unsafe records[start &+ 2] = ceiling
                        unsafe records[start &+ 3] = 0
                        sum &+= ceiling
                    }
                }
            }
        }
        return sum
    }
}
