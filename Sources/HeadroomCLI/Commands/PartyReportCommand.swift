// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel
    import LedgerReports
    import QuotaLedger

    /// `headroom report party`.
    struct PartyReportCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "party",
            abstract:
                "One party and its group: base, shares, windows, small orders, holds, statuses.",
            discussion: """
                Base, shares and small orders are the group's; National VEU windows and holds are \
                the party's own.

                Lists for --format csv: shares, nveu, nveu_window, small_orders, small_order_days, \
                holds, statuses.

                Examples:
                  headroom report party ACME-AE
                  headroom report party ACME-AE --format csv --list holds
                  headroom report party ACME-AE --format html --to acme.html
                """
        )

        @Argument(help: "The party's id.")
        var party: String

        @OptionGroup var document: ReportDocumentOptions

        func perform() throws -> ExitStatus {
            let id: PartyIdentifier = try OptionValues.identifier(party, "party")
            return try document.withLedger { log, core, scope in
                guard let report = core.partyReport(of: id, at: scope.asOf) else {
                    throw unknown(among: core.partyIdentifiers)
                }
                return report.document(
                    orders: try log.orders(of: report.holds),
                    runOn: systemTime()
                )
            }
        }

        private func unknown(among parties: [PartyIdentifier]) -> Rejection {
            let guess = Suggestions.closest(to: party, in: parties.map(\.text).sorted())
            return Rejection(
                .unknownParty,
                field: "party",
                found: party,
                expected: "a party that is registered then: see 'headroom party list'"
                    + (guess.map { "; did you mean '\($0)'?" } ?? "")
            )
        }
    }
#endif
