// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import EntryLog
    import LedgerModel
    import LedgerReports
    import LedgerText
    import QuotaLedger

    /// `headroom redact`.
    struct RedactCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "redact",
            abstract: "Propose to take persons and free text out of entries; another one approves.",
            discussion: """
                Regulators and operators may, and it always takes two people: it is done when \
                another person approves the proposal. Hashes stay in the place of what is taken \
                out, so roots, proofs and receipts stay what they are. Copies that are elsewhere \
                (backups, exports, receipts, freed pages of the log's file) are not changed: see \
                docs/operators.md.

                Examples:
                  headroom redact --entry 51 --entry 52 --reason "erasure request 12" --id E-12
                  headroom approve E-12 --person lee
                """
        )

        @Option(
            help: ArgumentHelp("The number of an entry; can be given again.", valueName: "number")
        )
        var entry: [UInt64]

        @Option(help: "Why; it stays in the log, so without what is taken out.")
        var reason: String

        @OptionGroup var options: OperationOptions

        func perform() throws -> ExitStatus {
            let entries = Set(entry).sorted().map(EntryNumber.init(rawValue:))
            let redaction = Redaction(entries: entries, reason: reason)
            return try options.submit(.propose(Proposal(action: .redact(redaction))))
        }
    }

    /// `headroom legal-hold`.
    struct LegalHoldCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "legal-hold",
            abstract: "Legal holds, which keep entries from being redacted: place, lift, list.",
            discussion: """
                Examples:
                  headroom legal-hold place --party G42 --reason "case 7" --id case-7
                  headroom legal-hold lift --hold case-7 --reason "case 7 is closed"
                  headroom legal-hold list
                """,
            subcommands: [Place.self, Lift.self, List.self]
        )

        struct Place: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Keep a party's entries, or one entry, from being redacted.",
                discussion: """
                    A hold on a party is on every entry that names it or is about its holds, also \
                    those to come. Several holds on the same are lifted one by one.

                    Examples:
                      headroom legal-hold place --party G42 --reason "case 7" --id case-7
                      headroom legal-hold place --entry 51 --reason "case 7"
                      headroom legal-hold place --operation PO-1001 --of NVIDIA --reason "case 7"
                    """
            )

            @Option(help: ArgumentHelp("The party.", valueName: "id"))
            var party: String?

            @OptionGroup var named: EarlierEntryOptions

            @Option(help: "Why.")
            var reason: String

            @OptionGroup var options: OperationOptions

            func perform() throws -> ExitStatus {
                let step = LegalHoldStep.place(try subject())
                return try options.submit(.legalHold(LegalHold(step: step, reason: reason)))
            }

            private func subject() throws(Rejection) -> LegalHoldSubject {
                switch (party, try named.target()) {
                case (let party?, nil):
                    return .party(try OptionValues.identifier(party, "--party"))
                case (nil, .entry(let number)?): return .entry(number)
                case (nil, .operation(let reference)?): return .operation(reference)
                default:
                    throw OptionValues.malformed(
                        "--party",
                        party ?? "",
                        "one of --party, --entry and --operation"
                    )
                }
            }
        }

        struct Lift: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Lift a legal hold.",
                discussion: """
                    Examples:
                      headroom legal-hold lift --hold case-7 --reason "case 7 is closed"
                    """
            )

            @Option(help: ArgumentHelp("The id of the operation that placed it.", valueName: "id"))
            var hold: String

            @Option(
                help: ArgumentHelp(
                    "Whose operation that was (default: the organisation that acts).",
                    valueName: "organisation"
                )
            )
            var of: String?

            @Option(help: "Why.")
            var reason: String

            @OptionGroup var options: OperationOptions

            func perform() throws -> ExitStatus {
                let placed = try OptionValues.reference(hold, "--hold", of: of)
                return try options.submit(
                    .legalHold(LegalHold(step: .lift(placed), reason: reason))
                )
            }
        }

        struct List: Verb {
            static let configuration = CommandConfiguration(
                abstract: "List the legal holds that are in force.",
                discussion: """
                    Reads the ledger's log, also while another process writes it.

                    Examples:
                      headroom legal-hold list
                      headroom legal-hold list --json
                    """
            )

            @OptionGroup var ledger: LedgerOptions
            @OptionGroup var output: OutputOptions

            func perform() throws -> ExitStatus {
                let log = try ledger.folder.openForReading()
                let core = try ledger.folder.core(of: log)
                let holds = try core.legalHolds.compactMap { hold in
                    try log.log.entry(hold.entry).map { (hold, $0) }
                }
                if output.json {
                    try Output.document(asIfEnforced: log.isAdvisory) { writer in
                        writer.key("legal_holds")
                        writer.beginArray()
                        for (hold, entry) in holds { writer.value(hold, placedBy: entry) }
                        writer.endArray()
                    }
                    return .done
                }
                var table = TextTable([
                    .word("id"), .word("by"), .word("on"), .word("since"), .number("entry"),
                    .text("reason"),
                ])
                for (hold, entry) in holds {
                    guard case .operation(let record) = entry.content else { continue }
                    let subject =
                        switch hold.subject {
                        case .party(let party): "party \(party)"
                        case .entry(let number): "entry \(number)"
                        case .operation(let reference): "operation \(reference.id)"
                        }
                    table.append(
                        [
                            record.id.text, entry.actor.organisation.text, subject,
                            entry.time.description, "\(entry.number)",
                            record.action.freeText ?? "",
                        ].map { TextTable.Cell($0) }
                    )
                }
                try ResultText.write(table, ifEmpty: "no legal holds")
                try ResultText.writeBasis(log)
                return .done
            }
        }
    }

    extension JSONWriter {
        /// Writes a legal hold with the entry that placed it.
        fileprivate mutating func value(_ hold: StandingLegalHold, placedBy entry: Entry) {
            guard case .operation(let record) = entry.content else { return }
            beginObject()
            member("organisation", entry.actor.organisation.text)
            member("id", record.id.text)
            key("placed_by")
            integer(entry.number.rawValue)
            member("since", entry.time)
            value(hold.subject)
            member("reason", record.action.freeText)
            endObject()
        }
    }

    extension OptionValues {
        /// Reads the id of an operation, and whose it is.
        static func reference(
            _ id: String,
            _ option: String,
            of organisation: String?
        ) throws(Rejection) -> OperationReference {
            var owner: OrganisationIdentifier?
            if let organisation { owner = try identifier(organisation, "--of") }
            return OperationReference(organisation: owner, id: try identifier(id, option))
        }
    }
#endif
