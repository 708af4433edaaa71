// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import Testing

/// After the grant: ship, release, extend, revoke, and what is asked again of a shipment.
@Suite struct HoldTests {
    private let emirates = CountryCode.of("AE")
    private let p = PartyIdentifier(checked: "P")

    private func makeDesk(_ rulebook: OracleRulebook = .tiny) -> Desk {
        var desk = Desk(rulebook)
        desk.party("P")
        return desk
    }

    // MARK: Shipping

    // "`ship` (all, part, `final` frees the rest)". "Shipping the last unit closes the hold."
    @Test func aHoldIsShippedInPartsAllOfItOrWithTheRestFreed() {
        var desk = makeDesk()
        for id in ["parts", "all", "final"] { desk.reserve(.tpp(100), id: id) }
        #expect(desk.ship("parts", 30) == "30 of 100+0")
        #expect(desk.ship("parts", 71) == "exceeds-hold: 71 of 70+30")
        #expect(desk.ship("parts", 70) == "70 of 70+30")
        #expect(desk.ship("parts", 1) == "hold-closed: 1 of 0+100")
        #expect(desk.ship("parts") == "hold-closed: 0 of 0+100")
        #expect(desk.ship("all") == "100 of 100+0")
        #expect(desk.ship("final", 60, isFinal: true) == "60 of 100+0, frees 40")
        #expect(desk.ship("final", 1) == "hold-closed: 1 of 0+60")
        #expect(desk.use(.country(emirates)) == [260, 1_000])
    }

    // A final shipment of all that is open frees nothing.
    @Test func aFinalShipmentOfTheRestFreesNothing() {
        var desk = makeDesk()
        desk.reserve(.tpp(100), id: "hold")
        #expect(desk.ship("hold", isFinal: true) == "100 of 100+0")
        #expect(desk.balance("hold") == [0, 100, 0, 0])
    }

    // "`release` (the rest)", "`revoke` (an authority, with a reason; frees only the unshipped)".
    @Test func releaseAndRevocationFreeOnlyWhatIsNotShipped() {
        var desk = makeDesk()
        for id in ["release", "revoke"] {
            desk.reserve(.tpp(100), id: id)
            desk.ship(id, 40)
        }
        #expect(desk.use(.country(emirates)) == [200, 1_000])
        #expect(desk.release("release") == "0 of 60+40, frees 60")
        #expect(desk.revoke("revoke") == "0 of 60+40, frees 60")
        #expect(desk.use(.country(emirates)) == [80, 1_000])
        #expect(desk.release("revoke") == "hold-closed: 0 of 0+40")
        #expect(desk.revoke("release") == "hold-closed: 0 of 0+40")
        #expect(desk.balance("release") == [0, 40, 0, 0])
    }

    // "What was charged to several limits is settled and freed on all of them together."
    @Test func allLimitsOfAHoldAreFreedTogether() {
        var desk = Desk(.tiny)
        desk.party("P", headquarters: "US")
        desk.installed("P", ["US": 10_000])
        desk.status(.universal, "P")
        #expect(
            desk.reserve(.tpp(600), id: "hold")?.line
                == "uveu granted 600; uveu-country P AE* 0/700 100; uveu-outside P 0/2500 1900"
        )
        desk.ship("hold", 100, isFinal: true)
        // Of the 600 only the 100 that were shipped are used, and they raise the base.
        #expect(desk.use(.countryShare(group: p, country: emirates)) == [100, 707])
        #expect(desk.use(.outsideShare(group: p)) == [100, 2_525])
        #expect(desk.use(.country(emirates)) == [0, 1_000])
    }

    // "A charge is a fact ... It is dated at its decision and stays there, whenever the goods
    // ship."
    @Test func aShipmentMovesNoChargeToAnotherYear() {
        var desk = makeDesk()
        desk.reserve(.tpp(50), id: "hold")
        desk.clock = .of(2026, 3, 1)
        desk.ship("hold")
        #expect(desk.use(.smallOrder(group: p, year: 2025)) == [50, 50])
        #expect(desk.use(.smallOrder(group: p, year: 2026)) == [0, 50])
    }

    // MARK: Extending

    // "`extend` (a later deadline, else `deadline-not-later` when it does not move forward;
    // nothing else is re-checked)".
    @Test func anExtensionMovesTheDeadlineForwardOnly() {
        var desk = makeDesk()
        let deadline = LedgerTime.of(2025, 2, 1)
        desk.reserve(.tpp(100), deadline: deadline, id: "hold")
        desk.reserve(.tpp(100), id: "open end")
        let refused = "deadline-not-later: 0 of 100+0"
        #expect(desk.extend("hold", to: deadline) == refused)
        #expect(desk.extend("hold", to: deadline.adding(milliseconds: -1)) == refused)
        // A hold without a deadline already has for ever.
        #expect(desk.extend("open end", to: .of(2030, 1, 1)) == refused)
        // "A deadline (of reserve, check or extend) not later than the operation is malformed."
        #expect(desk.extend("hold", to: desk.clock) == "malformed-field")
        desk.block("P")
        #expect(desk.extend("hold", to: deadline.adding(milliseconds: 1)) == "0 of 100+0")
        _ = desk.news()
        desk.tick(deadline)
        #expect(desk.news() == [])
        desk.tick(deadline.adding(milliseconds: 1))
        #expect(desk.news() == ["expired 4, 100 free"])
        #expect(desk.extend("hold", to: .of(2026, 1, 1)) == "hold-closed: 0 of 0+0")
    }

    // An expiry frees what is open; what was shipped stays.
    @Test func anExpiryFreesOnlyWhatIsNotShipped() {
        var desk = makeDesk()
        desk.reserve(.tpp(100), deadline: .of(2025, 2, 1), id: "hold")
        desk.reserve(.tpp(100), deadline: .of(2025, 2, 1), id: "shipped")
        desk.ship("hold", 30)
        desk.ship("shipped")
        desk.tick(.of(2025, 2, 1))
        #expect(desk.news() == ["expired 4, 70 free"])
        #expect(desk.use(.country(emirates)) == [130, 1_000])
        #expect(desk.ship("hold") == "hold-closed: 0 of 0+30")
    }

    // MARK: What is refused

    // "Refusals in order: `not-granted` / `hold-closed`, `exceeds-hold` ..., then at shipment
    // `concern`, `party-blocked`, `status-inactive`". "A refused shipment is an entry; the hold is
    // kept."
    @Test func refusalsOfAShipmentComeInTheirOrder() {
        var desk = Desk(.tiny)
        desk.party("P")
        desk.status(.national(emirates), "P", id: "status")
        desk.reserve(.tpp(100), id: "hold")
        desk.change("status", .suspend)
        desk.block("P")
        desk.party("P", headquarters: "CN")
        #expect(desk.ship("hold", 101) == "exceeds-hold: 101 of 100+0")
        #expect(desk.ship("hold") == "concern: 100 of 100+0")
        desk.party("P")
        #expect(desk.ship("hold") == "party-blocked: 100 of 100+0")
        desk.block("P", false)
        #expect(desk.ship("hold", 60, isFinal: true) == "status-inactive: 60 of 100+0")
        let count = desk.oracle.entries.count
        desk.change("status", .reinstate)
        #expect(desk.ship("hold") == "100 of 100+0")
        #expect(desk.oracle.entries.count == count + 2)
    }

    // "A reservation that was refused is `not-granted` for every operation on holds."
    @Test func thereIsNothingToDoWithARefusedReservation() {
        var desk = makeDesk()
        desk.reserve(.tpp(1_001), id: "refused")
        let refused = "not-granted: 0 of 0+0"
        #expect(desk.ship("refused", 5) == refused)
        #expect(desk.release("refused") == refused)
        #expect(desk.extend("refused", to: .of(2030, 1, 1)) == refused)
        #expect(desk.giveBack("refused") == refused)
        #expect(desk.retire("refused") == refused)
        #expect(desk.revoke("refused") == refused)
        #expect(desk.balance("refused") == nil)
    }

    // "No such operation, or one of another kind, is `unknown-reference`."
    @Test func whatIsNoReservationIsUnknown() {
        var desk = makeDesk()
        desk.party("Q")
        desk.status(.national(emirates), "P", id: "status")
        for id in ["nothing", "status"] {
            #expect(desk.ship(id) == "unknown-reference")
            #expect(desk.revoke(id) == "unknown-reference")
            // Before the deadline is looked at.
            #expect(desk.extend(id, to: .of(2025, 1, 1)) == "unknown-reference")
        }
        desk.reserve(.tpp(1), id: "hold")
        desk.organisation = OrganisationIdentifier(checked: "bolt")
        #expect(desk.ship("hold") == "unknown-reference")
        #expect(desk.ship("hold", of: "acme") == "1 of 1+0")
    }

    // "a part is at least 1 TPP, a reason is 1 to 200 bytes".
    @Test func partsAndReasonsHaveAShape() {
        var desk = makeDesk()
        desk.reserve(.tpp(10), id: "hold")
        for amount in [Int64(0), -1] {
            #expect(desk.ship("hold", amount) == "malformed-field")
            #expect(desk.giveBack("hold", amount) == "malformed-field")
            #expect(desk.retire("hold", amount) == "malformed-field")
        }
        let reference = OperationReference(id: OperationIdentifier(checked: "hold"))
        let long = String(repeating: "x", count: 201)
        for text in ["", long] {
            let revocation = Action.revoke(Revocation(hold: reference, reason: text))
            #expect(desk.result(revocation) == "malformed-field")
            let correction = Correction(target: .operation(reference), text: text)
            #expect(desk.result(.correct(correction)) == "malformed-field")
        }
    }

    // "Quantities are not re-checked."
    @Test func aShipmentPassesAlsoWhenTheLimitIsInBreach() {
        let lower = OracleRulebook.tiny.renamed("lower", .country, .always(.tpp(10)))
        var desk = Desk(.tiny, lower)
        desk.party("P")
        desk.reserve(.tpp(100), id: "hold")
        desk.adopt(lower)
        #expect(desk.reserve(.tpp(60))?.refusal == .limitReached)
        #expect(desk.ship("hold") == "100 of 100+0")
    }

    // "the status that granted it is suspended, revoked, ended or not attested now".
    @Test func theVeryStatusThatGrantedMustHelp() {
        for why in ["suspended", "revoked", "ended", "not attested"] {
            var desk = Desk(.tiny)
            desk.party("P")
            desk.attest("P", until: why == "not attested" ? .of(2025, 2, 1) : nil)
            desk.status(
                .national(emirates),
                "P",
                id: "status",
                until: why == "ended" ? .of(2025, 2, 1) : nil,
                attested: false
            )
            desk.reserve(.tpp(100), id: "hold")
            if why == "suspended" { desk.change("status", .suspend) }
            if why == "revoked" { desk.change("status", .revoke) }
            desk.clock = LedgerTime.of(2025, 2, 1).adding(milliseconds: -1)
            let early = desk.ship("hold", 1)
            desk.clock = .of(2025, 2, 1)
            let late = desk.ship("hold", 1)
            let isAtOnce = why == "suspended" || why == "revoked"
            #expect(early == (isAtOnce ? "status-inactive: 1 of 100+0" : "1 of 100+0"), "\(why)")
            #expect(late.hasPrefix("status-inactive: 1 of "), "\(why)")
            // Another status of the kind does not help, a new attestation of the holder does.
            desk.status(.national(emirates), "P")
            let again = desk.ship("hold", 1)
            #expect(again.hasPrefix("status-inactive") == (why != "not attested"), "\(why)")
            if why == "ended" || why == "revoked" {
                #expect(desk.reserve(.tpp(1))?.mechanism == .nationalVEU, "\(why)")
            }
        }
    }

    // "Eligibility is not asked again", and the rulebook in force says whether attestations are.
    @Test func eligibilityIsNotAskedAgain() {
        var lenient = OracleRulebook.tiny
        lenient.name = "lenient"
        lenient.needsSecurityAttestation = false
        var desk = Desk(.tiny, lenient)
        desk.party("P", headquarters: "US")
        desk.installed("P", ["US": 10_000])
        desk.attest("P", until: .of(2025, 2, 1))
        desk.status(.universal, "P", attested: false)
        desk.reserve(.tpp(100), id: "hold")
        desk.party("P")
        #expect(desk.ship("hold", 10) == "10 of 100+0")
        desk.clock = .of(2025, 2, 1)
        #expect(desk.ship("hold", 10) == "status-inactive: 10 of 90+10")
        desk.adopt(lenient)
        #expect(desk.ship("hold", 10) == "10 of 90+10")
    }

    // "Of those that helped at the decision ... the one granted by the earliest entry."
    @Test func ofTwoStatusesTheEarlierOneGranted() {
        var desk = Desk(.tiny)
        desk.party("P", headquarters: "US")
        desk.party("Q", headquarters: "US")
        desk.status(.universal, "Q", id: "first")
        desk.status(.universal, "P", id: "second")
        desk.installed("P", ["US": 10_000])
        desk.party("Q", parent: "P")
        desk.reserve(.tpp(100), id: "hold")
        desk.change("second", .revoke)
        #expect(desk.ship("hold", 1) == "1 of 100+0")
        desk.change("first", .suspend)
        #expect(desk.ship("hold", 1) == "status-inactive: 1 of 99+1")
        // One that did not help did not grant.
        desk.status(.universal, "P", id: "third")
        desk.reserve(.tpp(100), id: "later")
        #expect(desk.ship("later", 1) == "1 of 100+0")
    }

    // "An uncontrolled hold skips `concern`", and is settled as a whole.
    @Test func anUncontrolledHoldIsSettledAsAWhole() {
        var desk = makeDesk()
        for id in ["ship", "release", "revoke", "blocked"] {
            desk.reserve(.device("H20", 10), to: "CN", id: id)
        }
        #expect(desk.ship("ship", 1) == "exceeds-hold: 1 of 0+0")
        #expect(desk.giveBack("ship") == "exceeds-shipped: 0 of 0+0")
        #expect(desk.ship("ship") == "0 of 0+0")
        #expect(desk.ship("ship") == "hold-closed: 0 of 0+0")
        #expect(desk.giveBack("ship") == "exceeds-shipped: 0 of 0+0")
        #expect(desk.release("release") == "0 of 0+0")
        #expect(desk.release("release") == "hold-closed: 0 of 0+0")
        #expect(desk.revoke("revoke") == "0 of 0+0")
        desk.block("P")
        #expect(desk.ship("blocked") == "party-blocked: 0 of 0+0")
    }

    // "`party-blocked`: if the rulebook in force has a mechanism `prohibited` that tests blocks",
    // "`concern`: ... of the rulebook in force, with the places it tests".
    @Test func theRulebookInForceSaysWhatIsAskedAgain() {
        var blind = OracleRulebook.tiny
        blind.name = "blind"
        blind.change(.prohibited) { $0.prohibitions = [.endUse] }
        blind.change(.concern) { $0.places = [.destination] }
        var desk = Desk(.tiny, blind)
        desk.party("P")
        desk.reserve(.tpp(100), id: "hold")
        desk.party("P", site: "CN")
        #expect(desk.ship("hold", 1) == "concern: 1 of 100+0")
        desk.adopt(blind)
        desk.block("P")
        #expect(desk.ship("hold", 1) == "1 of 100+0")
        #expect(desk.reserve(.tpp(1))?.isGranted == true)
        #expect(desk.reserve(.tpp(1), endUse: "military")?.refusal == .prohibitedEndUse)
    }

    // "A status that ends, a block, a new rulebook or an ended agreement touches no hold that
    // exists."
    @Test func lawTouchesNoHoldThatExists() {
        let lower = OracleRulebook.tiny.renamed("lower", .country, .always(.tpp(10)))
        var desk = Desk(.tiny, lower)
        desk.party("P")
        desk.status(.national(emirates), "P", id: "status")
        desk.reserve(.tpp(400), id: "veu")
        desk.change("status", .revoke)
        desk.reserve(.tpp(900), id: "country")
        desk.block("P")
        desk.adopt(lower)
        #expect(desk.balance("veu") == [400, 0, 0, 0])
        #expect(desk.balance("country") == [900, 0, 0, 0])
        #expect(desk.use(.country(emirates)) == [900, 10])
    }

    // "The command line turns a number of devices into TPP": the hold keeps the TPP of its decision.
    @Test func aHoldKeepsTheTPPOfItsDecision() {
        var desk = makeDesk(.cfr)
        desk.reserve(.h100(10), id: "hold")
        desk.apply(.adoptDevices(DeviceAdoption(bytes: Desk.revisedDevices)))
        #expect(desk.ship("hold", 15_832) == "15832 of 158320+0")
        #expect(desk.ship("hold") == "142488 of 142488+15832")
    }

    // "One of which nothing is open or out any more. For it `before` shows 0 throughout".
    @Test func ofAHoldThatIsOverNothingIsShown() {
        var desk = makeDesk()
        desk.reserve(.tpp(100), id: "hold")
        let reference = OperationReference(id: .init(checked: "hold"))
        desk.ship("hold", 40, isFinal: true)
        desk.giveBack("hold", 10)
        desk.retire("hold", 20)
        let steps: [(asked: Int64, before: [Int64])] = [
            (11, [0, 10, 10, 20]), (10, [0, 10, 10, 20]), (5, [0, 0, 0, 0]),
        ]
        for (asked, before) in steps {
            let action = Action.giveBack(
                GoodsReturn(hold: reference, part: .amount(TPP(rawValue: asked)))
            )
            guard case .entry(let entry) = desk.apply(action),
                case .operation(let record) = entry.content,
                case .moved(let move) = record.outcome
            else {
                Issue.record("a return must be a move")
                return
            }
            let balance = move.before
            let shown = [balance.open, balance.out, balance.returned, balance.retired]
            #expect(shown.map(\.rawValue) == before, "\(asked)")
            #expect(move.amount.rawValue == asked)
        }
        #expect(desk.balance("hold") == [0, 0, 20, 20])
    }

    // "Balances ... All as of any entry or time."
    @Test func balancesAreKnownOfEveryEntry() {
        var desk = makeDesk()
        desk.reserve(.tpp(100), id: "hold")
        let granted = EntryNumber(rawValue: UInt64(desk.oracle.entries.count - 1))
        desk.ship("hold", 30)
        desk.giveBack("hold", 10)
        desk.retire("hold", 5)
        #expect(desk.balance("hold", asOf: granted) == [100, 0, 0, 0])
        #expect(
            desk.balance("hold", asOf: EntryNumber(rawValue: granted.rawValue + 1))
                == [70, 30, 0, 0]
        )
        #expect(desk.balance("hold") == [70, 15, 10, 5])
        #expect(desk.balance("hold", asOf: EntryNumber(rawValue: 1_000)) == nil)
    }
}
