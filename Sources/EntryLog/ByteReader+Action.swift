// SPDX-License-Identifier: Apache-2.0
import LedgerModel

/// What operations ask, read back.
extension ByteReader {
    @_lifetime(self: copy self)
    mutating func action() throws(EntryLogError) -> Action {
        let kind: EntryKind = try member("kind of the operation")
        switch kind {
        case .createLedger: return .createLedger(try ledgerCreation())
        case .adoptRulebook:
            let bytes = try file(atMost: RulebookAdoption.maximumByteCount)
            return .adoptRulebook(RulebookAdoption(bytes: bytes))
        case .adoptDevices:
            let bytes = try file(atMost: EntryCodec.maximumByteCount)
            return .adoptDevices(DeviceAdoption(bytes: bytes))
        case .party: return .party(try partyRecord())
        case .block: return .block(try partyBlock())
        case .grantStatus: return .grantStatus(try statusGrant())
        case .changeStatus:
            return .changeStatus(
                StatusChange(
                    grant: try reference(),
                    step: try member("step"),
                    reason: try text("reason")
                )
            )
        case .attestSecurity:
            return .attestSecurity(
                SecurityAttestation(party: try identifier("party"), dates: try dates())
            )
        case .attestInstalled: return .attestInstalled(try installedAttestation())
        case .signAgreement:
            return .signAgreement(
                AgreementSigning(country: try country("country"), dates: try dates())
            )
        case .endAgreement:
            return .endAgreement(
                AgreementEnd(agreement: try reference(), until: try day("until"))
            )
        case .reserve: return .reserve(try reservation())
        case .expiry: throw malformed("an expiry is no operation")
        }
    }

    @_lifetime(self: copy self)
    private mutating func ledgerCreation() throws(EntryLogError) -> LedgerCreation {
        LedgerCreation(
            origin: try identifier("origin"),
            mode: try member("mode"),
            disclosure: try member("disclosure")
        )
    }

    @_lifetime(self: copy self)
    private mutating func partyRecord() throws(EntryLogError) -> PartyRecord {
        PartyRecord(
            id: try identifier("party"),
            name: try text("name"),
            site: try country("site"),
            headquarters: try country("headquarters"),
            parent: try identifierText("parent").map(PartyIdentifier.init(checked:))
        )
    }

    @_lifetime(self: copy self)
    private mutating func partyBlock() throws(EntryLogError) -> PartyBlock {
        PartyBlock(
            party: try identifier("party"),
            isBlocked: try flag("block"),
            reason: try text("reason")
        )
    }

    @_lifetime(self: copy self)
    private mutating func statusGrant() throws(EntryLogError) -> StatusGrant {
        let tag: StatusTag = try member("kind of status")
        let kind: StatusKind =
            switch tag {
            case .universal: .universal
            case .national: .national(try country("country"))
            }
        return StatusGrant(kind: kind, party: try identifier("party"), dates: try dates())
    }

    @_lifetime(self: copy self)
    private mutating func installedAttestation() throws(EntryLogError) -> InstalledAttestation {
        let party: PartyIdentifier = try identifier("party")
        let asOf = try day("day")
        let count = Int(try number("number of amounts") as UInt16)
        var amounts: [InstalledAmount] = []
        for _ in 0..<count {
            let country = try country("country")
            if let last = amounts.last, country <= last.country {
                throw malformed("the countries are not in ascending order")
            }
            amounts.append(
                InstalledAmount(
                    country: country,
                    amount: TPP(rawValue: try quantity("installed amount"))
                )
            )
        }
        return InstalledAttestation(party: party, asOf: asOf, amounts: amounts)
    }

    @_lifetime(self: copy self)
    private mutating func reservation() throws(EntryLogError) -> Reservation {
        let consignee: PartyIdentifier = try identifier("consignee")
        let destination = try country("destination")
        let count = Int(try byte("number of lines"))
        guard count >= 1, count <= Reservation.maximumLineCount else {
            throw malformed("an order has \(count) lines")
        }
        var lines: [ReservationLine] = []
        lines.reserveCapacity(count)
        for _ in 0..<count { lines.append(try line()) }
        return Reservation(
            consignee: consignee,
            destination: destination,
            lines: lines,
            endUse: try identifier("end use"),
            deadline: try deadline(),
            reference: try optionalText("reference")
        )
    }

    @_lifetime(self: copy self)
    private mutating func line() throws(EntryLogError) -> ReservationLine {
        let tag: LineTag = try member("kind of line")
        switch tag {
        case .devices:
            return .devices(
                try identifier("device"),
                quantity: try quantity(from: 1, "quantity")
            )
        case .tpp: return .tpp(TPP(rawValue: try quantity(from: 1, "amount")))
        case .h100e:
            return .h100e(H100Equivalent(thousandths: try quantity(from: 1, "amount")))
        }
    }

    @_lifetime(self: copy self)
    private mutating func deadline() throws(EntryLogError) -> LedgerTime? {
        let milliseconds: UInt64 = try number("deadline")
        guard milliseconds != EntryHeader.absent else { return nil }
        guard let signed = Int64(exactly: milliseconds),
            let time = LedgerTime(millisecondsSince1970: signed)
        else { throw malformed("the deadline is out of range") }
        return time
    }
}
