// SPDX-License-Identifier: Apache-2.0

#if Service
    import LMDBEntryLog
    import ArgumentParser
    import EntryLog
    import LedgerModel
    import QuotaLedger

    /// `headroom explain`.
    struct ExplainCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "explain",
            abstract: "Explain an entry: what was asked, what was decided, with the arithmetic.",
            discussion: """
                Digits alone are an entry's number, anything else is the id of an operation. \
                With --organisation they are an id as well. Of a refused order it says what would \
                have made room then; for that it rebuilds the ledger as it was, from the newest \
                snapshot in front of the entry.

                Examples:
                  headroom explain PO-1001
                  headroom explain 85
                  headroom explain 1001 --organisation NVIDIA --json
                """
        )

        @Argument(help: ArgumentHelp("An operation's id, or an entry's number.", valueName: "id"))
        var entry: String

        @Option(
            help: ArgumentHelp(
                "Whose operation (needed only where several used the id).",
                valueName: "id"
            )
        )
        var organisation: String?

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var output: OutputOptions

        func perform() throws -> ExitStatus {
            let log = try ledger.folder.openForReading()
            let found = try find(in: log)
            var report = AnswerReport(log, asJSON: output.json)
            try report.explain(found, remedies: try remedies(for: found, in: log))
            return .done
        }

        /// What would have let a refused order through; `nil` of anything else.
        private func remedies(for entry: Entry, in log: OpenLog) throws -> [Remedy]? {
            guard case .operation(let record) = entry.content,
                case .decided(let decision) = record.outcome, !decision.isGranted
            else { return nil }
            var core = try ledger.folder.core(of: log, until: entry.number)
            let operation = Operation(
                id: record.id,
                actor: entry.actor,
                time: entry.time,
                action: record.action
            )
            return try core.remedies(for: operation, now: entry.time)
        }

        private func find(in log: OpenLog) throws -> Entry {
            let isNumber = entry.utf8.allSatisfy { (0x30...0x39).contains($0) }
            guard isNumber, organisation == nil else { return try findOperation(in: log) }
            guard let number = UInt64(entry),
                let found = try log.log.entry(EntryNumber(rawValue: number))
            else {
                let next = try log.log.head().next
                throw Rejection(
                    .unknownReference,
                    field: "entry",
                    found: entry,
                    expected: next == 0
                        ? "an entry, and the log has none" : "an entry's number, 0 to \(next - 1)"
                )
            }
            return found
        }

        private func findOperation(in log: OpenLog) throws -> Entry {
            let id: OperationIdentifier = try OptionValues.identifier(entry, "id")
            let owner: OrganisationIdentifier? = try organisation.map {
                try OptionValues.identifier($0, "--organisation")
            }
            return try log.entry(of: id, by: owner, option: "--organisation")
        }
    }
#endif
