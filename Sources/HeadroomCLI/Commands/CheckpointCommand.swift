// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import EntryLog
    import LedgerModel
    import LedgerProofs
    import LedgerReports
    import LedgerText

    /// `headroom checkpoint`.
    struct CheckpointCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "checkpoint",
            abstract: "Signed heads of the log: sign, list, show, take in cosignatures.",
            discussion: """
                A checkpoint says how many entries the log has and what their root is, signed: a \
                C2SP tlog-checkpoint. Whoever keeps one can prove that the log was rewritten, if it \
                ever is. There is never more than one root for one size. Without a verb it signs.

                Examples:
                  headroom checkpoint
                  headroom checkpoint list
                """,
            subcommands: [Sign.self, List.self, Show.self, Cosign.self],
            defaultSubcommand: Sign.self
        )

        struct Sign: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Sign the head as it is now, store it, and print it.",
                discussion: """
                    What is signed is on disk, and follows on what was signed before: if the log is \
                    not the one of the newest checkpoint any more, nothing is signed (exit status 4).

                    Examples:
                      headroom checkpoint sign
                      headroom checkpoint --to head.txt
                    """
            )

            @OptionGroup var file: ReportFileOptions
            @OptionGroup var keys: KeyOptions
            @OptionGroup var ledger: LedgerOptions
            @OptionGroup var output: OutputOptions

            func perform() throws -> ExitStatus {
                let heads = try keys.heads(of: ledger)
                try CheckpointCommand.show(try heads.sign(), heads, file, output)
                return .done
            }
        }

        struct List: Verb {
            static let configuration = CommandConfiguration(
                abstract: "List the stored checkpoints, with who cosigned them and when.",
                discussion: """
                    Examples:
                      headroom checkpoint list
                      headroom checkpoint list --json
                    """
            )

            @OptionGroup var ledger: LedgerOptions
            @OptionGroup var output: OutputOptions

            func perform() throws -> ExitStatus {
                let heads = try LedgerHeads.read(ledger.folder)
                let found = try LedgerHeads.keeping { () throws(KeepingError) in
                    var found: [(SignedCheckpoint, [VerifiedSignature])] = []
                    for size in try heads.store.sizes() {
                        guard let signed = try heads.store.checkpoint(at: size) else { continue }
                        found.append((signed, try heads.store.signatures(of: signed)))
                    }
                    return found
                }
                try show(found, heads.log)
                return .done
            }

            private func show(
                _ found: [(SignedCheckpoint, [VerifiedSignature])],
                _ log: OpenLog
            ) throws(CommandFailure) {
                if output.json {
                    try Output.document(asIfEnforced: log.isAdvisory) { writer in
                        writer.key("checkpoints")
                        writer.beginArray()
                        for (signed, signatures) in found { writer.value(signed, signatures) }
                        writer.endArray()
                    }
                    return
                }
                var table = TextTable([
                    .number("entries"), .word("root"), .text("signed by"), .text("cosigned by"),
                ])
                for (signed, signatures) in found {
                    let own = signatures.filter { $0.key.algorithm == .ed25519 }
                    let others = signatures.filter { $0.key.algorithm == .cosignature }
                    table.append([
                        TextTable.Cell("\(signed.checkpoint.size)"),
                        TextTable.Cell(signed.checkpoint.root.description),
                        TextTable.Cell(own.map(\.key.shortText).joined(separator: ", ")),
                        TextTable.Cell(
                            others.map { "\($0.key.name) at \($0.time?.description ?? "?")" }
                                .joined(separator: ", ")
                        ),
                    ])
                }
                try ResultText.write(table, ifEmpty: "no checkpoints: see 'headroom checkpoint'")
            }
        }

        struct Show: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Print a stored checkpoint, with the cosignatures that it has by now.",
                discussion: """
                    Examples:
                      headroom checkpoint show
                      headroom checkpoint show 1200 --to head.txt
                    """
            )

            @Argument(
                help: ArgumentHelp(
                    "How many entries it covers (default: the newest).",
                    valueName: "size"
                )
            )
            var size: UInt64?

            @OptionGroup var file: ReportFileOptions
            @OptionGroup var ledger: LedgerOptions
            @OptionGroup var output: OutputOptions

            func perform() throws -> ExitStatus {
                let heads = try LedgerHeads.read(ledger.folder)
                let found = try LedgerHeads.keeping { () throws(KeepingError) in
                    try heads.store.stored(at: size)
                }
                try CheckpointCommand.show(found, heads, file, output)
                return .done
            }
        }

        struct Cosign: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Take in what a witness cosigned, and keep it with the checkpoint.",
                discussion: """
                    A witness has seen that the log only grew. The file is the checkpoint with the \
                    witness's signature under it, or the signature's line alone, as a witness \
                    answers. It counts by the witness's key: named once with --witness-key, it is \
                    known from then on.

                    Examples:
                      headroom checkpoint cosign answer.txt --witness-key "$(cat witness.pub)"
                      headroom checkpoint cosign answer.txt --size 1200
                    """
            )

            @Argument(
                help: ArgumentHelp("A cosigned checkpoint; - is standard input.", valueName: "file")
            )
            var cosigned: String

            @Option(
                help: ArgumentHelp(
                    "A verifier key of a witness that you trust, of signature type 4.",
                    valueName: "key"
                )
            )
            var witnessKey: [String] = []

            @Option(
                help: ArgumentHelp(
                    "Of a signature's line alone: the size that was cosigned (default: the newest).",
                    valueName: "size"
                )
            )
            var size: UInt64?

            @OptionGroup var ledger: LedgerOptions
            @OptionGroup var output: OutputOptions

            func perform() throws -> ExitStatus {
                let heads = try LedgerHeads.read(ledger.folder)
                let named = try witnessKey.map(Self.witness)
                let bytes = try SmallFile.bytes(cosigned, "file")
                let kept = try LedgerHeads.keeping { () throws(KeepingError) in
                    let offered = try self.offered(bytes, heads.store)
                    return try heads.store.cosign(offered, named: named)
                }
                let signatures = try LedgerHeads.keeping { () throws(KeepingError) in
                    try heads.store.signatures(of: kept.stored)
                }
                if output.json {
                    try Output.document(asIfEnforced: heads.log.isAdvisory) { writer in
                        writer.key("checkpoint")
                        writer.value(kept.stored, signatures)
                    }
                    return .done
                }
                for signature in kept.cosignatures {
                    try Output.writeLine(
                        "kept: \(signature.key.name) cosigned the head of "
                            + "\(kept.stored.checkpoint.size) entries at "
                            + (signature.time?.description ?? "an unknown time")
                    )
                }
                return .done
            }

            private static func witness(_ text: String) throws(CommandFailure) -> NoteVerifierKey {
                do throws(ProofError) {
                    let key = try NoteVerifierKey(text)
                    guard key.algorithm == .cosignature else {
                        throw .malformed(
                            .verifierKey,
                            found: "a key that signs as a log",
                            expected: "one of a witness, signature type 4"
                        )
                    }
                    return key
                } catch {
                    throw CommandFailure(error, "--witness-key")
                }
            }

            private func offered(
                _ bytes: [UInt8],
                _ store: CheckpointStore
            ) throws(KeepingError) -> SignedNote {
                var note = bytes
                if bytes.starts(with: Array("— ".utf8)) {
                    let stored = try store.stored(at: size)
                    note = stored.checkpoint.text + [UInt8(ascii: "\n")] + bytes
                }
                do throws(ProofError) {
                    return try SignedNote(note)
                } catch {
                    throw .refused(error)
                }
            }
        }

        /// Prints a head.
        static func show(
            _ signed: SignedCheckpoint,
            _ heads: LedgerHeads,
            _ file: ReportFileOptions,
            _ output: OutputOptions
        ) throws(CommandFailure) {
            guard output.json else { return try file.write(signed.bytes) }
            let signatures = try LedgerHeads.keeping { () throws(KeepingError) in
                try heads.store.signatures(of: signed)
            }
            try file.write(
                Output.documentBytes(asIfEnforced: heads.log.isAdvisory) { writer in
                    writer.key("checkpoint")
                    writer.value(signed, signatures)
                }
            )
        }
    }

    extension CheckpointStore {
        /// The head of a size, or the newest.
        fileprivate func stored(at size: UInt64?) throws(KeepingError) -> SignedCheckpoint {
            let found = if let size { try checkpoint(at: size) } else { try newest() }
            guard let found else { throw .noCheckpoint(size: size) }
            return found
        }
    }
#endif
