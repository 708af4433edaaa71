// SPDX-License-Identifier: Apache-2.0
public import LedgerModel

/// Says that a log signs with another key from now on: a note that both keys have signed.
///
/// Five lines: what it is, the log's origin, the key until now, the key from now on, how many
/// entries the log had. It can not be read as a checkpoint, whose third line is a root.
public struct RotationStatement: Hashable, Sendable {
    /// The log's name.
    public let origin: String
    /// The key until now.
    public let previousKey: NoteVerifierKey
    /// The key from now on.
    public let newKey: NoteVerifierKey
    /// How many entries the log had when it was made.
    public let size: UInt64
    /// The text, with the signatures of the key until now and of the new one, in this order.
    public let note: SignedNote

    /// What the first line is.
    public static let header = "headroom/key-rotation/v1"

    /// Makes a statement.
    public init(
        origin: String,
        size: UInt64,
        from previous: NoteSigningKey,
        to new: NoteSigningKey
    ) throws(ProofError) {
        self.origin = origin
        self.size = size
        previousKey = previous.verifierKey
        newKey = new.verifierKey
        var note = try SignedNote(
            text: RotationStatement.text(origin, size, previousKey, newKey)
        )
        note.sign(with: previous)
        note.sign(with: new)
        self.note = note
    }

    /// Reads a statement and checks both signatures; what it accepts has one sequence of bytes.
    ///
    /// - Throws: ``ProofError`` if it is none, or is not signed by both keys and by nobody else.
    public init(_ bytes: [UInt8]) throws(ProofError) {
        note = try SignedNote(bytes)
        let lines = note.text.dropLast().split(
            separator: UInt8(ascii: "\n"),
            omittingEmptySubsequences: false
        )
        guard lines.count == 5, lines[0].elementsEqual(RotationStatement.header.utf8),
            let size = decimalNumber(lines[4]), size <= Checkpoint.maximumSize
        else {
            throw .malformed(
                .rotationStatement,
                found: "'\(shownNoteText(note.text))'",
                expected: "'\(RotationStatement.header)', origin, key, key and number of entries"
            )
        }
        origin = String(decoding: lines[1], as: UTF8.self)
        previousKey = try NoteVerifierKey(String(decoding: lines[2], as: UTF8.self))
        newKey = try NoteVerifierKey(String(decoding: lines[3], as: UTF8.self))
        self.size = size
        guard previousKey.algorithm == .ed25519, newKey.algorithm == .ed25519 else {
            throw .malformed(
                .rotationStatement,
                found: "a witness's key",
                expected: "two keys by which a log signs"
            )
        }
        let verified = try note.verifiedSignatures(by: [previousKey, newKey]).map(\.key)
        guard note.signatures.count == 2, verified == [previousKey, newKey] else {
            throw .notSigned(expected: "both keys, the one until now first, and of nobody else")
        }
    }

    /// What an entry says of it.
    public var rotation: KeyRotation {
        KeyRotation(
            previousKey: previousKey.text,
            newKey: newKey.text,
            statement: String(decoding: note.bytes, as: UTF8.self)
        )
    }

    /// Checks that a rotation's statement says what the rotation does, of this log, and that both
    /// keys signed it.
    ///
    /// - Parameters:
    ///   - rotation: What an entry says, or is to say.
    ///   - origin: The log's name.
    ///   - number: The entry's number, or the one that it gets at the earliest.
    /// - Throws: ``ProofError`` that says what is wrong.
    public static func check(
        _ rotation: KeyRotation,
        of origin: String,
        at number: EntryNumber
    ) throws(ProofError) {
        let statement = try RotationStatement(Array(rotation.statement.utf8))
        guard statement.rotation == rotation, statement.origin == origin,
            statement.size <= number.rawValue
        else {
            throw .malformed(
                .rotationStatement,
                found: "one of '\(statement.origin)' with \(statement.size) entries, from "
                    + "\(statement.previousKey.shortText) to \(statement.newKey.shortText)",
                expected: "what the entry says: of '\(origin)' with at most \(number) entries, "
                    + "from '\(rotation.previousKey)' to '\(rotation.newKey)'"
            )
        }
    }

    /// What is wrong with a rotation's statement, if something is: what
    /// ``check(_:of:at:)`` throws, in words.
    public static func fault(
        of rotation: KeyRotation,
        origin: String,
        at number: EntryNumber
    ) -> String? {
        do throws(ProofError) {
            try check(rotation, of: origin, at: number)
            return nil
        } catch {
            return error.description
        }
    }

    private static func text(
        _ origin: String,
        _ size: UInt64,
        _ previous: NoteVerifierKey,
        _ new: NoteVerifierKey
    ) -> [UInt8] {
        Array("\(header)\n\(origin)\n\(previous.text)\n\(new.text)\n\(size)\n".utf8)
    }
}
