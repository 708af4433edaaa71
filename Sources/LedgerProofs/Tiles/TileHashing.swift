// SPDX-License-Identifier: Apache-2.0
import EntryLog
import Synchronization

/// Hashes a tile up.
enum TileHashing {
    /// The root of the perfect subtree over a power of two of hashes.
    static func root(of hashes: some RandomAccessCollection<LedgerHash>) -> LedgerHash {
        var nodes = Array(hashes)
        precondition(nodes.count.nonzeroBitCount == 1, "a perfect tree has a power of two leaves")
        var count = nodes.count
        while count > 1 {
            count /= 2
            for index in 0..<count {
                nodes[index] = MerkleFrontier.node(nodes[2 * index], nodes[2 * index + 1])
            }
        }
        return nodes[0]
    }

    /// The roots of the perfect subtrees into which the hashes of a partial tile fall, the largest
    /// first.
    static func peaks(of hashes: [LedgerHash]) -> [LedgerHash] {
        var peaks: [LedgerHash] = []
        var rest = hashes[...]
        while !rest.isEmpty {
            let count = 1 << (Int.bitWidth - 1 - rest.count.leadingZeroBitCount)
            peaks.append(root(of: rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return peaks
    }

    /// The roots of many tiles, hashed on all cores.
    static func roots(of tiles: [[LedgerHash]]) -> [LedgerHash] {
        let roots = Mutex([LedgerHash](repeating: .zero, count: tiles.count))
        Parallel.forEach(tiles.count, workerCount: 64) { index in
            let root = root(of: tiles[index])
            roots.withLock { $0[index] = root }
        }
        return roots.withLock { $0 }
    }
}

extension MerkleFrontier {
    /// The right edge of a tree of a size, with the peaks that it should have, or `nil` if there are
    /// more or fewer.
    init?(size: UInt64, peaks: [LedgerHash]) {
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: size >> (8 * UInt64($0))) }
        do throws(EntryLogError) {
            try self.init(serialized: bytes + LedgerHash.bytes(of: peaks))
        } catch {
            return nil
        }
    }

    /// The root of a subtree if it is one of its peaks.
    func peak(level: Int, index: UInt64) -> LedgerHash? {
        let count = size >> UInt64(level)
        guard count & 1 == 1, index == count - 1 else { return nil }
        return peaks[(count >> 1).nonzeroBitCount]
    }

    /// Those of its peaks that are made of the hashes of a partial tile of a level, the largest first.
    func peaks(ofTileLevel level: Int) -> ArraySlice<LedgerHash> {
        let above = TileShape.count(level: level + 1, size: size).nonzeroBitCount
        let edge = TileShape.count(level: level, size: size) % UInt64(TileCoordinate.fullWidth)
        let count = edge.nonzeroBitCount
        return peaks[above..<above + count]
    }
}
