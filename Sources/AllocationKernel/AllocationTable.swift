// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// The cells, limits and routes against which batches are decided.
///
/// A **cell** is a word that holds an amount: what is used of something, what is allowed, or a
/// base. A **limit** compares cells. A **route** says which limits a claim has to keep and which
/// cells it charges. The table knows no rule, no name and no time.
///
/// Every cell lies in `0...maximumSum` at all times, so no addition here can wrap.
///
/// One owner at a time may change a table; it can be handed from thread to thread. Nothing blocks.
public struct AllocationTable: ~Copyable, Sendable {
    /// The most that a cell may hold.
    public let maximumSum: Int64

    var cells = AlignedBuffer<Int64>()
    var limits = AlignedBuffer<StoredLimit>()
    var routes = RouteStorage()
    var experience = Experience()
    /// For each window of a batch that a team decides, what a worker tells whoever settles it.
    var preparedWindows = AlignedBuffer<Int32>()
    var dependents = LimitDependents()

    /// Makes an empty table.
    ///
    /// - Parameter maximumSum: the most that a cell may hold, in `0...2^62`.
    public init(maximumSum: Int64 = TPP.maximumSum.rawValue) {
        precondition(
            0 <= maximumSum && maximumSum <= TPP.maximumSum.rawValue,
            "the maximum sum must lie in 0...2^62"
        )
        self.maximumSum = maximumSum
    }
}

// MARK: - Cells

extension AllocationTable {
    /// The number of cells.
    public var cellCount: Int { cells.count }

    /// Adds a cell that holds `value`, which must lie in `0...maximumSum`.
    public mutating func addCell(_ value: Int64) -> CellIndex {
        requireCellValue(value)
        precondition(cells.count < RouteRecord.cellMask, "a table must have fewer than 2^27 cells")
        cells.append(value)
        return CellIndex(rawValue: UInt32(cells.count - 1))
    }

    /// What a cell holds.
    public func value(of cell: CellIndex) -> Int64 {
        requireCell(cell)
        return cells[Int(cell.rawValue)]
    }

    /// Makes a cell hold `value`, which must lie in `0...maximumSum`.
    ///
    /// Between batches any cell may rise or fall, a limit also below what is used of it.
    public mutating func setValue(_ value: Int64, of cell: CellIndex) {
        requireCell(cell)
        requireCellValue(value)
        cells[Int(cell.rawValue)] = value
    }

    /// What every cell holds, in the order in which the cells were added.
    ///
    /// O(cells). For tests and comparisons.
    public func snapshot() -> [Int64] { cells.copied() }

    /// A number that two tables share whose cells hold the same, and hardly ever others.
    ///
    /// It is the same in every process. O(cells). It resists accidents, not adversaries.
    public func digest() -> UInt64 {
        // The finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), chained over the cells.
        var digest = UInt64(cells.count)
        for place in 0..<cells.count {
            let value = cells[place]
            var mixed = (digest ^ value.magnitude) &+ 0x9E37_79B9_7F4A_7C15
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            digest = mixed ^ (mixed >> 31)
        }
        return digest
    }
}

// MARK: - Limits

extension AllocationTable {
    /// What a claim is tested against.
    public enum Limit: Hashable, Sendable {
        /// Holds for a claim when what is used and the amount together are at most what `allowed`
        /// holds.
        case amount(used: CellIndex, allowed: CellIndex)
        /// Holds for a claim when what is used and the amount together, times the denominator, are
        /// at most the numerator times what `base` holds.
        ///
        /// The numerator must not be negative; the denominator must be positive.
        case share(used: CellIndex, base: CellIndex, numerator: Int64, denominator: Int64)
    }

    /// The number of limits.
    public var limitCount: Int { limits.count }

    /// Adds a limit over cells of this table.
    public mutating func addLimit(_ limit: Limit) -> LimitIndex {
        switch limit {
        case .amount(let used, let allowed):
            requireCell(used)
            requireCell(allowed)
        case .share(let used, let base, let numerator, let denominator):
            requireCell(used)
            requireCell(base)
            precondition(numerator >= 0, "the numerator of a share must not be negative")
            precondition(denominator > 0, "the denominator of a share must be positive")
        }
        let stored = StoredLimit(limit)
        limits.append(stored)
        dependents.add(stored, cellCount: cells.count)
        return LimitIndex(rawValue: UInt32(limits.count - 1))
    }
}

// MARK: - Routes

extension AllocationTable {
    /// The most alternatives that a route may have.
    public static var maximumAlternativesPerRoute: Int { 4 }
    /// The most limits that an alternative may test.
    public static var maximumLimitsPerAlternative: Int { 4 }
    /// The most cells that an alternative may charge.
    public static var maximumChargesPerAlternative: Int { 8 }

    /// One way to grant a claim: all of its limits must hold.
    public struct Alternative: Hashable, Sendable {
        /// The limits tested, in order; at most four.
        public var limits: [LimitIndex]
        /// The cells to which a grant adds the amount: at most eight, each named once.
        public var charges: [CellIndex]
        /// The largest claim to which this alternative is open; larger ones pass it by untested.
        public var maximumAmount: Int64

        /// Makes an alternative; without limits it always holds.
        public init(
            limits: [LimitIndex] = [],
            charges: [CellIndex] = [],
            maximumAmount: Int64 = .max
        ) {
            self.limits = limits
            self.charges = charges
            self.maximumAmount = maximumAmount
        }
    }

    /// The number of routes.
    public var routeCount: Int { routes.count }

    /// Adds a route: the alternatives in the order in which a claim tries them, at most four.
    ///
    /// A route without alternatives refuses every claim.
    public mutating func addRoute(_ alternatives: [Alternative]) -> RouteIndex {
        precondition(
            alternatives.count <= Self.maximumAlternativesPerRoute,
            "a route must have at most 4 alternatives"
        )
        for alternative in alternatives { requireAlternative(alternative) }
        return routes.add(alternatives, limits: limits)
    }

    /// Removes all routes, and keeps cells and limits.
    ///
    /// Every route index handed out before is void; no batch that holds one may be decided.
    public mutating func removeAllRoutes() { routes.removeAll() }
}

// MARK: - What must hold

extension AllocationTable {
    private func requireCell(_ cell: CellIndex) {
        precondition(Int(cell.rawValue) < cells.count, "a cell must be one of the table")
    }

    private func requireCellValue(_ value: Int64) {
        precondition(value >= 0, "a cell must not fall below 0")
        precondition(value <= maximumSum, "a cell must not rise above the maximum sum")
    }

    private func requireAlternative(_ alternative: Alternative) {
        precondition(
            alternative.limits.count <= Self.maximumLimitsPerAlternative,
            "an alternative must test at most 4 limits"
        )
        precondition(
            alternative.charges.count <= Self.maximumChargesPerAlternative,
            "an alternative must charge at most 8 cells"
        )
        precondition(
            alternative.maximumAmount >= 0,
            "the maximum amount of an alternative must not be negative"
        )
        for limit in alternative.limits {
            precondition(Int(limit.rawValue) < limits.count, "a limit must be one of the table")
        }
        for (place, cell) in alternative.charges.enumerated() {
            requireCell(cell)
            precondition(
                !alternative.charges[..<place].contains(cell),
                "an alternative must charge a cell only once"
            )
        }
    }
}
