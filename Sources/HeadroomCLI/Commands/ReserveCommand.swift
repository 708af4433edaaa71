// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel
    import LedgerReports
    import QuotaLedger

    /// `headroom reserve`.
    struct ReserveCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "reserve",
            abstract: "Reserve allocation for an order: granted, refused or rejected.",
            discussion: """
                Examples:
                  headroom reserve --id PO-1001 --consignee G42 --destination AE --device GB300 \\
                      --quantity 8000 --end-use cloud-services
                  headroom reserve --up-to --consignee G42 --destination AE --device GB300 \\
                      --quantity 20000 --end-use cloud-services --deadline 2025-12-31T00:00:00Z
                """
        )

        @OptionGroup var order: OrderOptions
        @OptionGroup var options: OperationOptions

        func perform() throws -> ExitStatus {
            let reservation = try order.reservation()
            return try options.submit(.reserve(reservation), exporter: order.exporter)
        }
    }

    /// `headroom check`.
    struct CheckCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Say what reserve would be answered now; nothing is written.",
            discussion: """
                Reads the ledger's log, also while another process writes it. Of a refusal it says \
                what would make room.

                Examples:
                  headroom check --consignee G42 --destination AE --device GB300 --quantity 35000 \\
                      --end-use cloud-services
                  headroom check --consignee G42 --destination AE --h100e 1700 --end-use commercial
                """
        )

        @OptionGroup var order: OrderOptions
        @OptionGroup var options: OperationOptions

        func perform() throws -> ExitStatus {
            let reservation = try order.reservation()
            let operation = try options.operation(.reserve(reservation), exporter: order.exporter)
            let log = try options.ledger.folder.openForReading()
            var core = try options.ledger.folder.core(of: log)
            let now = systemTime()
            let remedies: [Remedy]
            var answer: CheckAnswer
            do throws(LedgerError) {
                (answer, remedies) = try core.checkWithRemedies(operation, now: now)
            } catch {
                guard case .index = error else { throw error }
                // A writer has put other runs of ids in the place of those that were searched.
                core = try options.ledger.folder.core(of: log, looksUpMany: true)
                (answer, remedies) = try core.checkWithRemedies(operation, now: now)
            }
            if case .rejected(let rejection) = answer, rejection.code == .unknownParty {
                let names = core.partyIdentifiers.map(\.text)
                answer = .rejected(Suggestions.completed(rejection, names: names))
            }
            let time = max(operation.time ?? now, core.newestEntryTime)
            let rulebook = core.rulebook(at: time)
            let asked = AskedOrder(
                id: operation.id,
                exporter: operation.actor.organisation,
                reservation: reservation
            )
            let role = operation.actor.role
            var report = AnswerReport(log, asJSON: options.output.json, role: role)
            return try report.show(answer, on: asked, under: rulebook, remedies: remedies)
        }
    }

    /// What an order says.
    struct OrderOptions: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "The organisation that asks (default: --organisation).",
                valueName: "id"
            )
        )
        var exporter: String?

        @Option(
            help: ArgumentHelp("The party that would receive.", valueName: "id"),
            completion: Candidates.parties
        )
        var consignee: String

        @Option(
            help: ArgumentHelp("Where the goods would go.", valueName: "country"),
            completion: Candidates.countries
        )
        var destination: String

        @Option(
            help: ArgumentHelp("A device of the catalogue.", valueName: "name"),
            completion: Candidates.devices
        )
        var device: String?

        @Option(help: ArgumentHelp("How many of --device.", valueName: "number"))
        var quantity: String?

        @Option(
            help: ArgumentHelp("A line of a mixed order; repeat it.", valueName: "device=number")
        )
        var line: [String] = []

        @Option(help: ArgumentHelp("Plain TPP instead of devices.", valueName: "number"))
        var tpp: String?

        @Option(
            name: .customLong("h100e"),
            help: ArgumentHelp("Plain H100-equivalents instead of devices.", valueName: "number")
        )
        var h100e: String?

        @Flag(
            name: .customLong("up-to"),
            help: "Less is welcome: as many whole units as fit are granted. One line only."
        )
        var isUpTo = false

        @Option(help: ArgumentHelp("What for: a code of the rulebook.", valueName: "code"))
        var endUse: String

        @Option(help: ArgumentHelp("When the hold expires (RFC 3339).", valueName: "time"))
        var deadline: String?

        @Option(help: ArgumentHelp("A purchase order or licence number.", valueName: "text"))
        var reference: String?

        func reservation() throws(Rejection) -> Reservation {
            Reservation(
                consignee: try OptionValues.identifier(consignee, "--consignee"),
                destination: try OptionValues.country(destination, "--destination"),
                lines: try lines(),
                endUse: try OptionValues.identifier(endUse, "--end-use"),
                deadline: try deadline.map { text throws(Rejection) in
                    try OptionValues.time(text, "--deadline")
                },
                reference: reference,
                isUpTo: isUpTo
            )
        }

        private func lines() throws(Rejection) -> [ReservationLine] {
            var lines: [ReservationLine] = []
            if device != nil || quantity != nil {
                guard let device else { throw missing("--device", "a device for --quantity") }
                guard let quantity else { throw missing("--quantity", "how many of --device") }
                lines.append(try Self.line(device, "--device", quantity, "--quantity"))
            }
            for text in line {
                let (name, number) = try OptionValues.assignment(
                    text,
                    "--line",
                    "DEVICE=NUMBER, such as 'H100 SXM5=100'"
                )
                lines.append(try Self.line(name, "--line", number, "--line"))
            }
            if let tpp {
                try requireNothing(before: "--tpp", tpp, lines)
                lines.append(.tpp(try OptionValues.tpp(tpp, "--tpp")))
            }
            if let h100e {
                try requireNothing(before: "--h100e", h100e, lines)
                lines.append(.h100e(try OptionValues.h100e(h100e, "--h100e")))
            }
            guard !lines.isEmpty else {
                throw missing(
                    "--device",
                    "an amount: --device and --quantity, --line, --tpp or --h100e"
                )
            }
            return lines
        }

        private static func line(
            _ device: String,
            _ deviceOption: String,
            _ number: String,
            _ numberOption: String
        ) throws(Rejection) -> ReservationLine {
            .devices(
                try OptionValues.identifier(device, deviceOption),
                quantity: try OptionValues.whole(number, numberOption)
            )
        }

        private func requireNothing(
            before option: String,
            _ found: String,
            _ lines: [ReservationLine]
        ) throws(Rejection) {
            guard lines.isEmpty else {
                throw OptionValues.malformed(
                    option,
                    found,
                    "nothing, because the order gives another amount already"
                )
            }
        }

        private func missing(_ option: String, _ expected: String) -> Rejection {
            OptionValues.malformed(option, "", expected)
        }
    }
#endif
