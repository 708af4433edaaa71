// SPDX-License-Identifier: Apache-2.0
public import EntryLog

/// The hashes of a log's tree, with the roots of all perfect subtrees of 256 leaves, and of the
/// levels of tiles above them, kept in files beside the log.
///
/// The files are made from the log, as far as it has grown since the last time, and never trusted:
/// each hash that is given out fits the right edge of the tree that the log itself keeps. Files
/// that do not are made anew. Where there is no folder, or it can not be written, the hashes are kept in
/// memory: 32 bytes for 256 entries. What is below them is hashed from the log when it is asked for.
public struct StoredTree: TreeHashes, Sendable {
    /// How many entries the tree has: all that were in the log when it was opened.
    public var size: UInt64 { frontier.size }
    /// Where its leaves come from.
    public let leaves: any LeafSource

    private let frontier: MerkleFrontier
    private let files: TreeFiles?
    /// The levels of tiles from 1 on.
    private var levels: [Level] = []
    /// Tiles that have been checked.
    private var tiles: [TileCoordinate: [LedgerHash]] = [:]

    private struct Level: Sendable {
        /// How many hashes are taken from the file.
        var storedCount: UInt64
        /// Those behind them, which have been made since.
        var added: [LedgerHash] = []

        var count: UInt64 { storedCount + UInt64(added.count) }
    }

    private enum Fault: Error {
        case log(EntryLogError)
        /// What is kept does not fit the tree.
        case unfit
    }

    /// How many tiles are hashed at once.
    private static let fanOutCount = 64
    /// How many tiles are remembered: 8 KiB each.
    private static let maximumTileCount = 256

    /// Opens the tree of a log.
    ///
    /// Reads what is new in the log since it was kept the last time, on all cores; nothing else of
    /// it.
    ///
    /// - Parameters:
    ///   - leaves: The log's leaves.
    ///   - frontier: The tree's right edge, as the log keeps it.
    ///   - folder: Where hashes are kept; `nil` to keep them in memory. It is made if it is missing,
    ///     and its parent is not.
    /// - Throws: What reading the log throws; `corrupt` if its leaves do not have its root.
    public init(
        _ leaves: any LeafSource,
        frontier: MerkleFrontier,
        folder: String? = nil
    ) throws(EntryLogError) {
        self.leaves = leaves
        self.frontier = frontier
        files = folder.map { TreeFiles(folder: $0) }
        try open()
    }

    /// The root of a subtree, checked up to the log's right edge; all of its leaves must be in the log.
    ///
    /// Reads a few tiles, and hashes a block of 256 entries if it is smaller than that.
    public mutating func hash(level: Int, index: UInt64) throws(EntryLogError) -> LedgerHash {
        // What the log keeps at its right edge need not be hashed again.
        if let peak = frontier.peak(level: level, index: index) { return peak }
        let tileLevel = level / TileCoordinate.height
        let height = level % TileCoordinate.height
        let first = index << UInt64(height)
        let tile = try self.tile(level: tileLevel, index: first >> UInt64(TileCoordinate.height))
        let offset = Int(first % UInt64(TileCoordinate.fullWidth))
        precondition(offset + 1 << height <= tile.count, "a subtree is in the tree")
        return TileHashing.root(of: tile[offset..<offset + 1 << height])
    }

    /// The hashes of a tile, which must be in the tree: as many as there are in it now.
    public mutating func tile(
        level: Int,
        index: UInt64
    ) throws(EntryLogError) -> [LedgerHash] {
        do throws(Fault) {
            return try checkedTile(level, index)
        } catch {
            if case .log(let error) = error { throw error }
        }
        // The files are wrong: without them it is made of the log alone.
        try remake()
        do throws(Fault) {
            return try checkedTile(level, index)
        } catch {
            throw StoredTree.failure(error)
        }
    }
}

// MARK: - Checking

extension StoredTree {
    private mutating func checkedTile(
        _ level: Int,
        _ index: UInt64
    ) throws(Fault) -> [LedgerHash] {
        let width = TileShape.width(level: level, index: index, size: size)
        precondition(width > 0, "a tile is in the tree")
        let key = TileCoordinate(.hashes(level: level), index: index, width: width)
        if let known = tiles[key] { return known }
        let hashes = level == 0 ? try block(index, width) : kept(level, index, width)
        guard hashes.count == width else { throw .unfit }
        if key.isFull {
            let parent = try checkedTile(level + 1, index >> UInt64(TileCoordinate.height))
            let expected = parent[Int(index % UInt64(TileCoordinate.fullWidth))]
            guard TileHashing.root(of: hashes) == expected else { throw .unfit }
        } else {
            guard TileHashing.peaks(of: hashes)[...] == frontier.peaks(ofTileLevel: level) else {
                throw .unfit
            }
        }
        if tiles.count >= StoredTree.maximumTileCount { tiles.removeAll(keepingCapacity: true) }
        tiles[key] = hashes
        return hashes
    }

    /// The leaves of a block of 256, hashed from the log.
    private func block(_ index: UInt64, _ width: Int) throws(Fault) -> [LedgerHash] {
        let first = index << UInt64(TileCoordinate.height)
        var found: [LedgerHash] = []
        do throws(EntryLogError) {
            try leaves.forEachRun(of: first..<first + UInt64(width), takingInputs: false) { run in
                found += run.leaves
                return .next
            }
        } catch {
            throw .log(error)
        }
        return found
    }

    /// The hashes of a tile above the leaves, as they are kept.
    private func kept(_ level: Int, _ index: UInt64, _ width: Int) -> [LedgerHash] {
        let known = levels[level - 1]
        let first = index << UInt64(TileCoordinate.height)
        let end = first + UInt64(width)
        var found: [LedgerHash] = []
        if first < known.storedCount, let files {
            let wanted = first..<min(end, known.storedCount)
            found = files.hashes(level: level, wanted)
            guard found.count == wanted.count else { return [] }
        }
        guard end > known.storedCount else { return found }
        let begin = max(first, known.storedCount)
        return found
            + known.added[Int(begin - known.storedCount)..<Int(end - known.storedCount)]
    }

    private static func failure(_ fault: Fault) -> EntryLogError {
        switch fault {
        case .log(let error): error
        case .unfit:
            .corrupt(at: .head, what: "the tree over the entries has another root")
        }
    }
}

// MARK: - Growing

extension StoredTree {
    private mutating func open() throws(EntryLogError) {
        var below = size
        for level in 1...TileCoordinate.maximumLevel {
            // Above what is known of the level below nothing can be right.
            below >>= UInt64(TileCoordinate.height)
            let stored = min(files?.count(level: level) ?? 0, below)
            levels.append(Level(storedCount: stored))
            below = stored
        }
        do throws(Fault) {
            try grow()
        } catch {
            guard case .unfit = error, levels[0].storedCount > 0 else {
                throw StoredTree.failure(error)
            }
            return try remake()
        }
        save()
    }

    /// Forgets what is in the files, and makes all of it from the log.
    private mutating func remake() throws(EntryLogError) {
        tiles = [:]
        levels = levels.map { _ in Level(storedCount: 0) }
        do throws(Fault) {
            try grow()
        } catch {
            throw StoredTree.failure(error)
        }
        save()
    }

    /// Adds the hashes that are missing, and checks the right edge.
    private mutating func grow() throws(Fault) {
        do throws(EntryLogError) {
            try addBlocks()
        } catch {
            throw .log(error)
        }
        for level in 2...TileCoordinate.maximumLevel {
            let count = levels[level - 2].count >> UInt64(TileCoordinate.height)
            while levels[level - 1].count < count {
                let tile = kept(level - 1, levels[level - 1].count, TileCoordinate.fullWidth)
                guard tile.count == TileCoordinate.fullWidth else { throw .unfit }
                levels[level - 1].added.append(TileHashing.root(of: tile))
            }
        }
        for level in 1...TileCoordinate.maximumLevel {
            let count = TileShape.count(level: level, size: size)
            // A level that ends with a full tile has nothing at the edge.
            guard count % UInt64(TileCoordinate.fullWidth) > 0 else { continue }
            _ = try checkedTile(level, count >> UInt64(TileCoordinate.height))
        }
    }

    /// Adds the roots of the blocks of 256 leaves that are missing.
    private mutating func addBlocks() throws(EntryLogError) {
        let width = TileCoordinate.fullWidth
        let first = levels[0].count * UInt64(width)
        let end = TileShape.count(level: 1, size: size) * UInt64(width)
        guard first < end else { return }
        var added: [LedgerHash] = []
        var blocks: [[LedgerHash]] = []
        var block: [LedgerHash] = []
        try leaves.forEachRun(of: first..<end, takingInputs: false) { run in
            var rest = run.leaves[...]
            while !rest.isEmpty {
                let taken = rest.prefix(width - block.count)
                block += taken
                rest = rest.dropFirst(taken.count)
                guard block.count == width else { continue }
                blocks.append(block)
                block.removeAll(keepingCapacity: true)
            }
            if blocks.count >= StoredTree.fanOutCount {
                added += TileHashing.roots(of: blocks)
                blocks.removeAll(keepingCapacity: true)
            }
            return .next
        }
        added += TileHashing.roots(of: blocks)
        levels[0].added += added
    }

    /// Keeps what was added; without success the next time only takes longer.
    private func save() {
        let added = levels.enumerated().filter { !$1.added.isEmpty }.map {
            (level: $0 + 1, first: $1.storedCount, hashes: $1.added)
        }
        guard let files, !added.isEmpty else { return }
        try? files.write(added)
    }
}
