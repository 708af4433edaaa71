// SPDX-License-Identifier: Apache-2.0
public import EntryLog

/// The proof that a leaf is in a tree at its place (RFC 9162, section 2.1.3).
///
/// Made of hashes only: it tells nothing of other entries.
public struct InclusionProof: Hashable, Sendable {
    /// The number of the entry, from 0.
    public let index: UInt64
    /// How many entries the tree has.
    public let size: UInt64
    /// The siblings on the way to the root, the leaf's first.
    public let hashes: [LedgerHash]

    /// Makes a proof of parts that came from somewhere; whether it proves anything,
    /// ``verifies(leaf:root:)`` tells.
    public init(index: UInt64, size: UInt64, hashes: [LedgerHash]) {
        self.index = index
        self.size = size
        self.hashes = hashes
    }

    /// Makes the proof for an entry of the tree over the first `size` entries, which must be in it.
    ///
    /// Asks for O(log^2 size) hashes at most.
    public init<Hashes: TreeHashes>(
        index: UInt64,
        size: UInt64,
        from source: inout Hashes
    ) throws(Hashes.Failure) {
        precondition(index < size, "an entry is in the tree that is to prove it")
        var hashes: [LedgerHash] = []
        var range = 0..<size
        // From the root down; the siblings are wanted the other way round.
        while range.count > 1 {
            let middle = range.lowerBound + TreeShape.split(of: UInt64(range.count))
            let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
            let isLeft = index < middle
            hashes.append(try source.root(of: isLeft ? right : left))
            range = isLeft ? left : right
        }
        self.init(index: index, size: size, hashes: hashes.reversed())
    }

    /// Whether the leaf is in the tree with this root, at ``index``.
    public func verifies(leaf: LedgerHash, root: LedgerHash) -> Bool {
        guard index < size else { return false }
        // The names are those of RFC 9162, section 2.1.3.2.
        var (fn, sn) = (index, size - 1)
        var found = leaf
        for hash in hashes {
            guard sn != 0 else { return false }
            if fn & 1 == 1 || fn == sn {
                found = MerkleFrontier.node(hash, found)
                while fn & 1 == 0, fn != 0 { (fn, sn) = (fn >> 1, sn >> 1) }
            } else {
                found = MerkleFrontier.node(found, hash)
            }
            (fn, sn) = (fn >> 1, sn >> 1)
        }
        return sn == 0 && found == root
    }
}
