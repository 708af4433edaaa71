// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import EntryLog
    import LedgerModel
    import LedgerReports
    import QuotaLedger
    import Rulebook

    /// `headroom whatif`.
    struct WhatIfCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "whatif",
            abstract: "What another rulebook would make of the ledger, before anyone adopts it.",
            discussion: """
                Decides every operation of the log again, in its order, as if the other rulebook \
                had been in force instead since each day it applies. With --from-now nothing is \
                decided again: it says what would be used, left and in breach if the rulebook were \
                adopted at the end of the data. Nothing is written, also while another process \
                writes.

                Examples:
                  headroom whatif --rulebook diffusion-2025-cfr
                  headroom whatif --rulebook tighter.yaml --all --format csv > moved.csv
                  headroom whatif --rulebook tighter.yaml --from-now
                """
        )

        /// How the report is shown.
        enum Format: String, ExpressibleByArgument, CaseIterable {
            case table
            case csv
            case json
        }

        /// Which list CSV has.
        enum List: String, ExpressibleByArgument, CaseIterable {
            case summary
            case orders
            case parties
            case destinations
            case countries
            case limits
            case operations
        }

        @Option(
            help: ArgumentHelp("A file, or the name of a shipped rulebook.", valueName: "rulebook"),
            completion: Candidates.rulebooks
        )
        var rulebook: String

        @Flag(help: "As if it were adopted now; nothing is decided again.")
        var fromNow = false

        @Option(
            help: ArgumentHelp(
                "With --from-now: when it would be adopted (default: the newest entry's time). "
                    + "Without: the first day on which it would have decided (default: its "
                    + "effective day).",
                valueName: "time"
            )
        )
        var at: String?

        @Flag(help: "Show every order that would be answered otherwise, not only the first 20.")
        var all = false

        @Option(help: "table, csv or json.")
        var format = Format.table

        @Option(
            help: ArgumentHelp(
                "With --format csv: summary, orders, parties, destinations, countries, limits or "
                    + "operations (default: orders; with --from-now countries).",
                valueName: "list"
            )
        )
        var list: List?

        @OptionGroup var report: ReportOptions
        @OptionGroup var output: OutputOptions

        /// How many of the moved orders are shown unless all are asked for.
        private static let shownOrderCount = 20
        /// How many entries are decided at once.
        private static let batchCount = 4_096

        func perform() throws -> ExitStatus {
            let file = try RuleFile(rulebook)
            let other = try Rulebook.load(bytes: file.bytes, fileName: file.name)
            let log = try report.ledger.folder.openForReading()
            let found =
                fromNow
                ? try adopted(file.bytes, other, log) : try readjudicated(file.bytes, other, log)
            try show(WhatIfRendering(found, runOn: systemTime()), log)
            return .done
        }

        // MARK: - Adopted now

        private func adopted(
            _ bytes: [UInt8],
            _ other: Rulebook,
            _ log: OpenLog
        ) throws -> WhatIfReport {
            var core = try report.core(of: log)
            let newest = core.newestEntryTime
            let moment = try at.map { text throws(Rejection) in
                try OptionValues.timeOrDay(text, "--at")
            }
            let adoption = max(try moment ?? report.moment() ?? newest, newest)
            // Before its effective day it would change nothing.
            let asOf = max(adoption, LedgerTime(startOf: other.effective.value))
            guard let caps = core.capReport(at: asOf) else { throw report.noRulebook() }
            let before = core.limitReadings(at: asOf)
            try core.supposeAdoption(of: bytes, at: adoption)
            return WhatIfReport(
                of: caps,
                under: other,
                question: .adopted,
                tally: nil,
                before: before,
                after: core.limitReadings(at: asOf)
            )
        }

        // MARK: - In force instead

        private func readjudicated(
            _ bytes: [UInt8],
            _ other: Rulebook,
            _ log: OpenLog
        ) throws -> WhatIfReport {
            let start = try firstDay()
            let core = try report.core(of: log)
            let asOf = max(try report.moment() ?? core.newestEntryTime, core.newestEntryTime)
            guard let caps = core.capReport(at: asOf) else { throw report.noRulebook() }
            var supposed = try Readjudicator(rulebook: bytes, from: start ?? .earliest)
            var tally = ReadjudicationTally(keeping: all ? nil : Self.shownOrderCount)
            try decide(log, until: core.next, by: &supposed, into: &tally)
            return WhatIfReport(
                of: caps,
                under: other,
                question: .instead(from: start),
                tally: tally,
                before: core.limitReadings(at: asOf),
                after: supposed.limitReadings(at: asOf)
            )
        }

        /// Days begin with their rulebook, so only a whole one can be named.
        private func firstDay() throws(Rejection) -> CivilDate? {
            guard let at else { return nil }
            let time = try OptionValues.timeOrDay(at, "--at")
            guard time == LedgerTime(startOf: time.day) else {
                throw OptionValues.malformed("--at", at, "a date, or the start of a UTC day")
            }
            return time.day
        }

        /// Decides the operations of the log again, a batch at a time.
        private func decide(
            _ log: OpenLog,
            until end: EntryNumber,
            by other: inout Readjudicator,
            into tally: inout ReadjudicationTally
        ) throws {
            var batch: [Entry] = []
            batch.reserveCapacity(Self.batchCount)
            try log.log.forEachDecodedEntry(until: end) { entry throws(LedgerError) in
                batch.append(entry)
                guard batch.count == Self.batchCount else { return .next }
                try other.decide(batch) { tally.add($0, $1) }
                batch.removeAll(keepingCapacity: true)
                return .next
            }
            try other.decide(batch) { tally.add($0, $1) }
        }

        // MARK: - Showing

        private func show(_ rendering: WhatIfRendering, _ log: OpenLog) throws {
            switch output.json ? .json : format {
            case .table:
                try Output.write(
                    rendering.text(width: ResultText.width, style: ResultText.style)
                )
            case .csv: try Output.write(listing(of: rendering).csv)
            case .json:
                try Output.document(asIfEnforced: log.isAdvisory) { writer in
                    writer.members(of: rendering.value)
                }
            }
        }

        private func listing(of rendering: WhatIfRendering) -> Listing {
            switch list ?? (fromNow ? .countries : .orders) {
            case .summary: rendering.summary
            case .orders: rendering.orders
            case .parties: rendering.parties
            case .destinations: rendering.destinations
            case .countries: rendering.countryLimits
            case .limits: rendering.partyLimits
            case .operations: rendering.operations
            }
        }
    }
#endif
