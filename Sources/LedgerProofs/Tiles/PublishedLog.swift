// SPDX-License-Identifier: Apache-2.0
public import EntryLog
import Glibc

/// A log that was published as files (C2SP tlog-tiles), for whoever trusts none of them.
///
/// The checkpoint leads: each hash that is given out is a part of the tree whose root it tells. Whether
/// somebody who is trusted signed it is for the caller to ask. For one thread at a time.
public struct PublishedLog: TreeHashes, Sendable {
    /// The folder.
    public let folder: String
    /// What is published.
    public let checkpoint: SignedCheckpoint
    /// The tree's right edge.
    let frontier: MerkleFrontier
    private var tiles: [TileCoordinate: [LedgerHash]] = [:]

    /// The name of the checkpoint's file.
    static let checkpointName = "checkpoint"
    /// How many tiles are remembered: 8 KiB each.
    private static let maximumTileCount = 256

    /// The checkpoint in a folder, or `nil` if there is none; nothing about it is checked.
    public static func checkpoint(
        in folder: String
    ) throws(PublicationError) -> SignedCheckpoint? {
        let path = "\(folder)/\(checkpointName)"
        let limit = SignedNote.maximumByteCount
        guard
            let bytes = try withFiles({ () throws(FileFailure) in
                try Files.contents(path, atMost: limit)
            })
        else { return nil }
        do throws(ProofError) {
            return try SignedCheckpoint(bytes)
        } catch {
            throw .checkpoint(path: path, error)
        }
    }

    /// Opens a published log.
    ///
    /// Reads the tiles at the right edge, and checks that they lead to the checkpoint's root.
    ///
    /// - Parameters:
    ///   - folder: The folder.
    ///   - checkpoint: The checkpoint that is to be believed; by default that in the folder. An
    ///     earlier one does as well: its tree is a part of the published one.
    /// - Throws: ``PublicationError``.
    public init(
        _ folder: String,
        at checkpoint: SignedCheckpoint? = nil
    ) throws(PublicationError) {
        let found: SignedCheckpoint?
        if let checkpoint { found = checkpoint } else { found = try Self.checkpoint(in: folder) }
        guard let found else { throw .nothingPublished(folder: folder) }
        self.folder = folder
        self.checkpoint = found
        let size = found.checkpoint.size
        var peaks: [LedgerHash] = []
        for level in (0...TileCoordinate.maximumLevel).reversed() {
            guard let edge = Self.edge(level: level, size: size) else { continue }
            let hashes = try Self.hashes(edge, in: folder)
            tiles[edge] = hashes
            peaks += TileHashing.peaks(of: hashes)
        }
        guard let frontier = MerkleFrontier(size: size, peaks: peaks),
            frontier.root == found.checkpoint.root
        else { throw try Self.blame(size, tiles, in: folder) }
        self.frontier = frontier
    }

    /// How many entries are published.
    public var size: UInt64 { checkpoint.checkpoint.size }

    /// The root of a subtree, checked up to the checkpoint's root; all of its leaves must be published.
    ///
    /// Reads the tiles on the way that it has not read yet.
    public mutating func hash(level: Int, index: UInt64) throws(PublicationError) -> LedgerHash {
        let tileLevel = level / TileCoordinate.height
        let height = level % TileCoordinate.height
        let first = index << UInt64(height)
        let tile = try self.tile(level: tileLevel, index: first >> UInt64(TileCoordinate.height))
        let offset = Int(first % UInt64(TileCoordinate.fullWidth))
        precondition(offset + 1 << height <= tile.count, "a subtree is in the tree")
        return TileHashing.root(of: tile[offset..<offset + 1 << height])
    }

    /// The hashes of a tile, which must be in the tree, checked up to the checkpoint's root.
    mutating func tile(level: Int, index: UInt64) throws(PublicationError) -> [LedgerHash] {
        let width = TileShape.width(level: level, index: index, size: size)
        precondition(width > 0, "a tile is in the tree")
        let coordinate = TileCoordinate(.hashes(level: level), index: index, width: width)
        // Those at the edge were checked first of all.
        if let known = tiles[coordinate] { return known }
        let parent = try tile(level: level + 1, index: index >> UInt64(TileCoordinate.height))
        let hashes = try Self.fullTile(
            coordinate,
            root: parent[Int(index % UInt64(TileCoordinate.fullWidth))],
            in: folder
        )
        if tiles.count >= Self.maximumTileCount { tiles = tiles.filter { !$0.key.isFull } }
        tiles[coordinate] = hashes
        return hashes
    }
}

// MARK: - Files

extension PublishedLog {
    /// The tile of a level that is not full, if there is one.
    static func edge(level: Int, size: UInt64) -> TileCoordinate? {
        let count = TileShape.count(level: level, size: size)
        let index = count >> UInt64(TileCoordinate.height)
        let width = TileShape.width(level: level, index: index, size: size)
        guard width > 0 else { return nil }
        return TileCoordinate(.hashes(level: level), index: index, width: width)
    }

    /// The content of a tile or bundle.
    ///
    /// In place of one that is not full the full one may be there, which begins with it.
    static func bytes(
        _ coordinate: TileCoordinate,
        in folder: String
    ) throws(PublicationError) -> [UInt8] {
        let each =
            switch coordinate.content {
            case .hashes: LedgerHash.byteCount
            case .entries: LeafInput.framedByteCount
            }
        for path in [coordinate.path, coordinate.fullPath] {
            let width = path == coordinate.path ? coordinate.width : TileCoordinate.fullWidth
            guard
                let bytes = try withFiles({ () throws(FileFailure) in
                    try Files.contents("\(folder)/\(path)", atMost: each * width)
                })
            else { continue }
            guard bytes.count == each * width else {
                throw .damaged(
                    path: path,
                    what: "it has \(bytes.count > each * width ? "more" : "fewer") bytes than "
                        + "\(width) of its kind"
                )
            }
            return Array(bytes.prefix(each * coordinate.width))
        }
        throw .damaged(path: coordinate.path, what: "it is missing")
    }

    static func hashes(
        _ coordinate: TileCoordinate,
        in folder: String
    ) throws(PublicationError) -> [LedgerHash] {
        LedgerHash.all(in: try bytes(coordinate, in: folder))
    }

    /// A full tile whose root is known.
    static func fullTile(
        _ coordinate: TileCoordinate,
        root: LedgerHash,
        in folder: String
    ) throws(PublicationError) -> [LedgerHash] {
        let hashes = try hashes(coordinate, in: folder)
        guard TileHashing.root(of: hashes) == root else {
            throw .damaged(path: coordinate.path, what: "its hashes are not those of the tree")
        }
        return hashes
    }

    /// The inputs of a bundle whose leaves are known.
    static func inputs(
        _ coordinate: TileCoordinate,
        leaves: [LedgerHash],
        in folder: String
    ) throws(PublicationError) -> [LeafInput] {
        guard let bundle = EntryBundle(try bytes(coordinate, in: folder)),
            bundle.inputs.map(\.leaf) == leaves
        else {
            throw .damaged(path: coordinate.path, what: "its entries are not those of the tree")
        }
        return bundle.inputs
    }

    /// Which of the files at the right edge is wrong, that together do not lead to the root.
    private static func blame(
        _ size: UInt64,
        _ edges: [TileCoordinate: [LedgerHash]],
        in folder: String
    ) throws(PublicationError) -> PublicationError {
        let inOrder = (0...TileCoordinate.maximumLevel).compactMap { edge(level: $0, size: size) }
        for edge in inOrder {
            guard case .hashes(let level) = edge.content, let hashes = edges[edge] else { continue }
            let wrong = PublicationError.damaged(
                path: edge.path,
                what: "its hashes are not those of the tree"
            )
            let below = edge.index << UInt64(TileCoordinate.height)
            if level == 0 {
                let bundle = TileCoordinate(.entries, index: edge.index, width: edge.width)
                let inputs = EntryBundle(try bytes(bundle, in: folder))?.inputs ?? []
                guard inputs.map(\.leaf) == hashes else { return wrong }
                continue
            }
            for (offset, hash) in hashes.enumerated() {
                let child = TileCoordinate(
                    .hashes(level: level - 1),
                    index: below + UInt64(offset)
                )
                guard try TileHashing.root(of: Self.hashes(child, in: folder)) == hash else {
                    return wrong
                }
            }
        }
        return .damaged(
            path: checkpointName,
            what: "its root is not that of the tiles, which fit each other"
        )
    }
}
