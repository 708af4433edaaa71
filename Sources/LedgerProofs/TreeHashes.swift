// SPDX-License-Identifier: Apache-2.0
public import EntryLog

/// Where the roots of the perfect subtrees of a log's tree come from.
///
/// For one thread at a time. What it gives need not be trusted: a proof that is made of it is
/// checked against a root before it is used.
public protocol TreeHashes {
    /// What can go wrong.
    associatedtype Failure: Error

    /// The root of the subtree over the leaves from `index` times 2^`level` on, 2^`level` of them.
    ///
    /// All of these leaves must be in the log.
    mutating func hash(level: Int, index: UInt64) throws(Failure) -> LedgerHash
}

extension TreeHashes {
    /// The root of the tree over the first entries (RFC 9162, section 2.1.1).
    ///
    /// At most 64 hashes are asked for.
    public mutating func root(size: UInt64) throws(Failure) -> LedgerHash {
        size == 0 ? MerkleFrontier().root : try root(of: 0..<size)
    }

    /// The root of the tree over a range that is not empty and begins at a multiple of the power of
    /// two that is not below its length.
    mutating func root(of range: Range<UInt64>) throws(Failure) -> LedgerHash {
        let count = range.upperBound - range.lowerBound
        guard count & (count - 1) != 0 else {
            let level = count.trailingZeroBitCount
            return try hash(level: level, index: range.lowerBound >> UInt64(level))
        }
        let middle = range.lowerBound + TreeShape.split(of: count)
        let left = try root(of: range.lowerBound..<middle)
        let right = try root(of: middle..<range.upperBound)
        return MerkleFrontier.node(left, right)
    }
}

/// How a tree over any number of leaves is divided.
enum TreeShape {
    /// How many leaves the left subtree has: the largest power of two below the count, which is at
    /// least 2.
    static func split(of count: UInt64) -> UInt64 {
        precondition(count >= 2, "a single leaf is not divided")
        return 1 << UInt64(63 - (count - 1).leadingZeroBitCount)
    }
}

/// The hashes of a tree in memory: every perfect subtree of leaves that are known.
///
/// 64 bytes a leaf. A value of its own.
public struct TreeHashesInMemory: TreeHashes, Sendable {
    /// It can not fail.
    public typealias Failure = Never

    private var levels: [[LedgerHash]] = []

    /// Hashes leaves up.
    public init(leaves: [LedgerHash]) {
        var level = leaves
        while !level.isEmpty {
            levels.append(level)
            level = (0..<level.count / 2).map {
                MerkleFrontier.node(level[2 * $0], level[2 * $0 + 1])
            }
        }
    }

    /// The root of a subtree; all of its leaves must be there.
    public func hash(level: Int, index: UInt64) -> LedgerHash { levels[level][Int(index)] }
}
