// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel
    import LedgerReports
    import LedgerText
    import QuotaLedger
    import Rulebook

    /// `headroom countries`.
    struct CountriesCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "countries",
            abstract: "Countries: their tier under the rulebook, agreements, the cap of a day.",
            discussion: """
                Examples:
                  headroom countries list --tier capped
                  headroom countries show AE
                """,
            subcommands: [List.self, Show.self]
        )

        struct List: Verb {
            static let configuration = CommandConfiguration(
                abstract: "List the countries with tier, agreement and cap on a day.",
                discussion: """
                    Examples:
                      headroom countries list
                      headroom countries list --tier concern --on 2026-02-03
                      headroom countries list --format csv --to countries.csv
                    """
            )

            /// How the list is shown.
            enum Format: String, ExpressibleByArgument, CaseIterable {
                case table
                case csv
                case json
            }

            @Option(help: "table, csv or json.")
            var format = Format.table

            @Option(help: "Only home, allied, capped or concern.")
            var tier: String?

            @OptionGroup var file: ReportFileOptions
            @OptionGroup var moment: CountryOptions
            @OptionGroup var output: OutputOptions

            func perform() throws -> ExitStatus {
                let found = try moment.found()
                let listing = found.report.countries(in: try wanted())
                switch output.json ? .json : format {
                case .table:
                    let lines = listing.table.lines(width: file.width, style: file.style)
                    try file.write((lines + [""] + found.closing).map { $0 + "\n" }.joined())
                case .csv: try file.write(listing.csv)
                case .json:
                    try file.write(
                        Output.documentBytes(asIfEnforced: found.isAdvisory) { writer in
                            writer.member("on", found.report.day)
                            writer.member("rulebook", found.report.rulebook.name.text)
                            writer.key(listing.name)
                            writer.value(listing.value)
                        }
                    )
                }
                return .done
            }

            private func wanted() throws(Rejection) -> CountryTier? {
                guard let tier else { return nil }
                guard let wanted = CountryTier(rawValue: tier) else {
                    throw OptionValues.malformed(
                        "--tier",
                        tier,
                        "one of " + CountryTier.allCases.map(\.rawValue).joined(separator: ", ")
                    )
                }
                return wanted
            }
        }

        struct Show: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Show a country: its tiers with their days, agreements, the cap.",
                discussion: """
                    Examples:
                      headroom countries show KH --on 2026-02-02
                      headroom countries show HK --rulebook diffusion-2025-cfr --json
                    """
            )

            @Argument(help: "Its code (ISO 3166-1 alpha-2).")
            var country: String

            @OptionGroup var moment: CountryOptions
            @OptionGroup var output: OutputOptions

            func perform() throws -> ExitStatus {
                let code = try OptionValues.country(country, "country")
                let found = try moment.found()
                guard let name = found.report.name(of: code) else {
                    throw Rejection(
                        .unknownCountry,
                        field: "country",
                        found: country,
                        expected: "an assigned ISO 3166-1 alpha-2 code, such as DE"
                    )
                }
                if output.json {
                    try showJSON(code, name, found)
                } else {
                    try showText(code, name, found)
                }
                return .done
            }

            private func showText(
                _ code: CountryCode,
                _ name: String,
                _ found: FoundCountries
            ) throws {
                let report = found.report
                let rulebook = report.rulebook
                let counted = rulebook.countries.counted(code)
                var facts = [
                    ("country", "\(name) (\(code)), on \(report.day)"),
                    ("tier", rulebook.tier(of: code, on: report.day).rawValue),
                ]
                if let alias = rulebook.countries.aliases.first(where: { $0.country == code }) {
                    facts.append(("counts as", "\(counted): \(alias.citation)"))
                }
                facts.append(("agreement", report.hasAgreement(with: code) ? "yes" : "no"))
                if let limit = report.limit(of: code) {
                    let h100e = AmountStyle(rulebook).h100e(limit, rounding: .down)
                    let citation = rulebook.mechanism(.country)?.limit?.citation ?? ""
                    facts.append(
                        ("cap", "\(h100e) H100e (\(AmountStyle.tpp(limit)) TPP): \(citation)")
                    )
                } else {
                    facts.append(("cap", "none: nothing goes to a country of concern"))
                }
                try ResultText.write(facts)
                for listing in [report.lists(with: code), report.agreements(with: code)]
                where !listing.rows.isEmpty {
                    try Output.writeLine("")
                    try ResultText.write(listing.table, ifEmpty: "")
                }
                try Output.writeLine("")
                for line in found.closing { try Output.writeLine(line) }
            }

            private func showJSON(
                _ code: CountryCode,
                _ name: String,
                _ found: FoundCountries
            ) throws {
                let report = found.report
                let counted = report.rulebook.countries.counted(code)
                let rendering = JSONRendering(tppPerH100e: report.rulebook.tppPerH100e.value)
                try Output.document(asIfEnforced: found.isAdvisory) { writer in
                    writer.member("country", code.description)
                    writer.member("name", name)
                    writer.member("on", report.day)
                    writer.member("rulebook", report.rulebook.name.text)
                    writer.member(
                        "tier",
                        report.rulebook.tier(of: code, on: report.day).rawValue
                    )
                    writer.member("counts_as", counted == code ? nil : counted.description)
                    writer.member("agreement", report.hasAgreement(with: code))
                    writer.amount("limit", report.limit(of: code), rounding: .down, rendering)
                    for listing in [report.lists(with: code), report.agreements(with: code)] {
                        writer.key(listing.name)
                        writer.value(listing.value)
                    }
                }
            }
        }
    }

    /// For which day and under which rulebook countries are shown.
    struct CountryOptions: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "The day (default: the newest entry's, or today without a ledger).",
                valueName: "date"
            )
        )
        var on: String?

        @Option(
            help: ArgumentHelp(
                "A shipped rulebook, or a file, in place of the ledger's.",
                valueName: "rulebook"
            )
        )
        var rulebook: String?

        @OptionGroup var ledger: LedgerOptions

        func found() throws -> FoundCountries {
            let log = ledger.isNamed ? try ledger.folder.openForReading() : nil
            let newest = try log?.newestTime()
            let day =
                try on.map { text throws(Rejection) in try OptionValues.date(text, "--on") }
                ?? (newest ?? systemTime()).day
            let registers = try log.map { try LedgerRegisters($0) }
            return FoundCountries(
                report: CountryCatalogue(
                    on: day,
                    under: try rule(registers, newest, on: day),
                    agreements: (registers?.agreements ?? []).map { agreement in
                        DatedAgreement(
                            country: agreement.country,
                            entry: agreement.entry,
                            from: agreement.from,
                            until: agreement.until
                        )
                    }
                ),
                isAdvisory: log?.isAdvisory
            )
        }

        /// The rulebook that is named, or the one in force at the end of what is known of the day.
        private func rule(
            _ registers: LedgerRegisters?,
            _ newest: LedgerTime?,
            on day: CivilDate
        ) throws -> Rulebook {
            if let rulebook {
                let file = try RuleFile(rulebook)
                return try Rulebook.load(bytes: file.bytes, fileName: file.name)
            }
            guard let registers else { return try ShippedRulebook.brief.load() }
            var time = LedgerTime(startOf: day)
            if let newest, newest.day == day { time = newest }
            return try registers.rulebookInForce(at: time)
        }
    }

    /// How countries are seen.
    struct FoundCountries {
        let report: CountryCatalogue
        /// Whether the ledger is advisory; `nil` without one.
        let isAdvisory: Bool?

        /// The lines below every text.
        var closing: [String] {
            let rulebook = report.rulebook
            return ["on \(report.day) under \(rulebook.name) version \(rulebook.version)"]
                + (isAdvisory == true ? ["as if enforced"] : [])
        }
    }
#endif
