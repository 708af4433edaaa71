// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import EntryLog
    import LMDBEntryLog
    import LedgerModel
    import QuotaLedger

    /// `headroom tick`.
    struct TickCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "tick",
            abstract: "Bring the time and nothing else: what is due by then happens now.",
            discussion: """
                Nothing in a ledger happens by itself. Holds whose deadline has passed expire, and \
                limits come into breach or are cured, when the next operation brings the time; \
                run this when no other is expected, such as once a day.

                Examples:
                  headroom tick
                  headroom tick --at 2025-07-01
                """
        )

        @OptionGroup var options: OperationOptions

        func perform() throws -> ExitStatus {
            let operation = try options.operation(.tick)
            return try options.ledger.folder.withLedger { opened in
                let before = try opened.source.log.head().next
                let answer = try opened.answer(to: operation)
                let status = try options.show(answer, to: operation, opened.source)
                if case .recorded(let entry) = answer, !options.output.json {
                    try showDue(from: before, until: entry.number, opened.source)
                }
                return status
            }
        }

        /// What the time brought about, which stands in front of the tick's own entry.
        private func showDue(from first: UInt64, until end: EntryNumber, _ log: OpenLog) throws {
            var expiryCount = 0
            var eventCount = 0
            try log.forEachEntry(from: EntryNumber(rawValue: first)) { entry in
                guard entry.number < end else { return .stop }
                switch entry.content {
                case .expiry: expiryCount += 1
                case .limit: eventCount += 1
                case .operation: break
                }
                return .next
            }
            try Output.writeLine(
                "due        \(Self.counted(expiryCount, "hold")) expired, "
                    + "\(Self.counted(eventCount, "event")) of limits"
                    + Self.place(first, end.rawValue)
            )
        }

        private static func counted(_ count: Int, _ noun: String) -> String {
            "\(count) \(noun)" + (count == 1 ? "" : "s")
        }

        private static func place(_ first: UInt64, _ end: UInt64) -> String {
            switch end - first {
            case 0: ""
            case 1: ": entry \(first)"
            default: ": entries \(first) to \(end - 1)"
            }
        }
    }
#endif
