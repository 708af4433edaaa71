// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerReports
    import QuotaLedger

    /// `headroom report reconciliation`.
    struct ReconciliationReportCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "reconciliation",
            abstract:
                "The proof of the sums: the entries added up anew, beside the ledger's balances.",
            discussion: """
                For each limit: granted - expired - released - revoked - freed - returned - retired \
                = used, added up from the entries, and what the ledger says. Ends with status 4 if \
                they do not agree.

                Lists for --format csv: limits, totals, contradictions.

                Examples:
                  headroom report reconciliation
                  headroom report reconciliation --as-of 2025-08-01 --format csv
                """
        )

        @OptionGroup var document: ReportDocumentOptions

        func perform() throws -> ExitStatus {
            var isReconciled = true
            let status = try document.withLedger { log, core, scope in
                var fold = ChargeFold()
                try document.report.fold(log, through: scope.through, into: &fold)
                fold.finish(at: scope.asOf)
                guard let caps = core.capReport(at: scope.asOf) else {
                    throw document.report.noRulebook()
                }
                let report = ReconciliationReport(
                    scope,
                    fold: fold,
                    readings: core.limitReadings(at: scope.asOf),
                    caps: caps
                )
                isReconciled = report.isReconciled
                return report.document(runOn: systemTime())
            }
            return isReconciled ? status : .verificationFailed
        }
    }
#endif
