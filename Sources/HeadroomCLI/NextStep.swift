// SPDX-License-Identifier: Apache-2.0

#if Service
    import LedgerModel
    import QuotaLedger

    /// A command that one needs next.
    struct NextStep: Equatable {
        /// The command, as one types it.
        var command: String
        /// What it does.
        var purpose: String

        /// How many steps are shown.
        static let shownCount = 3

        /// What one does where there is no ledger yet.
        static let withoutLedger = [
            NextStep(
                command: "headroom init --rulebook diffusion-2025-brief",
                purpose: "makes one there"
            ),
            NextStep(
                command: "export HEADROOM_LEDGER=FOLDER",
                purpose: "names one that is elsewhere"
            ),
            NextStep(command: "headroom --help", purpose: "all verbs"),
        ]

        /// What one does with a ledger.
        ///
        /// - Parameters:
        ///   - overview: How it stands.
        ///   - option: What names the ledger in a command; empty if it is found without.
        /// - Returns: At most ``shownCount`` steps, the most pressing first.
        static func steps(for overview: LedgerOverview, _ option: String) -> [NextStep] {
            let candidates =
                overview.decisionCount == 0 ? beginning(overview) : working(overview)
            return candidates.prefix(shownCount).map {
                NextStep(command: $0.command + option, purpose: $0.purpose)
            }
        }

        private static func beginning(_ overview: LedgerOverview) -> [NextStep] {
            var steps = pressing(overview)
            if overview.rulebook == nil {
                steps.append(
                    NextStep(
                        command: "headroom rulebook adopt diffusion-2025-brief",
                        purpose: "without a rulebook orders are rejected"
                    )
                )
            }
            if overview.partyCount == 0 {
                steps.append(
                    NextStep(
                        command: "headroom party import parties.csv",
                        purpose: "registers who receives"
                    )
                )
            }
            return steps + [
                NextStep(command: "headroom import orders.csv", purpose: "takes in orders"),
                NextStep(command: "headroom reserve --help", purpose: "how to ask for one order"),
                NextStep(command: "headroom log", purpose: "what has happened so far"),
            ]
        }

        private static func working(_ overview: LedgerOverview) -> [NextStep] {
            let newest = overview.entryCount - 1
            return pressing(overview) + [
                NextStep(
                    command: "headroom caps",
                    purpose: "what each country may have, what is used, what is left"
                ),
                NextStep(
                    command: "headroom explain \(newest)",
                    purpose: "the newest entry, with its arithmetic"
                ),
                NextStep(
                    command: "headroom log --from \(newest - min(newest, 9))",
                    purpose: "the newest entries"
                ),
            ]
        }

        /// What waits for somebody.
        private static func pressing(_ overview: LedgerOverview) -> [NextStep] {
            var steps: [NextStep] = []
            if overview.proposalCount > 0 {
                steps.append(
                    NextStep(command: "headroom proposals", purpose: "what waits for approval")
                )
            }
            if !overview.limits.isEmpty {
                steps.append(
                    NextStep(command: "headroom breaches", purpose: "the limits that stand out")
                )
            }
            return steps
        }
    }
#endif
