// SPDX-License-Identifier: Apache-2.0

/// Gathers the words that a workload's claims are tested against, in the order of the stream, and
/// copies as many bytes as a kernel writes: what deciding costs at least, without a decision.
///
/// For each item it reads the item, looks up its route, reads the two cells of each limit that the
/// oracle tested, and writes 32 bytes a test and 13 an item. Nothing is compared and no cell is
/// changed, so every item is independent of the others.
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
    }

    private struct Item {
        var amount: Int64
        var index: UInt32
        /// How many of the route's tests are made.
        var testCount: UInt32
    }

    private let cells: [Int64]
    /// Where the tests of each route begin.
    private let routeStarts: [UInt32]
    private let pairs: [Pair]
    private let items: [Item]
    private var records: [Int64]
    private var outcomes: [UInt8]
    private var granted: [Int64]
    private var ends: [UInt32]
    private let batchCount: Int

    /// Prepares the tables of a workload for batches of `batchCount` items.
    public init(_ workload: KernelWorkload, _ expected: ExpectedAnswers, batchCount: Int) {
        let model = workload.model
        cells = model.cells
        var starts: [UInt32] = []
        var pairs: [Pair] = []
        for route in model.routes {
            starts.append(UInt32(pairs.count))
            for limit in route.flatMap(\.limits) {
                switch model.limits[limit] {
                case .amount(let used, let allowed):
                    pairs.append(Pair(used: UInt32(used), ceiling: UInt32(allowed)))
                case .share(let used, let base, _, _):
                    pairs.append(Pair(used: UInt32(used), ceiling: UInt32(base)))
                }
            }
        }
        routeStarts = starts
        self.pairs = pairs
        var most = 1
        var inBatch = 0
        items = workload.items.enumerated().map { place, item in
            if place % batchCount == 0 { inBatch = 0 }
            let made = Self.testCount(of: item, code: expected.codes[place], model)
            inBatch += made
            most = max(most, inBatch)
            switch item {
            case .claim(let route, let amount):
                return Item(amount: amount, index: UInt32(route), testCount: UInt32(made))
            case .claimUpTo(let route, let unit, let count):
                return Item(amount: unit * count, index: UInt32(route), testCount: UInt32(made))
            case .adjust(_, let change):
                return Item(amount: change, index: 0, testCount: 0)
            }
        }
        records = [Int64](repeating: 0, count: most * 4)
        outcomes = [UInt8](repeating: 0, count: batchCount)
        granted = [Int64](repeating: 0, count: batchCount)
        ends = [UInt32](repeating: 0, count: batchCount)
        self.batchCount = batchCount
    }

    /// Goes through the whole stream; returns a word that depends on all that was read.
    public mutating func run() -> Int64 {
        var sum: Int64 = 0
        for first in stride(from: 0, to: items.count, by: batchCount) {
            sum &+= gather(first..<min(first + batchCount, items.count))
        }
        return sum
    }

    /// How many limits an item tests: those of the alternatives it reaches, as far as the amount
    /// opens them.
    private static func testCount(
        of item: WorkloadItem,
        code: UInt8,
        _ model: WorkloadModel
    ) -> Int {
        let route: Int
        switch item {
        case .claim(let index, _), .claimUpTo(let index, _, _): route = Int(index)
        case .adjust: return 0
        }
        let alternatives = model.routes[route]
        let reached: ArraySlice<WorkloadModel.Alternative>
        switch PlainOutcome(code: code) {
        case .taken(let place): reached = alternatives[...place]
        default: reached = alternatives[...]
        }
        return reached.reduce(0) { $0 + $1.limits.count }
    }

    private mutating func gather(_ range: Range<Int>) -> Int64 {
        var sum: Int64 = 0
        // Safe: the buffers are lent for the length of the calls; the places of tests are those
        // that `init` counted, and an outcome of each item has room.
        unsafe items.withUnsafeBufferPointer { items in
            unsafe cells.withUnsafeBufferPointer { cells in
                unsafe pairs.withUnsafeBufferPointer { pairs in
                    unsafe routeStarts.withUnsafeBufferPointer { starts in
                        unsafe records.withUnsafeMutableBufferPointer { records in
                            var end = 0
                            for (place, number) in range.enumerated() {
                                let item = unsafe items[number]
                                let start = unsafe Int(starts[Int(item.index)])
                                for offset in 0..<Int(item.testCount) {
                                    let pair = unsafe pairs[start &+ offset]
                                    let used = unsafe cells[Int(pair.used)]
                                    let ceiling = unsafe cells[Int(pair.ceiling)]
                                    unsafe records[end] = Int64(pair.used)
                                    unsafe records[end &+ 1] = used
                                    unsafe records[end &+ 2] = ceiling
                                    unsafe records[end &+ 3] = 0
                                    end &+= 4
                                    sum &+= used &+ ceiling
                                }
                                outcomes[place] = UInt8(truncatingIfNeeded: item.testCount)
                                granted[place] = item.amount
                                ends[place] = UInt32(truncatingIfNeeded: end)
                            }
                        }
                    }
                }
            }
        }
        return sum
    }
}
