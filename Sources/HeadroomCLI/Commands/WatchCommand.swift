// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import EntryLog
    import Foundation
    import LMDBEntryLog
    import LedgerModel
    import LedgerProofs
    import LedgerText

    /// `headroom watch`.
    struct WatchCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "watch",
            abstract: "Follow a log, and raise an alarm when it does anything but grow.",
            discussion: """
                Remembers in a file what the log was, and checks each time that this is the beginning \
                of what it is now. An alarm ends it with exit status 4: shrunk, forked, other-log, \
                signature (nobody you trust signed it), torn (a file is missing or wrong), stale.

                Of a ledger's folder the tree is compared, and every checkpoint that is stored there: \
                each must be of this log, and signed by a key that you name or that a rotation in \
                the log leads to from one. Without --key the keys that the folder lists are \
                believed: that finds what was altered, and not what was done by somebody who can \
                write in the folder.

                Examples:
                  headroom watch --published /mnt/log --key "$KEY" --state seen --stale-after 86400
                  headroom watch --published /mnt/log --key "$KEY" --state seen --once --json
                  headroom watch --ledger /srv/ledger --state seen --interval 600
                """
        )

        @Option(
            help: ArgumentHelp("The folder of a published log.", valueName: "folder"),
            completion: .directory
        )
        var published: String?

        @Option(
            help: ArgumentHelp(
                "The file that remembers what the log was; made if it is missing.",
                valueName: "file"
            ),
            completion: .file()
        )
        var state: String

        @Option(help: ArgumentHelp("How often to look.", valueName: "seconds"))
        var interval: UInt32 = 60

        @Option(
            help: ArgumentHelp(
                "Raise an alarm if it has not grown for so long.",
                valueName: "seconds"
            )
        )
        var staleAfter: Int64?

        @Flag(help: "Look once.")
        var once = false

        @OptionGroup var trust: TrustedKeyOptions
        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var output: OutputOptions

        func perform() throws -> ExitStatus {
            guard interval > 0 else { throw OptionValues.malformed("--interval", "0", "1 or more") }
            if let staleAfter, staleAfter <= 0 {
                throw OptionValues.malformed("--stale-after", "\(staleAfter)", "1 or more")
            }
            let keys = published == nil ? try trust.named() : try trust.keys()
            var watcher = LogWatcher(
                published: published,
                ledger: ledger.folder,
                keys: keys,
                watch: LogWatch(rememberingIn: state),
                staleAfter: staleAfter
            )
            while true {
                do {
                    try show(try watcher.look())
                } catch let alarm as LogAlarm {
                    try show(alarm)
                    return .verificationFailed
                }
                if once { return .done }
                Thread.sleep(forTimeInterval: TimeInterval(interval))
            }
        }

        private func show(_ seen: LogWatcher.Seen) throws {
            let word: String
            let sentence: String
            var before: UInt64?
            switch seen.sight {
            case .first:
                (word, sentence) = ("first", "seen for the first time")
            case .grown(let from):
                before = from
                (word, sentence) = ("grown", "grown by \(seen.checkpoint.size - from)")
            case .unchanged(let seconds):
                (word, sentence) = ("unchanged", "unchanged for \(seconds) s")
            }
            guard output.json else {
                return try Output.writeLine(
                    "\(systemTime()) \(seen.checkpoint.size) entries, root "
                        + "\(seen.checkpoint.root): \(sentence)"
                        + (seen.heads.map { "; \($0.sentence(trusting: trust))" } ?? "")
                )
            }
            try Output.document(asIfEnforced: nil, layout: .compact) { writer in
                writer.member("time", systemTime())
                writer.member("state", word)
                writer.member("origin", seen.checkpoint.origin)
                writer.key("entries")
                writer.integer(seen.checkpoint.size)
                writer.member("root", seen.checkpoint.root.description)
                if let before {
                    writer.key("entries_before")
                    writer.integer(before)
                }
                seen.heads?.write(to: &writer, trusting: trust)
            }
        }

        private func show(_ alarm: LogAlarm) throws {
            if output.json {
                try Output.document(asIfEnforced: nil, layout: .compact) { writer in
                    writer.member("time", systemTime())
                    writer.member("state", "alarm")
                    writer.member("alarm", alarm.kind.rawValue)
                    writer.member("message", alarm.message)
                }
            }
            Output.note("headroom: error: alarm: \(alarm.kind.rawValue): \(alarm.message)")
        }
    }
#endif
