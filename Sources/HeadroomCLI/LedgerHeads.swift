// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LMDBEntryLog
import LedgerModel
import LedgerProofs

/// What a ledger has signed, by which keys, and who has cosigned it.
///
/// Beside the log lie `public-keys` (all keys by which it ever signed), `witnesses` (those that are
/// known), `checkpoints` (the heads) and, unless they are kept elsewhere, `keys` (what is secret).
struct LedgerHeads {
    let log: OpenLog
    let signingKeys: SigningKeys
    let publicKeys: KeyList
    let witnesses: KeyList
    private let folder: LedgerFolder

    /// - Parameters:
    ///   - folder: The ledger's folder.
    ///   - log: Its log, open.
    ///   - keys: Where the signing keys are; `nil` for the ledger's folder.
    init(of folder: LedgerFolder, _ log: OpenLog, keys: String?) {
        self.log = log
        signingKeys = SigningKeys(keys ?? folder.path + "/keys")
        publicKeys = KeyList(folder.publicKeysPath)
        witnesses = KeyList(folder.witnessesPath)
        self.folder = folder
    }

    /// Opens a ledger's log for reading; the signing keys are those in its folder.
    static func read(_ folder: LedgerFolder) throws(CommandFailure) -> LedgerHeads {
        LedgerHeads(of: folder, try folder.openForReading(), keys: nil)
    }

    /// Does something with what is kept; what is wrong with that is the command's failure.
    static func keeping<Result>(
        _ body: () throws(KeepingError) -> Result
    ) throws(CommandFailure) -> Result {
        do throws(KeepingError) {
            return try body()
        } catch {
            throw CommandFailure(error)
        }
    }

    /// The ledger's name.
    var origin: String { log.creation?.origin.text ?? "" }

    /// The heads that are stored.
    var store: CheckpointStore {
        CheckpointStore(
            folder.checkpointsPath,
            origin: origin,
            ledgerKeys: publicKeys,
            witnesses: witnesses
        )
    }

    /// Signs the head as it is now, and stores it.
    func sign() throws(CommandFailure) -> SignedCheckpoint {
        try Self.keeping { () throws(KeepingError) in try signNow() }
    }

    private func signNow() throws(KeepingError) -> SignedCheckpoint {
        let signers = try signingKeys.signers()
        while true {
            let checkpoint = try durableHead()
            do throws(KeepingError) {
                return try store.sign(checkpoint, with: signers) { size throws(EntryLogError) in
                    var tree = try folder.tree(of: log)
                    return try tree.root(size: size)
                }
            } catch {
                // Somebody else has appended and signed meanwhile.
                guard case .shorterLog(_, let signed) = error,
                    try durableHead().size >= signed
                else { throw error }
            }
        }
    }

    /// The newest stored head that covers an entry; if none does, the head is signed as it is now.
    ///
    /// - Parameters:
    ///   - entry: The entry; `nil` for all that are in the log.
    ///   - isWitnessed: Whether the cosignatures of witnesses stay under it.
    /// - Returns: The head; it may also be older than the log's.
    /// - Throws: A failure that says what to do.
    func signed(
        covering entry: EntryNumber?,
        isWitnessed: Bool
    ) throws(CommandFailure) -> SignedCheckpoint {
        do throws(KeepingError) {
            var found: SignedCheckpoint?
            if let entry, let newest = try store.newest(),
                newest.checkpoint.size > entry.rawValue
            {
                found = newest
            }
            let signed = if let found { found } else { try signNow() }
            return isWitnessed ? signed : signed.keeping(signaturesOf: try publicKeys.keys())
        } catch {
            throw CommandFailure(error)
        }
    }

    /// The head that is stored at a size, without cosignatures.
    func kept(at size: UInt64) throws(CommandFailure) -> SignedCheckpoint {
        do throws(KeepingError) {
            guard let signed = try store.checkpoint(at: size) else {
                throw .noCheckpoint(size: size)
            }
            return signed.keeping(signaturesOf: try publicKeys.keys())
        } catch {
            throw CommandFailure(error)
        }
    }

    /// The head, which a loss of power does not take back.
    private func durableHead() throws(KeepingError) -> Checkpoint {
        let frontier: MerkleFrontier
        do throws(EntryLogError) {
            frontier = try log.log.frontier()
            // Afterwards, so that all of it is meant.
            try log.log.synchronize()
        } catch {
            throw .log(error)
        }
        do throws(ProofError) {
            return try Checkpoint(origin: origin, size: frontier.size, root: frontier.root)
        } catch {
            throw .refused(error)
        }
    }

    /// The roots of the trees over the first entries, for sizes in rising order, all of them in the log.
    ///
    /// Hashes the log once, up to the greatest: what is kept of the tree is not asked.
    private func roots(at sizes: [UInt64]) throws(EntryLogError) -> [LedgerHash] {
        var roots: [LedgerHash] = []
        var tree = MerkleFrontier()
        func take() {
            while roots.count < sizes.count, sizes[roots.count] == tree.size {
                roots.append(tree.root)
            }
        }
        take()
        try LogLeaves(of: log.log, secret: log.log.secret)
            .forEachRun(of: 0..<(sizes.last ?? 0), takingInputs: false) { run in
                for leaf in run.leaves {
                    tree.append(leaf)
                    take()
                }
                return .next
            }
        return roots
    }

    /// Compares every stored head with the log, and checks the signatures under it by the keys that the
    /// ledger lists.
    ///
    /// - Returns: The newest, or `nil` if none is stored.
    /// - Throws: A failed verification that says what is wrong.
    func check() throws -> SignedCheckpoint? {
        do throws(KeepingError) {
            let sizes = try store.sizes()
            let size: UInt64
            var roots: [UInt64: LedgerHash] = [:]
            do throws(EntryLogError) {
                size = try log.log.head().next
                let known = sizes.filter { $0 <= size }
                for (size, root) in zip(known, try self.roots(at: known)) { roots[size] = root }
            } catch {
                throw .log(error)
            }
            var trust = HeadTrust.listed
            let checked = try store.check(sizes, trusting: &trust, logSize: size) {
                size throws(EntryLogError) in
                guard let root = roots[size] else {
                    throw .corrupt(at: .head, what: "the root of \(size) entries was not computed")
                }
                return root
            }
            return checked.newest
        } catch {
            var failure = CommandFailure(error)
            switch error {
            case .file, .log: break
            default: failure.status = .verificationFailed
            }
            throw failure
        }
    }

    /// Whom to believe of those who signed the stored heads.
    ///
    /// - Parameter keys: The keys that were named; none for those that the ledger lists.
    /// - Returns: The trust that a check of the heads takes.
    func trust(in keys: [NoteVerifierKey]) -> HeadTrust {
        keys.isEmpty ? .listed : HeadTrust(in: keys, following: rotations)
    }

    /// The statements of the log's rotations, as far as they are what the entries say.
    ///
    /// Passes over all other entries without decoding them.
    private func rotations() throws(EntryLogError) -> [RotationStatement] {
        var statements: [RotationStatement] = []
        try log.forEachEntry { kind, _ in
            kind == .rotateKey
        } _: { entry in
            guard case .operation(let record) = entry.content,
                case .rotateKey(let rotation) = record.action, record.outcome == .accepted,
                RotationStatement.fault(of: rotation, origin: origin, at: entry.number) == nil,
                let statement = try? RotationStatement(Array(rotation.statement.utf8))
            else { return .next }
            statements.append(statement)
            return .next
        }
        return statements
    }
}

extension LedgerFolder {
    var publicKeysPath: String { path + "/public-keys" }
    var witnessesPath: String { path + "/witnesses" }
    var checkpointsPath: String { path + "/checkpoints" }
}

extension CommandFailure {
    /// Why a key or a checkpoint can not be kept or had.
    init(_ error: KeepingError) {
        let status: ExitStatus =
            switch error {
            case .file, .exposed: .failed
            case .keyExists, .lostKey, .rotationUnfinished, .nothingToRetire: .conflict
            case .malformed, .foreign, .otherRoot, .shorterLog: .verificationFailed
            case .noKey, .noCheckpoint, .otherHead, .refused, .noWitness: .rejected
            case .log: .failed
            }
        if case .log(let error) = error {
            self.init(error)
        } else {
            self.init(status, error.description)
        }
    }
}
