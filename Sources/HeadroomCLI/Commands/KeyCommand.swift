// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel
    import LedgerProofs
    import LedgerReports
    import LedgerText

    /// `headroom key`.
    struct KeyCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "key",
            abstract: "The keys by which the ledger signs its heads: make, export, rotate.",
            discussion: """
                Who has the signing key speaks for the ledger. It lies in a file that only its \
                owner can read, in keys/ of the ledger's folder or where --keys says, and is in no \
                backup. What others check signatures by is public.

                Examples:
                  headroom key make
                  headroom key export > ledger.pub
                """,
            subcommands: [Make.self, Show.self, Export.self, Rotate.self, Retire.self]
        )

        struct Make: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Make the ledger's signing key, once.",
                discussion: """
                    Shows the public key: publish it where those look who are to check the ledger. \
                    It is never written over. Another key takes its place by 'headroom key rotate'; \
                    if it is lost, by --in-place-of-lost, which nobody can check: tell everyone.

                    Examples:
                      headroom key make
                      headroom key make --keys /srv/secrets/ledger --name ledger.example.org
                    """
            )

            @Option(
                help: ArgumentHelp(
                    "The key's name, without blanks and '+' (default: the ledger's origin).",
                    valueName: "name"
                )
            )
            var name: String?

            @Flag(help: "The ledger had a key, and it is lost.")
            var inPlaceOfLost = false

            @OptionGroup var keys: KeyOptions
            @OptionGroup var ledger: LedgerOptions
            @OptionGroup var output: OutputOptions

            func perform() throws -> ExitStatus {
                let heads = try keys.heads(of: ledger)
                let keyName: NoteKeyName
                do throws(ProofError) {
                    keyName = try NoteKeyName(name ?? heads.origin)
                } catch {
                    throw CommandFailure(error, "--name")
                }
                let key = try LedgerHeads.keeping { () throws(KeepingError) in
                    try made(keyName, heads)
                }
                try KeyCommand.show(key.verifierKey, heads, output)
                return .done
            }

            private func made(
                _ name: NoteKeyName,
                _ heads: LedgerHeads
            ) throws(KeepingError) -> NoteSigningKey {
                let known = try heads.publicKeys.keys()
                if let key = try heads.signingKeys.current() {
                    // An interrupted making ended before the key was listed.
                    guard !known.contains(key.verifierKey) else {
                        throw .keyExists(path: heads.signingKeys.signingPath)
                    }
                    try heads.publicKeys.add(key.verifierKey)
                    return key
                }
                if let last = known.last, !inPlaceOfLost {
                    throw .lostKey(path: heads.signingKeys.signingPath, last)
                }
                let key = try heads.signingKeys.make(named: name)
                try heads.publicKeys.add(key.verifierKey)
                return key
            }
        }

        struct Show: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Show the public keys by which the ledger signs and has signed.",
                discussion: """
                    Examples:
                      headroom key show
                      headroom key show --json
                    """
            )

            @OptionGroup var keys: KeyOptions
            @OptionGroup var ledger: LedgerOptions
            @OptionGroup var output: OutputOptions

            func perform() throws -> ExitStatus {
                let heads = try keys.heads(of: ledger)
                let keys = try LedgerHeads.keeping { () throws(KeepingError) in
                    try KeyCommand.standings(of: heads)
                }
                try show(keys, heads.log)
                return .done
            }

            private func show(
                _ keys: [(key: NoteVerifierKey, use: String)],
                _ log: OpenLog
            ) throws(CommandFailure) {
                if output.json {
                    try Output.document(asIfEnforced: log.isAdvisory) { writer in
                        writer.key("keys")
                        writer.beginArray()
                        for (key, use) in keys {
                            writer.beginObject()
                            writer.member("key", key.text)
                            writer.member("use", use)
                            writer.endObject()
                        }
                        writer.endArray()
                    }
                    return
                }
                var table = TextTable([.word("use"), .word("public key")])
                for (key, use) in keys {
                    table.append([TextTable.Cell(use), TextTable.Cell(key.text)])
                }
                try ResultText.write(table, ifEmpty: "no key: see 'headroom key make'")
            }
        }

        struct Export: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Print the public keys, one a line, for those who check the ledger.",
                discussion: """
                    Those by which it signs now, the newest first: the text that 'headroom \
                    verify-receipt --key' and C2SP's tools take.

                    Examples:
                      headroom key export > ledger.pub
                      headroom key export --all
                    """
            )

            @Flag(help: "All by which it has ever signed, the oldest first.")
            var all = false

            @OptionGroup var keys: KeyOptions
            @OptionGroup var ledger: LedgerOptions
            @OptionGroup var file: ReportFileOptions

            func perform() throws -> ExitStatus {
                let heads = try keys.heads(of: ledger)
                let found = try LedgerHeads.keeping { () throws(KeepingError) in
                    all
                        ? try heads.publicKeys.keys()
                        : try heads.signingKeys.signers().map(\.verifierKey)
                }
                try file.write(found.map { $0.text + "\n" }.joined())
                return .done
            }
        }

        /// The public keys, the oldest first, with what each is used for.
        static func standings(
            of heads: LedgerHeads
        ) throws(KeepingError) -> [(key: NoteVerifierKey, use: String)] {
            let hasKey = try heads.signingKeys.current() != nil
            let signers = hasKey ? try heads.signingKeys.signers().map(\.verifierKey) : []
            let known = try heads.publicKeys.keys()
            let all = known + signers.filter { !known.contains($0) }
            return all.map { key in
                if key == signers.first { return (key, "signs") }
                return (key, signers.contains(key) ? "signs too" : "signed")
            }
        }

        /// Shows a key that was made.
        static func show(
            _ key: NoteVerifierKey,
            _ heads: LedgerHeads,
            _ output: OutputOptions
        ) throws(CommandFailure) {
            if output.json {
                return try Output.document(asIfEnforced: heads.log.isAdvisory) { writer in
                    writer.member("key", key.text)
                    writer.member("file", heads.signingKeys.signingPath)
                }
            }
            try ResultText.write([
                ("key", key.text), ("file", heads.signingKeys.signingPath),
            ])
        }
    }
#endif
