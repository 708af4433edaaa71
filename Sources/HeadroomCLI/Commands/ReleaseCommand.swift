// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel

    /// `headroom release`.
    struct ReleaseCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "release",
            abstract: "Give up what is open of a hold: its room is free at once.",
            discussion: """
                Examples:
                  headroom release PO-1001
                """
        )

        @OptionGroup var hold: HoldOptions

        func perform() throws -> ExitStatus {
            try hold.submit { order, _ in .release(HoldRelease(hold: order)) }
        }
    }

    /// `headroom extend`.
    struct ExtendCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "extend",
            abstract: "Give a hold a later deadline.",
            discussion: """
                Examples:
                  headroom extend PO-1001 --deadline 2025-12-31T00:00:00Z
                """
        )

        @OptionGroup var hold: HoldOptions

        @Option(help: ArgumentHelp("When the hold expires then (RFC 3339).", valueName: "time"))
        var deadline: String

        func perform() throws -> ExitStatus {
            let time = try OptionValues.time(deadline, "--deadline")
            return try hold.submit { order, _ in
                .extend(HoldExtension(hold: order, deadline: time))
            }
        }
    }

    /// `headroom revoke`.
    struct RevokeCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "revoke",
            abstract: "Take back, by authority, what is open of a hold; what was shipped stays.",
            discussion: """
                Examples:
                  headroom revoke PO-1001 --of NVIDIA --reason "licence withdrawn" --role regulator
                """
        )

        @OptionGroup var hold: HoldOptions

        @Option(help: "Why.")
        var reason: String

        func perform() throws -> ExitStatus {
            try hold.submit { order, _ in
                .revoke(Revocation(hold: order, reason: reason))
            }
        }
    }

    /// `headroom correct`.
    struct CorrectCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "correct",
            abstract: "Say what is wrong with an earlier entry; nothing is edited, no limit moves.",
            discussion: """
                Examples:
                  headroom correct --entry 51 --text "the consignee's site is DE"
                  headroom correct --operation PO-1001 --of NVIDIA --text "reference is D1234567"
                """
        )

        @OptionGroup var named: EarlierEntryOptions

        @Option(help: "What is right.")
        var text: String

        @OptionGroup var options: OperationOptions

        func perform() throws -> ExitStatus {
            guard let target = try named.target() else {
                throw OptionValues.malformed("--entry", "", "either --entry or --operation")
            }
            return try options.submit(.correct(Correction(target: target, text: text)))
        }
    }
#endif
