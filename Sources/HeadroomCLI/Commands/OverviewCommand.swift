// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel
    import LedgerProofs
    import LedgerReports
    import LedgerText
    import QuotaLedger
    import Rulebook

    /// `headroom overview`, which is also what `headroom` alone does.
    struct OverviewCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "overview",
            abstract: "Say how the ledger stands, and what one does next.",
            discussion: """
                What 'headroom' does when no verb is given. It tells of the newest entry's time, and \
                reads only what is behind the newest snapshot. A place without a ledger is no error.

                Examples:
                  headroom
                  headroom overview --ledger demo/ledger
                  headroom overview --json
                """
        )

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var output: OutputOptions

        /// How many limits are shown.
        private static let shownLimitCount = 5

        func perform() throws -> ExitStatus {
            guard let log = try openLog(), let creation = log.creation else {
                try showNoLedger()
                return .done
            }
            let overview = try ledger.folder.core(of: log).overview()
            let heads = LedgerHeads(of: ledger.folder, log, keys: nil)
            let signed = try LedgerHeads.keeping { () throws(KeepingError) in
                try heads.store.sizes().last
            }
            let option = ledger.ledger.map { " --ledger \($0)" } ?? ""
            let steps = NextStep.steps(for: overview, option)
            if output.json {
                try showJSON(overview, creation, signed, steps)
            } else {
                try show(overview, creation, signed, steps)
            }
            return .done
        }

        private func openLog() throws -> OpenLog? {
            guard ledger.folder.mayBeThere else {
                try ledger.folder.requireUndamagedLog()
                return nil
            }
            return try ledger.folder.openForReading()
        }

        // MARK: - No ledger

        private func showNoLedger() throws {
            let folder = ledger.folder.path
            guard !output.json else {
                return try Output.document(asIfEnforced: nil) { writer in
                    writer.member("ledger", folder)
                    writer.member("state", "none")
                    writer.member("next", NextStep.withoutLedger)
                }
            }
            try Output.writeLine("no ledger in '\(folder)'")
            try write(NextStep.withoutLedger)
        }

        // MARK: - A ledger, for people

        private func show(
            _ overview: LedgerOverview,
            _ creation: LedgerCreation,
            _ signed: UInt64?,
            _ steps: [NextStep]
        ) throws {
            var table = TextTable([.word(""), .text("")])
            for (label, text) in lines(of: overview, creation, signed) {
                table.append([TextTable.Cell(label, .faint), TextTable.Cell(text)])
            }
            try ResultText.write(table, ifEmpty: "")
            if let rulebook = overview.rulebook, !overview.limits.isEmpty {
                try Output.writeLine("")
                let shown = overview.limits.prefix(Self.shownLimitCount)
                try ResultText.write(TextTable(of: shown, AmountStyle(rulebook)), ifEmpty: "")
                let more = overview.limits.count - shown.count
                if more > 0 { try Output.writeLine("and \(more) more: see 'headroom breaches'") }
            }
            try write(steps)
        }

        private func lines(
            of overview: LedgerOverview,
            _ creation: LedgerCreation,
            _ signed: UInt64?
        ) -> [(String, String)] {
            let basis =
                creation.mode == .advisory ? "advisory: all of it is as if enforced" : "binding"
            var lines = [
                ("ledger", "\(creation.origin) in \(ledger.folder.path), \(basis)"),
                ("entries", entries(of: overview)),
                (
                    "rulebook",
                    overview.rulebook.map { rulebook in
                        "\(rulebook.name) version \(rulebook.version)"
                            + (overview.adoption.map { ", adopted by entry \($0)" } ?? "")
                    } ?? "none in force: orders are rejected"
                ),
                ("parties", "\(overview.partyCount)"),
                ("holds", holds(of: overview)),
                ("limits", limits(of: overview)),
            ]
            if overview.proposalCount > 0 {
                lines.append(("proposals", "\(overview.proposalCount) to decide on"))
            }
            if let signed { lines.append(("signed", "\(signed) entries by the newest checkpoint")) }
            return lines
        }

        private func entries(of overview: LedgerOverview) -> String {
            "\(overview.entryCount)" + (overview.newestTime.map { ", the newest at \($0)" } ?? "")
        }

        private func holds(of overview: LedgerOverview) -> String {
            guard overview.openHoldCount > 0 else {
                return overview.decisionCount == 0 ? "none: no order was decided yet" : "none open"
            }
            let amount =
                overview.rulebook.map {
                    "\(AmountStyle($0).h100e(overview.openHolds, rounding: .up)) H100e"
                } ?? "\(AmountStyle.tpp(overview.openHolds)) TPP"
            return "\(overview.openHoldCount) open, with \(amount) to ship"
        }

        private func limits(of overview: LedgerOverview) -> String {
            let breaches = overview.limits.filter(\.isInBreach).count
            let others = overview.limits.count - breaches
            guard breaches + others > 0 else {
                return "none in breach, and no threshold is reached"
            }
            return "\(breaches) in breach, \(others) of which a threshold is reached"
        }

        private func write(_ steps: [NextStep]) throws(CommandFailure) {
            var table = TextTable([.word(""), .text("")])
            for step in steps {
                table.append([TextTable.Cell(step.command, .strong), TextTable.Cell(step.purpose)])
            }
            try Output.writeLine("")
            try ResultText.write(table, ifEmpty: "")
        }

        // MARK: - A ledger, for programs

        private func showJSON(
            _ overview: LedgerOverview,
            _ creation: LedgerCreation,
            _ signed: UInt64?,
            _ steps: [NextStep]
        ) throws(CommandFailure) {
            let rendering = JSONRendering(tppPerH100e: overview.rulebook?.tppPerH100e.value)
            try Output.document(asIfEnforced: creation.mode == .advisory) { writer in
                writer.member("ledger", ledger.folder.path)
                writer.member("state", overview.decisionCount == 0 ? "empty" : "working")
                writer.member("origin", creation.origin.text)
                writer.member("mode", creation.mode == .advisory ? "advisory" : "binding")
                writer.key("entries")
                writer.integer(overview.entryCount)
                writer.member("newest_time", overview.newestTime)
                if let signed {
                    writer.key("signed_entries")
                    writer.integer(signed)
                }
                writer.key("rulebook")
                writer.value(overview.rulebook, adoptedBy: overview.adoption)
                writer.member("parties", Int64(overview.partyCount))
                writer.member("open_holds", overview.openHoldCount)
                writer.amount("open", overview.openHolds, rounding: .up, rendering)
                writer.member("proposals", Int64(overview.proposalCount))
                writer.member("limits", overview.limits, rendering)
                writer.member("next", steps)
            }
        }
    }

    extension JSONWriter {
        fileprivate mutating func member(_ name: String, _ steps: [NextStep]) {
            key(name)
            beginArray()
            for step in steps {
                beginObject()
                member("command", step.command)
                member("purpose", step.purpose)
                endObject()
            }
            endArray()
        }

        fileprivate mutating func value(_ rulebook: Rulebook?, adoptedBy entry: EntryNumber?) {
            guard let rulebook, let entry else { return null() }
            beginObject()
            member("name", rulebook.name.text)
            member("version", rulebook.version)
            member("title", rulebook.title)
            member("source", rulebook.source)
            member("effective", rulebook.effective.value)
            key("adopted_by")
            integer(entry.rawValue)
            endObject()
        }
    }
#endif
