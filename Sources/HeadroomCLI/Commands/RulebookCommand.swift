// SPDX-License-Identifier: Apache-2.0

#if Service
    import LedgerText
    import ArgumentParser
    import Foundation
    import LedgerModel
    import LedgerReports
    import Rulebook

    /// `headroom rulebook`.
    struct RulebookCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rulebook",
            abstract: "Rulebooks: list, show, validate, adopt.",
            discussion: """
                Examples:
                  headroom rulebook list
                  headroom rulebook adopt diffusion-2025-cfr --id rulebook-cfr
                """,
            subcommands: [List.self, Show.self, Validate.self, Adopt.self]
        )

        struct List: Verb {
            static let configuration = CommandConfiguration(
                abstract: "List the rulebooks that come with the program.",
                discussion: """
                    With --ledger also those that the ledger has adopted.

                    Examples:
                      headroom rulebook list
                      headroom rulebook list --ledger demo/ledger
                    """
            )

            @OptionGroup var ledger: LedgerOptions
            @OptionGroup var output: OutputOptions

            func perform() throws -> ExitStatus {
                let shipped = try ShippedRulebook.all.map { try $0.load() }
                let log = ledger.isNamed ? try ledger.folder.openForReading() : nil
                let adoptions = try log.map { try LedgerRegisters($0).rulebooks } ?? []
                let adopted = try adoptions.map {
                    ($0, try Rulebook.load(bytes: $0.bytes, fileName: "entry \($0.entry)"))
                }
                if output.json {
                    try showJSON(shipped, adopted, log)
                } else {
                    try showText(shipped, adopted, log)
                }
                return .done
            }

            private func showText(
                _ shipped: [Rulebook],
                _ adopted: [(LedgerRegisters.Adoption, Rulebook)],
                _ log: OpenLog?
            ) throws {
                var table = TextTable([
                    .word("rulebook"), .number("version"), .word("effective"), .text("title"),
                ])
                for rulebook in shipped {
                    table.append(
                        [
                            rulebook.name.text, "\(rulebook.version)",
                            rulebook.effective.value.description, rulebook.title,
                        ].map { TextTable.Cell($0) }
                    )
                }
                try ResultText.write(table, ifEmpty: "")
                guard let log else { return }
                var adoptedTable = TextTable([
                    .word("adopted"), .number("version"), .word("at"), .number("entry"),
                ])
                for (adoption, rulebook) in adopted {
                    adoptedTable.append(
                        [
                            rulebook.name.text, "\(rulebook.version)", adoption.time.description,
                            "\(adoption.entry)",
                        ].map { TextTable.Cell($0) }
                    )
                }
                try Output.writeLine("")
                try ResultText.write(adoptedTable, ifEmpty: "none adopted")
                try ResultText.writeBasis(log)
            }

            private func showJSON(
                _ shipped: [Rulebook],
                _ adopted: [(LedgerRegisters.Adoption, Rulebook)],
                _ log: OpenLog?
            ) throws {
                try Output.document(asIfEnforced: log?.isAdvisory) { writer in
                    writer.key("shipped")
                    writer.beginArray()
                    for rulebook in shipped {
                        writer.beginObject()
                        writer.member("name", rulebook.name.text)
                        writer.member("version", rulebook.version)
                        writer.member("effective", rulebook.effective.value)
                        writer.member("title", rulebook.title)
                        writer.member("tpp_per_h100e", rulebook.tppPerH100e.value)
                        writer.endObject()
                    }
                    writer.endArray()
                    guard log != nil else { return }
                    writer.key("adopted")
                    writer.beginArray()
                    for (adoption, rulebook) in adopted {
                        writer.beginObject()
                        writer.member("name", rulebook.name.text)
                        writer.member("version", rulebook.version)
                        writer.member("time", adoption.time)
                        writer.key("entry")
                        writer.integer(adoption.entry.rawValue)
                        writer.endObject()
                    }
                    writer.endArray()
                }
            }
        }

        struct Show: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Print a rulebook, with a citation for every number.",
                discussion: """
                    With --json only its main figures.

                    Examples:
                      headroom rulebook show diffusion-2025-cfr
                      headroom rulebook show diffusion-2025-brief > mine.yaml
                    """
            )

            @Argument(
                help: "The name of a shipped rulebook, or a file.",
                completion: Candidates.rulebooks
            )
            var rulebook: String

            @OptionGroup var output: OutputOptions

            func perform() throws -> ExitStatus {
                let file = try RuleFile(rulebook)
                let parsed = try Rulebook.load(bytes: file.bytes, fileName: file.name)
                guard output.json else {
                    try Output.write(file.bytes)
                    return .done
                }
                try RuleFile.show(parsed, valid: true)
                return .done
            }
        }

        struct Validate: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Check a rulebook: every mistake with file, line, column and field.",
                discussion: """
                    Examples:
                      headroom rulebook validate mine.yaml
                    """
            )

            @Argument(
                help: "The file, or the name of a shipped rulebook.",
                completion: Candidates.rulebooks
            )
            var rulebook: String

            @OptionGroup var output: OutputOptions

            func perform() throws -> ExitStatus {
                let file = try RuleFile(rulebook)
                do throws(RulebookError) {
                    let parsed = try Rulebook.load(bytes: file.bytes, fileName: file.name)
                    if output.json {
                        try? RuleFile.show(parsed, valid: true)
                    } else {
                        try? Output.writeLine(
                            "\(file.name): valid, \(parsed.name) version \(parsed.version)"
                        )
                    }
                    return .done
                } catch {
                    if output.json { try show(error) }
                    throw CommandFailure(error)
                }
            }

            private func show(_ error: RulebookError) throws {
                try Output.document(asIfEnforced: nil) { writer in
                    writer.member("valid", false)
                    writer.key("findings")
                    writer.beginArray()
                    for finding in error.findings {
                        writer.beginObject()
                        writer.member("file", error.fileName)
                        writer.member("line", Int64(finding.line))
                        writer.member("column", Int64(finding.column))
                        writer.member("field", finding.field)
                        writer.member("problem", finding.problem)
                        writer.endObject()
                    }
                    writer.endArray()
                }
            }
        }

        struct Adopt: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Adopt a rulebook: from its effective day on it decides.",
                discussion: """
                    Examples:
                      headroom rulebook adopt diffusion-2025-cfr --id rulebook-cfr
                      headroom rulebook adopt mine.yaml --propose --person kim
                    """
            )

            @Argument(
                help: "The name of a shipped rulebook, or a file.",
                completion: Candidates.rulebooks
            )
            var rulebook: String

            @OptionGroup var options: ProposableOptions

            func perform() throws -> ExitStatus {
                let file = try RuleFile(rulebook)
                _ = try Rulebook.load(bytes: file.bytes, fileName: file.name)
                return try options.submit(.adoptRulebook(RulebookAdoption(bytes: file.bytes)))
            }
        }
    }

    /// A rulebook that a user named: a shipped one, or a file.
    struct RuleFile {
        let name: String
        let bytes: [UInt8]

        init(_ text: String) throws(CommandFailure) {
            if let shipped = ShippedRulebook.named(text) {
                name = shipped.file.fileName
                bytes = shipped.file.bytes
                return
            }
            guard FileManager.default.fileExists(atPath: text) else {
                let names = ShippedRulebook.all.map(\.name)
                let guess = Suggestions.closest(to: text, in: names)
                throw CommandFailure(
                    Rejection(
                        .unknownReference,
                        field: "rulebook",
                        found: text,
                        expected: "a file, or one of " + names.joined(separator: ", ")
                            + (guess.map { "; did you mean '\($0)'?" } ?? "")
                    )
                )
            }
            name = text
            bytes = try InputFile.contents(
                of: text,
                atMost: RulebookAdoption.maximumByteCount,
                called: "rulebook"
            )
        }

        /// Shows the main figures of a rulebook.
        static func show(_ rulebook: Rulebook, valid: Bool) throws(CommandFailure) {
            try Output.document(asIfEnforced: nil) { writer in
                writer.member("valid", valid)
                writer.member("name", rulebook.name.text)
                writer.member("version", rulebook.version)
                writer.member("title", rulebook.title)
                writer.member("source", rulebook.source)
                writer.member("effective", rulebook.effective.value)
                writer.member("tpp_per_h100e", rulebook.tppPerH100e.value)
                writer.key("mechanisms")
                writer.beginArray()
                for mechanism in rulebook.mechanisms {
                    writer.beginObject()
                    writer.member("mechanism", mechanism.kind.description)
                    writer.member("citation", mechanism.citation)
                    writer.endObject()
                }
                writer.endArray()
                writer.key("end_uses")
                writer.beginArray()
                for use in rulebook.endUses {
                    writer.beginObject()
                    writer.member("code", use.code.text)
                    writer.member("prohibited", use.isProhibited)
                    writer.endObject()
                }
                writer.endArray()
            }
        }
    }
#endif
