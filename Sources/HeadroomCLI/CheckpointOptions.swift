// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import EntryLog
    import LMDBEntryLog
    import LedgerModel
    import LedgerProofs

    /// Under which signed head something is proved or published.
    struct CheckpointOptions: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "A file with a key that signs the head as it is now, which is not kept.",
                valueName: "file"
            ),
            completion: .file()
        )
        var signingKey: String?

        @Option(
            help: ArgumentHelp(
                "A file with a signed checkpoint of this ledger.",
                valueName: "file"
            ),
            completion: .file()
        )
        var checkpoint: String?

        @OptionGroup var keys: KeyOptions

        /// The checkpoint that was handed over, or the head of a log, signed now: by the key that was
        /// named, else by the ledger's own, and then it is kept.
        ///
        /// - Parameters:
        ///   - log: The log.
        ///   - ledger: Its ledger.
        ///   - entry: With an entry, the newest head that is kept will do if it covers that.
        ///   - isWitnessed: Whether the cosignatures of witnesses stay under a head that is kept.
        /// - Returns: The checkpoint, with its signatures.
        /// - Throws: A failure that says what to do.
        func signed(
            of log: OpenLog,
            in ledger: LedgerOptions,
            covering entry: EntryNumber? = nil,
            isWitnessed: Bool = false
        ) throws -> SignedCheckpoint {
            if let checkpoint {
                return try CheckpointFile.read(checkpoint, "--checkpoint")
            }
            guard let signingKey else {
                return try keys.heads(of: ledger, log)
                    .signed(covering: entry, isWitnessed: isWitnessed)
            }
            let frontier = try log.log.frontier()
            return try sign(log, by: signingKey, size: frontier.size, root: frontier.root)
        }

        /// A head of a log at a size: signed now by the key that was named, else the one that is kept.
        func signed(
            of log: OpenLog,
            in ledger: LedgerOptions,
            size: UInt64,
            root: LedgerHash
        ) throws -> SignedCheckpoint {
            if let signingKey { return try sign(log, by: signingKey, size: size, root: root) }
            return try keys.heads(of: ledger, log).kept(at: size)
        }

        private func sign(
            _ log: OpenLog,
            by path: String,
            size: UInt64,
            root: LedgerHash
        ) throws -> SignedCheckpoint {
            let key: NoteSigningKey
            do throws(KeepingError) {
                guard let found = try KeyFile(path).read() else { throw .noKey(path: path) }
                key = found
            } catch {
                throw CommandFailure(error)
            }
            do throws(ProofError) {
                return SignedCheckpoint(
                    try Checkpoint(origin: log.creation?.origin.text ?? "", size: size, root: root),
                    signedWith: key
                )
            } catch {
                throw CommandFailure(error, "--signing-key")
            }
        }
    }

    /// Whose signatures are believed.
    struct TrustedKeyOptions: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "A verifier key of the ledger that you trust; again for each of several.",
                valueName: "key"
            )
        )
        var key: [String] = []

        /// The keys, of which there is one at least.
        func keys() throws -> [NoteVerifierKey] {
            guard !key.isEmpty else {
                throw OptionValues.malformed(
                    "--key",
                    "",
                    "the ledger's verifier key, from whoever you trust to know it"
                )
            }
            return try named()
        }

        /// The keys that were named, if any were.
        func named() throws -> [NoteVerifierKey] {
            try key.map { text in
                do throws(ProofError) {
                    return try NoteVerifierKey(text)
                } catch {
                    throw CommandFailure(error, "--key")
                }
            }
        }
    }
#endif
