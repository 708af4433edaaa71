// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import Foundation
    import LedgerModel
    import QuotaLedger

    /// Which ledger.
    struct LedgerOptions: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "The ledger's folder (default: $HEADROOM_LEDGER, or ./ledger).",
                valueName: "folder"
            ),
            completion: .directory
        )
        var ledger: String?

        /// The ledger's folder.
        var folder: LedgerFolder { LedgerFolder(path) }

        /// Whether the user named a ledger, by option or environment.
        var isNamed: Bool {
            ledger != nil || ProcessInfo.processInfo.environment["HEADROOM_LEDGER"] != nil
        }

        private var path: String { ledger ?? Self.found.path }

        /// The ledger's folder where no option names it.
        static var found: LedgerFolder {
            let named = ProcessInfo.processInfo.environment["HEADROOM_LEDGER"]
            return LedgerFolder(named.flatMap { $0.isEmpty ? nil : $0 } ?? "ledger")
        }
    }

    /// How results are shown.
    struct OutputOptions: ParsableArguments {
        @Flag(help: "Show the result as JSON.")
        var json = false

        @Option(
            help: ArgumentHelp(
                "Color the result: auto (on a terminal, unless $NO_COLOR is set), always, never.",
                valueName: "when"
            )
        )
        var color = ColorChoice.auto

        func validate() { ColorChoice.current = color }
    }

    /// Who acts.
    struct ActorOptions: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "The organisation that acts (default: $HEADROOM_ORGANISATION, or OPERATOR).",
                valueName: "id"
            )
        )
        var organisation: String?

        @Option(
            help: ArgumentHelp("The person who acts (default: your login name).", valueName: "id")
        )
        var person: String?

        @Option(
            help: ArgumentHelp(
                "vendor, regulator, operator or auditor. Writing to the folder directly is operator "
                    + "access.",
                valueName: "role"
            ),
            completion: Candidates.roles
        )
        var role = "operator"

        /// Who acts; `exporter` goes before the organisation.
        func actor(exporter: String? = nil) throws(Rejection) -> Actor {
            let named = ProcessInfo.processInfo.environment["HEADROOM_ORGANISATION"]
            let text = exporter ?? organisation ?? named ?? "OPERATOR"
            guard let role = Role(role) else {
                throw OptionValues.malformed(
                    "--role",
                    role,
                    "one of " + Role.allCases.map(\.description).joined(separator: ", ")
                )
            }
            return Actor(
                organisation: try OptionValues.identifier(
                    text,
                    exporter == nil ? "--organisation" : "--exporter"
                ),
                person: try personIdentifier(),
                role: role
            )
        }

        private func personIdentifier() throws(Rejection) -> PersonIdentifier {
            if let person { return try OptionValues.identifier(person, "--person") }
            let named = ProcessInfo.processInfo.environment["USER"] ?? NSUserName()
            return PersonIdentifier(named) ?? PersonIdentifier(checked: "unknown")
        }
    }

    /// When an operation takes place, unless the ledger is to stamp it.
    struct TimeOptions: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "When it takes place: RFC 3339, or a date for the start of that UTC day (default: "
                    + "now). Never before the newest entry.",
                valueName: "time"
            )
        )
        var at: String?

        func time() throws(Rejection) -> LedgerTime? {
            guard let at else { return nil }
            return try OptionValues.timeOrDay(at, "--at")
        }
    }

    /// What every writing command takes: which ledger, who, when, under which id.
    struct OperationOptions: ParsableArguments {
        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var actor: ActorOptions
        @OptionGroup var time: TimeOptions

        @Option(
            help: ArgumentHelp(
                "The operation's id, with which it can be asked again safely (default: a random "
                    + "one, which is shown).",
                valueName: "id"
            )
        )
        var id: String?

        @OptionGroup var output: OutputOptions

        /// Makes the operation.
        func operation(_ action: Action, exporter: String? = nil) throws(Rejection) -> Operation {
            Operation(
                id: try identifier(),
                actor: try actor.actor(exporter: exporter),
                time: try time.time(),
                action: action
            )
        }

        private func identifier() throws(Rejection) -> OperationIdentifier {
            guard let id else { return try OptionValues.randomIdentifier() }
            return try OptionValues.identifier(id, "--id")
        }

        /// Asks the ledger and shows the answer.
        func submit(_ operation: Operation) throws -> ExitStatus {
            try ledger.folder.withLedger { opened in
                try show(try opened.answer(to: operation), to: operation, opened.source)
            }
        }

        /// Shows the answer to the operation.
        func show(
            _ answer: LedgerAnswer,
            to operation: Operation,
            _ log: OpenLog
        ) throws -> ExitStatus {
            var report = AnswerReport(log, asJSON: output.json, role: operation.actor.role)
            return try report.show(answer)
        }

        /// Makes the operation, asks the ledger and shows the answer.
        func submit(_ action: Action, exporter: String? = nil) throws -> ExitStatus {
            try submit(operation(action, exporter: exporter))
        }
    }
#endif
