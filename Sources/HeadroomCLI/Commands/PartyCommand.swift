// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel

    /// `headroom party`.
    struct PartyCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "party",
            abstract: "Parties that receive: register, change, block, list.",
            discussion: """
                Examples:
                  headroom party import parties.csv
                  headroom party list
                """,
            subcommands: [
                Register.self, PartyImportCommand.self, Block.self, Unblock.self,
                PartyListCommand.self, PartyShowCommand.self,
            ]
        )

        struct Register: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Register a party, or change one: the whole record, from now on.",
                discussion: """
                    Examples:
                      headroom party register --party ACME-AE --name "Acme Emirates" --site AE \\
                          --headquarters AE --parent ACME
                    """
            )

            @Option(help: ArgumentHelp("The party's id.", valueName: "id"))
            var party: String

            @Option(help: "Its name.")
            var name: String

            @Option(
                help: ArgumentHelp("The country of its site.", valueName: "country"),
                completion: Candidates.countries
            )
            var site: String

            @Option(
                help: ArgumentHelp("The country of its headquarters.", valueName: "country"),
                completion: Candidates.countries
            )
            var headquarters: String

            @Option(
                help: ArgumentHelp("The party that owns it.", valueName: "id"),
                completion: Candidates.parties
            )
            var parent: String?

            @OptionGroup var options: ProposableOptions

            func perform() throws -> ExitStatus {
                let record = PartyRecord(
                    id: try OptionValues.identifier(party, "--party"),
                    name: name,
                    site: try OptionValues.country(site, "--site"),
                    headquarters: try OptionValues.country(headquarters, "--headquarters"),
                    parent: try parent.map { try OptionValues.identifier($0, "--parent") }
                )
                return try options.submit(.party(record))
            }
        }

        struct Block: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Block a party: it is refused everything from now on.",
                discussion: """
                    Examples:
                      headroom party block --party ACME-AE --reason "false end-use statement"
                    """
            )

            @OptionGroup var change: BlockOptions

            func perform() throws -> ExitStatus { try change.submit(isBlocked: true) }
        }

        struct Unblock: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Lift a party's block.",
                discussion: """
                    Examples:
                      headroom party unblock --party ACME-AE --reason "statement corrected"
                    """
            )

            @OptionGroup var change: BlockOptions

            func perform() throws -> ExitStatus { try change.submit(isBlocked: false) }
        }
    }

    /// What blocking and unblocking take.
    struct BlockOptions: ParsableArguments {
        @Option(
            help: ArgumentHelp("The party's id.", valueName: "id"),
            completion: Candidates.parties
        )
        var party: String

        @Option(help: "Why.")
        var reason: String

        @OptionGroup var options: ProposableOptions

        func submit(isBlocked: Bool) throws -> ExitStatus {
            let block = PartyBlock(
                party: try OptionValues.identifier(party, "--party"),
                isBlocked: isBlocked,
                reason: reason
            )
            return try options.submit(.block(block))
        }
    }
#endif
