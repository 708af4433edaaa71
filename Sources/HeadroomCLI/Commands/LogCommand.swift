// SPDX-License-Identifier: Apache-2.0

#if Service
    import Rulebook
    import ArgumentParser
    import EntryLog
    import LedgerModel
    import LedgerReports
    import LedgerText

    /// `headroom log`.
    struct LogCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "log",
            abstract: "Print the log's entries, one a line; with --json as NDJSON.",
            discussion: """
                Works while another process writes the ledger.

                Examples:
                  headroom log
                  headroom log --from 50 --count 10
                  headroom log --json | jq -c 'select(.entry.kind == "breach")'
                """
        )

        @Option(help: ArgumentHelp("The first entry.", valueName: "number"))
        var from: UInt64 = 0

        @Option(help: ArgumentHelp("How many entries (default: all).", valueName: "number"))
        var count: UInt64?

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var output: OutputOptions

        func perform() throws -> ExitStatus {
            let log = try ledger.folder.openForReading()
            var stream = EntryStream(log, asJSON: output.json)
            var failure: CommandFailure?
            var left = count ?? .max
            guard left > 0 else { return .done }
            try log.forEachEntry(from: EntryNumber(rawValue: from)) {
                entry throws(EntryLogError) in
                do throws(CommandFailure) {
                    try stream.show(entry)
                } catch {
                    failure = error
                    return .stop
                }
                left -= 1
                return left > 0 ? .next : .stop
            }
            if let failure { throw failure }
            try stream.flush()
            return .done
        }
    }

    /// Shows entries as they come.
    struct EntryStream {
        private let log: OpenLog
        private let asJSON: Bool
        private var shelf: RulebookShelf
        private var waiting: [UInt8] = []

        /// How much is collected before it is written.
        private static let flushByteCount = 1 << 16

        init(_ log: OpenLog, asJSON: Bool) {
            self.log = log
            self.asJSON = asJSON
            shelf = RulebookShelf(log.log)
        }

        /// Shows an entry on a line of its own.
        mutating func show(_ entry: Entry) throws(CommandFailure) {
            let rulebook = try shelf.rulebook(adoptedBy: entry.rulebook)
            if asJSON {
                let rendering = JSONRendering(tppPerH100e: rulebook?.tppPerH100e.value)
                waiting += Output.documentBytes(asIfEnforced: log.isAdvisory, layout: .compact) {
                    writer in
                    writer.key("entry")
                    writer.value(entry, rendering)
                }
            } else {
                let explainer = Explainer(
                    rulebook: rulebook,
                    mode: log.creation?.mode ?? .advisory
                )
                let basis = log.isAdvisory ? " (as if enforced)" : ""
                let line =
                    "\(entry.number)  \(entry.time)  \(entry.actor.organisation)  "
                    + explainer.sentence(for: entry)
                waiting += Array((line.contains("as if enforced") ? line : line + basis).utf8)
                waiting.append(UInt8(ascii: "\n"))
            }
            if waiting.count >= Self.flushByteCount { try flush() }
        }

        /// Writes what waits.
        mutating func flush() throws(CommandFailure) {
            try Output.write(waiting)
            waiting.removeAll(keepingCapacity: true)
        }
    }
#endif
