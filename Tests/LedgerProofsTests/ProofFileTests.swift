// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import LedgerProofs
import Testing

struct ProofFileTests {
    private let leaves = sampleLeaves(11)
    private let key: NoteSigningKey
    private let checkpoint: SignedCheckpoint

    init() throws {
        key = try sampleKey("example.com/log")
        var source = TreeHashesInMemory(leaves: leaves)
        checkpoint = SignedCheckpoint(
            try Checkpoint(origin: "example.com/log", size: 11, root: source.root(size: 11)),
            signedWith: key
        )
    }

    @Test func aProofOfAnEntryHasTheFormOfTheSpecification() throws {
        let proof = inclusion(of: 10)
        #expect(proof.proof.hashes.count == 2)
        let text = String(decoding: proof.bytes, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[..<2] == ["c2sp.org/tlog-proof@v1", "index 10"])
        #expect(lines[2...3].allSatisfy { $0.utf8.count == 44 })
        #expect(lines[4...7] == ["", "example.com/log", "11", lines[7]])
        #expect(text.hasSuffix("\n\n" + String(decoding: checkpoint.bytes, as: UTF8.self)))
        #expect(try TlogProof(proof.bytes) == proof)
    }

    @Test func everyEntryIsProvedByItsFile() throws {
        for (index, leaf) in leaves.enumerated() {
            let proof = try TlogProof(inclusion(of: UInt64(index)).bytes)
            try proof.verify(leaf: leaf, key: key.verifierKey)
            #expect(throws: ProofError.doesNotVerify(.inclusionProof)) {
                try proof.verify(leaf: hash([1]), key: key.verifierKey)
            }
        }
    }

    @Test func extraBytesAreKeptAndProveNothing() throws {
        let proof = TlogProof(inclusion(of: 3).proof, checkpoint, extra: [1, 2, 3, 4])
        let read = try TlogProof(proof.bytes)
        #expect(read.extra == [1, 2, 3, 4])
        #expect(read.bytes == proof.bytes)
        #expect(
            String(decoding: proof.bytes, as: UTF8.self).contains("\nextra AQIDBA==\nindex 3\n")
        )
    }

    @Test func everyAlterationOfAProofIsRefused() throws {
        for altered in alterations(of: inclusion(of: 9).bytes) {
            #expect(throws: ProofError.self) {
                try TlogProof(altered).verify(leaf: leaves[9], key: key.verifierKey)
            }
        }
    }

    @Test func growthIsProvedByItsFile() throws {
        var source = TreeHashesInMemory(leaves: leaves)
        for size in UInt64(0)...11 {
            let growth = try GrowthProof(growth(from: size).bytes)
            try growth.verify(oldRoot: source.root(size: size), key: key.verifierKey)
        }
    }

    @Test func everyAlterationOfAProofOfGrowthIsRefused() throws {
        var source = TreeHashesInMemory(leaves: leaves)
        for altered in alterations(of: growth(from: 6).bytes) {
            #expect(throws: ProofError.self) {
                try GrowthProof(altered)
                    .verify(oldRoot: source.root(size: 6), key: key.verifierKey)
            }
        }
    }

    @Test func aCheckpointOfAnotherKeyProvesNothing() throws {
        let other = try sampleKey("example.com/log", seed: 2)
        #expect(throws: ProofError.self) {
            try inclusion(of: 2).verify(leaf: leaves[2], key: other.verifierKey)
        }
    }

    @Test func aPathOfMoreHashesThanASizeHasBitsIsRefused() throws {
        let hashes = [LedgerHash](repeating: hash([1]), count: 66)
        let proof = TlogProof(InclusionProof(index: 1, size: 11, hashes: hashes), checkpoint)
        #expect(throws: ProofError.self) { try TlogProof(proof.bytes) }
    }

    private func inclusion(of index: UInt64) -> TlogProof {
        var source = TreeHashesInMemory(leaves: leaves)
        return TlogProof(InclusionProof(index: index, size: 11, from: &source), checkpoint)
    }

    private func growth(from size: UInt64) -> GrowthProof {
        var source = TreeHashesInMemory(leaves: leaves)
        return GrowthProof(ConsistencyProof(oldSize: size, newSize: 11, from: &source), checkpoint)
    }
}
