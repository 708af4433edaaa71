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
                Origin, mode, totals and policy are fixed for good. If it is interrupted, run it \
                again.

                The standard policy: vendors deal with their own orders, regulators with parties, \
                statuses, agreements, rulebooks and revocations, operators with everything, \
                auditors only read; nothing needs two people. See 'headroom policy'.

                The ledger is embedded: opening its folder is operator access. The program \
                enforces the policy for the organisation, person and role that a command names, \
                and takes its word for who that is. Keep the folder by file permissions.

                Examples:
                  headroom init --rulebook diffusion-2025-brief
                  headroom init --rulebook diffusion-2025-cfr --mode binding \\
                      --two-people adopt-rulebook,grant-status,sign-agreement
                  headroom init --permit auditor:correct --forbid vendor:tick,transfer-weights
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
            help: ArgumentHelp("A shipped rulebook, or a file, to adopt.", valueName: "name|file"),
            completion: Candidates.rulebooks
        )
        var rulebook: String?

        @Option(
            help: ArgumentHelp(
                "A device catalogue to adopt (default: the one that comes with the program).",
                valueName: "file"
            ),
            completion: .file(extensions: ["csv"])
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

        @OptionGroup var policy: PolicyOptions
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
                disclosure: totals == .open ? .open : .banded,
                policy: try policy.policy()
            )
            let caller = try actor.actor()
            var adoptions: [(String, Action)] = [
                ("init-devices", .adoptDevices(DeviceAdoption(bytes: catalogue)))
            ]
            if let rule {
                adoptions.append(
                    ("init-rulebook", .adoptRulebook(RulebookAdoption(bytes: rule.bytes)))
                )
            }
            // What needs two people is proposed, for someone else to approve.
            let proposed = adoptions.filter { creation.policy.twoPeople.contains($0.1.kind) }
            var actions: [(String, Action)] = [("init", .createLedger(creation))]
            for (id, action) in adoptions {
                try requirePermission(action, caller, creation.policy)
                let needsTwo = creation.policy.twoPeople.contains(action.kind)
                actions.append((id, needsTwo ? .propose(Proposal(action: action)) : action))
            }
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
            try show(creation, proposed: proposed.map(\.0), by: caller, log)
            return .done
        }

        private func requirePermission(
            _ action: Action,
            _ caller: Actor,
            _ policy: LedgerPolicy
        ) throws(Rejection) {
            guard !policy.permits(action.kind, to: caller.role) else { return }
            throw OptionValues.malformed(
                "--role",
                caller.role.description,
                "a role that the policy lets \(action.kind), which making a ledger includes"
            )
        }

        private func show(
            _ creation: LedgerCreation,
            proposed: [String],
            by caller: Actor,
            _ log: OpenLog
        ) throws {
            let frontier = try log.log.frontier()
            let folder = ledger.folder.path
            if output.json {
                try Output.document(asIfEnforced: creation.mode == .advisory) { writer in
                    writer.member("ledger", folder)
                    writer.member("origin", creation.origin.text)
                    writer.member("mode", mode.rawValue)
                    writer.member("totals", totals.rawValue)
                    writer.key("policy")
                    writer.value(creation.policy)
                    writer.key("proposed")
                    writer.beginArray()
                    for id in proposed { writer.string(id) }
                    writer.endArray()
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
            try Output.writeLine(
                "acting as \(caller.role): whoever can write this folder has operator access, "
                    + "under any name"
            )
            for id in proposed {
                try Output.writeLine(
                    "next: someone else runs 'headroom approve \(id) --of "
                        + "\(caller.organisation)'; until then it is only proposed"
                )
            }
            if rulebook == nil {
                try Output.writeLine(
                    "next: 'headroom rulebook adopt'; without a rulebook orders are rejected"
                )
            }
        }
    }
#endif
