// SPDX-License-Identifier: Apache-2.0
import Crypto
import EntryLog
import LedgerText

/// How a key signs (C2SP signed-note, "Signature types").
public enum NoteAlgorithm: UInt8, Hashable, Sendable {
    /// Ed25519 over the note's text, as a log signs its checkpoints.
    case ed25519 = 0x01
    /// Ed25519 over a time and the text, as a witness cosigns (C2SP tlog-cosignature).
    case cosignature = 0x04
}

/// A key by which signatures of notes are checked.
///
/// Its text is that of C2SP signed-note and of Go's `sumdb/note`: the name, the key's id in eight
/// hexadecimal digits and, in Base64, the algorithm's number and the public key, with `+` between.
public struct NoteVerifierKey: Hashable, Sendable {
    /// The name that signatures bear.
    public let name: NoteKeyName
    /// How it signs.
    public let algorithm: NoteAlgorithm
    /// The Ed25519 public key, 32 bytes (RFC 8032).
    public let publicKey: [UInt8]
    /// The first four bytes of SHA-256(name, newline, algorithm, public key), big-endian.
    public let id: UInt32

    /// How many bytes a public key has, and the seed of a signing key.
    public static let byteCount = 32

    /// Makes a key from its parts.
    ///
    /// - Throws: ``ProofError/malformed(_:found:expected:)`` if the public key has not 32 bytes.
    public init(
        name: NoteKeyName,
        algorithm: NoteAlgorithm = .ed25519,
        publicKey: [UInt8]
    ) throws(ProofError) {
        guard publicKey.count == NoteVerifierKey.byteCount else {
            throw .malformed(
                .verifierKey,
                found: "a public key of \(publicKey.count) bytes",
                expected: "\(NoteVerifierKey.byteCount) bytes"
            )
        }
        self.init(named: name, algorithm, publicKey)
    }

    /// Makes a key whose public key has its 32 bytes.
    init(named name: NoteKeyName, _ algorithm: NoteAlgorithm, _ publicKey: [UInt8]) {
        self.name = name
        self.algorithm = algorithm
        self.publicKey = publicKey
        let input = name.utf8 + [0x0a, algorithm.rawValue] + publicKey
        id = sha256(input.span.rawBytes).bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Reads a key's text; what it accepts ``text`` writes again.
    ///
    /// - Throws: ``ProofError/malformed(_:found:expected:)`` if it is not a key, if its id is not
    ///   that of its name and public key, or if it signs in another way.
    public init(_ text: String) throws(ProofError) {
        let (name, material, id) = try KeyText.parts(of: Array(text.utf8)[...], .verifierKey)
        guard let number = material.first, let algorithm = NoteAlgorithm(rawValue: number) else {
            throw KeyText.unknownAlgorithm(material.first, .verifierKey)
        }
        try self.init(name: name, algorithm: algorithm, publicKey: Array(material.dropFirst()))
        guard id == self.id else {
            throw .malformed(
                .verifierKey,
                found: "the id \(KeyText.digits(id))",
                expected: "\(KeyText.digits(self.id)), which is that of the name and the key"
            )
        }
    }

    /// The key as text.
    public var text: String { KeyText.text(name, id: id, [algorithm.rawValue] + publicKey) }

    /// The name and the id, which tell keys apart.
    public var shortText: String { "\(name)+\(KeyText.digits(id))" }

    /// Whether a signature of `message` is this key's; `signature` is without the id and the time.
    func verifies(_ signature: some Collection<UInt8>, of message: [UInt8]) -> Bool {
        // What is no point of the curve verifies nothing.
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else {
            return false
        }
        return key.isValidSignature(Array(signature), for: message)
    }
}

extension NoteVerifierKey: CustomStringConvertible {
    /// The key as text.
    public var description: String { text }
}

/// What the texts of keys have in common.
enum KeyText {
    /// Name, id and key material with `+` between.
    static func text(_ name: NoteKeyName, id: UInt32, _ material: [UInt8]) -> String {
        var text = name.utf8 + Array("+\(digits(id))+".utf8)
        Base64.append(material, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Takes apart what ``text(_:id:_:)`` wrote.
    static func parts(
        of text: ArraySlice<UInt8>,
        _ form: ProofError.Form
    ) throws(ProofError) -> (name: NoteKeyName, material: [UInt8], id: UInt32) {
        let parts = text.split(
            separator: UInt8(ascii: "+"),
            maxSplits: 2,
            omittingEmptySubsequences: false
        )
        guard parts.count == 3, parts[1].count == 8, let id = Hexadecimal.bytes(of: parts[1]),
            let material = Base64.bytes(of: parts[2])
        else {
            throw .malformed(
                form,
                found: form == .signingKey ? "something else" : "'\(shownNoteText(text))'",
                expected: "a name, eight hexadecimal digits and Base64, with '+' between"
            )
        }
        return (try NoteKeyName(utf8: parts[0]), material, id.reduce(0) { $0 << 8 | UInt32($1) })
    }

    static func digits(_ id: UInt32) -> String {
        var text: [UInt8] = []
        Hexadecimal.append(
            (0..<4).map { UInt8(truncatingIfNeeded: id >> (24 - 8 * $0)) },
            to: &text
        )
        return String(decoding: text, as: UTF8.self)
    }

    static func unknownAlgorithm(_ found: UInt8?, _ form: ProofError.Form) -> ProofError {
        .malformed(
            form,
            found: found.map { "signature type \($0)" } ?? "no key",
            expected: "Ed25519: type 1 of a log, or 4 of a witness"
        )
    }
}
