// SPDX-License-Identifier: Apache-2.0
import LedgerModel

/// How a line of a reservation is told.
enum LineTag: UInt8 {
    case devices = 1
    case tpp = 2
    case h100e = 3
}

/// How the kind of a status is told.
enum StatusTag: UInt8 {
    case universal = 1
    case national = 2
}

/// Where the free text of an operation is written.
enum TextPlace {
    /// Among the other fields of the content.
    case inline
    /// In front of the content, by someone else.
    case apart
}

/// What operations ask, as bytes: the number of the kind, then the fields.
extension ByteBuffer {
    mutating func append(
        _ action: Action,
        _ kind: EntryKind,
        text place: TextPlace
    ) throws(EntryLogError) {
        append(kind.rawValue)
        switch action {
        case .createLedger(let creation): try append(creation)
        case .party(let record): try append(record)
        case .block(let block): try append(block, place)
        case .grantStatus(let grant): try append(grant)
        case .changeStatus(let change): try append(change, place)
        case .attestSecurity(let attestation):
            try append(attestation.party, "party")
            append(attestation.dates)
        case .attestInstalled(let attestation): try append(attestation)
        case .signAgreement(let signing):
            append(signing.country)
            append(signing.dates)
        case .endAgreement(let end):
            try append(end.agreement)
            append(end.until)
        case .adoptRulebook(let adoption):
            try append(file: adoption.bytes, atMost: RulebookAdoption.maximumByteCount)
        case .adoptDevices(let adoption):
            try append(file: adoption.bytes, atMost: EntryCodec.maximumByteCount)
        case .reserve(let reservation): try append(reservation, place)
        case .ship(let shipment):
            try append(shipment.hold)
            try append(shipment.part)
            append(flag: shipment.isFinal)
        case .release(let release): try append(release.hold)
        case .extend(let more):
            try append(more.hold)
            append(more.deadline)
        case .giveBack(let goods):
            try append(goods.hold)
            try append(goods.part)
        case .retire(let retirement):
            try append(retirement.hold)
            try append(retirement.part)
            append(retirement.cause.rawValue)
        case .revoke(let revocation):
            try append(revocation.hold)
            try append(freeText: revocation.reason, "reason", place)
        case .correct(let correction): try append(correction, place)
        case .transferWeights(let transfer): try append(transfer, place)
        case .tick: break
        case .propose(let proposal): try append(proposal, place)
        case .decideProposal(let decision):
            try append(decision.proposal)
            append(decision.step.rawValue)
        case .rotateKey(let rotation):
            try append(text: rotation.previousKey, "previous key")
            try append(text: rotation.newKey, "new key")
            guard rotation.isWellFormed else {
                throw .notEncodable(what: "the statement of a rotation is not lines of text")
            }
            try append(
                file: Array(rotation.statement.utf8),
                atMost: KeyRotation.maximumStatementByteCount
            )
        case .redact(let redaction): try append(redaction, place)
        case .legalHold(let hold): try append(hold, place)
        }
    }

    /// A free text, unless it is written apart.
    mutating func append(
        freeText text: String,
        _ field: StaticString,
        _ place: TextPlace
    ) throws(EntryLogError) {
        if case .inline = place { try append(text: text, field) }
    }

    private mutating func append(_ creation: LedgerCreation) throws(EntryLogError) {
        try append(creation.origin, "origin")
        append(creation.mode.rawValue)
        append(creation.disclosure.rawValue)
        try append(creation.policy)
    }

    private mutating func append(_ record: PartyRecord) throws(EntryLogError) {
        try append(record.id, "party")
        try append(text: record.name, "name")
        append(record.site)
        append(record.headquarters)
        try appendOptional(record.parent, "parent")
    }

    private mutating func append(
        _ block: PartyBlock,
        _ place: TextPlace
    ) throws(EntryLogError) {
        try append(block.party, "party")
        append(flag: block.isBlocked)
        try append(freeText: block.reason, "reason", place)
    }

    private mutating func append(_ grant: StatusGrant) throws(EntryLogError) {
        switch grant.kind {
        case .universal: append(StatusTag.universal.rawValue)
        case .national(let country):
            append(StatusTag.national.rawValue)
            append(country)
        }
        try append(grant.party, "party")
        append(grant.dates)
    }

    private mutating func append(
        _ change: StatusChange,
        _ place: TextPlace
    ) throws(EntryLogError) {
        try append(change.grant)
        append(change.step.rawValue)
        try append(freeText: change.reason, "reason", place)
    }

    private mutating func append(_ attestation: InstalledAttestation) throws(EntryLogError) {
        try append(attestation.party, "party")
        append(attestation.asOf)
        guard let count = UInt16(exactly: attestation.amounts.count) else {
            throw .notEncodable(what: "there are more amounts than countries")
        }
        append(count)
        var last: CountryCode?
        for installed in attestation.amounts {
            if let last, installed.country <= last {
                throw .notEncodable(what: "the countries are not in ascending order")
            }
            append(installed.country)
            try append(quantity: installed.amount.rawValue, "installed amount")
            last = installed.country
        }
    }

    private mutating func append(
        _ reservation: Reservation,
        _ place: TextPlace
    ) throws(EntryLogError) {
        try append(reservation.consignee, "consignee")
        append(reservation.destination)
        let count = reservation.lines.count
        guard count >= 1, count <= Reservation.maximumLineCount else {
            throw .notEncodable(what: "an order has \(count) lines")
        }
        guard count == 1 || !reservation.isUpTo else {
            throw .notEncodable(what: "an order up to an amount has \(count) lines")
        }
        append(UInt8(count))
        for line in reservation.lines { try append(line) }
        try append(reservation.endUse, "end use")
        if let deadline = reservation.deadline {
            append(deadline)
        } else {
            append(EntryHeader.absent)
        }
        if case .inline = place { try appendOptional(text: reservation.reference, "reference") }
        append(flag: reservation.isUpTo)
    }

    private mutating func append(_ line: ReservationLine) throws(EntryLogError) {
        switch line {
        case .devices(let device, let quantity):
            append(LineTag.devices.rawValue)
            try append(device, "device")
            try append(quantity: quantity, from: 1, "quantity")
        case .tpp(let amount):
            append(LineTag.tpp.rawValue)
            try append(quantity: amount.rawValue, from: 1, "amount")
        case .h100e(let amount):
            append(LineTag.h100e.rawValue)
            try append(quantity: amount.thousandths, from: 1, "amount")
        }
    }
}
