// SPDX-License-Identifier: Apache-2.0

/// A signature under a note: whose it says it is, and the bytes.
public struct NoteSignature: Hashable, Sendable {
    /// The name of the key.
    public let name: NoteKeyName
    /// The id of the key.
    public let keyID: UInt32
    /// What the key's algorithm made: of a witness the time first, then 64 bytes of Ed25519.
    public let bytes: [UInt8]

    /// Makes a signature.
    public init(name: NoteKeyName, keyID: UInt32, bytes: [UInt8]) {
        self.name = name
        self.keyID = keyID
        self.bytes = bytes
    }

    /// Whether it says that it is this key's.
    public func isOf(_ key: NoteVerifierKey) -> Bool { name == key.name && keyID == key.id }
}

/// A signature that was checked.
public struct VerifiedSignature: Hashable, Sendable {
    /// Whose it is.
    public let key: NoteVerifierKey
    /// When a witness says that it cosigned, in seconds since 1970; `nil` of a plain signature.
    public let secondsSince1970: UInt64?
}

/// A text with signatures under it (C2SP signed-note): what it says counts only once a signature of
/// a key that is trusted has been checked.
///
/// It has one sequence of bytes. Signatures by keys that are not known are kept and mean nothing.
public struct SignedNote: Hashable, Sendable {
    /// The text in UTF-8, which is what is signed; it ends with a newline.
    public let text: [UInt8]
    /// The signatures, in the order in which they stand.
    public private(set) var signatures: [NoteSignature]

    /// The most signatures that a note may have.
    public static let maximumSignatureCount = 100
    /// The most bytes that a note may have.
    public static let maximumByteCount = 1_000_000

    /// Begins a note without signatures.
    ///
    /// - Throws: ``ProofError/malformed(_:found:expected:)`` if the text does not end with a newline,
    ///   or has control characters.
    public init(text: [UInt8]) throws(ProofError) {
        try SignedNote.check(text)
        self.init(checked: text, [])
    }

    /// Makes a note of parts that were checked.
    init(checked text: [UInt8], _ signatures: [NoteSignature]) {
        self.text = text
        self.signatures = signatures
    }

    /// Signs the text with a key that signs as a log does.
    public mutating func sign(with key: NoteSigningKey) {
        precondition(key.verifierKey.algorithm == .ed25519, "a witness cosigns, with a time")
        append(key.signature(of: text), of: key.verifierKey)
    }

    /// Cosigns the text, which must be that of a checkpoint, as a witness does at a time.
    public mutating func cosign(with key: NoteSigningKey, secondsSince1970 time: UInt64) {
        precondition(key.verifierKey.algorithm == .cosignature, "a log signs without a time")
        precondition(time <= UInt64(Int64.max), "a witness's time fits 63 bits")
        let signature = key.signature(of: SignedNote.cosigned(text, at: time))
        append(SignedNote.bigEndian(time) + signature, of: key.verifierKey)
    }

    /// Adds a signature that somebody else made, if it is not there yet.
    ///
    /// - Throws: ``ProofError/malformed(_:found:expected:)`` if there are too many.
    public mutating func append(_ signature: NoteSignature) throws(ProofError) {
        guard !signatures.contains(signature) else { return }
        guard signatures.count < SignedNote.maximumSignatureCount else {
            throw .malformed(
                .note,
                found: "more than \(SignedNote.maximumSignatureCount) signatures",
                expected: "fewer"
            )
        }
        signatures.append(signature)
    }

    /// Adds a signature that somebody else made, in the place of one by the same key.
    ///
    /// - Throws: ``ProofError/malformed(_:found:expected:)`` if there are too many.
    mutating func put(_ signature: NoteSignature) throws(ProofError) {
        let place = signatures.firstIndex {
            $0.name == signature.name && $0.keyID == signature.keyID
        }
        guard let place else { return try append(signature) }
        signatures[place] = signature
    }

    private mutating func append(_ bytes: [UInt8], of key: NoteVerifierKey) {
        signatures.removeAll { $0.isOf(key) }
        signatures.append(NoteSignature(name: key.name, keyID: key.id, bytes: bytes))
    }

    /// Checks the signatures by keys that are known.
    ///
    /// - Returns: One for each of the keys that signed, in the order of the note.
    /// - Throws: ``ProofError/invalidSignature(name:)`` if a signature says that it is one of theirs
    ///   and is not; the note is then to be refused, whatever else is under it.
    public func verifiedSignatures(
        by keys: [NoteVerifierKey]
    ) throws(ProofError) -> [VerifiedSignature] {
        var verified: [VerifiedSignature] = []
        for signature in signatures {
            guard let key = keys.first(where: signature.isOf),
                // Of several by one key the first counts.
                !verified.contains(where: { $0.key == key })
            else { continue }
            verified.append(try verify(signature, by: key))
        }
        return verified
    }

    /// Checks that a key signed the text.
    ///
    /// - Throws: ``ProofError/notSigned(expected:)`` or ``ProofError/invalidSignature(name:)``.
    @discardableResult
    public func requireSignature(of key: NoteVerifierKey) throws(ProofError) -> VerifiedSignature {
        guard let verified = try verifiedSignatures(by: [key]).first else {
            throw .notSigned(expected: "\(key.name) with the key \(KeyText.digits(key.id))")
        }
        return verified
    }

    private func verify(
        _ signature: NoteSignature,
        by key: NoteVerifierKey
    ) throws(ProofError) -> VerifiedSignature {
        let time: UInt64?
        let isValid: Bool
        switch key.algorithm {
        case .ed25519:
            time = nil
            isValid = key.verifies(signature.bytes, of: text)
        case .cosignature:
            let told = signature.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            time = told
            isValid =
                signature.bytes.count > 8 && told <= UInt64(Int64.max)
                && key.verifies(
                    signature.bytes.dropFirst(8),
                    of: SignedNote.cosigned(text, at: told)
                )
        }
        guard isValid else { throw .invalidSignature(name: signature.name.description) }
        return VerifiedSignature(key: key, secondsSince1970: time)
    }

    /// What a witness signs (C2SP tlog-cosignature).
    private static func cosigned(_ text: [UInt8], at time: UInt64) -> [UInt8] {
        Array("cosignature/v1\ntime \(time)\n".utf8) + text
    }

    private static func bigEndian(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }
}
