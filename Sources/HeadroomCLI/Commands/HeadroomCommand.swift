// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser

    /// The program.
    struct HeadroomCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "headroom",
            abstract: "A ledger for compute quotas: orders in, exact decisions out, all in a log.",
            discussion: """
                Opening a ledger's folder directly is operator access: whoever can read it sees \
                everything, whoever can write it can write under any name. Keep it by file \
                permissions.

                Exit status: 0 done or granted, 1 refused, 2 wrong input or usage, 3 conflict, \
                4 verification failed, 5 the disk, a permission or the files failed.

                Examples:
                  headroom
                  headroom init --rulebook diffusion-2025-brief
                  headroom party import parties.csv
                  headroom import orders.csv
                  headroom explain PO-1001
                  headroom help reserve
                """,
            version: HeadroomProgram.version,
            groupedSubcommands: [
                CommandGroup(
                    name: "Orders",
                    subcommands: [
                        ImportCommand.self, ReserveCommand.self, CheckCommand.self,
                        ExplainCommand.self,
                    ]
                ),
                CommandGroup(
                    name: "After the grant",
                    subcommands: [
                        ShipCommand.self, ReleaseCommand.self, ExtendCommand.self,
                        ReturnCommand.self, RetireCommand.self, RevokeCommand.self,
                        HoldCommand.self, CorrectCommand.self,
                    ]
                ),
                CommandGroup(
                    name: "What decisions depend on",
                    subcommands: [
                        PartyCommand.self, StatusCommand.self, AgreementCommand.self,
                        AttestCommand.self, RulebookCommand.self, DevicesCommand.self,
                        CountriesCommand.self,
                        ApproveCommand.self, DeclineCommand.self, ProposalsCommand.self,
                    ]
                ),
                CommandGroup(
                    name: "Reports and questions",
                    subcommands: [
                        ReportCommand.self, CapsCommand.self, SharesCommand.self,
                        BreachesCommand.self,
                        WhatIfCommand.self, WeightsCommand.self,
                    ]
                ),
                CommandGroup(
                    name: "The ledger",
                    subcommands: [
                        OverviewCommand.self, InitCommand.self, PolicyCommand.self,
                        TickCommand.self, LogCommand.self, VerifyCommand.self,
                        ExportCommand.self, BackupCommand.self, RedactCommand.self,
                        LegalHoldCommand.self,
                    ]
                ),
                CommandGroup(
                    name: "Receipts and signed heads",
                    subcommands: [
                        ReceiptCommand.self, VerifyReceiptCommand.self, CheckpointCommand.self,
                        KeyCommand.self,
                    ]
                ),
                CommandGroup(
                    name: "For whoever does not trust the operator",
                    subcommands: [
                        PublishCommand.self, AuditCommand.self, WatchCommand.self,
                        ProveCommand.self, VerifyProofCommand.self,
                    ]
                ),
                CommandGroup(name: "The program", subcommands: [CompletionsCommand.self]),
            ],
            defaultSubcommand: OverviewCommand.self
        )
    }

    /// A command that does something and says how it ended.
    protocol Verb: ParsableCommand {
        func perform() throws -> ExitStatus
    }

    extension Verb {
        /// Not how verbs are run: the program asks for the exit status.
        func run() throws { _ = try perform() }
    }
#endif
