// SPDX-License-Identifier: Apache-2.0
import Crypto

/// A key that signs notes; its descriptions show nothing of what is secret.
public struct NoteSigningKey: Sendable {
    /// The key by which its signatures are checked.
    public let verifierKey: NoteVerifierKey
    private let key: Curve25519.Signing.PrivateKey

    /// The text of a signing key begins with this.
    private static let prefix = Array("PRIVATE+KEY+".utf8)

    /// Makes a new key from the system's random generator.
    public init(name: NoteKeyName, algorithm: NoteAlgorithm = .ed25519) {
        self.init(Curve25519.Signing.PrivateKey(), name, algorithm)
    }

    /// Makes the key that has this seed (RFC 8032, section 5.1.5).
    ///
    /// - Throws: ``ProofError/malformed(_:found:expected:)`` if the seed has not 32 bytes.
    public init(
        name: NoteKeyName,
        algorithm: NoteAlgorithm = .ed25519,
        seed: [UInt8]
    ) throws(ProofError) {
        guard seed.count == NoteVerifierKey.byteCount,
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed)
        else {
            throw .malformed(
                .signingKey,
                found: "a seed of \(seed.count) bytes",
                expected: "\(NoteVerifierKey.byteCount) bytes"
            )
        }
        self.init(key, name, algorithm)
    }

    private init(
        _ key: Curve25519.Signing.PrivateKey,
        _ name: NoteKeyName,
        _ algorithm: NoteAlgorithm
    ) {
        self.key = key
        verifierKey = NoteVerifierKey(
            named: name,
            algorithm,
            Array(key.publicKey.rawRepresentation)
        )
    }

    /// Reads a key's text, which is that of Go's `sumdb/note`.
    ///
    /// - Throws: ``ProofError/malformed(_:found:expected:)`` if it is not a key, or if its id is not
    ///   that of its name and key. The error shows nothing of the text.
    public init(secretText text: String) throws(ProofError) {
        let bytes = Array(text.utf8)
        guard bytes.starts(with: NoteSigningKey.prefix) else {
            throw .malformed(
                .signingKey,
                found: "something else",
                expected: "a text that begins with PRIVATE+KEY+"
            )
        }
        let (name, material, id) = try KeyText.parts(
            of: bytes.dropFirst(NoteSigningKey.prefix.count),
            .signingKey
        )
        guard let number = material.first, let algorithm = NoteAlgorithm(rawValue: number) else {
            throw KeyText.unknownAlgorithm(material.first, .signingKey)
        }
        try self.init(name: name, algorithm: algorithm, seed: Array(material.dropFirst()))
        guard id == verifierKey.id else {
            throw .malformed(
                .signingKey,
                found: "the id \(KeyText.digits(id))",
                expected: "that of the name and the key, \(KeyText.digits(verifierKey.id))"
            )
        }
    }

    /// The key as text: whoever has it signs as this ledger.
    public var secretText: String {
        String(decoding: NoteSigningKey.prefix, as: UTF8.self)
            + KeyText.text(
                verifierKey.name,
                id: verifierKey.id,
                [verifierKey.algorithm.rawValue] + Array(key.rawRepresentation)
            )
    }

    /// The signature of a message, 64 bytes.
    func signature(of message: [UInt8]) -> [UInt8] {
        guard let signature = try? key.signature(for: message) else {
            preconditionFailure("an Ed25519 key signs every message")
        }
        return Array(signature)
    }
}

extension NoteSigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The name, and nothing that is secret.
    public var description: String { "NoteSigningKey of \(verifierKey.name) (hidden)" }
    /// The same.
    public var debugDescription: String { description }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
