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
    private let checkpointPath: String

    /// - Parameters:
    ///   - folder: The ledger's folder.
    ///   - log: Its log, open.
    ///   - keys: Where the signing keys are; `nil` for the ledger's folder.
    init(of folder: LedgerFolder, _ log: OpenLog, keys: String?) {
        self.log = log
        signingKeys = SigningKeys(keys ?? folder.path + "/keys")
        publicKeys = KeyList(folder.publicKeysPath)
        witnesses = KeyList(folder.witnessesPath)
        checkpointPath = folder.checkpointsPath
    }

    /// The ledger's name.
    var origin: String { log.creation?.origin.text ?? "" }

    /// The heads that are stored.
    var store: CheckpointStore {
        CheckpointStore(
            checkpointPath,
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
                    var hashes = LogTreeHashes(of: log.log, size: checkpoint.size)
                    return try hashes.root(size: size)
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
    ///   - entry: The entry.
    ///   - isWitnessed: Whether the cosignatures of witnesses stay under it.
    /// - Returns: The head; it may also be older than the log's.
    /// - Throws: A failure that says what to do.
    func signed(
        covering entry: EntryNumber,
        isWitnessed: Bool
    ) throws(CommandFailure) -> SignedCheckpoint {
        do throws(KeepingError) {
            let newest = try store.newest()
            let covers = newest.map { $0.checkpoint.size > entry.rawValue } ?? false
            let found = covers ? newest : nil
            let signed = if let found { found } else { try signNow() }
            return isWitnessed ? signed : signed.keeping(signaturesOf: try publicKeys.keys())
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

    /// Compares every stored head with the log, and checks the signatures under it.
    ///
    /// - Returns: The newest, or `nil` if none is stored.
    /// - Throws: A failed verification that says what is wrong.
    func check() throws -> SignedCheckpoint? {
        do {
            let sizes = try store.sizes()
            let next = try log.log.head().next
            var newest: SignedCheckpoint?
            var roots = try LogTreeHashes.roots(of: log.log, sizes.filter { $0 <= next })
                .makeIterator()
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
