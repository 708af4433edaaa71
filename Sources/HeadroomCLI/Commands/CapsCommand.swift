// SPDX-License-Identifier: Apache-2.0

#if Service
    import LMDBEntryLog
    import ArgumentParser
    import EntryLog
    import LedgerModel
    import LedgerReports
    import QuotaLedger

    /// `headroom caps`.
    struct CapsCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "caps",
            abstract: "The cap report: what each country's limit is, what is used, what is left.",
            discussion: "Reads the ledger's log, also while another process writes it."
        )

        /// How the report is shown.
        enum Format: String, ExpressibleByArgument, CaseIterable {
            case table
            case csv
            case json
        }

        @Option(
            help: ArgumentHelp(
                "As of a time: RFC 3339, or a date for the start of that UTC day (default: the "
                    + "newest entry's).",
                valueName: "time"
            )
        )
        var asOf: String?

        @Option(help: ArgumentHelp("Take in the log up to this entry.", valueName: "number"))
        var through: UInt64?

        @Option(help: "table, csv or json.")
        var format = Format.table

        @Flag(help: "With --format csv: the counts of decisions instead of the countries.")
        var decisions = false

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var output: OutputOptions

        func perform() throws -> ExitStatus {
            let moment = try asOf.map { try OptionValues.timeOrDay($0, "--as-of") }
            let log = try ledger.folder.openForReading()
            let core = try ledger.folder.core(of: log, until: try end(of: log, moment))
            guard let report = core.capReport(at: moment) else {
                throw Rejection(
                    .noRulebook,
                    field: "--as-of",
                    found: "no rulebook in force then",
                    expected: "a time from which on one is in force: see 'headroom rulebook list'"
                )
            }
            let rendering = CapReportRendering(report, runOn: systemTime())
            switch output.json ? .json : format {
            case .table:
                try Output.write(
                    rendering.text(width: ResultText.width, style: ResultText.style)
                )
            case .csv:
                try Output.write(decisions ? rendering.decisionsCSV() : rendering.countriesCSV())
            case .json:
                try Output.document(asIfEnforced: log.isAdvisory) { writer in
                    writer.members(of: rendering.value)
                }
            }
            return .done
        }

        /// The first entry to leave out.
        private func end(of log: OpenLog, _ moment: LedgerTime?) throws -> EntryNumber? {
            let next = try log.log.head().next
            if let through, through >= next {
                throw OptionValues.malformed(
                    "--through",
                    "\(through)",
                    next == 0 ? "a ledger with entries" : "an entry's number, 0 to \(next - 1)"
                )
            }
            let last = through.map { $0 + 1 }
            guard let moment, let newest = try log.newestTime(), moment < newest else {
                return last.map(EntryNumber.init(rawValue:))
            }
            var end = EntryNumber(rawValue: 0)
            try log.forEachEntry { entry throws(EntryLogError) in
                guard entry.time <= moment else { return .stop }
                end = EntryNumber(rawValue: entry.number.rawValue + 1)
                return .next
            }
            return min(end, EntryNumber(rawValue: last ?? end.rawValue))
        }
    }
#endif
