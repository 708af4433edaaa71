// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel

    /// `headroom attest`.
    struct AttestCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "attest",
            abstract: "Attestations: security, installed base.",
            discussion: """
                Examples:
                  headroom attest security --party ACME --from 2025-01-15 --until 2026-01-15
                  headroom attest installed --party ACME --as-of 2025-06-30 --installed DE=2000000000
                """,
            subcommands: [Security.self, Installed.self]
        )

        struct Security: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Attest that a party's security is current for a range of days.",
                discussion: """
                    Examples:
                      headroom attest security --party ACME --from 2025-01-15 --until 2026-01-15
                    """
            )

            @Option(
                help: ArgumentHelp("The party that holds a status.", valueName: "id"),
                completion: Candidates.parties
            )
            var party: String

            @Option(help: ArgumentHelp("The first day.", valueName: "date"))
            var from: String

            @Option(
                help: ArgumentHelp("The first day no more (default: no end).", valueName: "date")
            )
            var until: String?

            @OptionGroup var options: OperationOptions

            func perform() throws -> ExitStatus {
                let attestation = SecurityAttestation(
                    party: try OptionValues.identifier(party, "--party"),
                    dates: try OptionValues.dates(from: from, until: until)
                )
                return try options.submit(.attestSecurity(attestation))
            }
        }

        struct Installed: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Attest what a party's group has installed, per country.",
                discussion: """
                    Countries that are not named have nothing.

                    Examples:
                      headroom attest installed --party ACME --as-of 2025-06-30 \\
                          --installed DE=2000000000 --installed US=90000000000
                    """
            )

            private static let shape = "COUNTRY=TPP, such as DE=2000000000"

            @Option(
                help: ArgumentHelp("A party of the group.", valueName: "id"),
                completion: Candidates.parties
            )
            var party: String

            @Option(
                help: ArgumentHelp(
                    "The day at whose end it was so; before the operation's day.",
                    valueName: "date"
                )
            )
            var asOf: String

            @Option(help: ArgumentHelp("An amount; repeat it.", valueName: "country=tpp"))
            var installed: [String]

            @OptionGroup var options: OperationOptions

            func perform() throws -> ExitStatus {
                let attestation = InstalledAttestation(
                    party: try OptionValues.identifier(party, "--party"),
                    asOf: try OptionValues.date(asOf, "--as-of"),
                    amounts: try amounts()
                )
                return try options.submit(.attestInstalled(attestation))
            }

            private func amounts() throws(Rejection) -> [InstalledAmount] {
                var amounts: [InstalledAmount] = []
                for text in installed {
                    let (name, number) = try OptionValues.assignment(
                        text,
                        "--installed",
                        Self.shape
                    )
                    let country = try OptionValues.country(name, "--installed")
                    guard !amounts.contains(where: { $0.country == country }) else {
                        throw OptionValues.malformed("--installed", text, "each country once")
                    }
                    let amount = try OptionValues.tpp(number, "--installed", allowingZero: true)
                    amounts.append(InstalledAmount(country: country, amount: amount))
                }
                return amounts
            }
        }
    }
#endif
