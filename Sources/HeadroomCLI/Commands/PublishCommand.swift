// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import EntryLog
    import LedgerProofs
    import LedgerText

    /// `headroom publish`.
    struct PublishCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "publish",
            abstract: "Write the log as files that anybody may check, with nothing that is secret.",
            discussion: """
                The folder gets a signed checkpoint, the tiles of the tree, and of each entry its \
                header and hashes of the rest (C2SP tlog-tiles): any web server can hand them out. \
                Run again it adds what is new. It refuses what does not continue what is there, and \
                can be interrupted anywhere. 'headroom audit' and 'headroom watch' check the folder.

                Examples:
                  headroom publish /srv/www/log
                  headroom publish /srv/www/log --checkpoint head.txt --json
                """
        )

        @Argument(
            help: ArgumentHelp("The folder; made if it is missing.", valueName: "folder"),
            completion: .directory
        )
        var publishedFolder: String

        @OptionGroup var head: CheckpointOptions
        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var output: OutputOptions

        func perform() throws -> ExitStatus {
            let log = try ledger.folder.openForReading()
            let signed = try head.signed(of: log, in: ledger, isWitnessed: true)
            var tree = try ledger.folder.tree(of: log)
            let done: Publication
            do throws(PublicationError) {
                done = try Publisher(to: publishedFolder).publish(signed, of: &tree)
            } catch {
                throw CommandFailure(error)
            }
            try show(done, of: log)
            return .done
        }

        private func show(_ done: Publication, of log: OpenLog) throws {
            if output.json {
                try Output.document(asIfEnforced: log.isAdvisory) { writer in
                    writer.member("published", true)
                    writer.member("folder", publishedFolder)
                    writer.key("entries")
                    writer.integer(done.size)
                    writer.key("entries_before")
                    writer.integer(done.previousSize ?? 0)
                    writer.member("root", done.root.description)
                    writer.member("tiles_written", Int64(done.tileCount))
                    writer.member("bundles_written", Int64(done.bundleCount))
                }
                return
            }
            let before = done.previousSize ?? 0
            try Output.writeLine(
                done.size == before && done.previousSize != nil
                    ? "published: nothing is new since the last time"
                    : "published: \(done.size - before) new of \(done.size) entries"
            )
            try Output.writeLine("folder   \(publishedFolder)")
            try Output.writeLine("entries  \(done.size)")
            try Output.writeLine("root     \(done.root)")
            try Output.writeLine(
                "written  \(done.tileCount) tiles, \(done.bundleCount) bundles of entries"
            )
        }
    }
#endif
