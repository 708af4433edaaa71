// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel
    import LedgerReports
    import Rulebook

    /// `headroom devices add`.
    struct DevicesAddCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "add",
            abstract: "Add a device: adopts the catalogue in force with one rating more.",
            discussion: """
                Examples:
                  headroom devices add "GB400" --vendor NVIDIA --tpp 80000 --density 49.10 \\
                      --data-center yes --source "maker's data sheet of 2027-03-01"
                """
        )

        @Argument(help: "The device's name, which the catalogue does not have yet.")
        var device: String

        @Option(help: ArgumentHelp("Who makes it.", valueName: "text"))
        var vendor: String

        @Option(help: ArgumentHelp("Whether it is made for data centers.", valueName: "yes|no"))
        var dataCenter: String

        @OptionGroup var rating: RatingOptions
        @OptionGroup var options: ProposableOptions

        func perform() throws -> ExitStatus {
            let id: DeviceIdentifier = try OptionValues.identifier(device, "device")
            return try rating.adopt(options) { shelf, day throws(Rejection) in
                let added = DeviceRating(
                    device: id,
                    vendor: vendor,
                    from: try rating.from(day),
                    tpp: try rating.amount(),
                    density: try rating.density(or: nil),
                    isForDataCenters: try RatingOptions.isYes(dataCenter, "--data-center"),
                    source: rating.source,
                    note: rating.note ?? ""
                )
                let known = shelf.report.catalogue.ratings(of: id)
                // The same again is the answer to somebody who did not hear the first one.
                guard known.isEmpty || known == [added] else {
                    throw OptionValues.malformed(
                        "device",
                        device,
                        "a device that the catalogue does not have: run 'headroom devices rerate'"
                    )
                }
                return added
            }
        }
    }

    /// `headroom devices rerate`.
    struct DevicesRerateCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "rerate",
            abstract: "Rate a device anew: adopts the catalogue in force with the rating.",
            discussion: """
                It acts from its entry on: orders after it weigh what it says, holds keep what they \\
                were granted. A rating from a day on which one begins already takes its place.

                Examples:
                  headroom devices rerate B300 --tpp 56000 --density 34.40 --from 2026-03-01 \\
                      --source "maker's data sheet of 2026-02-20"
                """
        )

        @Argument(help: "The device's name.")
        var device: String

        @Option(help: ArgumentHelp("Who makes it (default: as before).", valueName: "text"))
        var vendor: String?

        @Option(
            help: ArgumentHelp(
                "Whether it is made for data centers (default: as before).",
                valueName: "yes|no"
            )
        )
        var dataCenter: String?

        @OptionGroup var rating: RatingOptions
        @OptionGroup var options: ProposableOptions

        func perform() throws -> ExitStatus {
            let id: DeviceIdentifier = try OptionValues.identifier(device, "device")
            return try rating.adopt(options) { shelf, day throws(Rejection) in
                let from = try rating.from(day)
                guard let known = shelf.report.catalogue.rating(of: id, on: from) else {
                    throw shelf.unknown(id, field: "device")
                }
                return DeviceRating(
                    device: id,
                    vendor: vendor ?? known.vendor,
                    from: from,
                    tpp: try rating.amount(),
                    density: try rating.density(or: known.density),
                    isForDataCenters: try dataCenter.map { text throws(Rejection) in
                        try RatingOptions.isYes(text, "--data-center")
                    } ?? known.isForDataCenters,
                    source: rating.source,
                    note: rating.note ?? ""
                )
            }
        }
    }

    /// What a rating says.
    struct RatingOptions: ParsableArguments {
        @Option(help: ArgumentHelp("What one of it is worth.", valueName: "number"))
        var tpp: String

        @Option(
            help: ArgumentHelp(
                "Its performance density, with at most two decimals, or 'unknown' (default: as "
                    + "before; of a new device unknown).",
                valueName: "number"
            )
        )
        var density: String?

        @Option(
            help: ArgumentHelp(
                "The first day of the rating (default: the operation's day).",
                valueName: "date"
            )
        )
        var from: String?

        @Option(help: ArgumentHelp("Where the figures come from.", valueName: "text"))
        var source: String

        @Option(help: ArgumentHelp("What else to know.", valueName: "text"))
        var note: String?

        func amount() throws(Rejection) -> TPP { try OptionValues.tpp(tpp, "--tpp") }

        func from(_ day: CivilDate) throws(Rejection) -> CivilDate {
            guard let from else { return day }
            return try OptionValues.date(from, "--from")
        }

        func density(or before: PerformanceDensity?) throws(Rejection) -> PerformanceDensity? {
            guard let density else { return before }
            if density == "unknown" { return nil }
            guard let found = PerformanceDensity(density) else {
                throw OptionValues.malformed(
                    "--density",
                    density,
                    "a number with at most two decimals, such as 5.92, or unknown"
                )
            }
            return found
        }

        static func isYes(_ text: String, _ option: String) throws(Rejection) -> Bool {
            switch text {
            case "yes": return true
            case "no": return false
            default: throw OptionValues.malformed(option, text, "yes or no")
            }
        }

        /// Adopts the catalogue in force with a rating, read and written under one writer's claim.
        func adopt(
            _ options: ProposableOptions,
            rating: (DeviceShelf, CivilDate) throws(Rejection) -> DeviceRating
        ) throws -> ExitStatus {
            let time = try options.options.time.time()
            return try options.options.ledger.folder.withLedger { opened in
                let shelf = try DeviceShelf(opened.source)
                let stamp = max(systemTime(), try opened.source.newestTime() ?? .earliest)
                let bytes = try DeviceCatalogue.file(
                    shelf.bytes,
                    with: try rating(shelf, (time ?? stamp).day),
                    fileName: "devices"
                )
                let operation = try options.options.operation(
                    options.asked(.adoptDevices(DeviceAdoption(bytes: bytes)))
                )
                let answer = try opened.answer(to: operation)
                return try options.options.show(answer, to: operation, opened.source)
            }
        }
    }
#endif
