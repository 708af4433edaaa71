// SPDX-License-Identifier: Apache-2.0
import LedgerModel

/// What is asked.
extension RandomEntries {
    mutating func action(before number: EntryNumber) -> Action {
        switch below(6) {
        case 0: .reserve(reservation())
        case 1: .propose(Proposal(action: proposable()))
        case 2: lifeStep(before: number)
        case 3: judged()
        case 4 where number.rawValue > 0: retention(before: number)
        default: proposable()
        }
    }

    private mutating func retention(before number: EntryNumber) -> Action {
        switch below(3) {
        case 0: .redact(redaction(before: number))
        case 1: .propose(Proposal(action: .redact(redaction(before: number))))
        default:
            switch below(4) {
            case 0: .legalHold(LegalHold(step: .place(.party(identifier())), reason: text()))
            case 1: .legalHold(LegalHold(step: .place(.operation(reference())), reason: text()))
            case 2:
                .legalHold(
                    LegalHold(
                        step: .place(.entry(EntryNumber(rawValue: below(number.rawValue)))),
                        reason: text()
                    )
                )
            default: .legalHold(LegalHold(step: .lift(reference()), reason: text()))
            }
        }
    }

    private mutating func redaction(before number: EntryNumber) -> Redaction {
        let entries = Set((0...below(oneIn(20) ? 900 : 3)).map { _ in below(number.rawValue) })
        return Redaction(
            entries: entries.sorted().map(EntryNumber.init(rawValue:)),
            reason: text()
        )
    }

    private mutating func judged() -> Action {
        switch below(7) {
        case 0:
            .createLedger(
                LedgerCreation(
                    origin: identifier(),
                    mode: member(),
                    disclosure: member(),
                    policy: policy()
                )
            )
        case 1: .attestSecurity(SecurityAttestation(party: identifier(), dates: dates()))
        case 2: .attestInstalled(installed())
        case 3: .tick
        case 4: .decideProposal(ProposalDecision(proposal: reference(), step: member()))
        case 5:
            .rotateKey(
                KeyRotation(
                    previousKey: "log+\(below(1_000))",
                    newKey: "log-\(below(1_000))",
                    statement: "größer\n\(below(1_000_000))\n"
                )
            )
        default: .transferWeights(weights())
        }
    }

    private mutating func lifeStep(before number: EntryNumber) -> Action {
        switch below(7) {
        case 0: .ship(Shipment(hold: reference(), part: part(), isFinal: oneIn(2)))
        case 1: .release(HoldRelease(hold: reference()))
        case 2: .extend(HoldExtension(hold: reference(), deadline: time()))
        case 3: .giveBack(GoodsReturn(hold: reference(), part: part()))
        case 4: .retire(Retirement(hold: reference(), part: part(), cause: member()))
        case 5: .revoke(Revocation(hold: reference(), reason: text()))
        default:
            .correct(
                Correction(
                    target: number.rawValue > 0 && oneIn(2)
                        ? .entry(EntryNumber(rawValue: below(number.rawValue)))
                        : .operation(reference()),
                    text: text()
                )
            )
        }
    }

    private mutating func proposable() -> Action {
        switch below(8) {
        case 0:
            .party(
                PartyRecord(
                    id: identifier(),
                    name: text(),
                    site: country(),
                    headquarters: country(),
                    parent: maybe { $0.identifier() }
                )
            )
        case 1: .block(PartyBlock(party: identifier(), isBlocked: oneIn(2), reason: text()))
        case 2:
            .grantStatus(
                StatusGrant(
                    kind: oneIn(2) ? .universal : .national(country()),
                    party: identifier(),
                    dates: dates()
                )
            )
        case 3:
            .changeStatus(StatusChange(grant: reference(), step: member(), reason: text()))
        case 4: .signAgreement(AgreementSigning(country: country(), dates: dates()))
        case 5: .endAgreement(AgreementEnd(agreement: reference(), until: day()))
        case 6: .adoptRulebook(RulebookAdoption(bytes: file()))
        default: .adoptDevices(DeviceAdoption(bytes: file()))
        }
    }

    private mutating func reservation() -> Reservation {
        let isUpTo = oneIn(4)
        return Reservation(
            consignee: identifier(),
            destination: country(),
            lines: (0..<(isUpTo ? 1 : oneIn(20) ? 100 : 1 + below(3))).map { _ in line() },
            endUse: identifier(),
            deadline: maybe { $0.time() },
            reference: maybe { $0.text() },
            isUpTo: isUpTo
        )
    }

    private mutating func line() -> ReservationLine {
        switch below(3) {
        case 0: .devices(identifier(), quantity: 1 + amount().rawValue / 2)
        case 1: .tpp(TPP(rawValue: 1 + amount().rawValue / 2))
        default: .h100e(H100Equivalent(thousandths: 1 + amount().rawValue / 2))
        }
    }

    private mutating func installed() -> InstalledAttestation {
        let countries = Set((0..<below(oneIn(10) ? 600 : 4)).map { _ in country() })
        return InstalledAttestation(
            party: identifier(),
            asOf: day(),
            amounts: countries.sorted().map { InstalledAmount(country: $0, amount: amount()) }
        )
    }

    private mutating func part() -> HoldPart {
        oneIn(3) ? .rest : .amount(TPP(rawValue: 1 + amount().rawValue))
    }

    private mutating func weights() -> WeightsTransfer {
        WeightsTransfer(
            model: text(),
            isPublished: oneIn(2),
            trainingOperations: UInt128(random.next()) << 64 | UInt128(random.next()),
            recipient: identifier(),
            destination: country()
        )
    }

    private mutating func policy() -> LedgerPolicy {
        LedgerPolicy(
            permissions: Dictionary(
                uniqueKeysWithValues: Role.allCases.map { ($0, kinds()) }
            ),
            twoPeople: kinds()
        )
    }

    private mutating func kinds() -> Set<ActionKind> {
        Set((0..<below(12)).map { _ in member() })
    }
}
