// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import EntryLog
    import LMDBEntryLog
    import LedgerModel
    import LedgerReports
    import QuotaLedger

    /// `headroom shares`.
    struct SharesCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "shares",
            abstract:
                "The share report: what each Universal VEU group has, may have, and attested.",
            discussion: """
                For each group with a Universal VEU status that is neither ended nor revoked: its \
                base, what it has installed and holds by country, its shares, the gaps of its \
                latest attestation, and the ratios that are watched.

                Examples:
                  headroom shares
                  headroom shares --as-of 2025-08-01 --json
                  headroom shares --format html --to shares.html
                  headroom report shares --json
                """
        )

        /// How the report is shown.
        enum Format: String, ExpressibleByArgument, CaseIterable {
            case table
            case csv
            case json
            case html
        }

        @Option(help: "table, csv, json or html: one file with charts that needs nothing else.")
        var format = Format.table

        @OptionGroup var file: ReportFileOptions
        @OptionGroup var report: ReportOptions
        @OptionGroup var output: OutputOptions

        func perform() throws -> ExitStatus {
            let log = try report.ledger.folder.openForReading()
            let core = try report.core(of: log)
            guard let found = core.shareReport(at: try report.moment()) else {
                throw report.noRulebook()
            }
            let rendering = ShareReportRendering(
                found,
                gaps: try gaps(of: found.groups, log),
                runOn: systemTime()
            )
            switch output.json ? .json : format {
            case .table: try file.write(rendering.text(width: file.width, style: file.style))
            case .csv: try file.write(rendering.csv)
            case .json:
                try file.write(
                    Output.documentBytes(asIfEnforced: log.isAdvisory) { writer in
                        writer.members(of: rendering.value)
                    }
                )
            case .html: try file.write(rendering.html)
            }
            return .done
        }

        /// The gaps of each group's latest attestation that found any: they are what its entry says.
        private func gaps(
            of groups: [GroupShares],
            _ log: OpenLog
        ) throws -> [PartyIdentifier: AttestedGaps] {
            var found: [PartyIdentifier: AttestedGaps] = [:]
            for group in groups {
                for number in group.entriesOfAttestedDay.reversed() {
                    guard case .operation(let record)? = try log.log.entry(number)?.content,
                        case .attested(let gaps) = record.outcome
                    else { continue }
                    found[group.group] = AttestedGaps(entry: number, gaps: gaps)
                    break
                }
            }
            return found
        }
    }
#endif
