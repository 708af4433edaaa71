// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import EntryLog
    import LMDBEntryLog
    import LedgerModel
    import LedgerProofs
    import LedgerText

    /// `headroom audit`.
    struct AuditCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "audit",
            abstract: "Check that what was in the log at an earlier checkpoint still is.",
            discussion: """
                You keep a checkpoint; later you learn whether any entry of then was changed, left \
                out or moved. Every entry is hashed again, of a ledger from its log, of a published \
                log from its files, each of which is checked. Exit status 4 and what is wrong.

                Of a ledger's folder the stored checkpoints are checked too: each must be of this \
                log, and signed by a key that you name or that a rotation in the log leads to from \
                one. Without --key the keys that the folder lists are believed: that finds what was \
                altered, and not what was done by somebody who can write in the folder.

                Examples:
                  headroom audit --since head-2025-07.txt --key "$(cat ledger.pub)"
                  headroom audit --published /mnt/log --since head.txt --key "$KEY" --json
                """
        )

        @Option(
            help: ArgumentHelp(
                "A file with the earlier checkpoint (of a published log it may be left out).",
                valueName: "file"
            ),
            completion: .file()
        )
        var since: String?

        @Option(
            help: ArgumentHelp(
                "The folder of a published log, in place of a ledger's.",
                valueName: "folder"
            ),
            completion: .directory
        )
        var published: String?

        @OptionGroup var trust: TrustedKeyOptions
        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var output: OutputOptions

        /// What was found.
        private struct Found {
            var origin: String
            var size: UInt64
            var root: LedgerHash
            /// How many files were checked; `nil` of a ledger.
            var fileCount: Int?
            /// The stored heads; `nil` of a published log.
            var heads: CheckpointStore.CheckedHeads?
        }

        func perform() throws -> ExitStatus {
            if let published {
                let keys = try trust.keys()
                let earlier = try since.map { try signedCheckpoint($0, keys) }
                try show(try audit(published: published, earlier, keys), since: earlier)
            } else if let since {
                let (earlier, found) = try audit(since: since)
                try show(found, since: earlier)
            } else {
                throw OptionValues.malformed(
                    "--since",
                    "",
                    "a file with an earlier checkpoint; 'headroom verify' checks a log by itself"
                )
            }
            return .done
        }

        private func signedCheckpoint(
            _ path: String,
            _ keys: [NoteVerifierKey]
        ) throws -> Checkpoint {
            let signed = try CheckpointFile.read(path, "--since")
            do throws(ProofError) {
                try signed.requireSignature(ofOneOf: keys)
            } catch {
                throw CommandFailure(error, "--since")
            }
            return signed.checkpoint
        }

        private func audit(
            published folder: String,
            _ earlier: Checkpoint?,
            _ keys: [NoteVerifierKey]
        ) throws -> Found {
            guard let signed = try PublishedLog.checkpoint(in: folder) else {
                throw PublicationError.nothingPublished(folder: folder)
            }
            do throws(ProofError) {
                try signed.requireSignature(ofOneOf: keys)
            } catch {
                throw PublicationError.checkpoint(path: "checkpoint", error)
            }
            var log = try PublishedLog(folder, at: signed)
            let fileCount = try log.audit() + 1
            let now = signed.checkpoint
            try require(earlier, of: now.origin, size: now.size, &log)
            return Found(origin: now.origin, size: now.size, root: now.root, fileCount: fileCount)
        }

        private func audit(since file: String) throws -> (Checkpoint, Found) {
            let heads = try LedgerHeads.read(ledger.folder)
            let log = heads.log
            let keys = try trust.named()
            let earlier = try signedCheckpoint(file, keys.isEmpty ? try listed(by: heads) : keys)
            // Before the log is looked at, which then has all that was signed.
            let sizes = try LedgerHeads.keeping { () throws(KeepingError) in try heads.store.sizes()
            }
            let frontier = try log.log.frontier()
            // Nothing that was kept is used: every entry is hashed.
            var tree = try StoredTree(
                LogLeaves(of: log.log, secret: log.log.secret),
                frontier: frontier
            )
            try require(earlier, of: heads.origin, size: tree.size, &tree)
            // What lies behind the last whole block of 256 is not in what was kept.
            if tree.size % 256 > 0 { _ = try tree.tile(level: 0, index: tree.size / 256) }
            var believed = heads.trust(in: keys)
            let size = tree.size
            let checked = try LedgerHeads.keeping { () throws(KeepingError) in
                try heads.store.check(sizes, trusting: &believed, logSize: size) {
                    size throws(EntryLogError) in try tree.root(size: size)
                }
            }
            let found = Found(
                origin: heads.origin,
                size: tree.size,
                root: frontier.root,
                heads: checked
            )
            return (earlier, found)
        }

        private func listed(by heads: LedgerHeads) throws -> [NoteVerifierKey] {
            let keys = try LedgerHeads.keeping { () throws(KeepingError) in
                try heads.publicKeys.keys()
            }
            // A ledger that has never signed lists none.
            return keys.isEmpty ? try trust.keys() : keys
        }

        private func require<Hashes: TreeHashes>(
            _ earlier: Checkpoint?,
            of origin: String,
            size: UInt64,
            _ hashes: inout Hashes
        ) throws {
            guard let earlier else { return }
            guard earlier.origin == origin else {
                throw CommandFailure(
                    PublicationError.anotherOrigin(found: earlier.origin, expected: origin)
                )
            }
            guard earlier.size <= size else {
                throw CommandFailure(
                    PublicationError.shrinks(from: earlier.size, to: size)
                )
            }
            try hashes.require(earlier, of: size, "--since")
        }

        private func show(_ found: Found, since earlier: Checkpoint?) throws {
            if output.json {
                try Output.document(asIfEnforced: nil) { writer in
                    writer.member("audited", true)
                    writer.member("origin", found.origin)
                    writer.key("entries")
                    writer.integer(found.size)
                    writer.member("root", found.root.description)
                    if let earlier {
                        writer.key("entries_then")
                        writer.integer(earlier.size)
                        writer.member("root_then", earlier.root.description)
                    }
                    if let files = found.fileCount {
                        writer.member("files_checked", Int64(files))
                    }
                    found.heads?.write(to: &writer, trusting: trust)
                }
                return
            }
            try Output.writeLine(
                earlier == nil
                    ? "audited: the published files are those of the log that was signed"
                    : "audited: no entry that was in the log then has been changed, left out or moved"
            )
            try Output.writeLine("log      \(found.origin)")
            if let earlier {
                try Output.writeLine("then     \(earlier.size) entries, root \(earlier.root)")
            }
            try Output.writeLine("now      \(found.size) entries, root \(found.root)")
            if let earlier { try Output.writeLine("new      \(found.size - earlier.size) entries") }
            try Output.writeLine(
                found.fileCount.map { "checked  \($0) files, all of the signed tree" }
                    ?? "checked  every entry of the ledger's log, hashed again"
            )
            if let heads = found.heads {
                try Output.writeLine("heads    \(heads.sentence(trusting: trust))")
            }
        }
    }
#endif
