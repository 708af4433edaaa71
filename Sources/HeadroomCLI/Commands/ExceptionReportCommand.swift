// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerReports
    import QuotaLedger

    /// `headroom report exceptions`.
    struct ExceptionReportCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "exceptions",
            abstract: "What stands out: breaches, lapsed attestations, gaps, corrections.",
            discussion: """
                Limits that are or were in breach; statuses without a current security \
                attestation, and the orders that were decided without them; gaps between what was \
                attested and what the ledger knew; watched ratios on their reporting dates; \
                corrections.

                Lists for --format csv: breaches, lapsed, lapsed_decisions, gaps, ratios, \
                corrections.

                Examples:
                  headroom report exceptions
                  headroom report exceptions --format csv --list gaps
                  headroom report exceptions --as-of 2025-08-01 --format html --to exceptions.html
                """
        )

        @OptionGroup var document: ReportDocumentOptions

        func perform() throws -> ExitStatus {
            try document.withLedger { log, core, scope in
                var fold = ExceptionFold()
                try document.report.fold(log, through: scope.through, into: &fold)
                for occurrence in core.occurrencesDue(by: scope.asOf) { fold.take(occurrence) }
                return ExceptionReport(
                    scope,
                    fold: fold,
                    notable: core.notableLimits(at: scope.asOf).limits,
                    statuses: core.grantedStatuses(at: scope.asOf),
                    ratios: core.groupRatios(at: scope.asOf)
                ).document(runOn: systemTime())
            }
        }
    }
#endif
