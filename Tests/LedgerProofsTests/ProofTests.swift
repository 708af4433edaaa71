// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import LedgerProofs
import Testing

struct ProofTests {
    /// The leaves and paths of the reference implementation of certificate transparency
    /// (google/certificate-transparency, merkletree tests).
    private static let published = [
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ].map { hash([0] + hexBytes($0)) }

    @Test func inclusionProofsAreThoseOfThePublishedVectors() {
        let expected: [(index: UInt64, size: UInt64, path: [String])] = [
            (0, 1, []),
            (
                0, 8,
                [
                    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
                ]
            ),
            (
                5, 8,
                [
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                ]
            ),
            (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
            (
                1, 5,
                [
                    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                ]
            ),
        ]
        var source = TreeHashesInMemory(leaves: Self.published)
        for vector in expected {
            let proof = InclusionProof(index: vector.index, size: vector.size, from: &source)
            #expect(proof.hashes.map(\.description) == vector.path)
        }
    }

    @Test func consistencyProofsAreThoseOfThePublishedVectors() {
        let expected: [(old: UInt64, new: UInt64, path: [String])] = [
            (1, 1, []),
            (
                1, 8,
                [
                    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
                ]
            ),
            (
                6, 8,
                [
                    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                ]
            ),
            (
                2, 5,
                [
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                ]
            ),
        ]
        var source = TreeHashesInMemory(leaves: Self.published)
        for vector in expected {
            let proof = ConsistencyProof(oldSize: vector.old, newSize: vector.new, from: &source)
            #expect(proof.hashes.map(\.description) == vector.path)
        }
    }

    /// Sizes are dealt out to eight tests, which run beside each other.
    @Test(arguments: 0..<8)
    func everySizeTo1025IsProvedAgainstAPlainTree(_ part: Int) {
        let leaves = sampleLeaves(1_025)
        var source = TreeHashesInMemory(leaves: leaves)
        var random = SeededGenerator(seed: UInt64(part))
        for size in stride(from: part, through: 1_025, by: 8) {
            let root = plainRoot(leaves[..<size])
            #expect(source.root(size: UInt64(size)) == root, "size \(size)")
            let indexes =
                size <= 33
                ? Array(0..<size) : (0..<12).map { _ in Int(random.next() % UInt64(size)) }
            for index in indexes + [size - 1] where index >= 0 && index < size {
                let proof = InclusionProof(
                    index: UInt64(index),
                    size: UInt64(size),
                    from: &source
                )
                #expect(proof.verifies(leaf: leaves[index], root: root), "\(index) of \(size)")
            }
        }
    }

    @Test(arguments: 0..<8)
    func growthBetweenAnySizesIsProvedAgainstAPlainTree(_ part: Int) {
        let leaves = sampleLeaves(1_025)
        let roots = (0...1_025).map { plainRoot(leaves[..<$0]) }
        var source = TreeHashesInMemory(leaves: leaves)
        var random = SeededGenerator(seed: UInt64(part))
        for new in stride(from: part, through: 1_025, by: 8) {
            let olds =
                new <= 65 ? Array(0...new) : (0..<24).map { _ in Int(random.next() % 1_026) }
            for old in olds where old <= new {
                let proof = ConsistencyProof(
                    oldSize: UInt64(old),
                    newSize: UInt64(new),
                    from: &source
                )
                #expect(proof.verifies(oldRoot: roots[old], newRoot: roots[new]), "\(old), \(new)")
                let other = roots[(old + 1) % 1_026]
                #expect(!proof.verifies(oldRoot: other, newRoot: roots[new]), "\(old), \(new)")
            }
        }
    }

    @Test func noOtherLeafIndexSizeOrPathIsProved() {
        let leaves = sampleLeaves(40)
        var source = TreeHashesInMemory(leaves: leaves)
        for size in UInt64(1)...40 {
            let root = source.root(size: size)
            for index in 0..<size {
                let proof = InclusionProof(index: index, size: size, from: &source)
                let leaf = leaves[Int(index)]
                #expect(!proof.verifies(leaf: hash([1]), root: root))
                #expect(!proof.verifies(leaf: leaf, root: hash([1])))
                for other in 0..<size + 3 where other != index {
                    let moved = InclusionProof(index: other, size: size, hashes: proof.hashes)
                    #expect(!moved.verifies(leaf: leaf, root: root), "\(index) as \(other)")
                }
                for hashes in alteredPaths(proof.hashes) {
                    let altered = InclusionProof(index: index, size: size, hashes: hashes)
                    #expect(!altered.verifies(leaf: leaf, root: root))
                }
            }
        }
    }

    @Test func noAlteredGrowthIsProved() {
        let leaves = sampleLeaves(40)
        var source = TreeHashesInMemory(leaves: leaves)
        for new in UInt64(0)...40 {
            let newRoot = source.root(size: new)
            for old in 0...new {
                let proof = ConsistencyProof(oldSize: old, newSize: new, from: &source)
                let oldRoot = source.root(size: old)
                #expect(proof.verifies(oldRoot: oldRoot, newRoot: newRoot))
                for hashes in alteredPaths(proof.hashes) {
                    let altered = ConsistencyProof(oldSize: old, newSize: new, hashes: hashes)
                    #expect(!altered.verifies(oldRoot: oldRoot, newRoot: newRoot))
                }
                guard old < new, old > 0 else { continue }
                #expect(!proof.verifies(oldRoot: oldRoot, newRoot: hash([1])))
                #expect(
                    !ConsistencyProof(oldSize: new, newSize: old, hashes: proof.hashes)
                        .verifies(oldRoot: newRoot, newRoot: oldRoot)
                )
            }
        }
    }

    @Test func anAlteredTreeIsNeverTheBeginningOfAnother() {
        let leaves = sampleLeaves(20)
        for changed in 0..<12 {
            var others = leaves
            others[changed] = hash([1, 2, 3])
            var (mine, theirs) = (
                TreeHashesInMemory(leaves: leaves), TreeHashesInMemory(leaves: others)
            )
            for new in UInt64(12)...20 {
                let proof = ConsistencyProof(oldSize: 12, newSize: new, from: &theirs)
                #expect(
                    !proof.verifies(
                        oldRoot: mine.root(size: 12),
                        newRoot: theirs.root(size: new)
                    )
                )
            }
        }
    }

    @Test(arguments: 0..<UInt64(8))
    func randomProofsProveNothingAndNeverTrap(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        func number() -> UInt64 { random.next() >> (random.next() % 64) }
        for _ in 0..<500 {
            let hashes = (0..<random.next() % 70).map { hash([UInt8(truncatingIfNeeded: $0)]) }
            let (first, second) = (number(), number())
            #expect(
                !InclusionProof(index: first, size: second, hashes: hashes)
                    .verifies(leaf: hash([1]), root: hash([2]))
            )
            #expect(
                !ConsistencyProof(oldSize: first, newSize: second, hashes: hashes)
                    .verifies(oldRoot: hash([1]), newRoot: hash([2]))
            )
        }
    }

    /// A path with one hash changed, left out, twice, or with a neighbor; or with one more.
    private func alteredPaths(_ hashes: [LedgerHash]) -> [[LedgerHash]] {
        var altered = [hashes + [hash([9])]]
        for index in hashes.indices {
            var changed = hashes
            changed[index] = hash([9])
            altered.append(changed)
            altered.append(Array(hashes[..<index]) + hashes[(index + 1)...])
            altered.append(Array(hashes[...index]) + hashes[index...])
            if index > 0 {
                changed = hashes
                changed.swapAt(index - 1, index)
                altered.append(changed)
            }
        }
        return altered
    }
}
