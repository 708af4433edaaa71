// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import EntryLog
    import LMDBEntryLog
    import LedgerDisclosure
    import LedgerModel
    import LedgerProofs

    /// `headroom receipt`.
    struct ReceiptCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "receipt",
            abstract: "Write a receipt: one entry, with what proves it, for who has no ledger.",
            discussion: """
                It opens what its reader may see and has hashes for the rest. 'headroom \
                verify-receipt' checks it, with nothing but the ledger's public key. It is under \
                the newest stored checkpoint that covers the entry; if none does, the head is \
                signed and stored, as 'headroom checkpoint' does.

                Examples:
                  headroom receipt PO-1001 --to PO-1001.json
                  headroom receipt --entry 51 --authority --checkpoint head.txt
                """
        )

        @Argument(
            help: ArgumentHelp(
                "The id of an operation.",
                valueName: "id"
            )
        )
        var operation: String?

        @Option(help: ArgumentHelp("The entry's number, in place of an id.", valueName: "number"))
        var entry: UInt64?

        @Option(
            help: ArgumentHelp(
                "Whose operation (needed only where several used the id).",
                valueName: "id"
            )
        )
        var organisation: String?

        @Option(
            name: .customLong("for"),
            help: ArgumentHelp(
                "The vendor who will read it (default: the organisation that acted).",
                valueName: "id"
            )
        )
        var reader: String?

        @Flag(help: "Open every section: for a regulator or an auditor.")
        var authority = false

        @Flag(help: "Keep the witnesses' cosignatures under the ledger's own checkpoint.")
        var witnesses = false

        @OptionGroup var head: CheckpointOptions
        @OptionGroup var file: ReportFileOptions
        @OptionGroup var ledger: LedgerOptions

        func perform() throws -> ExitStatus {
            let log = try ledger.folder.openForReading()
            let found = try find(in: log)
            do {
                let draft = try ReceiptDraft(
                    of: found.number,
                    in: log.log,
                    secret: log.log.secret,
                    for: try disclosureReader(of: found)
                )
                let signed = try head.signed(
                    of: log,
                    in: ledger,
                    covering: found.number,
                    isWitnessed: witnesses
                )
                let size = signed.checkpoint.size
                guard found.number.rawValue < size else {
                    throw ReceiptError.notCovered(found.number, size: size)
                }
                try file.write(
                    try draft.receipt(
                        proofs: try proofs(of: draft.numbers, in: log, signed.checkpoint),
                        checkpoint: signed
                    ).bytes()
                )
                return .done
            } catch let error as ReceiptError {
                throw CommandFailure(error)
            }
        }

        private func find(in log: OpenLog) throws -> Entry {
            guard (operation == nil) != (entry == nil) else {
                throw OptionValues.malformed(
                    "id",
                    operation ?? "",
                    "the id of an operation, or else --entry and a number"
                )
            }
            if let operation {
                return try log.entry(
                    of: try OptionValues.identifier(operation, "id"),
                    by: try organisation.map { try OptionValues.identifier($0, "--organisation") },
                    option: "--organisation"
                )
            }
            let number = EntryNumber(rawValue: entry ?? 0)
            guard let found = try log.log.entry(number) else {
                throw CommandFailure(ReceiptError.noEntry(number, next: try log.log.head().next))
            }
            return found
        }

        private func disclosureReader(of found: Entry) throws -> DisclosureReader {
            guard !authority || reader == nil else {
                throw OptionValues.malformed("--authority", "--for", "one of them")
            }
            if authority { return .authority }
            if let reader { return .vendor(try OptionValues.identifier(reader, "--for")) }
            // Whoever brought an expiry about is not whose hold it was.
            if case .operation = found.content { return .vendor(found.actor.organisation) }
            throw OptionValues.malformed(
                "--for",
                "",
                "whose receipt it is to be, or --authority: nobody asked for entry \(found.number)"
            )
        }

        /// The ways of entries to the root of a checkpoint of this log.
        private func proofs(
            of numbers: [UInt64],
            in log: OpenLog,
            _ checkpoint: Checkpoint
        ) throws -> [InclusionProof] {
            guard checkpoint.size <= (try log.log.head().next) else {
                throw OptionValues.malformed(
                    "--checkpoint",
                    "a head of \(checkpoint.size) entries",
                    "one of this ledger, which has fewer"
                )
            }
            var hashes = try ledger.folder.tree(of: log)
            let proofs = try numbers.map {
                try InclusionProof(index: $0, size: checkpoint.size, from: &hashes)
            }
            guard try hashes.root(size: checkpoint.size) == checkpoint.root else {
                throw OptionValues.malformed(
                    "--checkpoint",
                    "a head with another root",
                    "one of this ledger: its first \(checkpoint.size) entries have another root"
                )
            }
            return proofs
        }
    }

    extension CommandFailure {
        /// Why there is no receipt.
        init(_ error: ReceiptError) {
            switch error {
            case .log(let error): self.init(error)
            case .noEntry: self.init(.rejected, "entry: \(error)")
            case .notForReader: self.init(.rejected, "--for: \(error)")
            case .notCovered: self.init(.rejected, "--checkpoint: \(error)")
            case .notALedger: self.init(.failed, error.description)
            }
        }
    }
#endif
