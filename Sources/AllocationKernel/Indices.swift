// SPDX-License-Identifier: Apache-2.0

/// The place of a cell in an ``AllocationTable``.
public struct CellIndex: Hashable, BitwiseCopyable, Sendable {
    /// The number of cells added before it.
    public let rawValue: UInt32

    /// Makes an index; the table checks it wherever it is used.
    public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// The place of a limit in an ``AllocationTable``.
public struct LimitIndex: Hashable, BitwiseCopyable, Sendable {
    /// The number of limits added before it.
    public let rawValue: UInt32

    /// Makes an index; the table checks it wherever it is used.
    public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// The place of a route in an ``AllocationTable``, until the table's routes are removed.
public struct RouteIndex: Hashable, BitwiseCopyable, Sendable {
    /// Where its record begins; not a count of routes.
    public let rawValue: UInt32

    /// Makes an index; the table checks it wherever it is used.
    public init(rawValue: UInt32) { self.rawValue = rawValue }
}
