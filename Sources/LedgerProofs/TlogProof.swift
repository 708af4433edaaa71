// SPDX-License-Identifier: Apache-2.0
public import EntryLog
import LedgerText

/// A file that proves an entry to who is offline (C2SP tlog-proof): its place, the way to the root,
/// and the checkpoint with that root.
///
/// What it accepts it writes again, byte for byte.
public struct TlogProof: Hashable, Sendable {
    /// Bytes that nothing vouches for, or `nil`.
    public let extra: [UInt8]?
    /// The way from the leaf to the root.
    public let proof: InclusionProof
    /// The checkpoint to which the proof leads.
    public let checkpoint: SignedCheckpoint

    private static let header = Array("c2sp.org/tlog-proof@v1".utf8)
    private static let extraWord = Array("extra ".utf8)
    private static let indexWord = Array("index ".utf8)

    /// Puts a proof together; its size must be that of the checkpoint.
    public init(_ proof: InclusionProof, _ checkpoint: SignedCheckpoint, extra: [UInt8]? = nil) {
        precondition(
            proof.size == checkpoint.checkpoint.size,
            "a proof leads to the root of its checkpoint"
        )
        self.proof = proof
        self.checkpoint = checkpoint
        self.extra = extra
    }

    /// Reads a proof; nothing is checked but its form.
    ///
    /// - Throws: ``ProofError/malformed(_:found:expected:)`` if it is none.
    public init(_ bytes: [UInt8]) throws(ProofError) {
        var lines = ProofLines(bytes)
        guard lines.next() == TlogProof.header[...] else {
            throw .malformed(
                .inclusionProof,
                found: "another first line",
                expected: String(decoding: TlogProof.header, as: UTF8.self)
            )
        }
        var line = lines.next()
        if let told = line, told.starts(with: TlogProof.extraWord) {
            guard let bytes = Base64.bytes(of: told.dropFirst(TlogProof.extraWord.count)) else {
                throw .malformed(
                    .inclusionProof,
                    found: "'\(shownNoteText(told))'",
                    expected: "Base64 after 'extra'"
                )
            }
            extra = bytes
            line = lines.next()
        } else {
            extra = nil
        }
        guard let line, line.starts(with: TlogProof.indexWord),
            let index = decimalNumber(line.dropFirst(TlogProof.indexWord.count))
        else {
            throw .malformed(
                .inclusionProof,
                found: "'\(shownNoteText(line ?? []))'",
                expected: "'index' and the number of the entry"
            )
        }
        let hashes = try lines.hashes(of: .inclusionProof)
        checkpoint = try SignedCheckpoint(Array(lines.rest))
        proof = InclusionProof(index: index, size: checkpoint.checkpoint.size, hashes: hashes)
    }

    /// The proof as it is stored and sent.
    public var bytes: [UInt8] {
        var bytes = TlogProof.header
        if let extra {
            bytes += Array("\n".utf8) + TlogProof.extraWord
            Base64.append(extra, to: &bytes)
        }
        bytes += Array("\n".utf8) + TlogProof.indexWord + Array("\(proof.index)\n".utf8)
        ProofLines.append(proof.hashes, to: &bytes)
        return bytes + Array("\n".utf8) + checkpoint.bytes
    }

    /// Checks that a key signed the checkpoint and that the leaf is in its tree.
    ///
    /// - Throws: ``ProofError`` if not.
    public func verify(leaf: LedgerHash, key: NoteVerifierKey) throws(ProofError) {
        try checkpoint.note.requireSignature(of: key)
        guard proof.verifies(leaf: leaf, root: checkpoint.checkpoint.root) else {
            throw .doesNotVerify(.inclusionProof)
        }
    }
}

/// A file that proves that a log has only grown, from a size to a checkpoint.
///
/// In the form in which a witness is asked to cosign (C2SP tlog-witness, add-checkpoint): `old` and
/// the size, the hashes, a blank line, the checkpoint.
public struct GrowthProof: Hashable, Sendable {
    /// The way to both roots.
    public let proof: ConsistencyProof
    /// The later checkpoint.
    public let checkpoint: SignedCheckpoint

    private static let oldWord = Array("old ".utf8)

    /// Puts a proof together; its later size must be that of the checkpoint.
    public init(_ proof: ConsistencyProof, _ checkpoint: SignedCheckpoint) {
        precondition(
            proof.newSize == checkpoint.checkpoint.size,
            "a proof leads to the root of its checkpoint"
        )
        self.proof = proof
        self.checkpoint = checkpoint
    }

    /// Reads a proof; nothing is checked but its form.
    ///
    /// - Throws: ``ProofError/malformed(_:found:expected:)`` if it is none.
    public init(_ bytes: [UInt8]) throws(ProofError) {
        var lines = ProofLines(bytes)
        let line = lines.next() ?? []
        guard line.starts(with: GrowthProof.oldWord),
            let oldSize = decimalNumber(line.dropFirst(GrowthProof.oldWord.count))
        else {
            throw .malformed(
                .consistencyProof,
                found: "'\(shownNoteText(line))'",
                expected: "'old' and the size of the earlier tree"
            )
        }
        let hashes = try lines.hashes(of: .consistencyProof)
        checkpoint = try SignedCheckpoint(Array(lines.rest))
        proof = ConsistencyProof(
            oldSize: oldSize,
            newSize: checkpoint.checkpoint.size,
            hashes: hashes
        )
    }

    /// The proof as it is stored and sent.
    public var bytes: [UInt8] {
        var bytes = GrowthProof.oldWord + Array("\(proof.oldSize)\n".utf8)
        ProofLines.append(proof.hashes, to: &bytes)
        return bytes + Array("\n".utf8) + checkpoint.bytes
    }

    /// Checks that a key signed the checkpoint and that the tree with `oldRoot` is its beginning.
    ///
    /// - Throws: ``ProofError`` if not.
    public func verify(oldRoot: LedgerHash, key: NoteVerifierKey) throws(ProofError) {
        try checkpoint.note.requireSignature(of: key)
        guard proof.verifies(oldRoot: oldRoot, newRoot: checkpoint.checkpoint.root) else {
            throw .doesNotVerify(.consistencyProof)
        }
    }
}

/// The lines of a proof, one after the other.
struct ProofLines {
    /// What was not read yet.
    private(set) var rest: ArraySlice<UInt8>

    /// No path is longer than the bits of a size, and a proof of growth by one hash.
    private static let maximumHashCount = 65

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// The next line without its newline, or `nil` if there is no newline any more.
    mutating func next() -> ArraySlice<UInt8>? {
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { rest = rest[(end + 1)...] }
        return rest[..<end]
    }

    /// The hashes on the next lines, up to a blank one.
    mutating func hashes(of form: ProofError.Form) throws(ProofError) -> [LedgerHash] {
        var hashes: [LedgerHash] = []
        while let line = next() {
            if line.isEmpty { return hashes }
            guard let bytes = Base64.bytes(of: line), let hash = LedgerHash(bytes),
                hashes.count < ProofLines.maximumHashCount
            else {
                throw .malformed(
                    form,
                    found: "'\(shownNoteText(line))' as hash \(hashes.count)",
                    expected: "32 bytes in Base64, at most \(maximumCountText)"
                )
            }
            hashes.append(hash)
        }
        throw .malformed(form, found: "no blank line", expected: "one before the checkpoint")
    }

    private var maximumCountText: String { "\(ProofLines.maximumHashCount) times" }

    /// Writes hashes, one a line.
    static func append(_ hashes: [LedgerHash], to bytes: inout [UInt8]) {
        for hash in hashes {
            Base64.append(hash.bytes, to: &bytes)
            bytes.append(UInt8(ascii: "\n"))
        }
    }
}
