// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import EntryLog
    import LMDBEntryLog
    import LedgerModel
    import LedgerProofs
    import LedgerReports
    import LedgerText

    extension KeyCommand {
        struct Rotate: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Put another signing key in the place of the present one.",
                discussion: """
                    An entry of the log says so, with a statement that both keys signed. From then \
                    on both sign every head, so that whoever has either public key can check it, \
                    until 'headroom key retire'. Interrupted, it can be run again. The operator's \
                    alone, whatever the policy.

                    Examples:
                      headroom key rotate
                      headroom key export
                    """
            )

            @OptionGroup var keys: KeyOptions
            @OptionGroup var options: OperationOptions

            func perform() throws -> ExitStatus {
                try options.ledger.folder.withLedger { opened in
                    let heads = keys.heads(of: options.ledger, opened.source)
                    let (present, new): (NoteSigningKey, NoteSigningKey)
                    do throws(KeepingError) {
                        (present, new) = try heads.signingKeys.beginRotation()
                    } catch {
                        throw CommandFailure(error)
                    }
                    // An entry that an interrupted rotation left is not written twice.
                    var status = ExitStatus.done
                    if let entry = try KeyCommand.rotation(to: new.verifierKey, in: opened.source) {
                        Output.note(
                            "headroom: note: entry \(entry) said so before; going on from there"
                        )
                    } else {
                        let operation = try options.operation(
                            .rotateKey(try statement(from: present, to: new, heads))
                        )
                        let answer = try opened.answer(to: operation)
                        status = try options.show(answer, to: operation, opened.source)
                    }
                    guard status == .done else { return status }
                    do throws(KeepingError) {
                        // Known before it signs.
                        try heads.publicKeys.add(present.verifierKey)
                        try heads.publicKeys.add(new.verifierKey)
                        try heads.signingKeys.finishRotation()
                    } catch {
                        throw CommandFailure(error)
                    }
                    return .done
                }
            }

            /// What the entry says; it is checked as an auditor does.
            private func statement(
                from present: NoteSigningKey,
                to new: NoteSigningKey,
                _ heads: LedgerHeads
            ) throws -> KeyRotation {
                let size = try heads.log.log.head().next
                do throws(ProofError) {
                    let rotation = try RotationStatement(
                        origin: heads.origin,
                        size: size,
                        from: present,
                        to: new
                    ).rotation
                    try RotationStatement.check(
                        rotation,
                        of: heads.origin,
                        at: EntryNumber(rawValue: size)
                    )
                    return rotation
                } catch {
                    throw CommandFailure(error, "statement")
                }
            }
        }

        struct Retire: Verb {
            static let configuration = CommandConfiguration(
                abstract: "End the use of the key before the present one: its file is deleted.",
                discussion: """
                    Do it once everybody who checks the ledger has the new public key. What the \
                    old key signed stays valid and is still checked.

                    Examples:
                      headroom key retire
                    """
            )

            @OptionGroup var keys: KeyOptions
            @OptionGroup var ledger: LedgerOptions
            @OptionGroup var output: OutputOptions

            func perform() throws -> ExitStatus {
                let heads = try keys.heads(of: ledger)
                let retired = try LedgerHeads.keeping { () throws(KeepingError) in
                    try heads.signingKeys.retire()
                }
                if output.json {
                    try Output.document(asIfEnforced: heads.log.isAdvisory) { writer in
                        writer.member("retired", retired.text)
                    }
                    return .done
                }
                try Output.writeLine("retired: \(retired.text) signs no more")
                return .done
            }
        }

        /// The entry that put a key in the place of another, if there is one.
        fileprivate static func rotation(
            to key: NoteVerifierKey,
            in log: OpenLog
        ) throws(EntryLogError) -> EntryNumber? {
            var found: EntryNumber?
            try log.forEachEntry { kind, _ in
                kind == .rotateKey
            } _: { entry in
                guard case .operation(let record) = entry.content,
                    case .rotateKey(let rotation) = record.action, record.outcome == .accepted,
                    rotation.newKey == key.text
                else { return .next }
                found = entry.number
                return .stop
            }
            return found
        }
    }
#endif
