// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import EntryLog
    import LMDBEntryLog
    import LedgerProofs

    /// A tree's size as it is named: by a number, or by a file with a checkpoint of it.
    enum NamedTree {
        case size(UInt64)
        case checkpoint(SignedCheckpoint)

        init(_ text: String, _ option: String) throws {
            if let size = UInt64(text), size <= Checkpoint.maximumSize {
                self = .size(size)
            } else {
                self = .checkpoint(try CheckpointFile.read(text, option))
            }
        }

        var size: UInt64 {
            switch self {
            case .size(let size): size
            case .checkpoint(let signed): signed.checkpoint.size
            }
        }
    }

    /// Where proofs are made from: a ledger's folder, or a published log.
    struct ProofSourceOptions: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "The folder of a published log, in place of a ledger's.",
                valueName: "folder"
            ),
            completion: .directory
        )
        var published: String?

        @OptionGroup var head: CheckpointOptions
        @OptionGroup var ledger: LedgerOptions

        /// The published log, at a checkpoint that was handed over or at its newest; `nil` if none is
        /// named.
        func publishedLog(at new: SignedCheckpoint? = nil) throws -> PublishedLog? {
            guard let published else { return nil }
            guard head.signingKey == nil else {
                throw OptionValues.malformed(
                    "--signing-key",
                    "",
                    "none with --published, whose checkpoint is signed"
                )
            }
            let handedOver = try head.checkpoint.map {
                try CheckpointFile.read($0, "--checkpoint")
            }
            return try PublishedLog(published, at: new ?? handedOver)
        }
    }

    extension TreeHashes {
        /// Checks that a checkpoint is one of this tree.
        mutating func require(
            _ checkpoint: Checkpoint,
            of size: UInt64,
            _ option: String
        ) throws {
            guard checkpoint.size <= size else {
                throw OptionValues.malformed(
                    option,
                    "a head of \(checkpoint.size) entries",
                    "one of this log, which has \(size)"
                )
            }
            let found = try root(size: checkpoint.size)
            guard found == checkpoint.root else {
                throw CommandFailure(
                    .verificationFailed,
                    "\(option): the first \(checkpoint.size) entries have the root \(found), and the "
                        + "checkpoint tells the root \(checkpoint.root): it is of another log, or an "
                        + "entry that was in this one has been changed, left out or moved since"
                )
            }
        }
    }
#endif
