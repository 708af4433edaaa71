// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel
    import LedgerReports
    import LedgerText
    import Rulebook

    /// `headroom hold`.
    struct HoldCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "hold",
            abstract: "Show how the hold of an order stands, and everything that became of it.",
            discussion: """
                As of the newest entry: a deadline that has passed since takes effect with the \
                next operation.

                Examples:
                  headroom hold PO-1001
                  headroom hold PO-1001 --of NVIDIA --json
                """
        )

        @Argument(help: ArgumentHelp("The id of the operation that reserved.", valueName: "order"))
        var order: String

        @Option(
            help: ArgumentHelp(
                "Whose order that is (needed only where several used the id).",
                valueName: "organisation"
            )
        )
        var of: String?

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var output: OutputOptions

        func perform() throws -> ExitStatus {
            let log = try ledger.folder.openForReading()
            var owner: OrganisationIdentifier?
            if let of { owner = try OptionValues.identifier(of, "--of") }
            let history = try HoldHistory(
                try OptionValues.identifier(order, "order"),
                by: owner,
                in: log
            )
            var shelf = RulebookShelf(log.log)
            let rulebook = try shelf.rulebook(adoptedBy: history.reservation.rulebook)
            if output.json {
                try showJSON(history, &shelf, log)
                return .done
            }
            var table = TextTable([.word(""), .text("")])
            for (label, text) in lines(of: history, rulebook) {
                table.append([TextTable.Cell(label, .faint), TextTable.Cell(text)])
            }
            try ResultText.write(table, ifEmpty: "")
            if !history.entries.isEmpty { try Output.writeLine("") }
            var stream = EntryStream(log, asJSON: false)
            for entry in history.entries { try stream.show(entry) }
            try stream.flush()
            try ResultText.writeBasis(log)
            return .done
        }

        private func lines(
            of history: HoldHistory,
            _ rulebook: Rulebook?
        ) -> [(String, String)] {
            func amount(_ amount: TPP, _ rounding: H100Rounding) -> String {
                let tpp = "\(AmountStyle.tpp(amount)) TPP"
                guard let rulebook else { return tpp }
                return "\(AmountStyle(rulebook).h100e(amount, rounding: rounding)) H100e (\(tpp))"
            }
            let balance = history.balance
            var lines = [
                ("order", "\(order) of \(history.reservation.actor.organisation)"),
                ("for", "\(history.asked.consignee) in \(history.asked.destination)"),
                (
                    "decided",
                    "entry \(history.reservation.number), \(history.reservation.time)"
                        + (history.decision.map { ", by \($0.mechanism)" } ?? ", by the policy")
                ),
                ("standing", standing(of: history)),
            ]
            guard let decision = history.decision, decision.isGranted else { return lines }
            lines += [
                ("granted", amount(decision.granted, .up)), ("open", amount(balance.open, .down)),
                ("out", amount(balance.out, .up)), ("returned", amount(balance.returned, .down)),
                ("retired", amount(balance.retired, .down)),
                ("freed", amount(history.freed, .down)),
                ("deadline", history.deadline.map(\.description) ?? "none"),
            ]
            return lines
        }

        private func standing(of history: HoldHistory) -> String {
            guard let closing = history.closing else { return history.standing.rawValue }
            return "closed by entry \(closing.number)"
        }

        private func showJSON(
            _ history: HoldHistory,
            _ shelf: inout RulebookShelf,
            _ log: OpenLog
        ) throws {
            let rendering = try shelf.rendering(of: history.reservation)
            let entries = try history.entries.map { ($0, try shelf.rendering(of: $0)) }
            let balance = history.balance
            try Output.document(asIfEnforced: log.isAdvisory) { writer in
                writer.key("hold")
                writer.beginObject()
                writer.member("organisation", history.reservation.actor.organisation.text)
                writer.member("id", order)
                writer.key("entry")
                writer.integer(history.reservation.number.rawValue)
                writer.member("consignee", history.asked.consignee.text)
                writer.member("destination", history.asked.destination.description)
                writer.member("mechanism", history.decision?.mechanism.description)
                writer.member("standing", history.standing.rawValue)
                writer.member("closed_by", history.closing.map { Int64($0.number.rawValue) })
                let granted = history.decision?.granted ?? .zero
                writer.amount("granted", granted, rounding: .up, rendering)
                writer.amount("open", balance.open, rounding: .down, rendering)
                writer.amount("out", balance.out, rounding: .up, rendering)
                writer.amount("returned", balance.returned, rounding: .down, rendering)
                writer.amount("retired", balance.retired, rounding: .down, rendering)
                writer.amount("freed", history.freed, rounding: .down, rendering)
                writer.member("deadline", history.deadline)
                writer.endObject()
                writer.key("entries")
                writer.beginArray()
                for (entry, rendering) in entries { writer.value(entry, rendering) }
                writer.endArray()
            }
        }
    }
#endif
