// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel
    import LedgerReports
    import LedgerText
    import QuotaLedger

    /// `headroom party import`.
    struct PartyImportCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "import",
            abstract: "Register the parties of a CSV file: id, name, site, headquarters, parent.",
            discussion: """
                Parties that are recorded as the file has them are left alone, so it can be run \
                again. Parents may stand anywhere in the file.

                Examples:
                  headroom party import parties.csv
                  headroom party import - --at 2025-01-13 < parties.csv
                """
        )

        @Argument(help: "The file; - is standard input.", completion: .file(extensions: ["csv"]))
        var file: String

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var actor: ActorOptions
        @OptionGroup var time: TimeOptions
        @OptionGroup var output: OutputOptions

        /// What became of the file's parties.
        private struct Counts {
            var registered = 0
            var changed = 0
            var unchanged = 0
            var refused = 0
            /// Why the ledger's policy refused the first of them.
            var refusal: Refusal?
            var rejected: [PartyFile.Rejected] = []
        }

        func perform() throws -> ExitStatus {
            let caller = try actor.actor()
            let moment = try time.time()
            let parties: PartyFile
            do {
                let input = try InputFile(file)
                parties = try PartyFile(input)
            } catch let rejection as Rejection {
                var failure = CommandFailure(rejection)
                failure.lines = [rejection.line(inFile: name)]
                throw failure
            }
            return try ledger.folder.withLedger { opened in
                try record(parties, in: opened, as: caller, at: moment)
            }
        }

        private func record(
            _ parties: PartyFile,
            in opened: OpenLedger,
            as caller: Actor,
            at moment: LedgerTime?
        ) throws -> ExitStatus {
            let registers = try LedgerRegisters(opened.source)
            let plan = try PartyPlan(parties.rows, registers, as: caller, at: moment)
            var counts = Counts(unchanged: plan.unchangedCount, rejected: parties.rejected)
            let answers = try opened.ledger.submit(plan.steps.map(\.operation))
            for (step, answer) in zip(plan.steps, answers) {
                if case .rejected(let rejection) = answer {
                    counts.rejected.append(
                        PartyFile.Rejected(line: step.line, rejection: rejection)
                    )
                } else if let refusal = answer.refusal {
                    counts.refused += 1
                    counts.refusal = refusal
                } else if step.isChange {
                    counts.changed += 1
                } else {
                    counts.registered += 1
                }
            }
            counts.rejected.sort { $0.line < $1.line }
            try show(counts, opened.isAdvisory)
            if !counts.rejected.isEmpty { return .rejected }
            return counts.refused == 0 ? .done : .refused
        }

        private var name: String { file == "-" ? "standard input" : file }

        private func show(_ counts: Counts, _ isAdvisory: Bool) throws {
            for row in counts.rejected {
                let message = row.rejection.line(inFile: name, atLine: row.line)
                Output.note("headroom: error: \(message)")
            }
            guard output.json else {
                try Output.writeLine(
                    "parties: \(counts.registered) registered, \(counts.changed) changed, "
                        + "\(counts.unchanged) as they were, "
                        + (counts.refusal.map { "\(counts.refused) refused (\($0)), " } ?? "")
                        + "\(counts.rejected.count) rejected"
                        + (isAdvisory ? " (as if enforced)" : "")
                )
                return
            }
            try Output.document(asIfEnforced: isAdvisory) { writer in
                writer.member("registered", Int64(counts.registered))
                writer.member("changed", Int64(counts.changed))
                writer.member("unchanged", Int64(counts.unchanged))
                writer.member("refused", Int64(counts.refused))
                writer.key("rejected")
                writer.beginArray()
                for row in counts.rejected { writer.value(row.rejection, line: row.line) }
                writer.endArray()
            }
        }
    }

    extension LedgerAnswer {
        /// Why the rules said no, if they did.
        fileprivate var refusal: Refusal? {
            guard case .operation(let record)? = entry?.content else { return nil }
            return record.outcome.refusal
        }
    }
#endif
