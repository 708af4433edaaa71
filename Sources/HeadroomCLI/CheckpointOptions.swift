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
                "A file with the ledger's signing key: signs the head as it is now.",
                valueName: "file"
            ),
            completion: .file()
        )
        var signingKey: String?

        @Option(
            help: ArgumentHelp(
                "A file with a signed checkpoint of this ledger, in place of a key.",
                valueName: "file"
            ),
            completion: .file()
        )
        var checkpoint: String?

        /// The checkpoint that was handed over, or the head of a log, signed now.
        func signed(of log: OpenLog) throws -> SignedCheckpoint {
            if let checkpoint {
                return try CheckpointFile.read(checkpoint, "--checkpoint")
            }
            let frontier = try log.log.frontier()
            return try sign(log, size: frontier.size, root: frontier.root)
        }

        /// Signs what a log was at a size.
        func sign(
            _ log: OpenLog,
            size: UInt64,
            root: LedgerHash
        ) throws -> SignedCheckpoint {
            guard let signingKey else {
                throw OptionValues.malformed(
                    "--signing-key",
                    "",
                    "a file with the ledger's key, or --checkpoint and a signed head"
                )
            }
            let text = try SmallFile.line(signingKey, "--signing-key")
            do throws(ProofError) {
                return SignedCheckpoint(
                    try Checkpoint(origin: log.creation?.origin.text ?? "", size: size, root: root),
                    signedWith: try NoteSigningKey(secretText: text)
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
            return try key.map { text in
                do throws(ProofError) {
                    return try NoteVerifierKey(text)
                } catch {
                    throw CommandFailure(error, "--key")
                }
            }
        }
    }
#endif
