// SPDX-License-Identifier: Apache-2.0
public import LedgerModel

/// Leaves that follow each other, hashed up to the fewest perfect trees that stand in every tree
/// over them (RFC 6962, section 2.1): most of the tree's work, done where the leaves are made.
///
/// Keeps its memory when it is made anew. A value of its own.
public struct PerfectTrees: Sendable {
    /// How many leaves they have together.
    public private(set) var leafCount = 0
    /// The trees in the order of their leaves: the logarithm of the number of leaves, and the root.
    private(set) var roots: [(level: Int, hash: LedgerHash)] = []
    private var nodes: [LedgerHash] = []

    /// No leaves.
    init() {}

    /// Hashes the leaves of the entries from `first` on.
    public init(_ leaves: [LedgerHash], first: EntryNumber) { hash(leaves, first: first.rawValue) }

    /// Forgets the leaves.
    mutating func removeAll() {
        leafCount = 0
        roots.removeAll(keepingCapacity: true)
    }

    /// Hashes the leaves of the entries from `first` on.
    ///
    /// A node hash for each leaf, less one for each tree.
    mutating func hash(_ leaves: [LedgerHash], first: UInt64) {
        removeAll()
        nodes.reserveCapacity(leaves.count)
        while leafCount < leaves.count {
            let position = first + UInt64(leafCount)
            let rest = leaves.count - leafCount
            // A perfect tree begins at a multiple of its size.
            let level = min(
                position == 0 ? Int.max : position.trailingZeroBitCount,
                Int.bitWidth - 1 - rest.leadingZeroBitCount
            )
            let count = 1 << level
            roots.append((level, root(of: leaves[leafCount..<leafCount + count])))
            leafCount += count
        }
    }

    private mutating func root(of leaves: ArraySlice<LedgerHash>) -> LedgerHash {
        nodes.removeAll(keepingCapacity: true)
        nodes.append(contentsOf: leaves)
        var count = nodes.count
        while count > 1 {
            count /= 2
            for index in 0..<count {
                nodes[index] = MerkleFrontier.node(nodes[2 * index], nodes[2 * index + 1])
            }
        }
        return nodes[0]
    }
}
