// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel
    import LedgerReports
    import QuotaLedger
    import Rulebook

    /// `headroom report country`.
    struct CountryReportCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "country",
            abstract:
                "One country's limit: how it is derived, who uses it, what expires, over time.",
            discussion: """
                Of a country that counts as another one it is the other's report. Use over time is \
                read from the log's beginning.

                Lists for --format csv: standing, schedule, agreements, parties, holds, history.

                Examples:
                  headroom report country AE
                  headroom report country AE --as-of 2025-08-01 --format csv --list parties
                  headroom report country AE --format html --to emirates.html
                """
        )

        @Argument(help: "The country: ISO 3166-1 alpha-2, such as AE.")
        var country: String

        @OptionGroup var document: ReportDocumentOptions

        func perform() throws -> ExitStatus {
            let code = try OptionValues.country(country, "country")
            guard CountryTable.shipped.name(of: code) != nil else {
                throw Rejection(
                    .unknownCountry,
                    field: "country",
                    found: country,
                    expected: "an assigned code of ISO 3166-1 alpha-2, such as AE"
                )
            }
            return try document.withLedger { log, core, scope in
                guard let report = core.countryReport(of: code, at: scope.asOf) else {
                    throw document.report.noRulebook()
                }
                let histories = try document.report.histories(
                    of: [.country(report.line.country)],
                    from: log,
                    through: scope.through,
                    asOf: scope.asOf
                )
                return report.document(
                    history: histories.first,
                    orders: try log.orders(of: report.holds),
                    runOn: systemTime()
                )
            }
        }
    }
#endif
