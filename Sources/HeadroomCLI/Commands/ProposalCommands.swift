// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import EntryLog
    import LedgerModel
    import LedgerReports
    import LedgerText
    import QuotaLedger

    /// `headroom approve`.
    struct ApproveCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "approve",
            abstract: "Approve what someone else has proposed: it takes effect now.",
            discussion: """
                Whoever may do something may propose it (with --propose) and approve it, but \
                nobody both. It is known by the proposal's id from then on.

                Examples:
                  headroom rulebook adopt diffusion-2025-cfr --propose --id R-7 --person kim
                  headroom approve R-7 --person lee
                """
        )

        @OptionGroup var proposal: ProposalOptions

        func perform() throws -> ExitStatus { try proposal.submit(.approve) }
    }

    /// `headroom decline`.
    struct DeclineCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "decline",
            abstract: "Decline what was proposed, or withdraw what you have proposed yourself.",
            discussion: """
                Examples:
                  headroom decline R-7 --of BIS
                """
        )

        @OptionGroup var proposal: ProposalOptions

        func perform() throws -> ExitStatus { try proposal.submit(.decline) }
    }

    /// Which proposal.
    struct ProposalOptions: ParsableArguments {
        @Argument(help: ArgumentHelp("The id of the operation that proposed.", valueName: "id"))
        var proposal: String

        @Option(
            help: ArgumentHelp(
                "Whose proposal that is (default: the organisation that acts).",
                valueName: "organisation"
            )
        )
        var of: String?

        @OptionGroup var options: OperationOptions

        func submit(_ step: ProposalStep) throws -> ExitStatus {
            var owner: OrganisationIdentifier?
            if let of { owner = try OptionValues.identifier(of, "--of") }
            let reference = OperationReference(
                organisation: owner,
                id: try OptionValues.identifier(proposal, "proposal")
            )
            return try options.submit(
                .decideProposal(ProposalDecision(proposal: reference, step: step))
            )
        }
    }

    /// `headroom proposals`.
    struct ProposalsCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "proposals",
            abstract: "List what is proposed and neither approved nor declined.",
            discussion: """
                Reads the ledger's log, also while another process writes it.

                Examples:
                  headroom proposals
                  headroom proposals --json
                """
        )

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var output: OutputOptions

        func perform() throws -> ExitStatus {
            let log = try ledger.folder.openForReading()
            let numbers = try ledger.folder.core(of: log).openProposals
            let entries = try numbers.compactMap { try log.log.entry($0) }
            var shelf = RulebookShelf(log.log)
            if output.json {
                let rendered = try entries.map { ($0, try shelf.rendering(of: $0)) }
                try Output.document(asIfEnforced: log.isAdvisory) { writer in
                    writer.key("proposals")
                    writer.beginArray()
                    for (entry, rendering) in rendered { writer.value(entry, rendering) }
                    writer.endArray()
                }
                return .done
            }
            var table = TextTable([
                .word("id"), .word("by"), .word("person"), .word("at"), .number("entry"),
                .text("what is proposed"),
            ])
            for entry in entries {
                guard case .operation(let record) = entry.content else { continue }
                let explainer = Explainer(
                    rulebook: try shelf.rulebook(adoptedBy: entry.rulebook),
                    mode: log.creation?.mode ?? .advisory
                )
                table.append(
                    [
                        record.id.text, entry.actor.organisation.text, entry.actor.person.text,
                        entry.time.description, "\(entry.number)", explainer.sentence(for: entry),
                    ].map { TextTable.Cell($0) }
                )
            }
            try ResultText.write(table, ifEmpty: "no open proposals")
            try ResultText.writeBasis(log)
            return .done
        }
    }
#endif
