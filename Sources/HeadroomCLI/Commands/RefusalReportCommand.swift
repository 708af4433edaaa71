// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import EntryLog
    import LMDBEntryLog
    import LedgerModel
    import LedgerReports
    import QuotaLedger

    /// `headroom report refusals`.
    struct RefusalReportCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "refusals",
            abstract: "What was refused since the ledger began, by reason, mechanism and country.",
            discussion: """
                Lists for --format csv: reasons, mechanisms, countries, all.

                Examples:
                  headroom report refusals
                  headroom report refusals --format csv --list countries
                """
        )

        @OptionGroup var document: ReportDocumentOptions

        func perform() throws -> ExitStatus {
            try document.withLedger { log, _, scope in
                var fold = RefusalFold()
                try document.report.fold(log, through: scope.through, into: &fold)
                return RefusalReport(
                    scope,
                    fold: fold,
                    destinations: try destinations(of: fold.orders, log)
                ).document(runOn: systemTime())
            }
        }

        /// Where the orders go whose entries these are.
        private func destinations(
            of orders: Set<EntryNumber>,
            _ log: OpenLog
        ) throws(EntryLogError) -> [EntryNumber: CountryCode] {
            var destinations: [EntryNumber: CountryCode] = [:]
            for number in orders {
                guard case .operation(let record)? = try log.log.entry(number)?.content,
                    case .reserve(let reservation) = record.action
                else { continue }
                destinations[number] = reservation.destination
            }
            return destinations
        }
    }
#endif
