// SPDX-License-Identifier: Apache-2.0

#if Service
    import LMDBEntryLog
    import EntryLog
    import LedgerText
    import ArgumentParser
    import LedgerModel
    import Rulebook

    /// `headroom init`.
    struct InitCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "init",
            abstract: "Make a ledger: its folder, its first entry, a device catalogue, a rulebook.",
            discussion: """
                Origin, mode and totals are fixed for good. If it is interrupted, run it again.
                """
        )

        /// Whether the ledger binds.
        enum Mode: String, ExpressibleByArgument, CaseIterable {
            case binding
            case advisory
        }

        /// What vendors see of shared totals.
        enum Totals: String, ExpressibleByArgument, CaseIterable {
            case open
            case banded
        }

        @Option(
            help: ArgumentHelp("A shipped rulebook, or a file, to adopt.", valueName: "name|file")
        )
        var rulebook: String?

        @Option(
            help: ArgumentHelp(
                "A device catalogue to adopt (default: the one that comes with the program).",
                valueName: "file"
            )
        )
        var devices: String?

        @Option(
            help: ArgumentHelp(
                "The ledger's name in heads, such as ledger.example.org/2025.",
                valueName: "name"
            )
        )
        var origin = "headroom.local"

        @Option(
            help: "binding, or advisory: every output then says that it is as if enforced."
        )
        var mode = Mode.advisory

        @Option(help: "What vendors see of shared limits: open numbers, or banded.")
        var totals = Totals.open

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var actor: ActorOptions
        @OptionGroup var time: TimeOptions
        @OptionGroup var output: OutputOptions

        func perform() throws -> ExitStatus {
            // All that can be wrong is looked at before anything is made.
            let rule = try rulebook.map(RuleFile.init)
            if let rule { _ = try Rulebook.load(bytes: rule.bytes, fileName: rule.name) }
            let catalogue = try devices.map(DevicesCommand.file) ?? ShippedFile.devices.bytes
            let creation = LedgerCreation(
                origin: try OptionValues.identifier(origin, "--origin"),
                mode: mode == .binding ? .binding : .advisory,
                disclosure: totals == .open ? .open : .banded
            )
            var actions: [(String, Action)] = [
                ("init", .createLedger(creation)),
                ("init-devices", .adoptDevices(DeviceAdoption(bytes: catalogue))),
            ]
            if let rule {
                actions.append(
                    ("init-rulebook", .adoptRulebook(RulebookAdoption(bytes: rule.bytes)))
                )
            }
            let caller = try actor.actor()
            let moment = try time.time()
            let operations = try actions.map { id, action in
                Operation(
                    id: try OptionValues.identifier(id, "id"),
                    actor: caller,
                    time: moment,
                    action: action
                )
            }
            let log = try ledger.folder.make(operations)
            try show(creation, log)
            return .done
        }

        private func show(_ creation: LedgerCreation, _ log: OpenLog) throws {
            let frontier = try log.log.frontier()
            let folder = ledger.folder.path
            if output.json {
                try Output.document(asIfEnforced: creation.mode == .advisory) { writer in
                    writer.member("ledger", folder)
                    writer.member("origin", creation.origin.text)
                    writer.member("mode", mode.rawValue)
                    writer.member("totals", totals.rawValue)
                    writer.key("entries")
                    writer.integer(frontier.size)
                    writer.member("root", frontier.root.description)
                }
                return
            }
            try Output.writeLine(
                "made the ledger \(creation.origin) in \(folder): \(mode.rawValue)"
                    + (creation.mode == .advisory ? ", all it says is as if enforced" : "")
            )
            if rulebook == nil {
                try Output.writeLine(
                    "next: 'headroom rulebook adopt'; without a rulebook orders are rejected"
                )
            }
        }
    }
#endif
