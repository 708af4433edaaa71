// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel

    /// Which earlier entry is meant: by its number, or by the operation that made it.
    struct EarlierEntryOptions: ParsableArguments {
        @Option(help: ArgumentHelp("The number of the entry.", valueName: "number"))
        var entry: UInt64?

        @Option(help: ArgumentHelp("Or: the id of the operation.", valueName: "id"))
        var operation: String?

        @Option(
            help: ArgumentHelp(
                "Whose operation that is (default: the organisation that acts).",
                valueName: "organisation"
            )
        )
        var of: String?

        /// The entry that is meant; `nil` if none was named.
        func target() throws(Rejection) -> CorrectionTarget? {
            if let of, operation == nil {
                throw OptionValues.malformed(
                    "--of",
                    of,
                    "nothing without --operation: an entry has a number"
                )
            }
            switch (entry, operation) {
            case (nil, nil): return nil
            case (let entry?, nil): return .entry(EntryNumber(rawValue: entry))
            case (nil, let operation?):
                return .operation(
                    try OptionValues.reference(operation, "--operation", of: of)
                )
            case (let entry?, _?):
                throw OptionValues.malformed(
                    "--entry",
                    "\(entry)",
                    "either --entry or --operation"
                )
            }
        }
    }
#endif
