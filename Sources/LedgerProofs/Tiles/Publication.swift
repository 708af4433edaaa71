// SPDX-License-Identifier: Apache-2.0
public import EntryLog
import Glibc

/// What publishing came to.
public struct Publication: Hashable, Sendable {
    /// How many entries were published before; `nil` if there was nothing.
    public var previousSize: UInt64?
    /// How many entries are published now.
    public var size: UInt64
    /// The root over them.
    public var root: LedgerHash
    /// How many tiles were written.
    public var tileCount = 0
    /// How many bundles of entries were written.
    public var bundleCount = 0
}

/// Publishes a log as files that any web server can hand out (C2SP tlog-tiles).
///
/// What it writes is proportional to what is new. Each file is there whole or not at all, and the
/// checkpoint comes last, so that it can be interrupted anywhere and run again. It holds a lock on the
/// folder. For one thread at a time; blocks.
public struct Publisher: Sendable {
    private let folder: String
    /// Called before each file is put in place, from any thread; false ends the publishing there.
    package var mayWrite: (@Sendable (String) -> Bool)?
    /// Whether it waits for the disk; tests that do not lose power need not.
    package var isDurable = true

    /// How many tiles are hashed and written at once.
    private static let fanOutCount = 64

    /// Makes a publisher to a folder, which is made if it is missing; its parent is not.
    public init(to folder: String) { self.folder = folder }

    /// Publishes the beginning of a log up to a checkpoint.
    ///
    /// Durable on return.
    ///
    /// - Parameters:
    ///   - signed: The checkpoint; who signed it is not asked.
    ///   - tree: The log's tree.
    /// - Returns: What was done.
    /// - Throws: ``PublicationError``; what was published before is then still there.
    public func publish(
        _ signed: SignedCheckpoint,
        of tree: inout StoredTree
    ) throws(PublicationError) -> Publication {
        let checkpoint = signed.checkpoint
        guard checkpoint.size <= tree.size,
            try root(of: &tree, checkpoint.size) == checkpoint.root
        else { throw .notOfThisLog(size: checkpoint.size) }
        let lock = try withFiles { () throws(FileFailure) in
            try Files.makeFolder(folder)
            return try OpenFile(folder, O_RDONLY | O_DIRECTORY)
        }
        guard try withFiles({ () throws(FileFailure) in try lock.lock() }) else {
            throw .inUse(folder: folder)
        }
        defer { lock.unlock() }
        try requireNothingElse()
        let previous = try PublishedLog.checkpoint(in: folder)
        if let previous { try requireBeginning(previous, of: checkpoint, &tree) }
        var publication = Publication(
            previousSize: previous?.checkpoint.size,
            size: checkpoint.size,
            root: checkpoint.root
        )
        let writer = TileWriter(folder: folder, isDurable: isDurable, mayWrite: mayWrite)
        try writer.begin()
        let old = previous?.checkpoint.size ?? 0
        try writeBlocks(from: old, to: checkpoint.size, &tree, writer, &publication)
        try writeTiles(from: old, to: checkpoint.size, &tree, writer, &publication)
        try writer.settle()
        try writer.finish(
            signed.bytes == previous?.bytes ? nil : (PublishedLog.checkpointName, signed.bytes)
        )
        return publication
    }

    private func root(
        of tree: inout StoredTree,
        _ size: UInt64
    ) throws(PublicationError) -> LedgerHash {
        do throws(EntryLogError) {
            return try tree.root(size: size)
        } catch {
            throw .log(error)
        }
    }

    private func requireNothingElse() throws(PublicationError) {
        let known = [PublishedLog.checkpointName, TileCoordinate.folder, TileWriter.folderName]
        let names = try withFiles { () throws(FileFailure) in try Files.names(in: folder) }
        if let other = names.first(where: { !known.contains($0) }) {
            throw .occupied(folder: folder, name: other)
        }
    }

    /// Checks that what is published is the beginning of what is to be, and whole at its edge, behind
    /// which it goes on.
    private func requireBeginning(
        _ previous: SignedCheckpoint,
        of next: Checkpoint,
        _ tree: inout StoredTree
    ) throws(PublicationError) {
        let published = previous.checkpoint
        guard published.origin == next.origin else {
            throw .anotherOrigin(found: published.origin, expected: next.origin)
        }
        // One of more entries than the ledger has can not be compared.
        if published.size <= tree.size {
            let found = try root(of: &tree, published.size)
            guard found == published.root else {
                throw .forked(size: published.size, published: published.root, found: found)
            }
        }
        guard published.size <= next.size else {
            throw .shrinks(from: published.size, to: next.size)
        }
        var log = try PublishedLog(folder, at: previous)
        guard published.size > 0 else { return }
        _ = try log.inputs(block: (published.size - 1) >> UInt64(TileCoordinate.height))
    }

    // MARK: - Tiles

    /// Writes the bundles of entries, and the tiles of their leaves.
    private func writeBlocks(
        from old: UInt64,
        to size: UInt64,
        _ tree: inout StoredTree,
        _ writer: TileWriter,
        _ publication: inout Publication
    ) throws(PublicationError) {
        guard old < size else { return }
        let width = UInt64(TileCoordinate.fullWidth)
        var block = PublishedBlock(index: old / width)
        var blocks: [PublishedBlock] = []
        var failure: PublicationError?
        let source = tree.leaves
        func flush() throws(PublicationError) {
            for index in blocks.indices {
                blocks[index].expected = try leafTileRoot(blocks[index], &tree)
            }
            publication.tileCount += blocks.count
            publication.bundleCount += blocks.count
            try writer.write(blocks)
            blocks.removeAll(keepingCapacity: true)
        }
        func take(_ run: LeafRun) throws(PublicationError) {
            var start = 0
            while start < run.leaves.count {
                start += block.take(run, from: start)
                guard block.leaves.count == TileCoordinate.fullWidth else { continue }
                blocks.append(block)
                block = PublishedBlock(index: block.index + 1)
                if blocks.count == Publisher.fanOutCount { try flush() }
            }
        }
        try withLog { () throws(EntryLogError) in
            try source.forEachRun(
                of: block.index * width..<size,
                takingInputs: true
            ) { run in
                do throws(PublicationError) {
                    try take(run)
                    return .next
                } catch {
                    failure = error
                    return .stop
                }
            }
        }
        if let failure { throw failure }
        if !block.leaves.isEmpty { blocks.append(block) }
        try flush()
    }

    /// What the leaves of a block must hash up to by the tree: the root of a full one, the leaves of
    /// one that is not.
    private func leafTileRoot(
        _ block: PublishedBlock,
        _ tree: inout StoredTree
    ) throws(PublicationError) -> PublishedBlock.Expected {
        do throws(EntryLogError) {
            guard block.leaves.count == TileCoordinate.fullWidth else {
                let leaves = try tree.tile(level: 0, index: block.index)
                return .leaves(Array(leaves.prefix(block.leaves.count)))
            }
            let above = try tree.tile(
                level: 1,
                index: block.index >> UInt64(TileCoordinate.height)
            )
            return .root(above[Int(block.index % UInt64(TileCoordinate.fullWidth))])
        } catch {
            throw .log(error)
        }
    }

    /// Writes the tiles above the leaves.
    private func writeTiles(
        from old: UInt64,
        to size: UInt64,
        _ tree: inout StoredTree,
        _ writer: TileWriter,
        _ publication: inout Publication
    ) throws(PublicationError) {
        for level in 1...TileCoordinate.maximumLevel {
            var files: [(TileCoordinate, [UInt8])] = []
            for index in TileShape.changed(level: level, from: old, to: size) {
                let width = TileShape.width(level: level, index: index, size: size)
                let hashes: [LedgerHash]
                do throws(EntryLogError) {
                    hashes = try tree.tile(level: level, index: index)
                } catch {
                    throw .log(error)
                }
                files.append(
                    (
                        TileCoordinate(.hashes(level: level), index: index, width: width),
                        LedgerHash.bytes(of: hashes.prefix(width))
                    )
                )
            }
            publication.tileCount += files.count
            try writer.write(files)
        }
    }
}
