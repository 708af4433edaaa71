// SPDX-License-Identifier: Apache-2.0
import EntryLogConformance
import LedgerProofs
import Testing

struct NoteTests {
    /// The example of Go's `golang.org/x/mod/sumdb/note`.
    private static let verifierText =
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    private static let secretText =
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
    private static let text =
        "If you think cryptography is the answer to your problem,\n"
        + "then you don't know what your problem is.\n"
    private static let signed =
        text
        + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqd"
        + "ngotpRZb6KE6RyyBwJnAM=\n"

    @Test func theExampleOfGoIsReadAndVerified() throws {
        let note = try SignedNote(Array(Self.signed.utf8))
        let key = try NoteVerifierKey(Self.verifierText)
        #expect(note.text == Array(Self.text.utf8))
        #expect(note.bytes == Array(Self.signed.utf8))
        #expect(key.id == 0xc74f_20a3)
        #expect(key.text == Self.verifierText)
        #expect(try note.requireSignature(of: key).secondsSince1970 == nil)
    }

    @Test func theExampleOfGoIsSignedAsGoSignsIt() throws {
        let key = try NoteSigningKey(secretText: Self.secretText)
        #expect(key.secretText == Self.secretText)
        #expect(key.verifierKey.text == Self.verifierText)
        var note = try SignedNote(text: Array(Self.text.utf8))
        note.sign(with: key)
        note.sign(with: key)
        #expect(String(decoding: note.bytes, as: UTF8.self) == Self.signed)
    }

    @Test func theTextOfANoteMayHoldBlankLines() throws {
        let key = try sampleKey("quasimodo.example/salvatore")
        var note = try SignedNote(text: Array("one\n\ntwo\n\n".utf8))
        note.sign(with: key)
        let read = try SignedNote(note.bytes)
        #expect(read == note)
        #expect(read.text == Array("one\n\ntwo\n\n".utf8))
    }

    @Test func everyAlterationOfANoteIsRefused() throws {
        let key = try NoteVerifierKey(Self.verifierText)
        for altered in alterations(of: Array(Self.signed.utf8)) {
            #expect(throws: ProofError.self) {
                try SignedNote(altered).requireSignature(of: key)
            }
        }
    }

    @Test func everyAlterationOfAKeyIsRefusedOrVerifiesNothing() throws {
        let note = try SignedNote(Array(Self.signed.utf8))
        for altered in alterations(of: Array(Self.verifierText.utf8)) {
            #expect(throws: ProofError.self) {
                let key = try NoteVerifierKey(String(decoding: altered, as: UTF8.self))
                try note.requireSignature(of: key)
            }
        }
    }

    @Test func everyAlterationOfASigningKeyIsRefused() throws {
        for altered in alterations(of: Array(Self.secretText.utf8)) {
            let error = #expect(throws: ProofError.self) {
                try NoteSigningKey(secretText: String(decoding: altered, as: UTF8.self))
            }
            #expect(error.map { !$0.description.contains("YEKFALVFGyNhPJ") } == true)
        }
    }

    @Test func aSigningKeyShowsNothingOfItself() throws {
        let key = try NoteSigningKey(secretText: Self.secretText)
        #expect("\(key) \(String(reflecting: key))".contains("AYEKFALV") == false)
        var dumped = ""
        dump(key, to: &dumped)
        #expect(!dumped.contains("AYEKFALV"))
    }

    @Test func signaturesOfUnknownKeysMeanNothing() throws {
        let known = try sampleKey("known.example")
        let other = try sampleKey("other.example", seed: 9)
        let sameName = try sampleKey("known.example", seed: 9)
        var note = try SignedNote(text: [0x41, 0x0a])
        note.sign(with: other)
        note.sign(with: sameName)
        #expect(try note.verifiedSignatures(by: [known.verifierKey]).isEmpty)
        #expect(throws: ProofError.self) { try note.requireSignature(of: known.verifierKey) }
        note.sign(with: known)
        #expect(try note.verifiedSignatures(by: [known.verifierKey]).count == 1)
        let all = [known.verifierKey, other.verifierKey]
        #expect(try note.verifiedSignatures(by: all).map(\.key) == all.reversed())
    }

    @Test func aFalseSignatureOfAKnownKeySpoilsTheNote() throws {
        let known = try sampleKey("known.example")
        let other = try sampleKey("other.example", seed: 9)
        var note = try SignedNote(text: [0x41, 0x0a])
        note.sign(with: other)
        try note.append(
            NoteSignature(
                name: known.verifierKey.name,
                keyID: known.verifierKey.id,
                bytes: [UInt8](repeating: 0, count: 64)
            )
        )
        #expect(throws: ProofError.invalidSignature(name: "known.example")) {
            try note.verifiedSignatures(by: [known.verifierKey, other.verifierKey])
        }
    }

    @Test(arguments: ["", "a b", "a+b", "a\u{a0}b", "a\u{2028}b", "a\nb", "a\tb", "a\u{0}b"])
    func whatCanBeNoKeyNameIsRefused(_ name: String) {
        #expect(throws: ProofError.self) { try NoteKeyName(name) }
    }

    @Test func namesThatOnlyLookTheSameAreTwo() throws {
        #expect(try NoteKeyName("caf\u{e9}") != NoteKeyName("cafe\u{301}"))
    }

    @Test(arguments: [
        "text\n", "text\n\n", "text\n\n\n", "\n— a AAAAAAA=\n", "text\n— a AAAAAAA=\n",
        "text\n\n— a AAAA\n", "text\n\n- a AAAAAAA=\n", "text\n\n— a  AAAAAAA=\n",
        "text\n\n— a AAAAAAA= \n", "text\n\n— a AAAAAAB=\n", "text\n\n— a AAAAAAA=",
        "text\n\n— AAAAAAA=\n", "te\u{7}xt\n\n— a AAAAAAA=\n", "text\n\n— a AAAAAAA=\n— \n",
    ])
    func whatIsNoNoteIsRefused(_ text: String) {
        #expect(throws: ProofError.self) { try SignedNote(Array(text.utf8)) }
    }

    @Test func aNoteMayHaveAHundredSignaturesAndNoMore() throws {
        let line = "— a AAAAAAA=\n"
        let full = "text\n\n" + String(repeating: line, count: 100)
        #expect(try SignedNote(Array(full.utf8)).signatures.count == 100)
        #expect(throws: ProofError.self) { try SignedNote(Array((full + line).utf8)) }
    }

    @Test func brokenUTF8IsRefused() {
        let bytes = Array("text\u{e9}\n\n— a AAAAAAA=\n".utf8).filter { $0 != 0xa9 }
        #expect(throws: ProofError.self) { try SignedNote(bytes) }
    }

    @Test(arguments: 0..<UInt64(20))
    func randomBytesAreRefusedAndNeverTrap(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let bytes = randomBytes(&random, atMost: 300)
            #expect(throws: ProofError.self) { try SignedNote(bytes) }
            #expect(throws: ProofError.self) { try TlogProof(bytes) }
            #expect(throws: ProofError.self) { try GrowthProof(bytes) }
            #expect(throws: ProofError.self) { try Checkpoint(text: bytes) }
        }
    }
}
