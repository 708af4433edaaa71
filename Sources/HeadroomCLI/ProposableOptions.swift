// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel
    import QuotaLedger

    /// What a writing command takes whose operation can be proposed.
    struct ProposableOptions: ParsableArguments {
        @OptionGroup var options: OperationOptions

        @Flag(
            help: ArgumentHelp(
                "Propose it: it takes effect when another person approves it.",
                discussion: "See 'headroom approve --help'."
            )
        )
        var propose = false

        /// What is asked of the ledger: the action, or a proposal of it.
        func asked(_ action: Action) -> Action {
            propose ? .propose(Proposal(action: action)) : action
        }

        /// Makes the operation, or its proposal, asks the ledger and shows the answer.
        func submit(_ action: Action) throws -> ExitStatus {
            try options.submit(asked(action))
        }
    }
#endif
