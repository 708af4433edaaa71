// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import EntryLog
    import LMDBEntryLog
    import LedgerModel
    import LedgerReports
    import QuotaLedger

    /// The moment and the part of the log that a report takes in.
    struct ReportOptions: ParsableArguments {
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

        @OptionGroup var ledger: LedgerOptions

        /// The moment that the user named.
        func moment() throws(Rejection) -> LedgerTime? {
            guard let asOf else { return nil }
            return try OptionValues.timeOrDay(asOf, "--as-of")
        }

        /// The ledger as it was then.
        func core(of log: OpenLog) throws -> LedgerCore {
            try ledger.folder.core(of: log, until: try end(of: log, try moment()))
        }

        /// How limits stood over time, up to a report's last entry and moment.
        ///
        /// It reads the log from its beginning, and says how far it has come on a terminal.
        func histories(
            of limits: [LimitName],
            from log: OpenLog,
            through last: EntryNumber,
            asOf moment: LedgerTime
        ) throws(CommandFailure) -> [LimitHistory] {
            guard !limits.isEmpty else { return [] }
            var progress = ProgressLine("entries")
            defer { progress.end() }
            let count = last.rawValue + 1
            do throws(LedgerError) {
                return try LedgerCore.histories(
                    of: limits,
                    from: log.log,
                    until: EntryNumber(rawValue: count),
                    asOf: moment
                ) { progress.show($0, of: count) }
            } catch {
                throw CommandFailure(error)
            }
        }

        /// Gives the entries of a log through a report's last one to what keeps something of them.
        ///
        /// It reads the log from its beginning, and says how far it has come on a terminal.
        func fold(
            _ log: OpenLog,
            through last: EntryNumber,
            into fold: inout some EntryFold
        ) throws(CommandFailure) {
            var progress = ProgressLine("entries")
            defer { progress.end() }
            do throws(LedgerError) {
                let end = EntryNumber(rawValue: last.rawValue + 1)
                try log.log.forEachDecodedEntry(until: end) { entry in
                    fold.take(entry)
                    progress.show(entry.number.rawValue, of: last.rawValue)
                    return .next
                }
            } catch {
                throw CommandFailure(error)
            }
        }

        /// What a report that needs a rulebook says where there is none.
        func noRulebook() -> Rejection {
            Rejection(
                .noRulebook,
                field: "--as-of",
                found: "no rulebook in force then",
                expected: "a time from which on one is in force: see 'headroom rulebook list'"
            )
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
            let end = try log.firstEntry(after: moment)
            return min(end, EntryNumber(rawValue: last ?? end.rawValue))
        }
    }
#endif
