// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerReports
import Rulebook
import Testing

@Suite struct LifeSentenceTests {
    @Test func everyOperationAfterAGrantIsToldInOneSentence() throws {
        let sentences = Dictionary(uniqueKeysWithValues: try LifeCases.all())
        #expect(
            sentences == [
                "ship a part":
                    "Shipment of 3.000 H100e under the hold of po-17 (entry 5) was recorded: "
                    + "7.000 H100e are still open.",
                "ship all":
                    "Shipment of 10.000 H100e under the hold of po-17 (entry 5) was recorded: "
                    + "nothing is left open.",
                "ship the last":
                    "Last shipment of 3.000 H100e under the hold of po-17 (entry 5) was "
                    + "recorded: the rest, 7.000 H100e, is free again.",
                "ship the last of all":
                    "Last shipment of 10.000 H100e under the hold of po-17 (entry 5) was "
                    + "recorded: nothing was left to free.",
                "ship too much":
                    "Shipment of 3.000 H100e under the hold of po-17 (entry 5) was refused "
                    + "(exceeds-hold): 3.000 H100e asked, 2.000 H100e open.",
                "ship under a closed hold":
                    "Shipment of 3.000 H100e under the hold of po-17 (entry 5) was refused "
                    + "(hold-closed): nothing of the hold is open.",
                "ship under no hold":
                    "Shipment under the hold of po-17 (entry 5) was refused (not-granted): the "
                    + "reservation was refused.",
                "ship to concern":
                    "Shipment of 3.000 H100e under the hold of po-17 (entry 5) was refused "
                    + "(concern): a country of concern takes part; the hold is kept.",
                "ship to a blocked party":
                    "Shipment of 3.000 H100e under the hold of po-17 (entry 5) was refused "
                    + "(party-blocked): the party is blocked; the hold is kept.",
                "ship without status":
                    "Shipment of 3.000 H100e under the hold of po-17 (entry 5) was refused "
                    + "(status-inactive): the status that granted the hold is not active now; "
                    + "the hold is kept.",
                "ship for another":
                    "Shipment under the hold of po-17 was refused (not-permitted): the "
                    + "ledger's policy lets a vendor do this with its own orders only, or not at "
                    + "all.",
                "return a part":
                    "Return of 3.000 H100e shipped under the hold of po-17 (entry 5) was "
                    + "recorded: 7.000 H100e are still shipped.",
                "return all":
                    "Return of 3.000 H100e shipped under the hold of po-17 (entry 5) was "
                    + "recorded: nothing is left shipped.",
                "return too much":
                    "Return of 3.000 H100e shipped under the hold of po-17 (entry 5) was "
                    + "refused (exceeds-shipped): 3.000 H100e asked, 2.000 H100e shipped and "
                    + "still there.",
                "return of nothing":
                    "Return of goods shipped under the hold of po-17 (entry 5) was refused "
                    + "(exceeds-shipped): nothing is shipped and still there.",
                "return for another":
                    "Return of goods shipped under the hold of po-17 was refused "
                    + "(not-permitted): the ledger's policy lets a vendor do this with its own "
                    + "orders only, or not at all.",
                "retire a part":
                    "Retirement (loss) of 3.000 H100e shipped under the hold of po-17 (entry "
                    + "5) was recorded: 7.000 H100e are still shipped.",
                "retire too much":
                    "Retirement (loss) of 3.000 H100e shipped under the hold of po-17 (entry "
                    + "5) was refused (exceeds-shipped): 3.000 H100e asked, 2.000 H100e shipped "
                    + "and still there.",
                "retire for another":
                    "Retirement (loss) of goods shipped under the hold of po-17 was refused "
                    + "(not-permitted): the ledger's policy lets a vendor do this with its own "
                    + "orders only, or not at all.",
                "release":
                    "Release of the hold of po-17 (entry 5) was recorded: 10.000 H100e are "
                    + "free again.",
                "release nothing":
                    "Release of the hold of po-17 (entry 5) was recorded: it held nothing.",
                "release a closed hold":
                    "Release of the hold of po-17 (entry 5) was refused (hold-closed): nothing "
                    + "of the hold is open.",
                "extend":
                    "Extension of the hold of po-17 (entry 5) to 2025-09-01T12:00:00.000Z was "
                    + "recorded.",
                "extend backwards":
                    "Extension of the hold of po-17 (entry 5) to 2025-09-01T12:00:00.000Z was "
                    + "refused (deadline-not-later): the hold has a deadline as late as that, or "
                    + "none.",
                "revoke":
                    "Revocation of the hold of NVIDIA po-17 (entry 5) (review) took effect: "
                    + "10.000 H100e are free again.",
                "revoke without permission":
                    "Revocation of the hold of NVIDIA po-17 (review) was refused "
                    + "(not-permitted): the ledger's policy lets a vendor do this with its own "
                    + "orders only, or not at all.",
                "correct an entry":
                    "Correction of entry 5 (the site is in DE) was recorded.",
                "correct an operation":
                    "Correction of operation NVIDIA po-17 (PO 18) was recorded.",
                "tick":
                    "Tick was recorded: what was due by its time stands in front of it.",
                "tick without permission":
                    "Tick was refused (not-permitted): the ledger's policy does not permit it "
                    + "in the role of vendor.",
                "reserve without permission":
                    "Order for ACME-AE in United Arab Emirates (AE) was refused "
                    + "(not-permitted): the ledger's policy does not permit it in the role of "
                    + "vendor.",
            ]
        )
    }

    @Test func proposalsPoliciesAndTransfersOfWeightsAreToldInOneSentence() throws {
        let sentences = Dictionary(uniqueKeysWithValues: try JudgedCases.all())
        #expect(
            sentences == [
                "propose a block":
                    "Proposal op-7 waits for another person's approval: Party ACME to be "
                    + "blocked (diversion).",
                "propose a status":
                    "Proposal op-7 waits for another person's approval: Universal VEU status "
                    + "of party ACME from 2025-02-01 to be granted.",
                "propose a change":
                    "Proposal op-7 waits for another person's approval: Revocation of the "
                    + "status granted by po-17 (review) to take effect.",
                "propose without permission":
                    "Proposal op-7 (block) was refused as if enforced (not-permitted): the "
                    + "ledger's policy does not permit it in the role of regulator.",
                "block alone":
                    "Block of party ACME (diversion) was refused as if enforced "
                    + "(needs-approval): the ledger's policy wants one person to propose it, "
                    + "another to approve it.",
                "unblock alone":
                    "End of the block of party ACME (r) was refused as if enforced "
                    + "(needs-approval): the ledger's policy wants one person to propose it, "
                    + "another to approve it.",
                "record alone":
                    "Record of party ACME (Acme, site AE, headquarters US, no parent) was "
                    + "refused as if enforced (needs-approval): the ledger's policy wants one "
                    + "person to propose it, another to approve it.",
                "rulebook alone":
                    "Adoption of rulebook diffusion-2025-cfr version 1 (Framework for "
                    + "Artificial Intelligence Diffusion: the regulation, in TPP) was refused as "
                    + "if enforced (not-permitted): the ledger's policy does not permit it in "
                    + "the role of regulator.",
                "devices alone":
                    "Adoption of a device catalogue of 1 byte was refused as if enforced "
                    + "(not-permitted): the ledger's policy does not permit it in the role of "
                    + "regulator.",
                "propose a redaction":
                    "Proposal op-7 waits for another person's approval: Redaction of entries 3, "
                    + "4, 5, 6, 7 and 2 more (request 12) to be done.",
                "redact alone":
                    "Redaction of entries 3, 4, 5, 6, 7 and 2 more (request 12) was refused as "
                    + "if enforced (needs-approval): one person proposes it, another approves "
                    + "it, whatever the ledger's policy says.",
                "redact without permission":
                    "Redaction of entries 3, 4, 5, 6, 7 and 2 more (request 12) was refused as "
                    + "if enforced (not-permitted): only regulators and operators may, whatever "
                    + "the ledger's policy says.",
                "approve on hold":
                    "Approval of proposal po-17 was refused as if enforced (on-hold): a legal "
                    + "hold keeps an entry as it is.",
                "approve for nothing":
                    "Approval of proposal po-17 was refused as if enforced (not-redactable): an "
                    + "entry is redacted already, of an older encoding, needed as it is, or "
                    + "says who redacted.",
                "hold a party":
                    "Legal hold on party ACME (case 7) was placed.",
                "hold an entry":
                    "Legal hold on entry 3 (case 7) was placed.",
                "hold an operation":
                    "Legal hold on operation po-17 (case 7) was placed.",
                "lift a hold":
                    "Legal hold po-17 (case 7) was lifted.",
                "approve":
                    "Proposal po-17 was approved and took effect.",
                "approve one's own":
                    "Approval of proposal po-17 was refused as if enforced (same-person): who "
                    + "proposed it can not approve it.",
                "approve twice":
                    "Approval of proposal po-17 was refused as if enforced (proposal-closed): "
                    + "it was approved, declined or refused before.",
                "approve what the rules refuse":
                    "Approval of proposal po-17 was refused as if enforced (status-exists): "
                    + "there is an overlapping status of the kind.",
                "decline":
                    "Proposal po-17 was declined.",
                "weights":
                    "Transfer of the weights of Kestrel 2 to party ACME-AE in United Arab "
                    + "Emirates (AE) was permitted as if enforced.",
                "published weights":
                    "Transfer of the weights of Kestrel 2 to party ACME-AE in United Arab "
                    + "Emirates (AE) is not controlled: they are published.",
                "small weights":
                    "Transfer of the weights of Kestrel 2 to party ACME-AE in United Arab "
                    + "Emirates (AE) is not controlled: they were trained with fewer operations "
                    + "than the threshold.",
                "old weights":
                    "Transfer of the weights of Kestrel 2 to party ACME-AE in United Arab "
                    + "Emirates (AE) is not controlled: they were trained with fewer operations "
                    + "than others whose weights are published.",
                "weights to concern":
                    "Transfer of the weights of Kestrel 2 to party ACME-AE in United Arab "
                    + "Emirates (AE) was refused as if enforced (concern): a country of concern "
                    + "takes part.",
                "weights to a blocked party":
                    "Transfer of the weights of Kestrel 2 to party ACME-AE in United Arab "
                    + "Emirates (AE) was refused as if enforced (party-blocked): the party is "
                    + "blocked.",
                "weights to strangers":
                    "Transfer of the weights of Kestrel 2 to party ACME-AE in United Arab "
                    + "Emirates (AE) was refused as if enforced (headquarters-not-trusted): the "
                    + "recipient's headquarters or its ultimate parent's are neither at home nor "
                    + "in an allied country.",
                "weights to no storage":
                    "Transfer of the weights of Kestrel 2 to party ACME-AE in United Arab "
                    + "Emirates (AE) was refused as if enforced (storage-not-attested): the "
                    + "recipient's security attestation is not current.",
                "weights without permission":
                    "Transfer of the weights of Kestrel 2 to party ACME-AE in United Arab "
                    + "Emirates (AE) was refused as if enforced (not-permitted): the ledger's "
                    + "policy does not permit it in the role of regulator.",
                "create with a policy":
                    "Ledger ledger.example.org was created, advisory (as if enforced), with "
                    + "open totals and a policy of its own.",
            ]
        )
    }
}
