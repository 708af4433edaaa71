// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel
    import LedgerReports
    import LedgerText
    import Rulebook

    /// `headroom devices list`.
    struct DevicesListCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the devices that the ledger has adopted, and which of them count.",
            discussion: """
                Without a ledger: those that come with the program. Sources are in csv and json.

                Examples:
                  headroom devices list
                  headroom devices list --on 2025-06-30 --format csv
                  headroom devices list --format file > devices.csv
                """
        )

        /// How the list is shown.
        enum Format: String, ExpressibleByArgument, CaseIterable {
            case table
            case csv
            case json
            case file
        }

        @Option(help: "table, csv, json, or file: the catalogue as 'devices adopt' reads it.")
        var format = Format.table

        @Option(
            help: ArgumentHelp(
                "Only the rating of each device that holds on this day (default: all ratings).",
                valueName: "date"
            )
        )
        var on: String?

        @OptionGroup var file: ReportFileOptions
        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var output: OutputOptions

        func perform() throws -> ExitStatus {
            let shelf = try DeviceShelf(ledger)
            let day = try on.map { text throws(Rejection) in try OptionValues.date(text, "--on") }
            let listing = shelf.report.ratings(on: day)
            switch output.json ? .json : format {
            case .table:
                let lines = listing.table.lines(width: file.width, style: file.style)
                try file.write((lines + [""] + shelf.closing).map { $0 + "\n" }.joined())
            case .csv: try file.write(listing.csv)
            case .file: try file.write(shelf.bytes)
            case .json:
                try file.write(
                    Output.documentBytes(asIfEnforced: shelf.isAdvisory) { writer in
                        writer.key(listing.name)
                        writer.value(listing.value)
                        shelf.write(to: &writer)
                    }
                )
            }
            return .done
        }
    }

    /// `headroom devices show`.
    struct DevicesShowCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Show a device: its ratings, whether it counts and why, and its history.",
            discussion: """
                Examples:
                  headroom devices show H20
                  headroom devices show B300 --on 2026-06-30 --json
                """
        )

        @Argument(help: "The device's name.")
        var device: String

        @Option(
            help: ArgumentHelp(
                "The day of the rating (default: the newest entry's, or today without a ledger).",
                valueName: "date"
            )
        )
        var on: String?

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var output: OutputOptions

        func perform() throws -> ExitStatus {
            let shelf = try DeviceShelf(ledger)
            let id: DeviceIdentifier = try OptionValues.identifier(device, "device")
            let day =
                try on.map { text throws(Rejection) in try OptionValues.date(text, "--on") }
                ?? shelf.day
            guard let rating = shelf.report.catalogue.rating(of: id, on: day) else {
                throw shelf.unknown(id, field: "device")
            }
            if output.json {
                try showJSON(rating, day, shelf)
            } else {
                try showText(rating, day, shelf)
            }
            return .done
        }

        private func showText(
            _ rating: DeviceRating,
            _ day: CivilDate,
            _ shelf: DeviceShelf
        ) throws {
            let report = shelf.report
            let h100e = AmountStyle(report.rulebook).h100e(rating.tpp, rounding: .up)
            let control = report.isControlled(rating) ? "yes" : "no"
            var facts = [
                ("device", "\(rating.device) of \(rating.vendor), on \(day)"),
                ("worth", "\(h100e) H100e (\(AmountStyle.tpp(rating.tpp)) TPP)"),
                ("density", rating.density.map { "\($0)" } ?? "not known"),
                ("made for", rating.isForDataCenters ? "data centers" : "other uses"),
                ("controlled", "\(control): \(report.reason(rating))"),
                ("source", rating.source),
            ]
            if !rating.note.isEmpty { facts.append(("note", rating.note)) }
            try ResultText.write(facts)
            try Output.writeLine("")
            try ResultText.write(report.ratings(of: rating.device).table, ifEmpty: "")
            let history = report.history(of: rating.device)
            if !history.rows.isEmpty {
                try Output.writeLine("")
                try ResultText.write(history.table, ifEmpty: "")
            }
            try Output.writeLine("")
            for line in shelf.closing { try Output.writeLine(line) }
        }

        private func showJSON(
            _ rating: DeviceRating,
            _ day: CivilDate,
            _ shelf: DeviceShelf
        ) throws {
            let ratings = shelf.report.ratings(of: rating.device)
            let history = shelf.report.history(of: rating.device)
            try Output.document(asIfEnforced: shelf.isAdvisory) { writer in
                writer.member("device", rating.device.text)
                writer.member("on", day)
                writer.member("tpp", rating.tpp.rawValue)
                writer.member("controlled", shelf.report.isControlled(rating))
                writer.member("reason", shelf.report.reason(rating))
                for listing in [ratings, history] {
                    writer.key(listing.name)
                    writer.value(listing.value)
                }
                shelf.write(to: &writer)
            }
        }
    }
#endif
