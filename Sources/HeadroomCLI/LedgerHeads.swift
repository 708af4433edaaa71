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
        do throws(KeepingError) {
            return try signNow()
        } catch {
            throw CommandFailure(error)
        }
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

    /// Compares every stored head with the log, and checks the signatures under it.
    ///
    /// - Returns: The newest, or `nil` if none is stored.
    /// - Throws: A failed verification that says what is wrong.
    func check() throws -> SignedCheckpoint? {
        do {
            let sizes = try store.sizes()
            let next = try log.log.head().next
            var newest: SignedCheckpoint?
            var roots = try roots(at: sizes.filter { $0 <= next }).makeIterator()
            for size in sizes {
                guard let signed = try store.checkpoint(at: size) else { continue }
                guard let root = roots.next() else {
                    throw KeepingError.shorterLog(size: next, signed: size)
                }
                guard root == signed.checkpoint.root else {
                    throw KeepingError.otherRoot(
                        size: size,
                        signed: signed.checkpoint.root,
                        found: root
                    )
                }
                newest = signed
            }
            return newest
        } catch let error as KeepingError {
            var failure = CommandFailure(error)
            if case .file = error { throw failure }
            failure.status = .verificationFailed
            throw failure
        }
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
