// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import LedgerProofs
import Testing

struct CheckpointTests {
    /// The example of C2SP tlog-cosignature.
    ///
    /// It was cosigned by Go's `crypto/ed25519` with the seed of the bytes 0 to 31.
    private static let text =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    private static let witnessText =
        "witness.example.com/w1+a0059f11+BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQS"
        + "VTG4"
    private static let witnessSecret =
        "PRIVATE+KEY+witness.example.com/w1+a0059f11+BAABAgMEBQYHCAkKCwwNDg8QERIT"
        + "FBUWFxgZGhscHR4f"
    private static let cosignature =
        "— witness.example.com/w1 oAWfEQAAAABkGFDLBuRDazBLVac2NE+Y+IjbjQOcXLfF9CS"
        + "DZVUIoS83rE1nFZsVE8YiWV6Ngr7lV8H6bdoBQGP/l73euDMQ9k+bBQ=="

    @Test func theExampleOfTheSpecificationIsRead() throws {
        let checkpoint = try Checkpoint(text: Array(Self.text.utf8))
        #expect(checkpoint.origin == "example.com/behind-the-sofa")
        #expect(checkpoint.size == 20_852_163)
        #expect(checkpoint.root.description.hasPrefix("0ac5186a91863e8e"))
        #expect(checkpoint.extensionLines.isEmpty)
        #expect(checkpoint.text == Array(Self.text.utf8))
    }

    @Test func aCosignatureOfAnotherImplementationVerifies() throws {
        let witness = try NoteVerifierKey(Self.witnessText)
        #expect(witness.algorithm == .cosignature)
        let signed = try SignedCheckpoint(Array("\(Self.text)\n\(Self.cosignature)\n".utf8))
        let verified = try signed.note.requireSignature(of: witness)
        #expect(verified.secondsSince1970 == 1_679_315_147)
    }

    @Test func aWitnessCosignsAsTheOtherImplementationDoes() throws {
        let key = try NoteSigningKey(secretText: Self.witnessSecret)
        #expect(key.verifierKey.text == Self.witnessText)
        var note = try SignedNote(text: Array(Self.text.utf8))
        note.cosign(with: key, secondsSince1970: 1_679_315_147)
        #expect(
            String(decoding: note.bytes, as: UTF8.self) == "\(Self.text)\n\(Self.cosignature)\n"
        )
    }

    @Test func everyAlterationOfACosignedCheckpointIsRefused() throws {
        let log = try sampleKey("example.com/log")
        let witness = try sampleKey("witness.example", .cosignature, seed: 40)
        let bytes = try cosigned(by: log, witness).bytes
        for altered in alterations(of: bytes) {
            #expect(throws: ProofError.self) {
                let note = try SignedCheckpoint(altered).note
                try note.requireSignature(of: log.verifierKey)
                try note.requireSignature(of: witness.verifierKey)
            }
        }
    }

    @Test func aSignatureOfTheLogIsNoCosignature() throws {
        let log = try sampleKey("example.com/log")
        // The same key under the same name, as a witness.
        let witness = try sampleKey("example.com/log", .cosignature)
        let signed = try cosigned(by: log, witness)
        #expect(log.verifierKey.id != witness.verifierKey.id)
        let keys = [log.verifierKey, witness.verifierKey]
        #expect(try signed.note.verifiedSignatures(by: keys).count == 2)
        let moved = signed.note.signatures.map {
            NoteSignature(
                name: $0.name,
                keyID: $0.isOf(log.verifierKey) ? witness.verifierKey.id : log.verifierKey.id,
                bytes: $0.bytes
            )
        }
        for signature in moved {
            var note = try SignedNote(text: signed.note.text)
            try note.append(signature)
            #expect(throws: ProofError.invalidSignature(name: "example.com/log")) {
                try note.verifiedSignatures(by: keys)
            }
        }
    }

    @Test func extensionLinesAreKeptAndSigned() throws {
        let text = Array((Self.text + "one\ntwo words\n").utf8)
        let checkpoint = try Checkpoint(text: text)
        #expect(checkpoint.extensionLines == ["one", "two words"])
        #expect(checkpoint.text == text)
        #expect(try checkpoint != Checkpoint(text: Array(Self.text.utf8)))
    }

    @Test(arguments: [
        "", "\n", "a\n1\n", "a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n+1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n9223372036854775808\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n99999999999999999999999\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\nx\n",
    ])
    func whatIsNoCheckpointIsRefused(_ text: String) {
        #expect(throws: ProofError.self) { try Checkpoint(text: Array(text.utf8)) }
    }

    @Test func anOriginOfTwoLinesIsNoOrigin() {
        #expect(throws: ProofError.self) {
            try Checkpoint(origin: "a\n2", size: 1, root: .zero)
        }
        #expect(throws: ProofError.self) { try Checkpoint(origin: "", size: 1, root: .zero) }
    }

    private func cosigned(
        by log: NoteSigningKey,
        _ witness: NoteSigningKey
    ) throws -> SignedCheckpoint {
        let checkpoint = try Checkpoint(origin: "example.com/log", size: 7, root: hash([7]))
        var signed = SignedCheckpoint(checkpoint, signedWith: log)
        var note = signed.note
        note.cosign(with: witness, secondsSince1970: 1_700_000_000)
        for signature in note.signatures { try signed.append(signature) }
        return signed
    }
}
