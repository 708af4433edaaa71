// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel
    import LedgerReports
    import LedgerText

    /// `headroom status`.
    struct StatusCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status",
            abstract: "Validated end user statuses: grant, suspend, reinstate, revoke, list.",
            discussion: """
                Examples:
                  headroom status grant --kind uveu --party ACME --from 2025-01-15 --id uveu-acme
                  headroom status list
                """,
            subcommands: [
                Grant.self, Suspend.self, Reinstate.self, Revoke.self, StatusListCommand.self,
            ]
        )

        struct Grant: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Grant a Universal or National VEU status to a party.",
                discussion: """
                    Examples:
                      headroom status grant --kind uveu --party ACME --from 2025-01-15 --id uveu-acme
                      headroom status grant --kind nveu --country AE --party ACME --from 2025-01-15
                    """
            )

            @Option(
                help: "uveu (universal) or nveu (national).",
                completion: .list(["uveu", "nveu"])
            )
            var kind: String

            @Option(
                help: ArgumentHelp("The party that is to hold it.", valueName: "id"),
                completion: Candidates.parties
            )
            var party: String

            @Option(help: "The country of a National VEU.", completion: Candidates.countries)
            var country: String?

            @Option(help: ArgumentHelp("The first day.", valueName: "date"))
            var from: String

            @Option(
                help: ArgumentHelp("The first day no more (default: no end).", valueName: "date")
            )
            var until: String?

            @OptionGroup var options: ProposableOptions

            func perform() throws -> ExitStatus {
                let grant = StatusGrant(
                    kind: try statusKind(),
                    party: try OptionValues.identifier(party, "--party"),
                    dates: try OptionValues.dates(from: from, until: until)
                )
                return try options.submit(.grantStatus(grant))
            }

            private func statusKind() throws(Rejection) -> StatusKind {
                switch (kind, country) {
                case ("uveu", nil): return .universal
                case ("uveu", let country?):
                    throw OptionValues.malformed(
                        "--country",
                        country,
                        "nothing: a Universal VEU has no country"
                    )
                case ("nveu", let country?):
                    return .national(try OptionValues.country(country, "--country"))
                case ("nveu", nil):
                    throw OptionValues.malformed("--country", "", "the country of a National VEU")
                default: throw OptionValues.malformed("--kind", kind, "uveu or nveu")
                }
            }
        }

        struct Suspend: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Suspend a status: it helps no more until it is reinstated.",
                discussion: """
                    Examples:
                      headroom status suspend --grant uveu-acme --reason "site under review"
                    """
            )
            @OptionGroup var change: StatusChangeOptions
            func perform() throws -> ExitStatus { try change.submit(.suspend) }
        }

        struct Reinstate: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Reinstate a suspended status.",
                discussion: """
                    Examples:
                      headroom status reinstate --grant uveu-acme --reason "review passed"
                    """
            )
            @OptionGroup var change: StatusChangeOptions
            func perform() throws -> ExitStatus { try change.submit(.reinstate) }
        }

        struct Revoke: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Revoke a status, for good.",
                discussion: """
                    Examples:
                      headroom status revoke --grant uveu-acme --reason "conditions not met"
                    """
            )
            @OptionGroup var change: StatusChangeOptions
            func perform() throws -> ExitStatus { try change.submit(.revoke) }
        }
    }

    /// What a change of a status takes.
    struct StatusChangeOptions: ParsableArguments {
        @Option(help: ArgumentHelp("The id of the operation that granted it.", valueName: "id"))
        var grant: String

        @Option(
            help: ArgumentHelp(
                "Whose operation that was (default: the organisation that acts).",
                valueName: "id"
            )
        )
        var grantOrganisation: String?

        @Option(help: "Why.")
        var reason: String

        @OptionGroup var options: ProposableOptions

        func submit(_ step: StatusStep) throws -> ExitStatus {
            let reference = OperationReference(
                organisation: try grantOrganisation.map {
                    try OptionValues.identifier($0, "--grant-organisation")
                },
                id: try OptionValues.identifier(grant, "--grant")
            )
            return try options.submit(
                .changeStatus(StatusChange(grant: reference, step: step, reason: reason))
            )
        }
    }

    /// `headroom status list`.
    struct StatusListCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the statuses.",
            discussion: """
                Examples:
                  headroom status list
                  headroom status list --json
                """
        )

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var output: OutputOptions

        func perform() throws -> ExitStatus {
            let log = try ledger.folder.openForReading()
            let registers = try LedgerRegisters(log)
            if output.json {
                try Output.document(asIfEnforced: log.isAdvisory) { writer in
                    writer.key("statuses")
                    writer.beginArray()
                    for status in registers.statuses { writer.value(status) }
                    writer.endArray()
                }
                return .done
            }
            var table = TextTable([
                .word("status"), .word("party"), .word("from"), .word("until"),
                .word("standing"), .word("granted as"), .word("by"), .number("entry"),
            ])
            for status in registers.statuses {
                table.append(
                    [
                        status.grant.kind.words, status.grant.party.text,
                        status.grant.dates.from.description,
                        status.grant.dates.until?.description ?? "",
                        status.standing.rawValue, status.id.text, status.organisation.text,
                        "\(status.entry)",
                    ].map { TextTable.Cell($0) }
                )
            }
            try ResultText.write(table, ifEmpty: "no statuses")
            try ResultText.writeBasis(log)
            return .done
        }
    }

    extension JSONWriter {
        /// Writes a status as it is now.
        mutating func value(_ status: LedgerRegisters.Status) {
            beginObject()
            switch status.grant.kind {
            case .universal:
                member("status", "uveu")
                member("country", String?.none)
            case .national(let country):
                member("status", "nveu")
                member("country", country.description)
            }
            member("party", status.grant.party.text)
            member("from", status.grant.dates.from)
            member("until", status.grant.dates.until)
            member("standing", status.standing.rawValue)
            member("organisation", status.organisation.text)
            member("id", status.id.text)
            key("entry")
            integer(status.entry.rawValue)
            endObject()
        }
    }
#endif
