// SPDX-License-Identifier: Apache-2.0
import EntryLog
import Glibc
import Synchronization

/// A block of up to 256 entries on its way to the files.
struct PublishedBlock: Sendable {
    /// What its leaves must come to by the tree that is signed.
    enum Expected: Sendable {
        case root(LedgerHash)
        case leaves([LedgerHash])
    }

    let index: UInt64
    private(set) var leaves: [LedgerHash] = []
    private(set) var bundle: [UInt8] = []
    var expected: Expected?

    init(index: UInt64) {
        self.index = index
        leaves.reserveCapacity(TileCoordinate.fullWidth)
        bundle.reserveCapacity(EntryBundle.byteCount(TileCoordinate.fullWidth))
    }

    /// Takes leaves of a run, from one on, as many as there is room for; returns how many.
    mutating func take(_ run: LeafRun, from start: Int) -> Int {
        let count = min(run.leaves.count - start, TileCoordinate.fullWidth - leaves.count)
        leaves += run.leaves[start..<start + count]
        bundle +=
            run.inputs[
                EntryBundle.byteCount(start)..<EntryBundle.byteCount(start + count)
            ]
        return count
    }

    /// Whether the leaves are those of the tree.
    var fitsTree: Bool {
        switch expected {
        case .root(let root):
            leaves.count == TileCoordinate.fullWidth && TileHashing.root(of: leaves) == root
        case .leaves(let known): leaves == known
        case nil: false
        }
    }

    var files: [(TileCoordinate, [UInt8])] {
        [
            (TileCoordinate(.entries, index: index, width: leaves.count), bundle),
            (
                TileCoordinate(.hashes(level: 0), index: index, width: leaves.count),
                LedgerHash.bytes(of: leaves)
            ),
        ]
    }
}

/// Puts files into a published folder: each whole, and all of them durable before the checkpoint.
///
/// Files are made in a folder beside the tiles and moved to their places. What an interrupted run left
/// there is overwritten or removed by the next.
final class TileWriter: Sendable {
    /// Where files are made.
    static let folderName = ".incomplete"

    private struct State {
        var written: [String] = []
        var folders: Set<String> = []
        var fullTiles: [TileCoordinate] = []
        var failures: [PublicationError] = []
    }

    private let folder: String
    private let isDurable: Bool
    private let mayWrite: (@Sendable (String) -> Bool)?
    private let state = Mutex(State())

    init(folder: String, isDurable: Bool, mayWrite: (@Sendable (String) -> Bool)?) {
        self.folder = folder
        self.isDurable = isDurable
        self.mayWrite = mayWrite
    }

    private var scratch: String { "\(folder)/\(TileWriter.folderName)" }

    func begin() throws(PublicationError) {
        try withFiles { () throws(FileFailure) in
            try Files.removeFolder(scratch)
            try Files.makeFolder(scratch)
        }
    }

    /// Checks blocks against the tree and writes them, on all cores.
    func write(_ blocks: [PublishedBlock]) throws(PublicationError) {
        try forEach(blocks.count) { index throws(PublicationError) in
            let block = blocks[index]
            guard block.fitsTree else {
                throw .log(
                    .corrupt(
                        at: .head,
                        what: "the leaves of block \(block.index) are not those of the tree"
                    )
                )
            }
            for (coordinate, bytes) in block.files { try put(coordinate, bytes, slot: index) }
        }
    }

    /// Writes tiles, on all cores.
    func write(_ files: [(TileCoordinate, [UInt8])]) throws(PublicationError) {
        try forEach(files.count) { index throws(PublicationError) in
            try put(files[index].0, files[index].1, slot: index)
        }
    }

    /// Makes everything durable, and removes what was less full of tiles that are full now.
    func settle() throws(PublicationError) {
        let (written, folders, full) = state.withLock { ($0.written, $0.folders, $0.fullTiles) }
        try withFiles { () throws(FileFailure) in
            if isDurable { try Files.synchronize(written, folders: folders) }
            for tile in full { try Files.removeFolder("\(folder)/\(tile.partialFolder)") }
        }
    }

    /// Puts the checkpoint in its place, if there is a new one; durable on return.
    func finish(_ checkpoint: (name: String, bytes: [UInt8])?) throws(PublicationError) {
        if let (name, bytes) = checkpoint {
            try requireLeave(name)
            try withFiles { () throws(FileFailure) in
                try Files.replace(
                    "\(folder)/\(name)",
                    bytes,
                    by: "\(scratch)/\(name)",
                    isDurable: isDurable
                )
            }
        }
        try withFiles { () throws(FileFailure) in try Files.removeFolder(scratch) }
    }

    /// Puts one file in its place; `slot` is a number that no other thread has meanwhile.
    private func put(
        _ coordinate: TileCoordinate,
        _ bytes: [UInt8],
        slot: Int
    ) throws(PublicationError) {
        let path = coordinate.path
        try requireLeave(path)
        try withFiles { () throws(FileFailure) in
            let temporary = "\(scratch)/\(slot)"
            let place = "\(folder)/\(path)"
            do {
                let file = try OpenFile(temporary, O_WRONLY | O_CREAT | O_TRUNC)
                try file.write(bytes, at: 0)
            }
            try makeFolders(to: path)
            try Files.move(temporary, to: place)
            state.withLock { state in
                state.written.append(place)
                if coordinate.isFull { state.fullTiles.append(coordinate) }
            }
        }
    }

    /// Makes the folders around a file, unless this has done so already.
    private func makeFolders(to path: String) throws(FileFailure) {
        var parents: [String] = []
        var parent = folder
        for part in path.split(separator: "/").dropLast() {
            parents.append(parent)
            parent += "/\(part)"
        }
        guard !state.withLock({ $0.folders.contains(parent) }) else { return }
        try Files.makeFolders(from: folder, to: path)
        state.withLock { $0.folders.formUnion(parents + [parent]) }
    }

    private func requireLeave(_ path: String) throws(PublicationError) {
        if let mayWrite, !mayWrite(path) { throw .interrupted }
    }

    private func forEach(
        _ count: Int,
        _ body: @Sendable (Int) throws(PublicationError) -> Void
    ) throws(PublicationError) {
        Parallel.forEach(count, workerCount: 64) { index in
            guard state.withLock({ $0.failures.isEmpty }) else { return }
            do throws(PublicationError) {
                try body(index)
            } catch {
                state.withLock { $0.failures.append(error) }
            }
        }
        if let failure = state.withLock({ $0.failures.first }) { throw failure }
    }
}
