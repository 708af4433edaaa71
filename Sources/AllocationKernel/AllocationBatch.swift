// SPDX-License-Identifier: Apache-2.0

/// Claims and adjustments in the order in which they are to be decided.
///
/// A buffer that its owner fills, has decided by ``AllocationTable/decide(_:into:)``, empties and
/// fills again: once it has grown to the usual size, nothing is allocated.
///
/// One owner at a time may change a batch; it can be handed from thread to thread.
public struct AllocationBatch: ~Copyable, Sendable {
    /// One item of a batch.
    public enum Item: Hashable, Sendable {
        /// Asks for an amount, 0 or more, on a route.
        case claim(route: RouteIndex, amount: Int64)
        /// Asks for as many whole units, 1 or more in size, as an alternative of a route can take,
        /// but at most `count`, 0 or more.
        case claimUpTo(route: RouteIndex, unit: Int64, count: Int64)
        /// Changes what a cell holds, and so every test at a later position.
        ///
        /// It must leave the cell in `0...maximumSum` of the table.
        case adjust(cell: CellIndex, by: Int64)
    }

    /// An item in 24 bytes.
    struct StoredItem: BitwiseCopyable, Sendable {
        /// What is asked, of an adjustment the change.
        let amount: Int64
        /// The size of a unit of a claim "up to"; 0 of a plain claim, -1 of an adjustment.
        let unit: Int64
        /// The route of a claim, the cell of an adjustment.
        let index: UInt32

        static let adjustmentMark: Int64 = -1

        @inline(__always)
        var isAdjustment: Bool { unit < 0 }

        /// How much of a claim "up to" fits some room.
        @inline(__always)
        func wholeUnits(in room: Int64) -> Int64 {
            let most = min(room, amount)
            return most - most % unit
        }
    }

    private(set) var items = AlignedBuffer<StoredItem>()

    /// Makes an empty batch.
    public init() {}

    /// The number of items.
    public var count: Int { items.count }

    /// The item at a position, counted from 0.
    public subscript(position: Int) -> Item {
        let stored = items[position]
        if stored.isAdjustment {
            return .adjust(cell: CellIndex(rawValue: stored.index), by: stored.amount)
        }
        let route = RouteIndex(rawValue: stored.index)
        guard stored.unit > 0 else { return .claim(route: route, amount: stored.amount) }
        return .claimUpTo(route: route, unit: stored.unit, count: stored.amount / stored.unit)
    }

    /// Adds an item after those already there.
    ///
    /// Its indices are checked when the batch is decided.
    public mutating func append(_ item: Item) {
        switch item {
        case .claim(let route, let amount):
            precondition(amount >= 0, "the amount of a claim must not be negative")
            items.append(StoredItem(amount: amount, unit: 0, index: route.rawValue))
        case .claimUpTo(let route, let unit, let count):
            precondition(unit >= 1, "a unit must have a size")
            precondition(count >= 0, "the number of units must not be negative")
            let (amount, overflow) = unit.multipliedReportingOverflow(by: count)
            precondition(!overflow, "all units together must fit 64 bits")
            items.append(StoredItem(amount: amount, unit: unit, index: route.rawValue))
        case .adjust(let cell, let change):
            items.append(
                StoredItem(
                    amount: change,
                    unit: StoredItem.adjustmentMark,
                    index: cell.rawValue
                )
            )
        }
    }

    /// Makes room for `count` items.
    public mutating func reserveCapacity(_ count: Int) { items.reserve(count) }

    /// Removes all items; with `keepCapacity` their memory stays.
    public mutating func removeAll(keepingCapacity keepCapacity: Bool = false) {
        if keepCapacity { items.removeAll() } else { items = AlignedBuffer() }
    }
}
