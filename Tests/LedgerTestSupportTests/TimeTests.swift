// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import Testing

/// What falls due before an operation, in which order, and that nothing else does.
@Suite struct TimeTests {
    private let emirates = CountryCode.of("AE")
    private let p = PartyIdentifier(checked: "P")

    private func makeDesk(_ rulebook: OracleRulebook, _ other: OracleRulebook? = nil) -> Desk {
        var desk = other.map { Desk(rulebook, $0) } ?? Desk(rulebook)
        desk.party("P", headquarters: "US")
        _ = desk.news()
        return desk
    }

    // "Nothing happens by itself." "Is a tick an entry? Yes, of its own. What falls due stands in
    // front of it."
    @Test func aTickBringsWhatIsDueAndIsAnEntry() {
        var desk = makeDesk(.tiny)
        desk.reserve(.tpp(100), deadline: .of(2025, 2, 1))
        let count = desk.oracle.entries.count
        desk.clock = .of(2025, 3, 1)
        #expect(desk.oracle.entries.count == count)
        #expect(desk.result(.tick) == "accepted")
        #expect(desk.oracle.entries.count == count + 2)
        #expect(desk.oracle.entries.map(\.time).suffix(2) == [.of(2025, 2, 1), .of(2025, 3, 1)])
        // Nothing is due: the tick alone.
        #expect(desk.tick(.of(2025, 4, 1)) == "accepted")
        #expect(desk.oracle.entries.count == count + 3)
    }

    // "what falls due by T takes effect first, in order of due time; at one instant: rulebooks ...;
    // then windows; then expiries of holds; each in log order; then breaches and thresholds, once
    // per instant".
    @Test func atOneInstantLawComesBeforeExpiriesAndOneLookComesLast() {
        let lower = OracleRulebook.tiny.renamed(
            "lower",
            from: .of(2025, 3, 1),
            .country,
            .always(.tpp(150))
        )
        var desk = makeDesk(.tiny, lower)
        desk.adopt(lower)
        desk.reserve(.tpp(100), deadline: .of(2025, 3, 1))
        desk.reserve(.tpp(140), deadline: LedgerTime.of(2025, 3, 1).adding(milliseconds: 1))
        desk.reserve(.tpp(60), deadline: .of(2025, 3, 1))
        desk.reserve(.tpp(70), deadline: .of(2025, 2, 28))
        desk.tick(.of(2025, 4, 1))
        // At midnight the cap falls to 150 and 160 of 300 expire: 140 used, no breach between.
        #expect(
            desk.news()
                == [
                    "expired 8, 70 free", "expired 5, 100 free", "expired 7, 60 free",
                    "country AE crossed 90 140/150", "expired 6, 140 free",
                ]
        )
    }

    // The same with a millisecond between: the breach opens, and the expiry cures it.
    @Test func aBreachMayLastAMillisecond() {
        let lower = OracleRulebook.tiny.renamed(
            "lower",
            from: .of(2025, 3, 1),
            .country,
            .always(.tpp(150))
        )
        var desk = makeDesk(.tiny, lower)
        desk.adopt(lower)
        desk.reserve(.tpp(300), deadline: LedgerTime.of(2025, 3, 1).adding(milliseconds: 1))
        desk.tick(.of(2025, 4, 1))
        #expect(
            desk.news()
                == [
                    "country AE breached 300/150", "country AE crossed 100 300/150",
                    "expired 5, 300 free", "country AE cured 0/150",
                ]
        )
        let times = desk.oracle.entries.suffix(5).map(\.time.millisecondsSince1970)
        #expect(times[0] == times[1] && times[2] == times[3] && times[2] == times[0] + 1)
    }

    // "then the operation, then one look after the operation's entry": two looks of one instant.
    @Test func anOperationsEventsStandBehindItsEntry() {
        var desk = makeDesk(.tiny)
        desk.reserve(.tpp(900), deadline: .of(2025, 3, 1))
        desk.clock = .of(2025, 3, 1)
        desk.reserve(.tpp(950))
        let tail = desk.oracle.entries.suffix(3)
        #expect(tail.map(\.time) == Array(repeating: .of(2025, 3, 1), count: 3))
        let kinds = tail.map { entry in
            switch entry.content {
            case .operation: "operation"
            case .expiry: "expiry"
            case .limit: "limit"
            }
        }
        #expect(kinds == ["expiry", "operation", "limit"])
        #expect(desk.news().last == "country AE crossed 95 950/1000")
    }

    // "Midnight UTC, also when nothing else happens on that day: a rolling window may cure a breach
    // on a day of its own." "(N months: a charge of UTC day D counts while today < D + N months)"
    @Test func aRollingWindowCuresABreachAtMidnight() {
        let rolling = OracleRulebook.tiny.renamed(
            "rolling",
            .country,
            .rolling(months: 1, .tpp(100))
        )
        var desk = makeDesk(.tiny, rolling)
        desk.clock = .of(2025, 1, 31, milliseconds: 5_000)
        desk.reserve(.tpp(80))
        desk.clock = .of(2025, 2, 10)
        desk.reserve(.tpp(90))
        desk.adopt(rolling)
        #expect(desk.news().first == "country AE breached 170/100")
        desk.tick(.of(2025, 12, 1))
        // 31 January plus one month is 28 February.
        #expect(desk.news() == ["country AE cured 90/100"])
        #expect(desk.oracle.entries.suffix(2).map(\.time) == [.of(2025, 2, 28), .of(2025, 12, 1)])
    }

    // Leap days: 31 January 2028 plus one month is 29 February.
    @Test func aLeapDayIsADay() {
        let rolling = OracleRulebook.tiny.renamed(
            "rolling",
            .country,
            .rolling(months: 1, .tpp(100))
        )
        var desk = makeDesk(rolling)
        desk.clock = .of(2028, 1, 31)
        desk.reserve(.tpp(100))
        desk.clock = LedgerTime.of(2028, 2, 29).adding(milliseconds: -1)
        #expect(desk.reserve(.tpp(51))?.refusal == .limitReached)
        desk.clock = .of(2028, 2, 29)
        #expect(desk.reserve(.tpp(51))?.isGranted == true)
    }

    // "`schedule` (a cumulative ceiling that steps on dates ...)": it cures a breach on the day of
    // its step, and a threshold that was crossed is armed again.
    @Test func aScheduleThatStepsCuresABreach() {
        var steps = OracleRulebook.tiny
        steps.name = "steps"
        steps.change(.nationalVEU) {
            $0.limits = [
                .schedule([
                    .init(from: .of(2025, 1, 1), amount: .tpp(100)),
                    .init(from: .of(2025, 4, 1), amount: .tpp(900)),
                ])
            ]
        }
        var desk = makeDesk(.tiny, steps)
        desk.status(.national(emirates), "P")
        desk.reserve(.tpp(700))
        desk.adopt(steps)
        #expect(desk.news() == ["nveu P AE breached 700/100", "nveu P AE crossed 100 700/100"])
        desk.tick(.of(2025, 4, 1))
        #expect(desk.news() == ["nveu P AE cured 700/900"])
        desk.reserve(.tpp(20))
        #expect(desk.news() == ["nveu P AE crossed 80 720/900"])
    }

    // "A rulebook that is adopted later than its effective day starts in the instant of its
    // adoption."
    @Test func aRulebookOfAPastDayStartsAtItsAdoption() {
        let lower = OracleRulebook.tiny.renamed("lower", .country, .always(.tpp(150)))
        var desk = makeDesk(.tiny, lower)
        desk.reserve(.tpp(200))
        desk.clock = .of(2025, 6, 1, milliseconds: 77)
        desk.adopt(lower)
        #expect(desk.news().first == "country AE breached 200/150")
        #expect(desk.oracle.entries.last?.time == .of(2025, 6, 1, milliseconds: 77))
    }

    // "A `check` answers what `reserve` would get as the next operation ..., with due events
    // applied; it writes nothing."
    @Test func aCheckSeesWhatIsDue() {
        var desk = makeDesk(.tiny)
        desk.reserve(.tpp(900), deadline: .of(2025, 3, 1))
        let order = Desk.order([.tpp(1_000)])
        let count = desk.oracle.entries.count
        let early = desk.oracle.check(
            order,
            now: LedgerTime.of(2025, 3, 1).adding(milliseconds: -1)
        )
        let late = desk.oracle.check(order, now: .of(2025, 3, 1))
        guard case .decision(let refused) = early, case .decision(let granted) = late else {
            Issue.record("both checks must be decided")
            return
        }
        #expect(refused.refusal == .limitReached && granted.isGranted)
        #expect(desk.oracle.entries.count == count)
        // "A deadline (of reserve, check or extend) not later than the operation is malformed."
        var dated = order
        dated.deadline = .of(2025, 3, 1)
        #expect(desk.oracle.check(dated, now: .of(2025, 3, 1)) == .rejected(.malformedField))
    }

    // "A rejected operation leaves no entry, moves no clock, makes nothing fall due".
    @Test func rejectedOperationsOnHoldsMakeNothingFallDue() {
        var desk = makeDesk(.tiny)
        desk.reserve(.tpp(100), deadline: .of(2025, 2, 1), id: "hold")
        let count = desk.oracle.entries.count
        desk.clock = .of(2025, 3, 1)
        #expect(desk.ship("hold", 0) == "malformed-field")
        #expect(desk.ship("other") == "unknown-reference")
        #expect(desk.extend("hold", to: .of(2025, 3, 1)) == "malformed-field")
        #expect(desk.result(.tick, at: .of(2025, 1, 12)) == "time-went-back")
        #expect(desk.oracle.entries.count == count)
        // Refused, it is an entry, and what is due comes first.
        #expect(desk.ship("hold") == "hold-closed: 0 of 0+0")
        #expect(desk.oracle.entries.count == count + 2)
    }

    // "Order of checks: shape ...; replay or `id-reused`; `time-went-back`; what is looked up".
    @Test func operationsOnHoldsAreRejectedInOrder() {
        var desk = makeDesk(.tiny)
        desk.reserve(.tpp(100), id: "hold")
        func shipment(_ id: String, _ amount: Int64) -> Action {
            let hold = OperationReference(id: OperationIdentifier(checked: id))
            return .ship(Shipment(hold: hold, part: .amount(TPP(rawValue: amount))))
        }
        let early = LedgerTime.of(2025, 1, 12)
        #expect(desk.result(shipment("nothing", 0), id: "hold", at: early) == "malformed-field")
        #expect(desk.result(shipment("nothing", 1), id: "hold", at: early) == "id-reused")
        #expect(desk.result(shipment("nothing", 1), id: "new", at: early) == "time-went-back")
        #expect(desk.result(shipment("nothing", 1), id: "new") == "unknown-reference")
        // "A rejected operation does not use up its id." A replay comes before the time.
        #expect(desk.result(shipment("hold", 1), id: "new") == "accepted")
        #expect(desk.result(shipment("hold", 1), id: "new", at: early).hasPrefix("replay"))
    }

    // "Same id and same content: the first answer again ... Content is the parsed operation ...
    // without ... constant defaults": whose the named operation is may be said or left out.
    @Test func operationsOnHoldsAreReplayedToo() {
        var desk = makeDesk(.tiny)
        desk.reserve(.tpp(100), id: "hold")
        let plain = OperationReference(id: .init(checked: "hold"))
        let full = OperationReference(organisation: desk.organisation, id: .init(checked: "hold"))
        let actions: [(Action, Action)] = [
            (
                .ship(Shipment(hold: plain, part: .amount(TPP(rawValue: 5)))),
                .ship(Shipment(hold: full, part: .amount(TPP(rawValue: 5))))
            ),
            (.giveBack(GoodsReturn(hold: plain)), .giveBack(GoodsReturn(hold: full))),
            (
                .retire(Retirement(hold: plain, cause: .loss)),
                .retire(Retirement(hold: full, cause: .loss))
            ),
            (
                .extend(HoldExtension(hold: plain, deadline: .of(2026, 1, 1))),
                .extend(HoldExtension(hold: full, deadline: .of(2026, 1, 1)))
            ),
            (
                .correct(Correction(target: .operation(plain), text: "nine")),
                .correct(Correction(target: .operation(full), text: "nine"))
            ),
            (.release(HoldRelease(hold: plain)), .release(HoldRelease(hold: full))),
            (
                .revoke(Revocation(hold: plain, reason: "why")),
                .revoke(Revocation(hold: full, reason: "why"))
            ),
            (.tick, .tick),
        ]
        for (index, pair) in actions.enumerated() {
            let id = "again \(index)"
            desk.result(pair.0, id: id)
            let count = desk.oracle.entries.count
            #expect(desk.result(pair.1, id: id) == "replay \(count - 1)", "\(pair.0)")
            #expect(desk.oracle.entries.count == count)
        }
        let shipment = Action.ship(Shipment(hold: plain, part: .rest))
        #expect(desk.result(shipment, id: "again 0") == "id-reused")
        let final = Action.ship(
            Shipment(hold: plain, part: .amount(TPP(rawValue: 5)), isFinal: true)
        )
        #expect(desk.result(final, id: "again 0") == "id-reused")
    }
}
