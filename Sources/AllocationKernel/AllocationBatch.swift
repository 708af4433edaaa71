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
        /// Changes what a cell holds, and so every test at a later position.
        ///
        /// It must leave the cell in `0...maximumSum` of the table.
        case adjust(cell: CellIndex, by: Int64)
    }

    /// An item in 16 bytes.
    struct StoredItem: Sendable {
        let amount: Int64
        /// The route of a claim, the cell of an adjustment.
        let index: UInt32
        let isClaim: Bool
    }

    private(set) var items: [StoredItem] = []

    /// Makes an empty batch.
    public init() {}

    /// The number of items.
    public var count: Int { items.count }

    /// The item at a position, counted from 0.
    public subscript(position: Int) -> Item {
        let stored = items[position]
        return stored.isClaim
            ? .claim(route: RouteIndex(rawValue: stored.index), amount: stored.amount)
            : .adjust(cell: CellIndex(rawValue: stored.index), by: stored.amount)
    }

    /// Adds an item after those already there.
    ///
    /// Its indices are checked when the batch is decided.
    public mutating func append(_ item: Item) {
        switch item {
        case .claim(let route, let amount):
            precondition(amount >= 0, "the amount of a claim must not be negative")
            items.append(StoredItem(amount: amount, index: route.rawValue, isClaim: true))
        case .adjust(let cell, let change):
            items.append(StoredItem(amount: change, index: cell.rawValue, isClaim: false))
        }
    }

    /// Makes room for `count` items.
    public mutating func reserveCapacity(_ count: Int) { items.reserveCapacity(count) }

    /// Removes all items; with `keepCapacity` their memory stays.
    public mutating func removeAll(keepingCapacity keepCapacity: Bool = false) {
        items.removeAll(keepingCapacity: keepCapacity)
    }
}
