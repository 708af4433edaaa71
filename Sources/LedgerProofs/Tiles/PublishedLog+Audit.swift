// SPDX-License-Identifier: Apache-2.0
public import EntryLog
import Synchronization

extension PublishedLog {
    /// Checks every tile and every bundle from an entry on: that they are there, that they are those of
    /// the tree that was signed, and that each entry stands where its header says.
    ///
    /// Blocks; hashes on all cores.
    ///
    /// - Parameter first: The first entry of interest; what lies in blocks of 256 before it is not
    ///   read again.
    /// - Returns: How many files were read.
    /// - Throws: ``PublicationError/damaged(path:what:)`` with the first file that is wrong.
    @discardableResult
    public mutating func audit(from first: UInt64 = 0) throws(PublicationError) -> Int {
        guard first < size else { return 0 }
        var fileCount = 0
        for level in (1...TileCoordinate.maximumLevel).reversed() {
            let count = TileShape.count(level: level, size: size)
            var index = TileShape.count(level: level, size: first) >> 8
            while index << 8 < count {
                _ = try tile(level: level, index: index)
                index += 1
                fileCount += 1
            }
        }
        let blockCount = (size - 1) >> 8 + 1
        var block = first >> 8
        while block < blockCount {
            // The blocks of one tile of the level above.
            let end = min(blockCount, (block >> 8 + 1) << 8)
            try auditBlocks(block..<end)
            fileCount += 2 * Int(end - block)
            block = end
        }
        for level in 0...TileCoordinate.maximumLevel {
            if let edge = Self.edge(level: level, size: size) { try auditEarlier(edge) }
        }
        return fileCount
    }

    /// The entries of a block of 256, checked.
    public mutating func inputs(block: UInt64) throws(PublicationError) -> [LeafInput] {
        let leaves = try tile(level: 0, index: block)
        return try Self.inputs(
            TileCoordinate(.entries, index: block, width: leaves.count),
            leaves: leaves,
            in: folder
        )
    }

    private mutating func auditBlocks(_ blocks: Range<UInt64>) throws(PublicationError) {
        var known: [(root: LedgerHash?, hashes: [LedgerHash])] = []
        for block in blocks {
            // That at the edge is known; the others are checked by the root in the tile above.
            if TileShape.width(level: 0, index: block, size: size) < TileCoordinate.fullWidth {
                known.append((nil, try tile(level: 0, index: block)))
            } else {
                let parent = try tile(level: 1, index: block >> 8)
                known.append((parent[Int(block & 0xff)], []))
            }
        }
        let (folder, expected) = (folder, known)
        let failures = Mutex<[Int: PublicationError]>([:])
        Parallel.forEach(expected.count, workerCount: 64) { index in
            do throws(PublicationError) {
                try Self.auditBlock(blocks.lowerBound + UInt64(index), expected[index], folder)
            } catch {
                failures.withLock { $0[index] = error }
            }
        }
        let found = failures.withLock { $0 }
        if let first = found.keys.min(), let failure = found[first] { throw failure }
    }

    private static func auditBlock(
        _ block: UInt64,
        _ known: (root: LedgerHash?, hashes: [LedgerHash]),
        _ folder: String
    ) throws(PublicationError) {
        var leaves = known.hashes
        if let root = known.root {
            leaves = try fullTile(
                TileCoordinate(.hashes(level: 0), index: block),
                root: root,
                in: folder
            )
        }
        let coordinate = TileCoordinate(.entries, index: block, width: leaves.count)
        let inputs = try inputs(coordinate, leaves: leaves, in: folder)
        for (offset, input) in inputs.enumerated() where input.number != block << 8 + UInt64(offset)
        {
            throw .damaged(
                path: coordinate.path,
                what: "entry \(block << 8 + UInt64(offset)) says that it is \(input.number)"
            )
        }
    }

    /// Checks what was published of a tile, and of its bundle, when it was less full.
    private func auditEarlier(_ edge: TileCoordinate) throws(PublicationError) {
        var kinds = [edge]
        if edge.content == .hashes(level: 0) {
            kinds.append(TileCoordinate(.entries, index: edge.index, width: edge.width))
        }
        for kind in kinds {
            let path = "\(folder)/\(kind.partialFolder)"
            let names = try withFiles { () throws(FileFailure) in try Files.names(in: path) }
            let newest = try Self.bytes(kind, in: folder)
            for name in names {
                guard let width = Int(name), (1..<kind.width).contains(width) else { continue }
                let earlier = kind.withWidth(width)
                guard newest.starts(with: try Self.bytes(earlier, in: folder)) else {
                    throw .damaged(
                        path: earlier.path,
                        what: "it is not what \(kind.path) begins with"
                    )
                }
            }
        }
    }
}
