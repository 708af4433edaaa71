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

    func sentence(for record: OperationRecord) -> String {
        let (subject, verb) = words(for: record.action)
        guard let refusal = record.outcome.refusal else { return "\(subject) \(verb)." }
        return "\(subject) was refused\(asIfEnforced) (\(refusal)): \(reason(refusal))."
    }

    /// What an operation is about, and what it does when it is accepted.
    private func words(for action: Action) -> (subject: String, verb: String) {
        switch action {
        case .createLedger(let creation):
            let basis = creation.mode == .advisory ? "advisory (as if enforced)" : "binding"
            return (
                "Ledger \(creation.origin)",
                "was created, \(basis), with \(creation.disclosure.word) totals"
            )
        case .party(let record):
            let parent = record.parent.map { ", parent \($0)" } ?? ", no parent"
            return (
                "Party \(record.id) (\(record.name), site \(record.site), "
                    + "headquarters \(record.headquarters)\(parent))",
                "was recorded"
            )
        case .block(let block):
            let verb = block.isBlocked ? "was blocked" : "was unblocked"
            return ("Party \(block.party)", "\(verb) (\(block.reason))")
        case .grantStatus(let grant):
            return (
                "\(words(for: grant.kind)) of party \(grant.party) \(words(for: grant.dates))",
                "was granted\(asIfEnforced)"
            )
        case .changeStatus(let change):
            return (
                "\(words(for: change.step)) of the status granted by "
                    + "\(words(for: change.grant)) (\(change.reason))",
                "took effect"
            )
        case .attestSecurity(let attestation):
            return (
                "Security attestation of party \(attestation.party) "
                    + words(for: attestation.dates),
                "was recorded"
            )
        case .attestInstalled(let attestation): return (words(for: attestation), "was recorded")
        case .signAgreement(let signing):
            return (
                "Agreement with \(name(of: signing.country)) \(words(for: signing.dates))",
                "was recorded"
            )
        case .endAgreement(let end):
            return (
                "End of the agreement signed by \(words(for: end.agreement)), "
                    + "\(end.until) being the first day without it,",
                "was recorded"
            )
        case .adoptRulebook(let adoption): return words(forRulebook: adoption.bytes)
        case .adoptDevices(let adoption): return words(forDevices: adoption.bytes)
        case .reserve(let reservation):
            return (
                "Order for \(reservation.consignee) in \(name(of: reservation.destination))",
                "was decided"
            )
        }
    }

    private func words(forRulebook bytes: [UInt8]) -> (subject: String, verb: String) {
        do {
            let adopted = try Rulebook.load(bytes: bytes, fileName: "rulebook")
            return (
                "Rulebook \(adopted.name) version \(adopted.version) (\(adopted.title))",
                "was adopted, in force not before \(adopted.effective.value)"
            )
        } catch {
            // The file was valid when it was adopted; a later version may read rulebooks otherwise.
            return ("Rulebook of \(grouped(bytes.count)) bytes", "was adopted")
        }
    }

    private func words(forDevices bytes: [UInt8]) -> (subject: String, verb: String) {
        do {
            let adopted = try DeviceCatalogue.load(bytes: bytes, fileName: "devices")
            return ("Device catalogue of \(adopted.ratings.count) ratings", "was adopted")
        } catch {
            return ("Device catalogue of \(grouped(bytes.count)) bytes", "was adopted")
        }
    }

    private func words(for attestation: InstalledAttestation) -> String {
        var amounts = attestation.amounts.prefix(Self.namedCountryCount)
            .map { "\($0.country) \(short($0.amount, .down))" }
        let more = attestation.amounts.count - amounts.count
        if more > 0 { amounts.append("\(more) more countries") }
        return "Attestation of what the group of party \(attestation.party) had installed at the "
            + "end of \(attestation.asOf) (\(amounts.isEmpty ? "nothing" : amounts.joined(separator: ", ")))"
    }

    private func words(for kind: StatusKind) -> String {
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

    private func words(for reference: OperationReference) -> String {
        (reference.organisation.map { "\($0) " } ?? "") + "\(reference.id)"
    }

    private func reason(_ refusal: Refusal) -> String {
        switch refusal {
        case .notEligible:
            "neither its headquarters nor its ultimate parent's are at home or in an allied country"
        case .statusExists: "there is an overlapping status of the kind"
        case .statusRevoked: "it was revoked for good"
        case .attestationSuperseded: "the group has attested a later day"
        case .countryOfConcern: "a country of concern takes part"
        case .prohibitedEndUse: "the end use is prohibited"
        case .partyBlocked: "the party is blocked"
        case .limitReached: "a limit has less left than was asked"
        }
    }
}
