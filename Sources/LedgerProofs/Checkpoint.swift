// SPDX-License-Identifier: Apache-2.0
public import EntryLog
import LedgerText

/// What a ledger's log was at a size (C2SP tlog-checkpoint): the text that is signed.
///
/// Equal if the bytes are the same.
public struct Checkpoint: Hashable, Sendable {
    /// The log's name: not empty, on one line.
    public let origin: String
    /// How many entries the log had.
    public let size: UInt64
    /// The root of the tree over them.
    public let root: LedgerHash
    /// Further lines, which nobody checks; a ledger writes none.
    public let extensionLines: [String]

    /// The greatest size, so that every reader's numbers hold it.
    public static let maximumSize = UInt64(Int64.max)

    /// Makes a checkpoint.
    ///
    /// - Throws: ``ProofError/malformed(_:found:expected:)`` if it can not be written.
    public init(origin: String, size: UInt64, root: LedgerHash) throws(ProofError) {
        try self.init(text: Checkpoint.text(Array(origin.utf8), size, root, []))
    }

    /// Reads a checkpoint's text; what it accepts ``text`` writes again.
    ///
    /// - Throws: ``ProofError/malformed(_:found:expected:)`` if it is none.
    public init(text: [UInt8]) throws(ProofError) {
        try SignedNote.check(text)
        let lines = text.dropLast().split(
            separator: UInt8(ascii: "\n"),
            omittingEmptySubsequences: false
        )
        guard lines.count >= 3, lines.allSatisfy({ !$0.isEmpty }) else {
            throw .malformed(
                .checkpoint,
                found: "\(lines.count) lines",
                expected: "three or more that are not empty: origin, size, root"
            )
        }
        guard let size = decimalNumber(lines[1]), size <= Checkpoint.maximumSize else {
            throw .malformed(
                .checkpoint,
                found: "the size '\(shownNoteText(lines[1]))'",
                expected: "a whole number without leading zeros, at most 2^63 - 1"
            )
        }
        guard let bytes = Base64.bytes(of: lines[2]), let root = LedgerHash(bytes) else {
            throw .malformed(
                .checkpoint,
                found: "the root '\(shownNoteText(lines[2]))'",
                expected: "32 bytes in Base64"
            )
        }
        origin = String(decoding: lines[0], as: UTF8.self)
        self.size = size
        self.root = root
        extensionLines = lines.dropFirst(3).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The text that is signed.
    public var text: [UInt8] {
        Checkpoint.text(Array(origin.utf8), size, root, extensionLines)
    }

    private static func text(
        _ origin: [UInt8],
        _ size: UInt64,
        _ root: LedgerHash,
        _ extensionLines: [String]
    ) -> [UInt8] {
        var text = origin + Array("\n\(size)\n".utf8)
        Base64.append(root.bytes, to: &text)
        for line in extensionLines { text += [UInt8(ascii: "\n")] + Array(line.utf8) }
        text.append(UInt8(ascii: "\n"))
        return text
    }

    /// Whether the texts are the same.
    public static func == (left: Checkpoint, right: Checkpoint) -> Bool { left.text == right.text }

    /// Mixes the text into `hasher`.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// A checkpoint with the signatures under it.
public struct SignedCheckpoint: Hashable, Sendable {
    /// What it says.
    public let checkpoint: Checkpoint
    /// The note, with the signatures of the ledger and of witnesses.
    public private(set) var note: SignedNote

    /// Signs a checkpoint as the ledger does.
    public init(_ checkpoint: Checkpoint, signedWith key: NoteSigningKey) {
        self.checkpoint = checkpoint
        // A checkpoint that was made has a text that a note may have.
        note = SignedNote(checked: checkpoint.text, [])
        note.sign(with: key)
    }

    /// Reads a checkpoint; no signature is checked.
    ///
    /// - Throws: ``ProofError/malformed(_:found:expected:)`` if it is none.
    public init(_ bytes: [UInt8]) throws(ProofError) {
        note = try SignedNote(bytes)
        checkpoint = try Checkpoint(text: note.text)
    }

    /// The checkpoint as it is stored and sent.
    public var bytes: [UInt8] { note.bytes }

    /// Adds a signature that somebody else made, if it is not there yet.
    ///
    /// - Throws: ``ProofError/malformed(_:found:expected:)`` if there are too many.
    public mutating func append(_ signature: NoteSignature) throws(ProofError) {
        try note.append(signature)
    }

    /// Signs it with another key of the ledger.
    public mutating func sign(with key: NoteSigningKey) { note.sign(with: key) }

    /// The same with the signatures of some keys only.
    public func keeping(signaturesOf keys: [NoteVerifierKey]) -> SignedCheckpoint {
        var copy = self
        copy.note = SignedNote(
            checked: note.text,
            note.signatures.filter { signature in keys.contains(where: signature.isOf) }
        )
        return copy
    }

    /// Adds a signature in the place of one by the same key.
    ///
    /// - Throws: ``ProofError/malformed(_:found:expected:)`` if there are too many.
    mutating func put(_ signature: NoteSignature) throws(ProofError) { try note.put(signature) }
}

/// The number that decimal digits without leading zeros stand for, or `nil`.
func decimalNumber(_ digits: some Collection<UInt8>) -> UInt64? {
    guard let first = digits.first, digits.count == 1 || first != UInt8(ascii: "0"),
        digits.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains)
    else { return nil }
    return UInt64(String(decoding: digits, as: UTF8.self))
}
