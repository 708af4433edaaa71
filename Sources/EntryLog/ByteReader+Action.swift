// SPDX-License-Identifier: Apache-2.0
import LedgerModel

/// What operations ask, read back.
extension ByteReader {
    @_lifetime(self: copy self)
    mutating func action() throws(EntryLogError) -> Action {
        try action(of: try member("kind of the operation"))
    }

    /// The fields of an operation whose kind was read.
    @_lifetime(self: copy self)
    mutating func action(of kind: EntryKind) throws(EntryLogError) -> Action {
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
                    reason: try freeText("reason")
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
        case .ship: return .ship(try shipment())
        case .release: return .release(HoldRelease(hold: try reference()))
        case .extend:
            return .extend(
                HoldExtension(hold: try reference(), deadline: try time("deadline"))
            )
        case .giveBack:
            return .giveBack(GoodsReturn(hold: try reference(), part: try holdPart()))
        case .retire: return .retire(try retirement())
        case .revoke:
            return .revoke(Revocation(hold: try reference(), reason: try freeText("reason")))
        case .correct: return .correct(try correction())
        case .transferWeights: return .transferWeights(try weightsTransfer())
        case .tick: return .tick
        case .propose: return .propose(try proposal())
        case .decideProposal:
            return .decideProposal(
                ProposalDecision(proposal: try reference(), step: try member("step"))
            )
        case .rotateKey: return .rotateKey(try keyRotation())
        case .redact: return .redact(try redaction())
        case .legalHold: return .legalHold(try legalHold())
        case .expiry, .breach, .cure, .threshold: throw malformed("an event is no operation")
        }
    }

    @_lifetime(self: copy self)
    private mutating func keyRotation() throws(EntryLogError) -> KeyRotation {
        let (previous, new) = (try text("previous key"), try text("new key"))
        let bytes = try file(atMost: KeyRotation.maximumStatementByteCount)
        guard let statement = String(validating: bytes, as: UTF8.self) else {
            throw malformed("the statement of a rotation is not UTF-8")
        }
        let rotation = KeyRotation(previousKey: previous, newKey: new, statement: statement)
        guard rotation.isWellFormed else {
            throw malformed("the statement of a rotation is not lines of text")
        }
        return rotation
    }

    @_lifetime(self: copy self)
    private mutating func ledgerCreation() throws(EntryLogError) -> LedgerCreation {
        LedgerCreation(
            origin: try identifier("origin"),
            mode: try member("mode"),
            disclosure: try member("disclosure"),
            policy: try policy()
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
            reason: try freeText("reason")
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
        let reservation = Reservation(
            consignee: consignee,
            destination: destination,
            lines: lines,
            endUse: try identifier("end use"),
            deadline: try optionalTime("deadline"),
            reference: try optionalFreeText("reference"),
            isUpTo: try flag("mark of up to")
        )
        guard count == 1 || !reservation.isUpTo else {
            throw malformed("an order up to an amount has \(count) lines")
        }
        return reservation
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
}
