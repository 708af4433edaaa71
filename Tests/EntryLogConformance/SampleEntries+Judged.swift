// SPDX-License-Identifier: Apache-2.0
import EntryLog
import LedgerModel

/// Two people, model weights, time, and what nobody asks for.
extension SampleEntries {
    static let judged: [(name: String, entry: Entry)] = [
        ("tick", entry(28, "tick-1", .tick)),
        ("propose", entry(29, "propose-1", .propose(Proposal(action: .block(block))))),
        (
            "propose-refused",
            entry(
                30,
                "propose-2",
                .propose(
                    Proposal(action: .adoptRulebook(RulebookAdoption(bytes: Array("x".utf8))))
                ),
                .refused(.notPermitted)
            )
        ),
        (
            "decide-proposal",
            entry(
                31,
                "decide-1",
                .decideProposal(ProposalDecision(proposal: proposal, step: .approve))
            )
        ),
        (
            "decide-proposal-refused",
            entry(
                32,
                "decide-2",
                .decideProposal(ProposalDecision(proposal: proposal, step: .decline)),
                .refused(.proposalClosed)
            )
        ),
        ("create-ledger-two-people", entry(33, "init-2", .createLedger(twoPeople))),
        (
            "attest-installed-superseded",
            entry(34, "a-3", .attestInstalled(installed), .refused(.attestationSuperseded))
        ),
        ("weights", entry(35, "w-1", weights, .determined(.permitted))),
        (
            "weights-not-controlled",
            entry(36, "w-2", weights, .determined(.notControlled(.belowFloor)))
        ),
        (
            "weights-refused",
            entry(37, "w-3", weights, .determined(.refused(.storageNotAttested)))
        ),
    ]

    static let retention: [(name: String, entry: Entry)] = [
        (
            "propose-redaction",
            entry(42, "e-12", .propose(Proposal(action: .redact(redaction))))
        ),
        ("redact", entry(43, "e-13", .redact(redaction), .refused(.needsApproval))),
        (
            "decide-redaction",
            entry(
                44,
                "e-14",
                .decideProposal(ProposalDecision(proposal: proposal, step: .approve)),
                .refused(.onHold)
            )
        ),
        ("legal-hold-party", entry(45, "h-1", hold(.place(.party(falcon))))),
        (
            "legal-hold-entry",
            entry(46, "h-2", hold(.place(.entry(EntryNumber(rawValue: 20)))))
        ),
        ("legal-hold-operation", entry(47, "h-3", hold(.place(.operation(proposal))))),
        ("legal-hold-lift", entry(48, "h-4", hold(.lift(proposal)))),
    ]

    private static let redaction = Redaction(
        entries: [3, 4, 20].map(EntryNumber.init(rawValue:)),
        reason: "erasure request 12"
    )

    private static func hold(_ step: LegalHoldStep) -> Action {
        .legalHold(LegalHold(step: step, reason: "case 7"))
    }

    static let events: [(name: String, entry: Entry)] = [
        (
            "threshold",
            event(
                38,
                .smallOrder(group: falcon, year: 2_025),
                .crossed(percent: 95),
                used: 25_600_000,
                limit: 26_900_000
            )
        ),
        (
            "breach",
            event(
                39,
                .countryShare(group: falcon, country: country("IN")),
                .breached,
                used: 1_000_001,
                limit: 1_000_000
            )
        ),
        (
            "cure",
            event(40, .country(country("AE")), .cured, used: 1_000_000, limit: 1_000_000)
        ),
        ("unwatched", event(41, .outsideShare(group: falcon), .unwatched, used: 0, limit: 0)),
    ]

    static let keys: [(name: String, entry: Entry)] = [
        (
            "rotate-key",
            entry(
                42,
                "rotate-1",
                .rotateKey(
                    KeyRotation(
                        previousKey: "log.example+00000001+AQ==",
                        newKey: "log.example+00000002+AQ==",
                        statement: "headroom/key-rotation/v1\nlog.example\n\n"
                    )
                )
            )
        )
    ]

    private static let proposal = OperationReference(id: OperationIdentifier(checked: "propose-1"))

    private static let weights = Action.transferWeights(
        WeightsTransfer(
            model: "Kestrel 2 – base",
            isPublished: false,
            trainingOperations: 100_000_000_000_000_000_000_000_000,
            recipient: falcon,
            destination: country("AE")
        )
    )

    /// Regulators do everything that they can, and parties need two of them.
    private static let twoPeople = LedgerCreation(
        origin: OrganisationIdentifier(checked: "ledger.example.org/2026"),
        mode: .advisory,
        disclosure: .open,
        policy: LedgerPolicy(
            permissions: [
                .vendor: [.reserve, .tick], .regulator: ActionKind.permissible,
                .auditor: [.correct],
            ],
            twoPeople: [.party, .block]
        )
    )

    private static func event(
        _ number: UInt64,
        _ name: LimitName,
        _ change: LimitChange,
        used: Int64,
        limit: Int64
    ) -> Entry {
        Entry(
            number: EntryNumber(rawValue: number),
            time: time(number),
            actor: actor,
            rulebook: EntryNumber(rawValue: 1),
            content: .limit(
                LimitEvent(
                    name: name,
                    change: change,
                    used: TPP(rawValue: used),
                    limit: TPP(rawValue: limit)
                )
            )
        )
    }
}
