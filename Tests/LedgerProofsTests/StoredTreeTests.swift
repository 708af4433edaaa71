// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import Foundation
import LedgerProofs
import Testing

/// A tree of 65,537 leaves that are known, and what is asked of every stored one.
private enum Plain {
    static let leaves = sampleLeaves(65_537)
    static let hashes = TreeHashesInMemory(leaves: leaves)

    static func tree(_ size: Int, in folder: String? = nil) throws -> (StoredTree, FakeLeaves) {
        let source = FakeLeaves(Array(leaves[..<size]))
        let tree = try StoredTree(source, frontier: frontier(leaves[..<size]), folder: folder)
        return (tree, source)
    }

    /// Proofs of some entries and of growth verify, and are those of the plain tree.
    static func check(_ tree: inout StoredTree, _ size: UInt64, seed: UInt64) throws {
        var plain = hashes
        let root = try tree.root(size: size)
        #expect(root == plain.root(size: size), "size \(size)")
        var random = SeededGenerator(seed: seed)
        for index in [0, size / 2, size - 1, random.next() % size] {
            let proof = try InclusionProof(index: index, size: size, from: &tree)
            #expect(proof == InclusionProof(index: index, size: size, from: &plain))
            #expect(proof.verifies(leaf: leaves[Int(index)], root: root), "\(index) of \(size)")
        }
        for old in [1, size / 3 + 1, size - 1] where old <= size {
            let proof = try ConsistencyProof(oldSize: old, newSize: size, from: &tree)
            #expect(proof == ConsistencyProof(oldSize: old, newSize: size, from: &plain))
        }
    }
}

struct StoredTreeTests {
    @Test(arguments: [1, 255, 256, 257, 511, 513, 65_535, 65_536, 65_537])
    func isThePlainTree(_ size: Int) throws {
        let scratch = try ScratchFolder()
        let folder = scratch.path + "/tree"
        var (inMemory, _) = try Plain.tree(size)
        try Plain.check(&inMemory, UInt64(size), seed: 1)
        var (made, _) = try Plain.tree(size, in: folder)
        try Plain.check(&made, UInt64(size), seed: 2)
        var (reopened, source) = try Plain.tree(size, in: folder)
        // No leaf is looked at that was hashed before.
        #expect(source.takeAskedCount() == 0)
        try Plain.check(&reopened, UInt64(size), seed: 3)
        // An earlier tree is proved by the same files.
        for earlier in [size - 1, size / 2, 256, 257] where earlier > 0 && earlier < size {
            try Plain.check(&reopened, UInt64(earlier), seed: 4)
        }
    }

    @Test func aProofHashesTheBlocksOnItsPathOnly() throws {
        let scratch = try ScratchFolder()
        _ = try Plain.tree(65_537, in: scratch.path + "/tree")
        var (tree, source) = try Plain.tree(65_537, in: scratch.path + "/tree")
        _ = try InclusionProof(index: 30_000, size: 65_537, from: &tree)
        // The entry's own block; the edge is known.
        #expect(source.takeAskedCount() == 256)
    }

    @Test func growsByWhatIsNew() throws {
        let scratch = try ScratchFolder()
        let folder = scratch.path + "/tree"
        var sizes = [100, 300, 5_000, 5_001, 65_536, 65_537]
        _ = try Plain.tree(sizes.removeFirst(), in: folder)
        var before = 100
        for size in sizes {
            var (tree, source) = try Plain.tree(size, in: folder)
            #expect(source.takeAskedCount() == size / 256 * 256 - before / 256 * 256)
            try Plain.check(&tree, UInt64(size), seed: 5)
            before = size
        }
        let incremental = try scratch.files(in: "tree")
        let fresh = try ScratchFolder()
        _ = try Plain.tree(65_537, in: fresh.path + "/tree")
        #expect(try fresh.files(in: "tree") == incremental)
        #expect(incremental["level-1"]?.count == 256 * 32)
        #expect(incremental["level-2"]?.count == 32)
    }

    /// Every way in which the files can be wrong; afterwards they are those that a new one makes.
    @Test(arguments: [
        "cut", "torn", "longer", "changed", "zeros", "above", "missing", "others", "folder",
    ])
    func wrongFilesAreMadeAnew(_ damage: String) throws {
        let scratch = try ScratchFolder()
        let folder = scratch.path + "/tree"
        _ = try Plain.tree(65_537, in: folder)
        let whole = try scratch.files(in: "tree")
        let (one, two) = (folder + "/level-1", folder + "/level-2")
        var level = try bytes(of: one)
        switch damage {
        case "cut": try put(Array(level.prefix(32 * 100)), in: one)
        case "torn": try put(Array(level.prefix(32 * 100 + 7)), in: one)
        case "longer": try put(level + [1, 2, 3] + level, in: one)
        case "changed":
            level[32 * 17 + 5] ^= 1
            try put(level, in: one)
        case "zeros": try put([UInt8](repeating: 0, count: level.count), in: one)
        case "above": try put([UInt8](repeating: 7, count: 32), in: two)
        case "missing": try FileManager.default.removeItem(atPath: two)
        case "others":
            let others = (0..<65_537).map { _ in LedgerHash.zero }
            _ = try StoredTree(FakeLeaves(others), frontier: frontier(others), folder: folder)
        default:
            try FileManager.default.removeItem(atPath: one)
            try FileManager.default.createDirectory(
                atPath: one,
                withIntermediateDirectories: false
            )
        }
        var (tree, _) = try Plain.tree(65_537, in: folder)
        for index: UInt64 in [0, 17 * 256, 65_536] {
            let proof = try InclusionProof(index: index, size: 65_537, from: &tree)
            #expect(
                proof.verifies(
                    leaf: Plain.leaves[Int(index)],
                    root: try tree.root(size: 65_537)
                )
            )
        }
        guard damage != "longer", damage != "folder" else { return }
        #expect(try scratch.files(in: "tree") == whole)
    }

    @Test func aLogThatLacksItsLeavesIsDamaged() throws {
        var other = Plain.leaves
        other[300] = .zero
        let source = FakeLeaves(other)
        #expect(throws: EntryLogError.self) {
            _ = try StoredTree(source, frontier: frontier(Plain.leaves))
        }
        // At the edge the leaves are looked at only when they are asked for.
        other = Plain.leaves
        other[65_536] = .zero
        var tree = try StoredTree(FakeLeaves(other), frontier: frontier(Plain.leaves))
        #expect(throws: EntryLogError.self) { try tree.tile(level: 0, index: 256) }
    }

    @Test func aFolderThatCanNotBeWrittenIsDoneWithout() throws {
        let scratch = try ScratchFolder()
        var (tree, _) = try Plain.tree(600, in: scratch.path + "/nowhere/tree")
        try Plain.check(&tree, 600, seed: 6)
        #expect(try scratch.files().isEmpty)
    }
}

struct TileCoordinateTests {
    /// The examples of C2SP tlog-tiles.
    @Test func pathsAreThoseOfTheSpecification() {
        func path(_ index: UInt64, _ width: Int = 256) -> String {
            TileCoordinate(.hashes(level: 0), index: index, width: width).path
        }
        #expect(path(1_234_067) == "tile/0/x001/x234/067")
        #expect(path(0) == "tile/0/000")
        #expect(path(273, 112) == "tile/0/273.p/112")
        #expect(path(1_234_067, 8) == "tile/0/x001/x234/067.p/8")
        #expect(path(1_000) == "tile/0/x001/000")
        #expect(
            TileCoordinate(.hashes(level: 1), index: 1, width: 17).path == "tile/1/001.p/17"
        )
        #expect(TileCoordinate(.entries, index: 999, width: 255).path == "tile/entries/999.p/255")
        #expect(TileCoordinate(.entries, index: 1_234_067).path == "tile/entries/x001/x234/067")
    }
}
