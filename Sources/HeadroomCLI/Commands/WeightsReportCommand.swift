// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerReports
    import QuotaLedger

    /// `headroom report weights`.
    struct WeightsReportCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "weights",
            abstract: "Which transfers of model weights were permitted, refused or not controlled.",
            discussion: """
                Lists for --format csv: answers, countries, transfers.

                Examples:
                  headroom report weights
                  headroom report weights --format csv --list transfers
                """
        )

        @OptionGroup var document: ReportDocumentOptions

        func perform() throws -> ExitStatus {
            try document.withLedger { log, _, scope in
                var fold = WeightsFold()
                try document.report.fold(log, through: scope.through, into: &fold)
                return WeightsReport(scope, fold: fold).document(runOn: systemTime())
            }
        }
    }
#endif
