// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel
    import LedgerReports
    import LedgerText
    import QuotaLedger
    import Rulebook

    /// `headroom breaches`.
    struct BreachesCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "breaches",
            abstract: "List the limits that are in breach, or of which a threshold is reached.",
            discussion: """
                Examples:
                  headroom breaches
                  headroom breaches --as-of 2025-08-01
                  headroom breaches --format csv
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

        @OptionGroup var report: ReportOptions
        @OptionGroup var output: OutputOptions

        func perform() throws -> ExitStatus {
            let log = try report.ledger.folder.openForReading()
            let core = try report.core(of: log)
            let found = core.notableLimits(at: try report.moment())
            var shelf = RulebookShelf(log.log)
            let rulebook = try shelf.rulebook(adoptedBy: found.adoption)
            if output.json || format == .json {
                let rendering = JSONRendering(tppPerH100e: rulebook?.tppPerH100e.value)
                try Output.document(asIfEnforced: log.isAdvisory) { writer in
                    writer.member("as_of", found.asOf)
                    writer.member("limits", found.limits, rendering)
                }
                return .done
            }
            if format == .csv {
                guard let scope = core.reportScope(at: found.asOf) else {
                    throw report.noRulebook()
                }
                try Output.write(NotableLimitList(scope, limits: found.limits).csv)
                return .done
            }
            guard let rulebook else {
                try Output.writeLine("no limit is in breach: no rulebook is in force")
                return .done
            }
            try ResultText.write(
                TextTable(of: found.limits, AmountStyle(rulebook)),
                ifEmpty: "no limit is in breach, and no threshold is reached"
            )
            try ResultText.writeBasis(log)
            return .done
        }
    }
#endif
