// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import Testing

/// Expiries, replays, rejections, checks, and questions about the past.
@Suite struct AnswerTests {
    private let emirates = CountryCode.of("AE")

    // MARK: Expiry

    @Test func aHoldIsExpiredInTheMillisecondOfItsDeadline() throws {
        var desk = Desk(.cfr)
        desk.party("P")
        let deadline = LedgerTime.of(2025, 2, 1, milliseconds: 500)
        desk.reserve(.tpp(790_000_000), deadline: deadline)
        desk.clock = deadline.adding(milliseconds: -1)
        #expect(desk.reserve(.tpp(30_000_000))?.refusal == .limitReached)
        desk.clock = deadline
        desk.organisation = OrganisationIdentifier(checked: "bolt")
        #expect(desk.reserve(.tpp(30_000_000))?.isGranted == true)
        let expiry = desk.oracle.entries[desk.oracle.entries.count - 2]
        #expect(
            expiry.content
                == .expiry(
                    HoldExpiry(hold: .init(rawValue: 4), freed: TPP(rawValue: 790_000_000))
                )
        )
        #expect(expiry.time == deadline)
        #expect(expiry.actor.organisation.text == "bolt")
        #expect(expiry.rulebook?.rawValue == 2)
        #expect(expiry.number.rawValue == 7)
    }

    @Test func holdsExpireInOrderOfDeadlineThenOfTheLog() {
        var desk = Desk(.cfr)
        desk.party("P")
        let first = LedgerTime.of(2025, 2, 1)
        let second = LedgerTime.of(2025, 2, 2)
        for deadline in [second, first, second, first] {
            desk.reserve(.tpp(1), deadline: deadline)
        }
        desk.reserve(.device("H20", 1), to: "CN", deadline: first)
        desk.clock = .of(2025, 3, 1)
        // A refused operation brings its time all the same.
        #expect(desk.status(.universal, "P", attested: false) == "not-eligible")
        let tail = desk.oracle.entries.suffix(6)
        let holds = tail.compactMap { entry -> String? in
            guard case .expiry(let expiry) = entry.content else { return nil }
            return "\(expiry.hold) \(expiry.freed.rawValue) \(entry.time.day)"
        }
        #expect(
            holds == [
                "5 1 2025-02-01", "7 1 2025-02-01", "8 0 2025-02-01", "4 1 2025-02-02",
                "6 1 2025-02-02",
            ]
        )
        #expect(desk.oracle.entries.last?.time == .of(2025, 3, 1))
    }

    @Test func rejectionsAndReplaysMakeNothingFallDue() {
        var desk = Desk(.cfr)
        desk.party("P")
        let order = Action.reserve(Desk.order([.tpp(1)], deadline: .of(2025, 2, 1)))
        desk.result(order, id: "order")
        desk.clock = .of(2025, 3, 1)
        let count = desk.oracle.entries.count
        #expect(desk.result(order, id: "order") == "replay 4")
        #expect(desk.reserve(.tpp(1), to: "XX") == nil)
        #expect(desk.oracle.entries.count == count)
        #expect(desk.oracle.newestTime == .of(2025, 1, 13))
    }

    @Test func anExpiryNamesTheRulebookOfItsTime() {
        var later = OracleRulebook.brief
        later.name = "later"
        later.effective = .of(2025, 6, 1)
        var desk = Desk(.cfr, later)
        desk.adopt(later)
        desk.party("P")
        desk.reserve(.tpp(1), deadline: .of(2025, 5, 31))
        desk.reserve(.tpp(1), deadline: .of(2025, 6, 1))
        desk.clock = .of(2025, 7, 1)
        desk.block("P")
        let rulebooks = desk.oracle.entries.suffix(3).map { $0.rulebook?.rawValue }
        #expect(rulebooks == [2, 3, 3])
    }

    // MARK: Replay

    @Test func theSameContentIsAReplayForEver() {
        var desk = Desk(.cfr)
        desk.party("P")
        let order = Action.reserve(Desk.order([.tpp(1)]))
        #expect(desk.result(order, id: "order", at: .of(2025, 1, 14)) == "granted by small-order")
        desk.clock = .of(2026, 1, 1)
        desk.block("P")
        #expect(desk.result(order, id: "order", at: .of(2025, 1, 14)) == "replay 4")
        #expect(desk.result(order, id: "order") == "replay 4")
        let other = Action.reserve(Desk.order([.tpp(2)]))
        #expect(desk.result(other, id: "order") == "id-reused")
        let block = PartyBlock(party: .init(checked: "P"), isBlocked: true, reason: "x")
        #expect(desk.result(.block(block), id: "order") == "id-reused")
        desk.organisation = OrganisationIdentifier(checked: "bolt")
        #expect(desk.result(order, id: "order") == "party-blocked")
    }

    @Test func aRefusalIsReplayedAndARejectionUsesUpNothing() {
        var desk = Desk(.cfr)
        let order = Action.reserve(Desk.order([.tpp(1)], to: "CN"))
        #expect(desk.result(order, id: "order") == "unknown-party")
        desk.party("P")
        #expect(desk.result(order, id: "order") == "concern")
        #expect(desk.result(order, id: "order") == "replay 4")
    }

    // MARK: Rejections

    @Test func rejectionsComeInTheirOrder() {
        var desk = Desk(.cfr, adopting: false)
        desk.clock = .of(2025, 6, 1)
        let past = LedgerTime.of(2025, 1, 1)
        // From an order with every fault to one with none, one repair at a time.
        var order = Desk.order([.tpp(0)], to: "ZZ", endUse: "gardening", deadline: past)
        let result = { (desk: inout Desk, time: LedgerTime?) in
            desk.result(.reserve(order), id: "order", at: time)
        }
        #expect(result(&desk, past) == "malformed-field")
        order.lines = [.device("H100 SXM5", 1_000_000_000), .device("Abacus", 1)]
        #expect(result(&desk, past) == "time-went-back")
        #expect(result(&desk, nil) == "unknown-country")
        order.destination = emirates
        #expect(result(&desk, nil) == "unknown-party")
        desk.party("P")
        #expect(result(&desk, nil) == "unknown-device")
        desk.apply(.adoptDevices(DeviceAdoption(bytes: Desk.usualDevices)))
        #expect(result(&desk, nil) == "unknown-device")
        order.lines.removeLast()
        // No rulebook knows the end use yet: the deadline comes first.
        #expect(result(&desk, nil) == "malformed-field")
        order.deadline = desk.clock
        #expect(result(&desk, nil) == "malformed-field")
        order.deadline = desk.clock.adding(milliseconds: 1)
        #expect(result(&desk, nil) == "no-rulebook")
        desk.adopt(.cfr)
        #expect(result(&desk, nil) == "unknown-end-use")
        order.endUse = .init(checked: "research")
        #expect(result(&desk, nil) == "amount-overflow")
        order.lines = [.h100(1)]
        #expect(result(&desk, nil) == "granted by small-order")
        order.lines = [.h100(2)]
        #expect(result(&desk, past) == "id-reused")
    }

    @Test func whatAnOrderMayBeIsExact() {
        var desk = Desk(.brief)
        desk.party("P")
        let result = { (desk: inout Desk, lines: [ReservationLine], reference: String?) in
            var order = Desk.order(lines, to: "US")
            order.reference = reference
            return desk.result(.reserve(order))
        }
        let granted = "granted by domestic"
        let one = ReservationLine.tpp(1)
        #expect(result(&desk, [], nil) == "malformed-field")
        #expect(result(&desk, Array(repeating: one, count: 100), nil) == granted)
        #expect(result(&desk, Array(repeating: one, count: 101), nil) == "malformed-field")
        for line in [ReservationLine.tpp(-1), .h100(0), .h100(-1), .h100e(.init(thousandths: 0))] {
            #expect(result(&desk, [one, line], nil) == "malformed-field")
        }
        #expect(result(&desk, [one], "") == "malformed-field")
        #expect(result(&desk, [one], String(repeating: "x", count: 200)) == granted)
        #expect(result(&desk, [one], String(repeating: "x", count: 201)) == "malformed-field")
        let most = ReservationLine.tpp(1_000_000_000_000)
        #expect(result(&desk, [most], nil) == granted)
        #expect(result(&desk, [most, one], nil) == "amount-overflow")
        // Lines that weigh nothing are worth something all the same.
        #expect(result(&desk, [most, .device("H20", 1)], nil) == "amount-overflow")
        #expect(result(&desk, [.h100(.max)], nil) == "amount-overflow")
        #expect(result(&desk, [.h100e(.init(thousandths: .max))], nil) == "amount-overflow")
        // 63,163,213 x 15,832 = 999,999,988,216.
        #expect(result(&desk, [.h100(63_163_213)], nil) == granted)
        #expect(result(&desk, [.h100(63_163_214)], nil) == "amount-overflow")
    }

    @Test func eachKindOfOperationLooksUpWhatItNames() {
        var desk = Desk(.cfr)
        #expect(desk.party("P", site: "ZZ", headquarters: "XX") == "unknown-country")
        #expect(desk.party("P", headquarters: "XX") == "unknown-country")
        #expect(desk.party("P", parent: "nobody") == "unknown-party")
        #expect(desk.status(.universal, "nobody") == "unknown-party")
        #expect(desk.installed("nobody", ["US": 1]) == "unknown-party")
        desk.party("P")
        #expect(desk.status(.national(.of("XX")), "P") == "unknown-country")
        #expect(desk.installed("P", asOf: .of(2025, 1, 13), ["XX": 1]) == "unknown-country")
        #expect(desk.installed("P", ["US": -1]) == "malformed-field")
        #expect(desk.installed("P", ["US": 1_000_000_000_001]) == "amount-overflow")
        #expect(desk.installed("P", ["US": 1_000_000_000_000]) == "accepted")
        #expect(desk.change("nothing", .suspend) == "unknown-reference")
        let signing = AgreementSigning(country: .of("XX"), dates: .of(desk.clock.day))
        #expect(desk.result(.signAgreement(signing)) == "unknown-country")
        #expect(desk.result(.adoptRulebook(.init(bytes: [1]))) == "invalid-rulebook")
        #expect(desk.result(.adoptDevices(.init(bytes: [1]))) == "invalid-devices")
        let settings = LedgerCreation(
            origin: .init(checked: "again"),
            mode: .binding,
            disclosure: .open
        )
        #expect(desk.result(.createLedger(settings)) == "ledger-exists")
    }

    @Test func aReferenceIsTheCallersOwnUnlessItSaysWhose() {
        var desk = Desk(.cfr)
        desk.party("P")
        desk.status(.national(emirates), "P", id: "status")
        desk.status(.national(emirates), "P", id: "refused")
        #expect(desk.change("refused", .suspend) == "unknown-reference")
        desk.organisation = OrganisationIdentifier(checked: "state")
        #expect(desk.change("status", .suspend) == "unknown-reference")
        #expect(desk.change("status", .suspend, of: "acme") == "accepted")
    }

    @Test func onlyReservationsAndStatusesNeedARulebook() {
        var later = OracleRulebook.cfr
        later.effective = .of(2025, 2, 1)
        var desk = Desk(later, adopting: false)
        #expect(desk.party("P") == "accepted")
        desk.adopt(later)
        #expect(desk.installed("P", ["US": 1]) == "accepted")
        #expect(desk.status(.national(emirates), "P") == "no-rulebook")
        #expect(desk.result(.reserve(Desk.order([.tpp(1)]))) == "no-rulebook")
        desk.clock = .of(2025, 2, 1)
        #expect(desk.status(.national(emirates), "P") == "accepted")
    }

    // MARK: Time, checks, the past

    @Test func aServerStampsTheLaterOfItsClockAndTheNewestEntry() {
        var desk = Desk(.cfr)
        desk.party("P")
        desk.clock = .of(2025, 1, 1)
        desk.party("Q")
        #expect(desk.oracle.newestTime == .of(2025, 1, 13))
        #expect(
            desk.result(.reserve(Desk.order([.tpp(1)])), at: .of(2025, 1, 12))
                == "time-went-back"
        )
        #expect(
            desk.result(.reserve(Desk.order([.tpp(1)])), at: .of(2025, 1, 13))
                == "granted by small-order"
        )
    }

    @Test func aCheckSaysWhatAReservationWouldGetAndWritesNothing() throws {
        var desk = Desk(.cfr)
        desk.party("P")
        desk.reserve(.tpp(790_000_000), deadline: .of(2025, 2, 1))
        let order = Desk.order([.tpp(500_000_000)])
        let before = desk.oracle.entries
        guard case .decision(let refused) = desk.oracle.check(order, now: .of(2025, 1, 31)),
            case .decision(let granted) = desk.oracle.check(order, now: .of(2025, 2, 1))
        else {
            Issue.record("a check of a well-formed order must be decided")
            return
        }
        #expect(refused.refusal == .limitReached)
        #expect(granted.line == "country granted 500000000; country AE* 0/790000000 290000000")
        #expect(desk.oracle.entries == before)
        #expect(
            desk.oracle.check(Desk.order([]), now: .of(2025, 2, 1)) == .rejected(.malformedField)
        )
        // A time that has passed is the newest entry's.
        #expect(
            desk.oracle.check(order, time: .of(2025, 1, 1), now: .of(2025, 2, 1))
                == .decision(refused)
        )
    }

    @Test func useCanBeAskedAsOfAnyEntry() {
        var desk = Desk(.cfr)
        let country = LimitName.country(emirates)
        desk.party("P")
        desk.reserve(.tpp(100_000_000), deadline: .of(2025, 2, 1))
        desk.reserve(.tpp(50_000_000))
        desk.clock = .of(2025, 3, 1)
        desk.reserve(.tpp(30_000_000))
        let used = (0..<8).map { desk.use(country, asOf: $0)?[0] }
        #expect(used == [nil, nil, 0, 0, 100_000_000, 150_000_000, 50_000_000, 80_000_000])
        #expect(desk.use(country, asOf: 8) == nil)
        #expect(desk.use(country) == [80_000_000, 790_000_000])
        #expect(desk.oracle.use(of: country, at: .of(2028, 1, 1)) == OracleUse(used: 0, limit: 0))
        // The share of a group without a base: nothing, and yet its holds count.
        #expect(desk.use(.outsideShare(group: .init(checked: "P"))) == [80_000_000, 0])
    }
}
