// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel
    import LedgerReports
    import LedgerText

    /// `headroom agreement`.
    struct AgreementCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "agreement",
            abstract: "Agreements between governments: sign, end, list.",
            discussion: """
                Examples:
                  headroom agreement sign --country AE --from 2025-06-01 --id agreement-ae
                  headroom agreement list
                """,
            subcommands: [Sign.self, End.self, List.self]
        )

        struct Sign: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Sign an agreement: it multiplies a capped country's limit.",
                discussion: """
                    Examples:
                      headroom agreement sign --country AE --from 2025-06-01 --id agreement-ae
                      headroom agreement sign --country AE --from 2025-06-01 --propose --person kim
                    """
            )

            @Option(help: "The country.", completion: Candidates.countries)
            var country: String

            @Option(help: ArgumentHelp("The first day.", valueName: "date"))
            var from: String

            @Option(
                help: ArgumentHelp("The first day no more (default: no end).", valueName: "date")
            )
            var until: String?

            @OptionGroup var options: ProposableOptions

            func perform() throws -> ExitStatus {
                let signing = AgreementSigning(
                    country: try OptionValues.country(country, "--country"),
                    dates: try OptionValues.dates(from: from, until: until)
                )
                return try options.submit(.signAgreement(signing))
            }
        }

        struct End: Verb {
            static let configuration = CommandConfiguration(
                abstract: "End an agreement.",
                discussion: """
                    Examples:
                      headroom agreement end --agreement agreement-ae --until 2026-06-01
                    """
            )

            @Option(help: ArgumentHelp("The id of the operation that signed it.", valueName: "id"))
            var agreement: String

            @Option(
                help: ArgumentHelp(
                    "Whose operation that was (default: the organisation that acts).",
                    valueName: "id"
                )
            )
            var agreementOrganisation: String?

            @Option(
                help: ArgumentHelp(
                    "The first day no more (default: the operation's own day).",
                    valueName: "date"
                )
            )
            var until: String?

            @OptionGroup var options: ProposableOptions

            func perform() throws -> ExitStatus {
                let reference = OperationReference(
                    organisation: try agreementOrganisation.map {
                        try OptionValues.identifier($0, "--agreement-organisation")
                    },
                    id: try OptionValues.identifier(agreement, "--agreement")
                )
                let time = try options.options.time.time()
                let given = try until.map { try OptionValues.date($0, "--until") }
                return try options.options.ledger.folder.withLedger { opened in
                    let stamp = max(systemTime(), try opened.source.newestTime() ?? .earliest)
                    let end = AgreementEnd(
                        agreement: reference,
                        until: given ?? (time ?? stamp).day
                    )
                    let operation = try options.options.operation(
                        options.asked(.endAgreement(end))
                    )
                    let answer = try opened.answer(to: operation)
                    return try options.options.show(answer, to: operation, opened.source)
                }
            }
        }

        struct List: Verb {
            static let configuration = CommandConfiguration(
                abstract: "List the agreements.",
                discussion: """
                    Examples:
                      headroom agreement list
                      headroom agreement list --json
                    """
            )

            @OptionGroup var ledger: LedgerOptions
            @OptionGroup var output: OutputOptions

            func perform() throws -> ExitStatus {
                let log = try ledger.folder.openForReading()
                let agreements = try LedgerRegisters(log).agreements
                if output.json {
                    try Output.document(asIfEnforced: log.isAdvisory) { writer in
                        writer.key("agreements")
                        writer.beginArray()
                        for agreement in agreements { writer.value(agreement) }
                        writer.endArray()
                    }
                    return .done
                }
                var table = TextTable([
                    .word("country"), .word("from"), .word("until"), .word("signed as"),
                    .word("by"), .number("entry"),
                ])
                for agreement in agreements {
                    table.append(
                        [
                            agreement.country.description, agreement.from.description,
                            agreement.until?.description ?? "", agreement.id.text,
                            agreement.organisation.text, "\(agreement.entry)",
                        ].map { TextTable.Cell($0) }
                    )
                }
                try ResultText.write(table, ifEmpty: "no agreements")
                try ResultText.writeBasis(log)
                return .done
            }
        }
    }

    extension JSONWriter {
        /// Writes an agreement as it is now.
        mutating func value(_ agreement: LedgerRegisters.Agreement) {
            beginObject()
            member("country", agreement.country.description)
            member("from", agreement.from)
            member("until", agreement.until)
            member("organisation", agreement.organisation.text)
            member("id", agreement.id.text)
            key("entry")
            integer(agreement.entry.rawValue)
            endObject()
        }
    }
#endif
