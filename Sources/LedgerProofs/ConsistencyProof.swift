// SPDX-License-Identifier: Apache-2.0
public import EntryLog

/// The proof that a tree is the beginning of a later one: nothing was changed, left out or moved
/// (RFC 9162, section 2.1.4).
public struct ConsistencyProof: Hashable, Sendable {
    /// How many entries the earlier tree has.
    public let oldSize: UInt64
    /// How many entries the later tree has.
    public let newSize: UInt64
    /// The subtrees from which both roots follow.
    public let hashes: [LedgerHash]

    /// Makes a proof of parts that came from somewhere; whether it proves anything,
    /// ``verifies(oldRoot:newRoot:)`` tells.
    public init(oldSize: UInt64, newSize: UInt64, hashes: [LedgerHash]) {
        self.oldSize = oldSize
        self.newSize = newSize
        self.hashes = hashes
    }

    /// Makes the proof between two sizes, the earlier of which must not be the greater.
    ///
    /// Asks for O(log^2 size) hashes at most. Of the empty tree, and between equal sizes, it has none.
    public init<Hashes: TreeHashes>(
        oldSize: UInt64,
        newSize: UInt64,
        from source: inout Hashes
    ) throws(Hashes.Failure) {
        precondition(oldSize <= newSize, "a log only grows")
        var hashes: [LedgerHash] = []
        if oldSize > 0, oldSize < newSize {
            // SUBPROOF of RFC 9162, section 2.1.4.1, from the root down.
            var range = 0..<newSize
            while range.upperBound != oldSize {
                let middle = range.lowerBound + TreeShape.split(of: UInt64(range.count))
                let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
                let isLeft = oldSize <= middle
                hashes.append(try source.root(of: isLeft ? right : left))
                range = isLeft ? left : right
            }
            // A subtree that is the whole earlier tree is known by its root.
            if range.lowerBound != 0 { hashes.append(try source.root(of: range)) }
        }
        self.init(oldSize: oldSize, newSize: newSize, hashes: hashes.reversed())
    }

    /// Whether the tree with `oldRoot` is the beginning of that with `newRoot`.
    public func verifies(oldRoot: LedgerHash, newRoot: LedgerHash) -> Bool {
        guard oldSize <= newSize else { return false }
        guard oldSize > 0, oldSize < newSize else {
            let isOld = oldSize > 0 || oldRoot == MerkleFrontier().root
            return hashes.isEmpty && isOld && (oldSize < newSize || oldRoot == newRoot)
        }
        // The names are those of RFC 9162, section 2.1.4.2.
        var (fn, sn) = (oldSize - 1, newSize - 1)
        while fn & 1 == 1 { (fn, sn) = (fn >> 1, sn >> 1) }
        let isPowerOfTwo = oldSize & (oldSize - 1) == 0
        guard let first = isPowerOfTwo ? oldRoot : hashes.first else { return false }
        var (fr, sr) = (first, first)
        for hash in hashes.dropFirst(isPowerOfTwo ? 0 : 1) {
            guard sn != 0 else { return false }
            if fn & 1 == 1 || fn == sn {
                fr = MerkleFrontier.node(hash, fr)
                sr = MerkleFrontier.node(hash, sr)
                while fn & 1 == 0, fn != 0 { (fn, sn) = (fn >> 1, sn >> 1) }
            } else {
                sr = MerkleFrontier.node(sr, hash)
            }
            (fn, sn) = (fn >> 1, sn >> 1)
        }
        return fr == oldRoot && sr == newRoot && sn == 0
    }
}
