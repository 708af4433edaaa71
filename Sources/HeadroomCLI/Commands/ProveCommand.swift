// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import EntryLog
    import LMDBEntryLog
    import LedgerModel
    import LedgerProofs

    /// `headroom prove`.
    struct ProveCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "prove",
            abstract: "Prove that the log has only grown, or that an entry is in it.",
            discussion: """
                The proofs are files of C2SP's forms, under a signed checkpoint. 'headroom \
                verify-proof' checks them, and needs no ledger.

                Examples:
                  headroom prove consistency head-2025-07.txt --signing-key ledger.key
                  headroom prove inclusion 51 --published /srv/www/log
                """,
            subcommands: [ProveConsistencyCommand.self, ProveInclusionCommand.self]
        )
    }

    /// `headroom prove consistency`.
    struct ProveConsistencyCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "consistency",
            abstract: "Prove that an earlier log is the beginning of a later one.",
            discussion: """
                Each is named by its number of entries, or by a file with its checkpoint. The proof \
                ends with the signed checkpoint of the later one (C2SP tlog-witness). 'headroom \
                verify-proof' checks it, and so does whatever knows RFC 9162.

                Examples:
                  headroom prove consistency head-2025-07.txt
                  headroom prove consistency 1000 head-2025-08.txt --published /srv/www/log
                """
        )

        @Argument(help: ArgumentHelp("The earlier log: a number or a file.", valueName: "old"))
        var old: String

        @Argument(
            help: ArgumentHelp(
                "The later log: a number or a file (default: the newest).",
                valueName: "new"
            )
        )
        var new: String?

        @OptionGroup var file: ReportFileOptions
        @OptionGroup var source: ProofSourceOptions

        func perform() throws -> ExitStatus {
            let earlier = try NamedTree(old, "old")
            let later = try new.map { try NamedTree($0, "new") }
            let proof: GrowthProof
            var handedOver: SignedCheckpoint?
            if case .checkpoint(let signed) = later { handedOver = signed }
            if var log = try source.publishedLog(at: handedOver) {
                if case .size(let size) = later, size != log.size {
                    throw OptionValues.malformed(
                        "new",
                        "\(size)",
                        "\(log.size), for which the published checkpoint is signed, or a file "
                            + "with the checkpoint of that size"
                    )
                }
                let signed = log.checkpoint
                proof = try prove(earlier, signed, &log, of: log.size)
            } else {
                let log = try source.ledger.folder.openForReading()
                var tree = try source.ledger.folder.tree(of: log)
                let signed = try handedOver ?? sign(later, log, &tree)
                proof = try prove(earlier, signed, &tree, of: tree.size)
            }
            try file.write(proof.bytes)
            return .done
        }

        /// Signs the later log, if it is named by its size or not at all.
        private func sign(
            _ later: NamedTree?,
            _ log: OpenLog,
            _ tree: inout StoredTree
        ) throws -> SignedCheckpoint {
            guard let later else {
                return try source.head.signed(of: log, in: source.ledger)
            }
            guard later.size <= tree.size else {
                throw OptionValues.malformed(
                    "new",
                    "\(later.size)",
                    "at most \(tree.size), which are in the log"
                )
            }
            return try source.head.signed(
                of: log,
                in: source.ledger,
                size: later.size,
                root: tree.root(size: later.size)
            )
        }

        private func prove<Hashes: TreeHashes>(
            _ earlier: NamedTree,
            _ signed: SignedCheckpoint,
            _ hashes: inout Hashes,
            of size: UInt64
        ) throws -> GrowthProof {
            try hashes.require(signed.checkpoint, of: size, "new")
            let newSize = signed.checkpoint.size
            guard earlier.size <= newSize else {
                throw OptionValues.malformed(
                    "old",
                    "\(earlier.size) entries",
                    "at most the \(newSize) of the later log"
                )
            }
            if case .checkpoint(let old) = earlier {
                try hashes.require(old.checkpoint, of: size, "old")
            }
            return GrowthProof(
                try ConsistencyProof(oldSize: earlier.size, newSize: newSize, from: &hashes),
                signed
            )
        }
    }

    /// `headroom prove inclusion`.
    struct ProveInclusionCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "inclusion",
            abstract: "Prove that an entry is in the log, without showing what is in it.",
            discussion: """
                The proof is that of C2SP tlog-proof. Its extra line has the entry's header and the \
                hashes that bind the rest, of which the leaf is made. 'headroom receipt' shows \
                the entry too.

                Examples:
                  headroom prove inclusion 51
                  headroom prove inclusion 51 --published /srv/www/log --to entry-51.tlog-proof
                """
        )

        @Argument(help: ArgumentHelp("The entry's number.", valueName: "number"))
        var entry: UInt64

        @OptionGroup var file: ReportFileOptions
        @OptionGroup var source: ProofSourceOptions

        func perform() throws -> ExitStatus {
            if var log = try source.publishedLog() {
                let signed = log.checkpoint
                try requireCovered(by: signed)
                let inputs = try log.inputs(block: entry / 256)
                try write(signed, inputs[Int(entry % 256)].bytes, &log, of: log.size)
            } else {
                let log = try source.ledger.folder.openForReading()
                let signed = try source.head.signed(
                    of: log,
                    in: source.ledger,
                    covering: EntryNumber(rawValue: entry)
                )
                try requireCovered(by: signed)
                var tree = try source.ledger.folder.tree(of: log)
                try tree.require(signed.checkpoint, of: tree.size, "--checkpoint")
                var input: [UInt8] = []
                try tree.leaves.forEachRun(of: entry..<entry + 1, takingInputs: true) { run in
                    input = Array(run.inputs.suffix(LeafInput.byteCount))
                    return .stop
                }
                try write(signed, input, &tree, of: tree.size)
            }
            return .done
        }

        private func requireCovered(by signed: SignedCheckpoint) throws {
            guard entry < signed.checkpoint.size else {
                throw OptionValues.malformed(
                    "number",
                    "\(entry)",
                    "one below \(signed.checkpoint.size), the number of entries that are signed"
                )
            }
        }

        private func write<Hashes: TreeHashes>(
            _ signed: SignedCheckpoint,
            _ input: [UInt8],
            _ hashes: inout Hashes,
            of size: UInt64
        ) throws {
            let proof = try InclusionProof(
                index: entry,
                size: signed.checkpoint.size,
                from: &hashes
            )
            try file.write(TlogProof(proof, signed, extra: input).bytes)
        }
    }
#endif
