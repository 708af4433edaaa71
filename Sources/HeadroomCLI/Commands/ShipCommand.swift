// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel

    /// `headroom ship`.
    struct ShipCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "ship",
            abstract: "Record that goods were shipped under a hold: all of it, or a part.",
            discussion: """
                Destination, consignee and the status that granted the hold are looked at again: \
                a shipment can be refused, and the hold is kept.

                Examples:
                  headroom ship PO-1001
                  headroom ship PO-1001 --quantity 5000
                  headroom ship PO-1001 --quantity 2500 --final   # and free what is left
                """
        )

        @OptionGroup var hold: HoldOptions
        @OptionGroup var part: PartOptions

        @Flag(
            name: .customLong("final"),
            help: "Nothing more will be shipped: what is left of the hold is freed."
        )
        var isFinal = false

        func perform() throws -> ExitStatus {
            try hold.submit(part.asked()) { order, part in
                .ship(Shipment(hold: order, part: part, isFinal: isFinal))
            }
        }
    }

    /// `headroom return`.
    struct ReturnCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "return",
            abstract: "Record that goods which were shipped under a hold came back.",
            discussion: """
                The limits of the order's own window get the room back if the rulebook credits \
                returns; the hold is not opened again.

                Examples:
                  headroom return PO-1001
                  headroom return PO-1001 --quantity 200
                """
        )

        @OptionGroup var hold: HoldOptions
        @OptionGroup var part: PartOptions

        func perform() throws -> ExitStatus {
            try hold.submit(part.asked()) { order, part in
                .giveBack(GoodsReturn(hold: order, part: part))
            }
        }
    }

    /// `headroom retire`.
    struct RetireCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "retire",
            abstract: "Record that goods which were shipped under a hold are gone: attrition.",
            discussion: """
                Examples:
                  headroom retire PO-1001 --quantity 12 --cause failure
                  headroom retire PO-1001 --all --cause disposal
                """
        )

        @OptionGroup var hold: HoldOptions
        @OptionGroup var part: PartOptions

        @Option(
            help: "loss, failure or disposal.",
            completion: .list(["loss", "failure", "disposal"])
        )
        var cause: String

        func perform() throws -> ExitStatus {
            guard let cause = RetirementCause(cause) else {
                throw OptionValues.malformed("--cause", cause, "loss, failure or disposal")
            }
            return try hold.submit(part.asked()) { order, part in
                .retire(Retirement(hold: order, part: part, cause: cause))
            }
        }
    }
#endif
