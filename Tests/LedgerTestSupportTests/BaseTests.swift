// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import Testing

/// Returns, retirements, and the installed base that shipments move.
@Suite struct BaseTests {
    private let emirates = CountryCode.of("AE")
    private let p = PartyIdentifier(checked: "P")

    // MARK: Returns and retirements

    // "`used` of a limit = the charges ... each counting what is still held plus what was shipped,
    // less credited returns and attrition."
    @Test func returnsFreeRoomAndRetirementsOnlyOfANationalVEU() {
        for (mechanism, afterRetirement) in [("country", Int64(80)), ("nveu", 70)] {
            var desk = Desk(.tiny)
            desk.party("P")
            if mechanism == "nveu" { desk.status(.national(emirates), "P") }
            desk.reserve(.tpp(100), id: "hold")
            desk.ship("hold", 90)
            let name: LimitName =
                mechanism == "nveu" ? .nationalVEU(party: p, country: emirates) : .country(emirates)
            #expect(desk.use(name) == [100, 1_000])
            #expect(desk.giveBack("hold", 20) == "20 of 10+90")
            #expect(desk.use(name) == [80, 1_000])
            #expect(desk.retire("hold", 10) == "10 of 10+70")
            #expect(desk.use(name) == [afterRetirement, 1_000], "\(mechanism)")
            #expect(desk.balance("hold") == [10, 60, 20, 10])
        }
    }

    // "if the rulebook in force credits it": what is used follows the definition of today.
    @Test func whatIsCreditedIsTheChoiceOfTheRulebookInForce() {
        var strict = OracleRulebook.tiny
        strict.name = "strict"
        strict.change(.country) { $0.credits = [] }
        var kind = OracleRulebook.tiny
        kind.name = "kind"
        kind.change(.country) { $0.credits = [.returned, .retired] }
        var desk = Desk(.tiny, strict, kind)
        desk.party("P")
        desk.reserve(.tpp(100), id: "hold")
        desk.ship("hold")
        desk.giveBack("hold", 20)
        desk.retire("hold", 30)
        #expect(desk.use(.country(emirates)) == [80, 1_000])
        desk.adopt(strict)
        #expect(desk.use(.country(emirates)) == [100, 1_000])
        desk.adopt(kind)
        #expect(desk.use(.country(emirates)) == [50, 1_000])
    }

    // "A return or retirement reduces the decision's own window, even a closed one ... It reopens no
    // hold."
    @Test func aReturnReducesTheWindowOfTheDecision() {
        var desk = Desk(.tiny)
        desk.party("P")
        desk.reserve(.tpp(50), id: "hold")
        desk.ship("hold")
        desk.clock = .of(2027, 1, 1)
        #expect(desk.giveBack("hold", 20) == "20 of 0+50")
        #expect(desk.use(.smallOrder(group: p, year: 2025)) == [30, 50])
        #expect(desk.use(.smallOrder(group: p, year: 2027)) == [0, 50])
        #expect(desk.ship("hold", 1) == "hold-closed: 1 of 0+30")
    }

    // "`return` (some of what was shipped), `retire` (attrition ...)"; "`exceeds-shipped`".
    @Test func noMoreComesBackThanIsThere() {
        var desk = Desk(.tiny)
        desk.party("P")
        desk.reserve(.tpp(100), id: "hold")
        #expect(desk.giveBack("hold") == "exceeds-shipped: 0 of 100+0")
        #expect(desk.giveBack("hold", 1) == "exceeds-shipped: 1 of 100+0")
        desk.ship("hold", 60)
        #expect(desk.giveBack("hold", 61) == "exceeds-shipped: 61 of 40+60")
        #expect(desk.retire("hold", 10) == "10 of 40+60")
        #expect(desk.retire("hold", 51) == "exceeds-shipped: 51 of 40+50")
        #expect(desk.giveBack("hold") == "50 of 40+50")
        #expect(desk.retire("hold") == "exceeds-shipped: 0 of 40+0")
        // What is not shipped yet can be shipped all the same, and come back in its turn.
        #expect(desk.ship("hold") == "40 of 40+0")
        #expect(desk.giveBack("hold") == "40 of 0+40")
    }

    // MARK: The installed base

    // "Shipments under every mechanism change the installed base, on the day of the ship entry, in
    // the destination." "`base` = installed over all countries: attested + shipped since. Holds do
    // not raise it, nor does the request itself."
    @Test func shipmentsUnderEveryMechanismRaiseTheBase() {
        var desk = Desk(.tiny)
        desk.party("P", headquarters: "US")
        desk.installed("P", ["US": 10_000])
        desk.reserve(.tpp(500), to: "US", id: "home")
        desk.reserve(.tpp(400), to: "AE", id: "country")
        desk.reserve(.tpp(50), to: "SA", id: "small")
        desk.status(.universal, "P")
        desk.reserve(.tpp(300), to: "AE", id: "uveu")
        let share = LimitName.countryShare(group: p, country: emirates)
        #expect(desk.use(share) == [700, 700])
        let expected: [(String, [Int64])] = [
            ("home", [700, 735]), ("country", [700, 763]), ("small", [700, 766]),
            ("uveu", [700, 787]),
        ]
        for (id, use) in expected {
            desk.ship(id)
            #expect(desk.use(share) == use, "\(id)")
        }
        #expect(desk.oracle.installed(of: p, in: .of("US")) == 10_500)
        #expect(desk.oracle.installed(of: p, in: emirates) == 700)
        // "the installed base always falls", credited or not.
        desk.retire("country", 400)
        #expect(desk.use(share) == [300, 759])
        #expect(desk.use(.country(emirates)) == [400, 1_000])
    }

    // "`used` = installed in the countries meant + every open hold of the group towards them,
    // whatever mechanism granted it".
    @Test func aShareCountsEveryHoldAndAllThatIsInstalled() {
        var desk = Desk(.tiny)
        desk.party("P", headquarters: "US")
        desk.party("child", parent: "P")
        desk.installed("P", ["US": 10_000, "AE": 100])
        desk.reserve(.tpp(200), for: "child", id: "hold")
        #expect(desk.use(.countryShare(group: p, country: emirates)) == [300, 707])
        desk.ship("hold", 50)
        #expect(desk.use(.countryShare(group: p, country: emirates)) == [300, 710])
        desk.release("hold")
        #expect(desk.use(.countryShare(group: p, country: emirates)) == [150, 710])
    }

    // "It replaces what the ledger counted as installed for the group up to that day; later moves
    // stay on top".
    @Test func movesAfterTheAttestedDayStayOnTop() {
        var desk = Desk(.tiny)
        desk.party("P", headquarters: "US")
        desk.reserve(.tpp(300), id: "hold")
        desk.clock = .of(2025, 2, 1)
        desk.ship("hold", 100)
        desk.clock = .of(2025, 2, 2)
        desk.ship("hold", 50)
        desk.clock = .of(2025, 2, 3)
        desk.giveBack("hold", 20)
        #expect(desk.oracle.installed(of: p, in: emirates) == 130)
        // Of the end of the first of February: 90, not 100; the 50 and the 20 came later.
        desk.installed("P", asOf: .of(2025, 2, 1), ["AE": 90])
        #expect(desk.oracle.installed(of: p, in: emirates) == 120)
        desk.installed("P", asOf: .of(2025, 2, 2), ["AE": 0])
        // "held at 0 at each step"
        #expect(desk.oracle.installed(of: p, in: emirates) == 0)
    }

    // "The difference between attested and known is an entry's content".
    @Test func anAttestationTellsItsGaps() throws {
        var desk = Desk(.tiny)
        desk.party("P", headquarters: "US")
        desk.reserve(.tpp(300), id: "hold")
        desk.ship("hold")
        desk.clock = .of(2025, 2, 1)
        let attestations: [([String: Int64], [String])] = [
            (["US": 10, "AE": 200, "SA": 0], ["AE 300/200", "US 0/10"]),
            (["US": 10, "AE": 200], []),
            (["DE": 5], ["AE 200/0", "DE 0/5", "US 10/0"]),
        ]
        for (amounts, expected) in attestations {
            desk.installed("P", amounts)
            guard case .operation(let record)? = desk.oracle.entries.last?.content,
                case .attested(let gaps) = record.outcome
            else {
                Issue.record("an attestation must tell its gaps")
                return
            }
            let words = gaps.map { "\($0.country) \($0.known.rawValue)/\($0.attested.rawValue)" }
            #expect(words == expected)
        }
    }

    // "Holds are untouched" by an attestation.
    @Test func anAttestationTouchesNoHold() {
        var desk = Desk(.tiny)
        desk.party("P", headquarters: "US")
        desk.reserve(.tpp(300), id: "hold")
        desk.ship("hold", 100)
        desk.clock = .of(2025, 2, 1)
        desk.installed("P", ["AE": 1])
        #expect(desk.balance("hold") == [200, 100, 0, 0])
        #expect(desk.use(.countryShare(group: p, country: emirates)) == [201, 0])
        // More comes back than is counted there: "installed never falls below 0".
        #expect(desk.giveBack("hold", 50) == "50 of 200+100")
        #expect(desk.oracle.installed(of: p, in: emirates) == 0)
    }

    // "when a party leaves, nothing leaves with it": what it ships under an old hold stays with the
    // old group, and joins with it.
    @Test func goodsArriveAtTheGroupOnWhichTheHoldHangs() {
        var desk = Desk(.tiny)
        for id in ["P", "Q", "R"] { desk.party(id, headquarters: "US") }
        desk.party("child", headquarters: "US", parent: "P")
        desk.reserve(.tpp(300), for: "child", id: "hold")
        desk.party("child", headquarters: "US", parent: "Q")
        desk.ship("hold", 100)
        #expect(desk.oracle.installed(of: p, in: emirates) == 100)
        #expect(desk.oracle.installed(of: .init(checked: "Q"), in: emirates) == 0)
        desk.party("P", headquarters: "US", parent: "R")
        desk.ship("hold", 100)
        desk.giveBack("hold", 30)
        #expect(desk.oracle.installed(of: .init(checked: "R"), in: emirates) == 170)
        #expect(desk.oracle.installed(of: p, in: emirates) == 0)
    }

    // "Never attested is 0; base 0 gives limit 0", and what was shipped since counts.
    @Test func aGroupThatNeverAttestedOwnsWhatWasShippedToIt() {
        var desk = Desk(.tiny)
        desk.party("P", headquarters: "US")
        desk.status(.universal, "P")
        #expect(desk.reserve(.tpp(1))?.line.hasPrefix("uveu refused limit-reached 1") == true)
        desk.reserve(.tpp(1_000), to: "DE", id: "hold")
        desk.ship("hold")
        #expect(desk.use(.countryShare(group: p, country: emirates)) == [0, 70])
        #expect(desk.reserve(.tpp(70))?.isGranted == true)
    }

    // "A share that binds also says the smallest N for which 'install N more elsewhere' makes room."
    @Test func installingWhatIsMissingMakesRoom() throws {
        var desk = Desk(.tiny)
        desk.party("P", headquarters: "US")
        desk.status(.universal, "P")
        desk.installed("P", ["US": 1_000])
        let missing = try #require(desk.reserve(.tpp(100))?.roomByInstalling?.rawValue)
        #expect(missing == 429)
        desk.reserve(.tpp(missing), to: "US", id: "hold")
        desk.ship("hold", missing - 1)
        #expect(desk.reserve(.tpp(100))?.refusal == .limitReached)
        desk.ship("hold")
        #expect(desk.reserve(.tpp(100))?.isGranted == true)
    }
}
