// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerReports
import Rulebook

/// Proposals, policies and transfers of model weights, each with its sentence.
enum JudgedCases {
    static func all() throws -> [(String, String)] {
        let explainer = try DecisionCases.explainer()
        return try (proposals() + retention() + transfers() + policies()).map {
            name,
            action,
            outcome in
            let entry = try Fixtures.entry(
                action,
                outcome,
                actor: Fixtures.actor("BIS", role: .regulator)
            )
            return (name, explainer.sentence(for: entry))
        }
    }

    private static func retention() -> [(String, Action, Outcome)] {
        let redaction = Action.redact(
            Redaction(
                entries: (3..<10).map(EntryNumber.init(rawValue:)),
                reason: "request 12"
            )
        )
        func hold(_ step: LegalHoldStep) -> Action {
            .legalHold(LegalHold(step: step, reason: "case 7"))
        }
        let approve = Action.decideProposal(
            ProposalDecision(proposal: LifeCases.hold, step: .approve)
        )
        return [
            ("propose a redaction", .propose(Proposal(action: redaction)), .accepted),
            ("redact alone", redaction, .refused(.needsApproval)),
            ("redact without permission", redaction, .refused(.notPermitted)),
            ("approve on hold", approve, .refused(.onHold)),
            ("approve for nothing", approve, .refused(.notRedactable)),
            ("hold a party", hold(.place(.party(Fixtures.party("ACME")))), .accepted),
            ("hold an entry", hold(.place(.entry(EntryNumber(rawValue: 3)))), .accepted),
            ("hold an operation", hold(.place(.operation(LifeCases.hold))), .accepted),
            ("lift a hold", hold(.lift(LifeCases.hold)), .accepted),
        ]
    }

    private static func proposals() throws -> [(String, Action, Outcome)] {
        let block = Action.block(
            PartyBlock(party: Fixtures.party("ACME"), isBlocked: true, reason: "diversion")
        )
        let grant = Action.grantStatus(
            StatusGrant(
                kind: .universal,
                party: Fixtures.party("ACME"),
                dates: try Fixtures.days("2025-02-01")
            )
        )
        let change = Action.changeStatus(
            StatusChange(grant: LifeCases.hold, step: .revoke, reason: "review")
        )
        let record = Action.party(
            PartyRecord(
                id: Fixtures.party("ACME"),
                name: "Acme",
                site: try Fixtures.country("AE"),
                headquarters: try Fixtures.country("US")
            )
        )
        let approve = Action.decideProposal(
            ProposalDecision(proposal: LifeCases.hold, step: .approve)
        )
        let decline = Action.decideProposal(
            ProposalDecision(proposal: LifeCases.hold, step: .decline)
        )
        return [
            ("propose a block", .propose(Proposal(action: block)), .accepted),
            ("propose a status", .propose(Proposal(action: grant)), .accepted),
            ("propose a change", .propose(Proposal(action: change)), .accepted),
            (
                "propose without permission", .propose(Proposal(action: block)),
                .refused(.notPermitted)
            ),
            ("block alone", block, .refused(.needsApproval)),
            (
                "unblock alone",
                .block(PartyBlock(party: Fixtures.party("ACME"), isBlocked: false, reason: "r")),
                .refused(.needsApproval)
            ),
            ("record alone", record, .refused(.needsApproval)),
            (
                "rulebook alone",
                .adoptRulebook(RulebookAdoption(bytes: ShippedRulebook.codified.file.bytes)),
                .refused(.notPermitted)
            ),
            (
                "devices alone", .adoptDevices(DeviceAdoption(bytes: [0x61])),
                .refused(.notPermitted)
            ),
            ("approve", approve, .accepted),
            ("approve one's own", approve, .refused(.samePerson)),
            ("approve twice", approve, .refused(.proposalClosed)),
            ("approve what the rules refuse", approve, .refused(.statusExists)),
            ("decline", decline, .accepted),
        ]
    }

    static func transfer() throws -> Action {
        .transferWeights(
            WeightsTransfer(
                model: "Kestrel 2",
                isPublished: false,
                trainingOperations: 100_000_000_000_000_000_000_000_000,
                recipient: Fixtures.party("ACME-AE"),
                destination: try Fixtures.country("AE")
            )
        )
    }

    private static func transfers() throws -> [(String, Action, Outcome)] {
        let transfer = try transfer()
        return [
            ("weights", transfer, .determined(.permitted)),
            ("published weights", transfer, .determined(.notControlled(.published))),
            ("small weights", transfer, .determined(.notControlled(.belowThreshold))),
            ("old weights", transfer, .determined(.notControlled(.belowFloor))),
            ("weights to concern", transfer, .determined(.refused(.countryOfConcern))),
            ("weights to a blocked party", transfer, .determined(.refused(.partyBlocked))),
            ("weights to strangers", transfer, .determined(.refused(.headquartersNotTrusted))),
            ("weights to no storage", transfer, .determined(.refused(.storageNotAttested))),
            ("weights without permission", transfer, .refused(.notPermitted)),
        ]
    }

    private static func policies() -> [(String, Action, Outcome)] {
        var creation = Fixtures.creation()
        creation.policy.twoPeople = [.block]
        return [("create with a policy", .createLedger(creation), .accepted)]
    }
}
