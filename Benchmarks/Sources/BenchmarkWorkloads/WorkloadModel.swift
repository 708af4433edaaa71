// SPDX-License-Identifier: Apache-2.0

/// Cells, limits and routes in plain words, without the kernel's types: what a workload is decided
/// against, by whoever decides it.
///
/// Indices count from 0 in the order in which things were added. It means what
/// `AllocationTable` means: ``PlainEvaluator`` says it in code.
public struct WorkloadModel: Sendable {
    /// What a claim is tested against.
    public enum Limit: Hashable, Sendable {
        /// `used + amount <= allowed`, each held by a cell.
        case amount(used: Int, allowed: Int)
        /// `(used + amount) * denominator <= numerator * base`.
        case share(used: Int, base: Int, numerator: Int64, denominator: Int64)
    }

    /// One way to grant a claim: all of its limits must hold.
    public struct Alternative: Hashable, Sendable {
        /// The limits, at most four.
        public var limits: [Int]
        /// The cells to which a grant adds the amount, at most eight.
        public var charges: [Int]
        /// The largest claim to which it is open.
        public var maximumAmount: Int64

        /// Makes an alternative.
        public init(limits: [Int], charges: [Int], maximumAmount: Int64 = .max) {
            self.limits = limits
            self.charges = charges
            self.maximumAmount = maximumAmount
        }
    }

    /// What each cell holds before the first item.
    public internal(set) var cells: [Int64] = []
    /// The limits.
    public internal(set) var limits: [Limit] = []
    /// The routes: each a list of alternatives, tried in order, at most four.
    public internal(set) var routes: [[Alternative]] = []

    /// The most that a cell may hold, as in the ledger: 2^62.
    public static let maximumSum: Int64 = 1 << 62

    /// Makes an empty model.
    public init() {}

    /// Adds a cell that holds `value`.
    public mutating func addCell(_ value: Int64) -> Int {
        cells.append(value)
        return cells.count - 1
    }

    /// Adds a limit.
    public mutating func addLimit(_ limit: Limit) -> Int {
        limits.append(limit)
        return limits.count - 1
    }

    /// Adds a route.
    public mutating func addRoute(_ alternatives: [Alternative]) -> Int {
        routes.append(alternatives)
        return routes.count - 1
    }

    /// Adds a limit of an amount with cells of its own.
    public mutating func addCap(_ allowed: Int64) -> Cap {
        let used = addCell(0)
        let ceiling = addCell(allowed)
        return Cap(
            limit: addLimit(.amount(used: used, allowed: ceiling)),
            used: used,
            allowed: ceiling
        )
    }

    /// Changes what a cell holds before the first item.
    public mutating func setCell(_ cell: Int, to value: Int64) { cells[cell] = value }
}

/// A limit of an amount and its two cells.
public struct Cap: Hashable, Sendable {
    /// The limit.
    public var limit: Int
    /// The cell of what is used.
    public var used: Int
    /// The cell of what is allowed.
    public var allowed: Int

    /// Names a limit and its cells.
    public init(limit: Int, used: Int, allowed: Int) {
        self.limit = limit
        self.used = used
        self.allowed = allowed
    }
}

/// One item of a stream, in plain words.
public enum WorkloadItem: Hashable, Sendable {
    /// Asks for an amount on a route.
    case claim(route: Int32, amount: Int64)
    /// Asks for as many whole units as an alternative can take, at most `count`.
    case claimUpTo(route: Int32, unit: Int64, count: Int64)
    /// Changes what a cell holds: frees, ships, attests.
    case adjust(cell: Int32, by: Int64)

    /// Whether it asks for something.
    public var isClaim: Bool {
        if case .adjust = self { return false }
        return true
    }
}
