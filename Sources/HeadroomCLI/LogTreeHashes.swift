// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LMDBEntryLog
import LedgerModel
import LedgerProofs

/// The hashes of a log's tree, computed from its entries when they are asked for.
///
/// Needs nothing but the log. The first hash reads all of it, on all cores; what is kept is the root of each
/// block of 4,096 entries, 32 bytes each.
struct LogTreeHashes: TreeHashes {
    private let log: LMDBEntryLog
    private let hasher: LeafHasher
    private let size: UInt64
    /// The roots of the blocks that are complete, once they are known.
    private var blocks: [LedgerHash]?

    /// The logarithm of the number of entries in a block.
    private static let blockLevel = 12

    /// Makes a source for the tree over the first `size` entries, which must be in the log.
    init(of log: LMDBEntryLog, size: UInt64) {
        self.log = log
        self.size = size
        hasher = LeafHasher(secret: log.secret)
    }

    /// The roots of the trees over the first entries, for sizes in rising order, all of them in the log.
    ///
    /// Reads the log once, up to the greatest.
    static func roots(
        of log: LMDBEntryLog,
        _ sizes: [UInt64]
    ) throws(EntryLogError) -> [LedgerHash] {
        guard let last = sizes.last else { return [] }
        var roots: [LedgerHash] = []
        var tree = MerkleFrontier()
        func take() {
            while roots.count < sizes.count, sizes[roots.count] == tree.size {
                roots.append(tree.root)
            }
        }
        take()
        guard last > 0 else { return roots }
        try LogTreeHashes(of: log, size: last).forEachLeaf(from: 0) { _, leaf in
            tree.append(leaf)
            take()
            return roots.count < sizes.count ? .next : .stop
        }
        return roots
    }

    mutating func hash(level: Int, index: UInt64) throws(EntryLogError) -> LedgerHash {
        guard level >= Self.blockLevel else {
            return try root(of: index << UInt64(level)..<(index + 1) << UInt64(level))
        }
        let known = if let blocks { blocks } else { try blockRoots() }
        blocks = known
        var tree = MerkleFrontier()
        let shift = UInt64(level - Self.blockLevel)
        for block in index << shift..<(index + 1) << shift { tree.append(known[Int(block)]) }
        return tree.root
    }

    /// The root over the leaves of a range.
    private func root(of range: Range<UInt64>) throws(EntryLogError) -> LedgerHash {
        var tree = MerkleFrontier()
        try forEachLeaf(from: range.lowerBound) { number, leaf in
            guard number < range.upperBound else { return .stop }
            tree.append(leaf)
            return .next
        }
        return tree.root
    }

    private func blockRoots() throws(EntryLogError) -> [LedgerHash] {
        let count = size >> UInt64(Self.blockLevel)
        var roots: [LedgerHash] = []
        var tree = MerkleFrontier()
        try forEachLeaf(from: 0) { _, leaf in
            guard roots.count < count else { return .stop }
            tree.append(leaf)
            if tree.size == 1 << UInt64(Self.blockLevel) {
                roots.append(tree.root)
                tree = MerkleFrontier()
            }
            return .next
        }
        return roots
    }

    private func forEachLeaf(
        from first: UInt64,
        _ body: (UInt64, LedgerHash) -> ReadStep
    ) throws(EntryLogError) {
        try log.read(from: EntryNumber(rawValue: first)) { _, batch throws(EntryLogError) in
            // All cores hash; the tree is put together here.
            let parts = try BatchReader.map(batch) { batch, part throws(EntryLogError) in
                var leaves: [LedgerHash] = []
                leaves.reserveCapacity(part.entryCount)
                try BatchReader.forEachEntry(in: batch, part) {
                    number,
                    entry throws(EntryLogError) in
                    if number.rawValue >= first { leaves.append(try hasher.leaf(of: entry)) }
                    return .next
                }
                return (next: part.first.rawValue + UInt64(part.entryCount), leaves: leaves)
            }
            for part in parts {
                var number = part.next - UInt64(part.leaves.count)
                for leaf in part.leaves {
                    guard case .next = body(number, leaf) else { return .stop }
                    number += 1
                }
            }
            return .next
        }
    }
}
