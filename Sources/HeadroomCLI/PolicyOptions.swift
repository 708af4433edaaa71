// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel

    /// Who may do what in a new ledger, and what needs two people.
    struct PolicyOptions: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "What takes effect only when a second person approves it, such as "
                    + "adopt-rulebook,grant-status,sign-agreement.",
                valueName: "kind,..."
            )
        )
        var twoPeople: [String] = []

        @Option(
            help: ArgumentHelp(
                "Let a role do more than the standard policy does; repeat it.",
                valueName: "role:kind,..."
            )
        )
        var permit: [String] = []

        @Option(
            help: ArgumentHelp(
                "Let a role do less than the standard policy does; repeat it.",
                valueName: "role:kind,..."
            )
        )
        var forbid: [String] = []

        /// The standard policy with these changes.
        func policy() throws(Rejection) -> LedgerPolicy {
            var permissions = LedgerPolicy.standard.permissions
            for text in permit {
                let (role, kinds) = try Self.kinds(of: text, "--permit")
                permissions[role, default: []].formUnion(kinds)
            }
            for text in forbid {
                let (role, kinds) = try Self.kinds(of: text, "--forbid")
                permissions[role, default: []].subtract(kinds)
            }
            var pairs: Set<ActionKind> = []
            for text in twoPeople {
                pairs.formUnion(
                    try Self.kinds(text, "--two-people", among: ActionKind.proposable)
                )
            }
            return LedgerPolicy(permissions: permissions, twoPeople: pairs)
        }

        private static func kinds(
            of text: String,
            _ option: String
        ) throws(Rejection) -> (role: Role, kinds: Set<ActionKind>) {
            guard let colon = text.firstIndex(of: ":"), let role = Role(String(text[..<colon]))
            else {
                throw OptionValues.malformed(
                    option,
                    text,
                    "ROLE:KIND,..., such as vendor:correct; the roles are "
                        + Role.allCases.map(\.description).joined(separator: ", ")
                )
            }
            let kinds = try kinds(
                String(text[text.index(after: colon)...]),
                option,
                among: ActionKind.permissible
            )
            return (role, kinds)
        }

        private static func kinds(
            _ text: String,
            _ option: String,
            among allowed: Set<ActionKind>
        ) throws(Rejection) -> Set<ActionKind> {
            var kinds: Set<ActionKind> = []
            for word in text.split(separator: ",", omittingEmptySubsequences: false) {
                guard let kind = ActionKind(String(word)), allowed.contains(kind) else {
                    let names = ActionKind.allCases.filter(allowed.contains).map(\.description)
                    let guess = Suggestions.closest(to: String(word), in: names)
                    throw OptionValues.malformed(
                        option,
                        String(word),
                        "one of " + names.joined(separator: ", ")
                            + (guess.map { "; did you mean '\($0)'?" } ?? "")
                    )
                }
                kinds.insert(kind)
            }
            return kinds
        }
    }
#endif
