// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

extension JSONWriter {
    /// Writes what an operation asks.
    public mutating func value(_ action: Action, _ rendering: JSONRendering = JSONRendering()) {
        beginObject()
        member("kind", action.kind.description)
        switch action {
        case .createLedger(let creation): members(creation)
        case .party(let party): members(party)
        case .block(let block): members(block, rendering)
        case .grantStatus(let grant): members(grant)
        case .changeStatus(let change): members(change, rendering)
        case .attestSecurity(let attestation):
            member("party", attestation.party.text)
            members(attestation.dates)
        case .attestInstalled(let attestation): members(attestation, rendering)
        case .signAgreement(let signing):
            member("country", signing.country.description)
            members(signing.dates)
        case .endAgreement(let end):
            member("agreement", end.agreement)
            member("until", end.until)
        case .adoptRulebook(let adoption): file(adoption.bytes, rendering)
        case .adoptDevices(let adoption): file(adoption.bytes, rendering)
        case .reserve(let reservation): members(reservation, rendering)
        case .ship(let shipment):
            member("hold", shipment.hold)
            member("part", shipment.part, rendering)
            member("final", shipment.isFinal)
        case .release(let release): member("hold", release.hold)
        case .extend(let more):
            member("hold", more.hold)
            member("deadline", more.deadline)
        case .giveBack(let goods):
            member("hold", goods.hold)
            member("part", goods.part, rendering)
        case .retire(let retirement):
            member("hold", retirement.hold)
            member("part", retirement.part, rendering)
            member("cause", retirement.cause.description)
        case .revoke(let revocation):
            member("hold", revocation.hold)
            freeText("reason", revocation.reason, rendering)
        case .correct(let correction): members(correction, rendering)
        case .transferWeights(let transfer): members(transfer, rendering)
        case .tick: break
        case .propose(let proposal):
            key("action")
            value(proposal.action, rendering)
        case .decideProposal(let decision): members(decision)
        case .rotateKey(let rotation):
            member("previous_key", rotation.previousKey)
            member("new_key", rotation.newKey)
            member("statement", rotation.statement)
        case .redact(let redaction): members(redaction, rendering)
        case .legalHold(let hold): members(hold, rendering)
        }
        endObject()
    }

    /// Writes the name of an earlier operation.
    public mutating func value(_ reference: OperationReference) {
        beginObject()
        member("organisation", reference.organisation?.text)
        member("id", reference.id.text)
        endObject()
    }

    /// Writes a member that names an earlier operation.
    mutating func member(_ name: String, _ reference: OperationReference) {
        key(name)
        value(reference)
    }

    /// Writes one line of a reservation.
    public mutating func value(
        _ line: ReservationLine,
        _ rendering: JSONRendering = JSONRendering()
    ) {
        beginObject()
        switch line {
        case .devices(let device, let quantity):
            member("device", device.text)
            member("quantity", quantity)
        case .tpp(let tpp): amount("tpp", tpp, rounding: .up, rendering)
        case .h100e(let h100e): member("h100e", h100e.description)
        }
        endObject()
    }
}

extension JSONWriter {
    private mutating func members(_ creation: LedgerCreation) {
        member("origin", creation.origin.text)
        let mode =
            switch creation.mode {
            case .binding: "binding"
            case .advisory: "advisory"
            }
        member("mode", mode)
        let disclosure =
            switch creation.disclosure {
            case .open: "open"
            case .banded: "banded"
            }
        member("disclosure", disclosure)
        key("policy")
        value(creation.policy)
    }

    private mutating func members(_ party: PartyRecord) {
        member("party", party.id.text)
        member("name", party.name)
        member("site", party.site.description)
        member("headquarters", party.headquarters.description)
        member("parent", party.parent?.text)
    }

    private mutating func members(_ block: PartyBlock, _ rendering: JSONRendering) {
        member("party", block.party.text)
        member("blocked", block.isBlocked)
        freeText("reason", block.reason, rendering)
    }

    private mutating func members(_ grant: StatusGrant) {
        switch grant.kind {
        case .universal:
            member("status", "uveu")
            member("country", String?.none)
        case .national(let country):
            member("status", "nveu")
            member("country", country.description)
        }
        member("party", grant.party.text)
        members(grant.dates)
    }

    private mutating func members(_ change: StatusChange, _ rendering: JSONRendering) {
        let step =
            switch change.step {
            case .suspend: "suspend"
            case .reinstate: "reinstate"
            case .revoke: "revoke"
            }
        member("step", step)
        member("grant", change.grant)
        freeText("reason", change.reason, rendering)
    }

    private mutating func members(
        _ attestation: InstalledAttestation,
        _ rendering: JSONRendering
    ) {
        member("party", attestation.party.text)
        member("as_of", attestation.asOf)
        key("amounts")
        beginArray()
        for installed in attestation.amounts {
            beginObject()
            member("country", installed.country.description)
            amount("tpp", installed.amount, rounding: .down, rendering)
            endObject()
        }
        endArray()
    }

    private mutating func members(_ reservation: Reservation, _ rendering: JSONRendering) {
        member("consignee", reservation.consignee.text)
        member("destination", reservation.destination.description)
        key("lines")
        beginArray()
        for line in reservation.lines { value(line, rendering) }
        endArray()
        member("end_use", reservation.endUse.text)
        member("deadline", reservation.deadline)
        freeText("reference", reservation.reference, rendering)
        member("up_to", reservation.isUpTo)
    }

    private mutating func members(_ dates: DateRange) {
        member("from", dates.from)
        member("until", dates.until)
    }

    private mutating func file(_ bytes: [UInt8], _ rendering: JSONRendering) {
        member("byte_count", Int64(bytes.count))
        guard rendering.includesFiles else { return }
        let isText = firstInvalidUTF8(in: bytes.span, from: 0, to: bytes.count) == nil
        member("text", isText ? String(decoding: bytes, as: UTF8.self) : nil)
    }
}
