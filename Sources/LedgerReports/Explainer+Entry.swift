// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

extension Explainer {
    /// The most countries of an attestation that a sentence names.
    private static let namedCountryCount = 5

    func sentence(for expiry: HoldExpiry) -> String {
        let freed =
            expiry.freed > .zero ? "\(both(expiry.freed, .down)) are free again" : "it held nothing"
        return "The hold of entry \(expiry.hold) expired: \(freed)."
    }

    /// An operation that a role asked for, with what came of it.
    func sentence(for record: OperationRecord, askedAs role: Role) -> String {
        let deed = deed(of: record)
        guard let refusal = record.outcome.refusal else {
            return "\(deed.subject) \(deed.past)\(addition(to: record))."
        }
        let reason =
            if case .moved(let move) = record.outcome { reason(refusal, move) } else {
                reason(refusal, to: record.action.kind, askedAs: role)
            }
        return "\(deed.asked) was refused\(asIfEnforced) (\(refusal)): \(reason)."
    }

    private func addition(to record: OperationRecord) -> String {
        switch record.outcome {
        case .moved(let move): effect(of: move, record.action)
        case .attested(let gaps): words(for: gaps)
        case .determined(.notControlled(let exemption)): ": \(words(for: exemption))"
        case .accepted, .refused, .decided, .determined: ""
        }
    }

    private func deed(of record: OperationRecord) -> Deed {
        switch (record.action, record.outcome) {
        case (let action, .moved(let move)): deed(of: action, move)
        case (.propose(let proposal), _): deed(of: proposal, record.id)
        case (.transferWeights(let transfer), .determined(.notControlled)):
            Deed(words(for: transfer), past: "is not controlled")
        case (let action, _): deed(of: action)
        }
    }

    /// What an operation is about, and what it does when it is accepted.
    ///
    /// `move` is what an operation on a hold did, unless the ledger's policy stood against it.
    func deed(of action: Action, _ move: HoldMove? = nil) -> Deed {
        switch action {
        case .createLedger(let creation):
            let basis = creation.mode == .advisory ? "advisory (as if enforced)" : "binding"
            let policy = creation.policy == .standard ? "" : " and a policy of its own"
            return Deed(
                "Ledger \(creation.origin)",
                was: "created, \(basis), with \(creation.disclosure.word) totals\(policy)"
            )
        case .party(let record):
            let parent = record.parent.map { ", parent \($0)" } ?? ", no parent"
            let party =
                "\(record.id) (\(record.name), site \(record.site), "
                + "headquarters \(record.headquarters)\(parent))"
            return Deed("Party \(party)", was: "recorded", asked: "Record of party \(party)")
        case .block(let block):
            let step = block.isBlocked ? "Block" : "End of the block"
            return Deed(
                "Party \(block.party)",
                was: "\(block.isBlocked ? "blocked" : "unblocked") (\(block.reason))",
                asked: "\(step) of party \(block.party) (\(block.reason))"
            )
        case .grantStatus(let grant):
            return Deed(
                "\(words(for: grant.kind)) of party \(grant.party) \(words(for: grant.dates))",
                was: "granted",
                inAnswer: asIfEnforced
            )
        case .changeStatus(let change):
            return Deed(
                "\(words(for: change.step)) of the status granted by "
                    + "\(words(for: change.grant)) (\(change.reason))",
                past: "took effect",
                future: "to take effect"
            )
        case .attestSecurity(let attestation):
            return Deed(
                "Security attestation of party \(attestation.party) "
                    + words(for: attestation.dates),
                was: "recorded"
            )
        case .attestInstalled(let attestation):
            return Deed(words(for: attestation), was: "recorded")
        case .signAgreement(let signing):
            return Deed(
                "Agreement with \(name(of: signing.country)) \(words(for: signing.dates))",
                was: "recorded"
            )
        case .endAgreement(let end):
            return Deed(
                "End of the agreement signed by \(words(for: end.agreement)), "
                    + "\(end.until) being the first day without it,",
                was: "recorded"
            )
        case .adoptRulebook(let adoption): return deed(ofRulebook: adoption.bytes)
        case .adoptDevices(let adoption): return deed(ofDevices: adoption.bytes)
        case .reserve(let reservation):
            return Deed(
                "Order for \(reservation.consignee) in \(name(of: reservation.destination))",
                was: "decided"
            )
        case .ship(let shipment): return deed(of: shipment, move)
        case .release(let release): return deed(of: release, move)
        case .extend(let more): return deed(of: more, move)
        case .giveBack(let goods): return deed(of: goods, move)
        case .retire(let retirement): return deed(of: retirement, move)
        case .revoke(let revocation): return deed(of: revocation, move)
        case .correct(let correction):
            return Deed(
                "Correction of \(words(for: correction.target)) (\(correction.text))",
                was: "recorded"
            )
        case .transferWeights(let transfer):
            return Deed(words(for: transfer), was: "permitted", inAnswer: asIfEnforced)
        case .tick:
            return Deed("Tick", was: "recorded: what was due by its time stands in front of it")
        case .propose(let proposal): return deed(of: proposal, nil)
        case .decideProposal(let decision): return deed(of: decision)
        case .rotateKey(let rotation):
            let (new, previous) = (shortKey(rotation.newKey), shortKey(rotation.previousKey))
            return Deed(
                "Signing key \(new) in the place of \(previous)",
                was: "recorded"
            )
        case .redact(let redaction): return deed(of: redaction)
        case .legalHold(let hold): return deed(of: hold)
        }
    }

    /// A public key's name and id, without the key.
    private func shortKey(_ text: String) -> String {
        text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false).prefix(2)
            .joined(separator: "+")
    }

    private func deed(ofRulebook bytes: [UInt8]) -> Deed {
        do {
            let adopted = try Rulebook.load(bytes: bytes, fileName: "rulebook")
            let name = "\(adopted.name) version \(adopted.version) (\(adopted.title))"
            return Deed(
                "Rulebook \(name)",
                was: "adopted, in force not before \(adopted.effective.value)",
                asked: "Adoption of rulebook \(name)"
            )
        } catch {
            // The file was valid when it was adopted; a later version may read rulebooks otherwise.
            return deed(ofFile: "rulebook of \(counted(bytes.count, "byte"))")
        }
    }

    private func deed(ofDevices bytes: [UInt8]) -> Deed {
        do {
            let adopted = try DeviceCatalogue.load(bytes: bytes, fileName: "devices")
            let ratings = counted(adopted.ratings.count, "rating")
            return deed(ofFile: "device catalogue of \(ratings)")
        } catch {
            return deed(ofFile: "device catalogue of \(counted(bytes.count, "byte"))")
        }
    }

    private func deed(ofFile file: String) -> Deed {
        Deed(capitalized(file), was: "adopted", asked: "Adoption of a \(file)")
    }

    private func words(for attestation: InstalledAttestation) -> String {
        var amounts = attestation.amounts.prefix(Self.namedCountryCount)
            .map { "\($0.country) \(short($0.amount, .down))" }
        let more = attestation.amounts.count - amounts.count
        if more > 0 { amounts.append(more == 1 ? "1 more country" : "\(more) more countries") }
        let all = amounts.isEmpty ? "nothing" : amounts.joined(separator: ", ")
        return "Attestation of what the group of party \(attestation.party) had installed at the "
            + "end of \(attestation.asOf) (\(all))"
    }

    /// What an attestation says that the ledger did not know; to whom bands are shown, nothing: it
    /// tells of what others shipped.
    private func words(for gaps: [InstalledGap]) -> String {
        guard disclosure == .open, !gaps.isEmpty else { return "" }
        var named = gaps.prefix(Self.namedCountryCount)
            .map { "\($0.country) \(short($0.known, .down))" }
        let more = gaps.count - named.count
        if more > 0 { named.append(more == 1 ? "1 more country" : "\(more) more countries") }
        return "; the ledger had counted otherwise (\(named.joined(separator: ", ")))"
    }

    /// Each country of which an attestation says something else than the ledger counted.
    func facts(of gaps: [InstalledGap]) -> [Explanation.Fact] {
        guard disclosure == .open else { return [] }
        return gaps.map { gap in
            Explanation.Fact(
                "gap in \(gap.country)",
                "\(both(gap.known, .down)) counted, \(both(gap.attested, .down)) attested"
            )
        }
    }

    func words(for kind: StatusKind) -> String {
        switch kind {
        case .universal: "Universal VEU status"
        case .national(let country): "National VEU status for \(name(of: country))"
        }
    }

    private func words(for step: StatusStep) -> String {
        switch step {
        case .suspend: "Suspension"
        case .reinstate: "Reinstatement"
        case .revoke: "Revocation"
        }
    }

    private func words(for dates: DateRange) -> String {
        "from \(dates.from)" + (dates.until.map { " until \($0) (not included)" } ?? "")
    }

    func words(for reference: OperationReference) -> String {
        (reference.organisation.map { "\($0) " } ?? "") + "\(reference.id)"
    }

    private func words(for target: CorrectionTarget) -> String {
        switch target {
        case .entry(let number): "entry \(number)"
        case .operation(let reference): "operation \(words(for: reference))"
        }
    }
}
