// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel
    import LedgerReports
    import LedgerText

    /// `headroom party list`.
    struct PartyListCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the parties.",
            discussion: """
                Examples:
                  headroom party list
                  headroom party list --json
                """
        )

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var output: OutputOptions

        func perform() throws -> ExitStatus {
            let log = try ledger.folder.openForReading()
            let registers = try LedgerRegisters(log)
            let parties = registers.parties.values.sorted { $0.record.id < $1.record.id }
            if output.json {
                try Output.document(asIfEnforced: log.isAdvisory) { writer in
                    writer.key("parties")
                    writer.beginArray()
                    for party in parties { writer.value(party, in: registers) }
                    writer.endArray()
                }
                return .done
            }
            var table = TextTable([
                .word("party"), .word("site"), .word("headquarters"), .word("parent"),
                .word("blocked"), .text("name"),
            ])
            for party in parties {
                let record = party.record
                table.append(
                    [
                        record.id.text, record.site.description, record.headquarters.description,
                        record.parent?.text ?? "", party.blockReason == nil ? "" : "blocked",
                        record.name,
                    ].map { TextTable.Cell($0) }
                )
            }
            try ResultText.write(table, ifEmpty: "no parties")
            try ResultText.writeBasis(log)
            return .done
        }
    }

    /// `headroom party show`.
    struct PartyShowCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Show a party: its record, group, block, statuses and attestations.",
            discussion: """
                Examples:
                  headroom party show ACME-AE
                """
        )

        @Argument(help: "The party's id.", completion: Candidates.parties)
        var party: String

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var output: OutputOptions

        func perform() throws -> ExitStatus {
            let log = try ledger.folder.openForReading()
            let registers = try LedgerRegisters(log)
            let id: PartyIdentifier = try OptionValues.identifier(party, "party")
            guard let found = registers.parties[id] else { throw unknown(in: registers) }
            let statuses = registers.statuses.filter { $0.grant.party == id }
            if output.json {
                try Output.document(asIfEnforced: log.isAdvisory) { writer in
                    writer.key("party")
                    writer.value(found, in: registers)
                    writer.key("statuses")
                    writer.beginArray()
                    for status in statuses { writer.value(status) }
                    writer.endArray()
                }
                return .done
            }
            var table = TextTable([.word(""), .text("")])
            for (label, text) in rows(found, statuses, registers) {
                table.append([TextTable.Cell(label, .faint), TextTable.Cell(text)])
            }
            try ResultText.write(table, ifEmpty: "")
            try ResultText.writeBasis(log)
            return .done
        }

        private func rows(
            _ party: LedgerRegisters.Party,
            _ statuses: [LedgerRegisters.Status],
            _ registers: LedgerRegisters
        ) -> [(String, String)] {
            let record = party.record
            var rows = [
                ("party", record.id.text), ("name", record.name),
                ("site", record.site.description),
                ("headquarters", record.headquarters.description),
                ("parent", record.parent?.text ?? "none"),
                ("ultimate parent", registers.ultimateParent(of: record.id).text),
                ("blocked", party.blockReason.map { "yes: \($0)" } ?? "no"),
                ("entry", "\(party.entry)"),
            ]
            for status in statuses {
                let dates =
                    "from \(status.grant.dates.from)"
                    + (status.grant.dates.until.map { " until \($0)" } ?? "")
                rows.append(
                    (
                        "status",
                        "\(status.grant.kind.words) \(dates), "
                            + "\(status.standing.rawValue), granted as \(status.id)"
                    )
                )
            }
            for dates in party.attestations {
                let until = dates.until.map { " until \($0)" } ?? ""
                rows.append(("security attested", "from \(dates.from)\(until)"))
            }
            return rows
        }

        private func unknown(in registers: LedgerRegisters) -> Rejection {
            let names = registers.parties.keys.map(\.text).sorted()
            let guess = Suggestions.closest(to: party, in: names)
            return Rejection(
                .unknownParty,
                field: "party",
                found: party,
                expected: "a registered party: see 'headroom party list'"
                    + (guess.map { "; did you mean '\($0)'?" } ?? "")
            )
        }
    }

    extension JSONWriter {
        /// Writes a party as it is now.
        mutating func value(_ party: LedgerRegisters.Party, in registers: LedgerRegisters) {
            beginObject()
            member("party", party.record.id.text)
            member("name", party.record.name)
            member("site", party.record.site.description)
            member("headquarters", party.record.headquarters.description)
            member("parent", party.record.parent?.text)
            member("ultimate_parent", registers.ultimateParent(of: party.record.id).text)
            member("blocked", party.blockReason != nil)
            member("block_reason", party.blockReason)
            key("security_attestations")
            beginArray()
            for dates in party.attestations {
                beginObject()
                member("from", dates.from)
                member("until", dates.until)
                endObject()
            }
            endArray()
            key("entry")
            integer(party.entry.rawValue)
            endObject()
        }
    }
#endif
