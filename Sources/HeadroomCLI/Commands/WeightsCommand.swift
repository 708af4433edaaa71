// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel

    /// `headroom weights`.
    struct WeightsCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "weights",
            abstract: "Determine whether model weights may go to a recipient, and record it.",
            discussion: """
                Nothing is charged to any limit. The number of training operations is exact: \
                digits (also in groups, 100_000), 10^26, 3e26 or 2.5e26.

                Examples:
                  headroom weights --model frontier-1 --operations 3e26 --recipient ACME \\
                      --destination AE
                  headroom weights --model open-1 --operations 3e26 --published --recipient ACME \\
                      --destination AE
                """
        )

        @Option(help: "The model's name.")
        var model: String

        @Option(
            help: ArgumentHelp("With how many operations it was trained.", valueName: "number")
        )
        var operations: String

        @Flag(help: "Its weights are published.")
        var published = false

        @Option(
            help: ArgumentHelp("The party that would receive them.", valueName: "id"),
            completion: Candidates.parties
        )
        var recipient: String

        @Option(
            help: ArgumentHelp("Where they would be stored.", valueName: "country"),
            completion: Candidates.countries
        )
        var destination: String

        @OptionGroup var options: OperationOptions

        func perform() throws -> ExitStatus {
            let transfer = WeightsTransfer(
                model: model,
                isPublished: published,
                trainingOperations: try TrainingOperations.number(operations, "--operations"),
                recipient: try OptionValues.identifier(recipient, "--recipient"),
                destination: try OptionValues.country(destination, "--destination")
            )
            return try options.submit(.transferWeights(transfer))
        }
    }
#endif
