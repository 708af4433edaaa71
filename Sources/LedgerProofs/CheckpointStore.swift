// SPDX-License-Identifier: Apache-2.0
public import EntryLog

/// The heads that a ledger has signed, one file each, under their size in digits.
///
/// There are never two roots for one size, however many processes sign at once, and whatever
/// interrupts them: a file is made whole and never over another. What is added to one later is
/// signatures. Every call may be made from any thread, and blocks on the disk.
public struct CheckpointStore: Sendable {
    /// The folder.
    public let path: String
    /// The name of the log.
    public let origin: String
    /// All keys by which the ledger has signed.
    public let ledgerKeys: KeyList
    /// The witnesses that are known.
    public let witnesses: KeyList

    /// Names a folder, which need not be there.
    public init(
        _ path: String,
        origin: String,
        ledgerKeys: KeyList,
        witnesses: KeyList
    ) {
        self.path = path
        self.origin = origin
        self.ledgerKeys = ledgerKeys
        self.witnesses = witnesses
    }

    // MARK: - Reading

    /// The sizes of which a head is stored, in order.
    ///
    /// Files that are not named for a size are not looked at.
    public func sizes() throws(KeepingError) -> [UInt64] {
        try WholeFile.names(in: path).compactMap { decimalNumber($0.utf8) }.sorted()
    }

    /// The newest head that is stored, or `nil`.
    public func newest() throws(KeepingError) -> SignedCheckpoint? {
        guard let size = try sizes().last else { return nil }
        return try checkpoint(at: size)
    }

    /// The head of a size, or `nil` if none is stored.
    ///
    /// - Throws: ``KeepingError/malformed(path:_:)`` or ``KeepingError/foreign(path:found:expected:)``
    ///   if the file was altered: it must be this ledger's and this size's, signed by a key of the
    ///   ledger, and each signature must be valid and of a key that is known.
    public func checkpoint(at size: UInt64) throws(KeepingError) -> SignedCheckpoint? {
        let file = place(of: size)
        let limit = SignedNote.maximumByteCount
        guard let bytes = try WholeFile.contents(file, atMost: limit) else { return nil }
        // After the note: who signed it was listed before.
        let (own, others) = (try ledgerKeys.keys(), try witnesses.keys())
        do throws(ProofError) {
            let signed = try SignedCheckpoint(bytes)
            try check(signed, size, by: own, others)
            return signed
        } catch {
            throw .malformed(path: file, error)
        }
    }

    private func check(
        _ signed: SignedCheckpoint,
        _ size: UInt64,
        by own: [NoteVerifierKey],
        _ others: [NoteVerifierKey]
    ) throws(ProofError) {
        let checkpoint = signed.checkpoint
        guard checkpoint.size == size, checkpoint.origin == origin,
            checkpoint.extensionLines.isEmpty
        else {
            throw .malformed(
                .checkpoint,
                found: "a head of \(checkpoint.size) entries of '\(checkpoint.origin)'",
                expected: "one of \(size) entries of '\(origin)', and nothing else"
            )
        }
        let known = own + others
        let verified = try signed.note.verifiedSignatures(by: known)
        guard verified.count == signed.note.signatures.count else {
            let other = signed.note.signatures.first { signature in
                !known.contains(where: signature.isOf)
            }
            throw .malformed(
                .note,
                found: other.map { "a signature of \($0.name) by a key that is not known" }
                    ?? "a signature twice",
                expected: "one each of keys of the ledger and of its witnesses"
            )
        }
        guard verified.contains(where: { own.contains($0.key) }) else {
            throw .notSigned(expected: "the ledger")
        }
    }

    // MARK: - Signing

    /// Signs a head and stores it; the one that is stored already if there is one.
    ///
    /// The log must be durable up to the head's size. Durable on return.
    ///
    /// - Parameters:
    ///   - checkpoint: The log's head, with the root that it has now.
    ///   - keys: Who signs, at least one.
    ///   - root: The root that the log has for fewer entries, asked for once at most: that of the
    ///     newest stored head.
    /// - Returns: The head, with the signatures of all `keys` and of witnesses that are there.
    /// - Throws: ``KeepingError/otherRoot(size:signed:found:)`` if the log is not the one that was
    ///   signed before, and ``KeepingError/shorterLog(size:signed:)`` if more of it was.
    public func sign(
        _ checkpoint: Checkpoint,
        with keys: [NoteSigningKey],
        rootBefore root: (UInt64) throws(EntryLogError) -> LedgerHash
    ) throws(KeepingError) -> SignedCheckpoint {
        precondition(!keys.isEmpty, "a head is signed by somebody")
        precondition(checkpoint.origin == origin, "a store has the heads of one log")
        try WholeFile.makeFolder(path, mode: 0o755)
        return try WholeFile.locked(path) { () throws(KeepingError) in
            // What is found may have been stored by a process that was ended before it was durable.
            try WholeFile.synchronize(folder: path)
            try requireGrowth(to: checkpoint, root)
            // Known before anything bears their signature; the newest stands last.
            for key in keys.reversed() { try ledgerKeys.add(key.verifierKey) }
            return try store(checkpoint, keys)
        }
    }

    /// Checks that a log grew from the newest head that is stored.
    private func requireGrowth(
        to checkpoint: Checkpoint,
        _ root: (UInt64) throws(EntryLogError) -> LedgerHash
    ) throws(KeepingError) {
        guard let newest = try newest()?.checkpoint else { return }
        guard newest.size <= checkpoint.size else {
            throw .shorterLog(size: checkpoint.size, signed: newest.size)
        }
        let found: LedgerHash
        do throws(EntryLogError) {
            found = newest.size == checkpoint.size ? checkpoint.root : try root(newest.size)
        } catch {
            throw .log(error)
        }
        guard newest.root == found else {
            throw .otherRoot(size: newest.size, signed: newest.root, found: found)
        }
    }

    private func store(
        _ checkpoint: Checkpoint,
        _ keys: [NoteSigningKey]
    ) throws(KeepingError) -> SignedCheckpoint {
        let size = checkpoint.size
        var note = SignedCheckpoint(checkpoint, signedWith: keys[0])
        for key in keys.dropFirst() { note.sign(with: key) }
        if try WholeFile.make(place(of: size), note.bytes, mode: WholeFile.open) { return note }
        guard var stored = try self.checkpoint(at: size) else { throw .noCheckpoint(size: size) }
        guard stored.checkpoint == checkpoint else {
            throw .otherRoot(size: size, signed: stored.checkpoint.root, found: checkpoint.root)
        }
        let missing = keys.filter { key in
            !stored.note.signatures.contains { $0.isOf(key.verifierKey) }
        }
        guard !missing.isEmpty else { return stored }
        for key in missing { stored.sign(with: key) }
        try WholeFile.replace(place(of: size), stored.bytes, mode: WholeFile.open)
        return stored
    }

    /// Copies the heads and the public keys into another ledger's folder, under their own names.
    ///
    /// What is copied before a log is copied is covered by it. Durable on return.
    public func copy(to folder: String) throws(KeepingError) {
        let sizes = try sizes()
        if !sizes.isEmpty { try WholeFile.makeFolder(folder + "/checkpoints", mode: 0o755) }
        for size in sizes {
            guard let signed = try checkpoint(at: size) else { continue }
            try WholeFile.replace(
                "\(folder)/checkpoints/\(size)",
                signed.bytes,
                mode: WholeFile.open
            )
        }
        // Afterwards: who signed is listed by then.
        for key in try ledgerKeys.keys() { try KeyList(folder + "/public-keys").add(key) }
        for key in try witnesses.keys() { try KeyList(folder + "/witnesses").add(key) }
    }

    // MARK: - Witnesses

    /// Takes the cosignatures of a note that a witness gave back, or of one that collects them.
    ///
    /// Of two by one witness the later stays. Durable on return.
    ///
    /// - Parameters:
    ///   - offered: A head that is stored, under whatever signatures.
    ///   - named: Witnesses that need not be known yet; they are once they have signed.
    /// - Returns: The head as it is stored now, and the witnesses' signatures that were in
    ///   `offered`.
    /// - Throws: ``KeepingError/refused(_:)`` if it is no head of this log or a signature is not
    ///   valid, ``KeepingError/noCheckpoint(size:)``,
    ///   ``KeepingError/otherHead(size:stored:offered:)`` or ``KeepingError/noWitness``; nothing is
    ///   stored then.
    public func cosign(
        _ offered: SignedNote,
        named: [NoteVerifierKey] = []
    ) throws(KeepingError) -> (stored: SignedCheckpoint, cosignatures: [VerifiedSignature]) {
        let checkpoint: Checkpoint
        let verified: [VerifiedSignature]
        let known = try witnesses.keys() + named
        let own = try ledgerKeys.keys()
        do throws(ProofError) {
            checkpoint = try Checkpoint(text: offered.text)
            verified = try offered.verifiedSignatures(by: own + known)
        } catch {
            throw .refused(error)
        }
        let given = verified.filter { known.contains($0.key) }
        guard !given.isEmpty else { throw .noWitness }
        guard try sizes().contains(checkpoint.size) else {
            throw .noCheckpoint(size: checkpoint.size)
        }
        return try WholeFile.locked(path) { () throws(KeepingError) in
            guard var stored = try self.checkpoint(at: checkpoint.size) else {
                throw .noCheckpoint(size: checkpoint.size)
            }
            guard stored.checkpoint == checkpoint else {
                throw .otherHead(
                    size: checkpoint.size,
                    stored: stored.checkpoint.root,
                    offered: checkpoint.root
                )
            }
            let before = stored
            do throws(ProofError) {
                let kept = try stored.note.verifiedSignatures(by: known)
                for new in given {
                    let before = kept.first { $0.key == new.key }
                    guard (before?.secondsSince1970 ?? 0) < (new.secondsSince1970 ?? 0) else {
                        continue
                    }
                    try stored.replace(new, of: offered)
                }
            } catch {
                throw .refused(error)
            }
            if stored != before {
                for new in given { try witnesses.add(new.key) }
                try WholeFile.replace(
                    place(of: checkpoint.size),
                    stored.bytes,
                    mode: WholeFile.open
                )
            }
            return (stored, given)
        }
    }

    /// The signatures under a head that was read here.
    public func signatures(
        of signed: SignedCheckpoint
    ) throws(KeepingError) -> [VerifiedSignature] {
        let known = try ledgerKeys.keys() + witnesses.keys()
        do throws(ProofError) {
            return try signed.note.verifiedSignatures(by: known)
        } catch {
            throw .refused(error)
        }
    }

    private func place(of size: UInt64) -> String { "\(path)/\(size)" }
}

extension SignedCheckpoint {
    /// Puts a signature that was verified in the place of one by the same key.
    fileprivate mutating func replace(
        _ verified: VerifiedSignature,
        of offered: SignedNote
    ) throws(ProofError) {
        guard let signature = offered.signatures.first(where: { $0.isOf(verified.key) }) else {
            return
        }
        try put(signature)
    }
}
