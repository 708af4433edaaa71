// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel
    import LedgerReports
    import LedgerText

    /// `headroom policy`.
    struct PolicyCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "policy",
            abstract: "Show who may do what in the ledger, and what needs two people.",
            discussion: """
                The policy is fixed by 'headroom init'. It binds what is written through the \
                program; whoever can write the folder's files is not stopped by it.

                Examples:
                  headroom policy
                  headroom policy --json
                """
        )

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var output: OutputOptions

        func perform() throws -> ExitStatus {
            let log = try ledger.folder.openForReading()
            let policy = log.creation?.policy ?? .standard
            if output.json {
                try Output.document(asIfEnforced: log.isAdvisory) { writer in
                    writer.key("policy")
                    writer.value(policy)
                }
                return .done
            }
            var table = TextTable([
                .word("what"), .word("vendor"), .word("regulator"), .word("operator"),
                .word("auditor"), .word("two people"),
            ])
            for kind in ActionKind.allCases where ActionKind.permissible.contains(kind) {
                let roles: [Role] = [.vendor, .regulator, .operator, .auditor]
                table.append(
                    [TextTable.Cell(kind.description)]
                        + roles.map { TextTable.Cell(word(for: kind, by: $0, policy)) }
                        + [TextTable.Cell(policy.twoPeople.contains(kind) ? "needed" : "")]
                )
            }
            try ResultText.write(table, ifEmpty: "")
            try ResultText.writeBasis(log)
            return .done
        }

        /// A vendor acts on holds of its own organisation, and corrects only what is its own.
        private func word(for kind: ActionKind, by role: Role, _ policy: LedgerPolicy) -> String {
            guard policy.permits(kind, to: role) else { return "" }
            let isOwn = role == .vendor && (ActionKind.onHolds.contains(kind) || kind == .correct)
            return isOwn ? "its own" : "yes"
        }
    }
#endif
