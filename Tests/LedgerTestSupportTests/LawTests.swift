// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import Testing

/// Groups, statuses, attestations, agreements, rulebooks and catalogues over time.
@Suite struct LawTests {
    private let emirates = CountryCode.of("AE")
    private let p = PartyIdentifier(checked: "P")
    private let q = PartyIdentifier(checked: "Q")

    // MARK: Groups

    @Test func aJoinBringsAllChargesForGoodAndALeaverStartsEmpty() {
        var desk = Desk(.cfr)
        desk.party("P")
        desk.party("Q")
        desk.reserve(.tpp(20_000_000), for: "P")
        desk.reserve(.tpp(20_000_000), for: "Q")
        desk.party("P", parent: "Q")
        // Lifted above the limit: a breach, nothing is undone, and nothing more is granted.
        #expect(desk.use(.smallOrder(group: q, year: 2025)) == [40_000_000, 26_900_000])
        #expect(
            desk.reserve(.tpp(1), for: "P")?.line
                == "country granted 1; small-order Q 2025 40000000/26900000 0;"
                + " country AE* 0/790000000 789999999"
        )
        desk.party("P")
        #expect(desk.use(.smallOrder(group: p, year: 2025)) == [0, 26_900_000])
        #expect(desk.use(.smallOrder(group: q, year: 2025)) == [40_000_000, 26_900_000])
        #expect(desk.reserve(.tpp(26_900_000), for: "P")?.mechanism == .smallOrder)
        // And joins again, with what it was charged since.
        desk.party("P", parent: "Q")
        #expect(desk.use(.smallOrder(group: q, year: 2025)) == [66_900_000, 26_900_000])
    }

    @Test func aMemberThatChangesItsParentTakesNothingAlong() {
        var desk = Desk(.cfr)
        for id in ["P", "Q"] { desk.party(id) }
        desk.party("child", parent: "P")
        desk.reserve(.tpp(5), for: "child")
        desk.party("child", parent: "Q")
        #expect(desk.use(.smallOrder(group: p, year: 2025)) == [5, 26_900_000])
        #expect(desk.use(.smallOrder(group: q, year: 2025)) == [0, 26_900_000])
        #expect(
            desk.reserve(.tpp(3), for: "child")?.line
                == "small-order granted 3; small-order Q 2025* 0/26900000 26899997"
        )
    }

    @Test func aNewHoldingCompanyRefreshesNothing() {
        var desk = Desk(.cfr)
        desk.party("P")
        desk.reserve(.tpp(26_900_000))
        desk.party("holding")
        desk.party("P", parent: "holding")
        #expect(desk.reserve(.tpp(1))?.mechanism == .country)
    }

    @Test func aNationalVEUsChargesStayWithItsPartyAndCountry() {
        var desk = Desk(.cfr)
        desk.party("P")
        desk.party("Q")
        desk.status(.national(emirates), "P")
        desk.reserve(.tpp(100))
        desk.party("P", parent: "Q")
        #expect(desk.use(.nationalVEU(party: p, country: emirates)) == [100, 633_000_000])
        #expect(desk.use(.nationalVEU(party: q, country: emirates)) == [0, 633_000_000])
    }

    @Test func aCircleOfParentsIsRejected() {
        var desk = Desk(.cfr)
        desk.party("P")
        desk.party("Q", parent: "P")
        desk.party("R", parent: "Q")
        #expect(desk.party("P", parent: "R") == "parent-cycle")
        #expect(desk.party("P", parent: "P") == "parent-cycle")
        #expect(desk.party("Q", parent: "P") == "accepted")
        #expect(desk.party("new", parent: "new") == "parent-cycle")
        #expect(desk.party("new", parent: "newer") == "unknown-party")
    }

    @Test func headquartersCountAsTheyAreAtTheDecision() {
        var desk = Desk(.cfr)
        desk.party("P", site: "DE", headquarters: "DE")
        #expect(desk.reserve(.tpp(1), to: "DE")?.mechanism == .allied)
        desk.party("P", site: "DE", headquarters: "AE")
        #expect(desk.reserve(.tpp(1), to: "DE")?.mechanism == .smallOrder)
        desk.party("P", site: "DE", headquarters: "CN")
        #expect(desk.reserve(.tpp(1), to: "DE")?.mechanism == .concern)
    }

    // MARK: Installed bases

    @Test func anAttestationReplacesWhatWasKnownUpToItsDay() {
        var desk = Desk(.brief)
        desk.party("P", site: "US", headquarters: "US")
        desk.clock = .of(2025, 6, 1)
        #expect(desk.installed("P", asOf: .of(2025, 5, 1), ["US": 1_000, "AE": 10]) == "accepted")
        let share = LimitName.countryShare(group: p, country: emirates)
        #expect(desk.use(share) == [10, 70])
        // Countries not named are 0.
        #expect(desk.installed("P", asOf: .of(2025, 5, 2), ["US": 2_000]) == "accepted")
        #expect(desk.use(share) == [0, 140])
        #expect(
            desk.installed("P", asOf: .of(2025, 5, 1), ["US": 9]) == "attestation-superseded"
        )
        // The same day replaces.
        #expect(desk.installed("P", asOf: .of(2025, 5, 2), ["US": 300, "AE": 1]) == "accepted")
        #expect(desk.use(share) == [1, 21])
        #expect(desk.installed("P", asOf: .of(2025, 6, 1), [:]) == "date-out-of-range")
        #expect(desk.installed("P", asOf: .of(2025, 5, 31), [:]) == "accepted")
        #expect(desk.use(share) == [0, 0])
    }

    @Test func aJoinAddsBothHistories() {
        var desk = Desk(.brief)
        desk.party("P", site: "US", headquarters: "US")
        desk.party("Q", site: "US", headquarters: "US")
        desk.clock = .of(2025, 6, 1)
        desk.installed("P", asOf: .of(2025, 5, 1), ["US": 1_000, "AE": 10])
        desk.installed("Q", asOf: .of(2025, 5, 10), ["US": 500, "SA": 5])
        desk.party("Q", parent: "P")
        #expect(desk.use(.countryShare(group: p, country: emirates)) == [10, 106])
        // The later of the two days counts for the group now.
        #expect(desk.installed("P", asOf: .of(2025, 5, 9), [:]) == "attestation-superseded")
        #expect(desk.installed("Q", asOf: .of(2025, 5, 10), ["AE": 7]) == "accepted")
        #expect(desk.use(.countryShare(group: p, country: emirates)) == [7, 0])
    }

    @Test func countriesThatChangeListsLeaveOrEnterTheOutside() {
        var rulebook = OracleRulebook.cfr
        rulebook.lists += [
            .init(country: emirates, tier: .allied, dates: .of(.of(2025, 7, 1)))
        ]
        var desk = Desk(rulebook)
        desk.party("P", site: "US", headquarters: "US")
        desk.installed("P", ["US": 900, "AE": 100])
        let outside = LimitName.outsideShare(group: p)
        desk.clock = .of(2025, 6, 30)
        desk.block("P", false)
        #expect(desk.use(outside) == [100, 250])
        desk.clock = .of(2025, 7, 1)
        desk.block("P", false)
        #expect(desk.use(outside) == [0, 250])
    }

    // MARK: Statuses

    @Test func aUniversalStatusNeedsAnAlliedSeat() {
        var desk = Desk(.cfr)
        desk.party("P")
        desk.party("seat", site: "AE", headquarters: "JP")
        desk.party("top", headquarters: "US")
        desk.party("child", parent: "top")
        #expect(desk.status(.universal, "P") == "not-eligible")
        #expect(desk.status(.universal, "seat") == "accepted")
        #expect(desk.status(.universal, "child") == "accepted")
        #expect(desk.status(.national(emirates), "P") == "accepted")
    }

    @Test func eligibilityIsAskedAgainAtEachDecision() {
        var desk = Desk(.cfr)
        desk.party("P", site: "PL", headquarters: "US")
        desk.installed("P", ["US": 1_000])
        desk.status(.universal, "P")
        #expect(desk.reserve(.tpp(1))?.mechanism == .universalVEU)
        desk.party("P", site: "PL", headquarters: "PL")
        let moved = desk.reserve(.tpp(1))
        #expect(moved?.mechanism == .smallOrder)
        #expect(moved?.attestationLapsed == false)
    }

    @Test func overlappingStatusesOfAGroupAreRefused() {
        var desk = Desk(.cfr)
        desk.party("P", headquarters: "US")
        desk.party("Q", headquarters: "US", parent: "P")
        let until = CivilDate.of(2025, 6, 1)
        #expect(desk.status(.universal, "P", id: "first", until: until) == "accepted")
        #expect(desk.status(.universal, "Q") == "status-exists")
        desk.clock = .of(2025, 5, 31)
        #expect(desk.status(.universal, "Q") == "status-exists")
        desk.clock = .of(2025, 6, 1)
        #expect(desk.status(.universal, "Q", id: "second") == "accepted")
        #expect(desk.change("second", .suspend) == "accepted")
        #expect(desk.status(.universal, "P") == "status-exists")
        #expect(desk.change("second", .revoke) == "accepted")
        #expect(desk.status(.universal, "P") == "accepted")
        // National: for the party and the country.
        #expect(desk.status(.national(emirates), "P") == "accepted")
        #expect(desk.status(.national(emirates), "Q") == "accepted")
        #expect(desk.status(.national(.of("SA")), "P") == "accepted")
        #expect(desk.status(.national(emirates), "P") == "status-exists")
    }

    @Test func eligibilityIsRefusedBeforeAnOverlap() {
        var desk = Desk(.cfr)
        desk.party("P", headquarters: "US")
        desk.status(.universal, "P")
        desk.party("P", headquarters: "AE")
        #expect(desk.status(.universal, "P") == "not-eligible")
    }

    @Test func aSuspendedOrRevokedStatusHelpsNoMore() {
        var desk = Desk(.cfr)
        desk.party("P")
        desk.status(.national(emirates), "P", id: "status")
        let mechanism = { (desk: inout Desk) in desk.reserve(.tpp(1))?.mechanism }
        #expect(mechanism(&desk) == .nationalVEU)
        #expect(desk.change("status", .suspend) == "accepted")
        #expect(mechanism(&desk) == .smallOrder)
        #expect(desk.change("status", .suspend) == "accepted")
        #expect(desk.change("status", .reinstate) == "accepted")
        #expect(desk.change("status", .reinstate) == "accepted")
        #expect(mechanism(&desk) == .nationalVEU)
        #expect(desk.change("status", .revoke) == "accepted")
        #expect(mechanism(&desk) == .smallOrder)
        for step in StatusStep.allCases {
            #expect(desk.change("status", step) == "status-revoked")
        }
        #expect(desk.use(.nationalVEU(party: p, country: emirates)) == [2, 633_000_000])
    }

    @Test func aStatusHoldsFromItsFirstDayToTheDayBeforeItsLast() {
        var desk = Desk(.cfr)
        desk.party("P")
        desk.attest("P")
        desk.apply(
            .grantStatus(
                StatusGrant(
                    kind: .national(emirates),
                    party: p,
                    dates: .of(.of(2025, 2, 1), until: .of(2025, 2, 3))
                )
            )
        )
        let expected: [(Int, MechanismKind)] = [
            (31, .smallOrder), (32, .nationalVEU), (33, .nationalVEU), (34, .smallOrder),
        ]
        for (dayOfYear, mechanism) in expected {
            desk.clock = LedgerTime(startOf: .of(2025, 1, 1))
                .adding(milliseconds: Int64(dayOfYear) * LedgerTime.millisecondsPerDay - 1)
            #expect(desk.reserve(.tpp(1))?.mechanism == mechanism)
        }
    }

    @Test func aLapsedAttestationIsNotedOnGrantAndRefusal() {
        var desk = Desk(.cfr)
        desk.party("P", headquarters: "US")
        desk.party("holder", headquarters: "US", parent: "P")
        desk.installed("P", ["US": 1_000])
        desk.status(.universal, "holder", attested: false)
        // Attested by someone else of the group: that does not help.
        desk.attest("P")
        #expect(
            desk.reserve(.tpp(1))?.line
                == "small-order granted 1; small-order P 2025* 0/26900000 26899999; lapsed"
        )
        #expect(
            desk.reserve(.tpp(800_000_000))?.line
                == "country refused limit-reached 800000000; country AE* 0/790000000 790000000;"
                + " lapsed"
        )
        // Decided before the status is asked: no note.
        #expect(desk.reserve(.tpp(1), to: "US")?.attestationLapsed == false)
        #expect(desk.reserve(.tpp(1), to: "CN")?.attestationLapsed == false)
        #expect(desk.reserve(.device("H20", 1))?.attestationLapsed == false)
        desk.attest("holder", until: .of(2025, 1, 20))
        #expect(desk.reserve(.tpp(1))?.mechanism == .universalVEU)
        desk.clock = .of(2025, 1, 20)
        #expect(desk.reserve(.tpp(1))?.attestationLapsed == true)
    }

    @Test func aLapsedNationalStatusIsNotedToo() {
        var desk = Desk(.brief)
        desk.party("P", headquarters: "US")
        desk.status(.universal, "P", id: "universal", attested: false)
        desk.status(.national(emirates), "P", attested: false)
        #expect(desk.reserve(.tpp(1))?.line.hasSuffix("lapsed") == true)
        desk.change("universal", .revoke)
        #expect(desk.reserve(.tpp(1))?.line.hasSuffix("lapsed") == true)
        #expect(desk.reserve(.tpp(1), to: "SA")?.attestationLapsed == false)
        desk.attest("P")
        #expect(desk.reserve(.tpp(1))?.mechanism == .nationalVEU)
    }

    @Test func aNationalStatusHelpsWhereTheUniversalOneHasLapsed() {
        var desk = Desk(.cfr)
        desk.party("P", headquarters: "US")
        desk.party("holder", headquarters: "US", parent: "P")
        desk.status(.universal, "holder", attested: false)
        desk.status(.national(emirates), "P")
        #expect(
            desk.reserve(.tpp(1))?.line
                == "nveu granted 1; nveu P AE* 0/633000000 632999999; lapsed"
        )
    }

    // MARK: Agreements

    @Test func anAgreementDoublesACappedCountryOnce() {
        var desk = Desk(.cfr)
        desk.party("P")
        let signing = { (country: String, from: CivilDate) in
            Action.signAgreement(AgreementSigning(country: .of(country), dates: .of(from)))
        }
        #expect(desk.result(signing("AE", .of(2025, 2, 1)), id: "first") == "accepted")
        #expect(desk.use(.country(emirates)) == [0, 790_000_000])
        desk.clock = .of(2025, 2, 1)
        #expect(desk.result(signing("AE", .of(2025, 2, 1)), id: "second") == "accepted")
        #expect(desk.use(.country(emirates)) == [0, 1_580_000_000])
        #expect(desk.use(.country(.of("SA"))) == [0, 790_000_000])
        #expect(desk.reserve(.tpp(1_580_000_000))?.isGranted == true)
        #expect(desk.reserve(.tpp(26_900_001))?.refusal == .limitReached)
    }

    @Test func anAgreementThatEndsTodayEndsAtOnce() {
        var desk = Desk(.cfr)
        desk.party("P")
        let dates = DateRange.of(.of(2025, 1, 13), until: .of(2025, 12, 1))
        desk.result(
            .signAgreement(AgreementSigning(country: emirates, dates: dates)),
            id: "agreement"
        )
        desk.reserve(.tpp(1_000_000_000))
        desk.clock = .of(2025, 3, 1)
        let end = { (until: CivilDate, id: String) in
            Action.endAgreement(
                AgreementEnd(agreement: .init(id: .init(checked: id)), until: until)
            )
        }
        #expect(desk.result(end(.of(2025, 2, 28), "agreement")) == "date-out-of-range")
        #expect(desk.result(end(.of(2025, 12, 2), "agreement")) == "date-out-of-range")
        #expect(desk.result(end(.of(2025, 3, 1), "none")) == "unknown-reference")
        #expect(desk.result(end(.of(2025, 4, 1), "agreement")) == "accepted")
        #expect(desk.use(.country(emirates)) == [1_000_000_000, 1_580_000_000])
        #expect(desk.result(end(.of(2025, 3, 1), "agreement")) == "accepted")
        // Nothing is undone.
        #expect(desk.use(.country(emirates)) == [1_000_000_000, 790_000_000])
        #expect(
            desk.reserve(.tpp(30_000_000))?.line
                == "country refused limit-reached 30000000; country AE* 1000000000/790000000 0"
        )
    }

    // MARK: Rulebooks and catalogues

    @Test func aRulebookIsInForceFromTheLaterOfItsDayAndItsAdoption() {
        var later = OracleRulebook.brief
        later.name = "later"
        later.effective = .of(2025, 6, 1)
        var desk = Desk(.cfr, later, .brief)
        let country = LimitName.country(emirates)
        #expect(desk.oracle.entries.last?.rulebook == nil)
        desk.adopt(later)
        #expect(desk.use(country) == [0, 790_000_000])
        #expect(desk.oracle.entries.last?.rulebook?.rawValue == 2)
        desk.clock = .of(2025, 5, 31, milliseconds: 86_399_999)
        desk.party("P")
        #expect(desk.use(country) == [0, 790_000_000])
        desk.clock = .of(2025, 6, 1)
        desk.party("P")
        #expect(desk.use(country) == [0, 791_600_000])
        #expect(desk.oracle.entries.last?.rulebook?.rawValue == 3)
        // Adopted later, so begun later, though effective since January.
        desk.adopt(.cfr)
        #expect(desk.use(country) == [0, 790_000_000])
        #expect(desk.oracle.entries.last?.rulebook?.rawValue == 3)
        desk.party("P")
        #expect(desk.oracle.entries.last?.rulebook?.rawValue == 6)
    }

    @Test func useIsCountedByTheDefinitionInForce() {
        var desk = Desk(.brief, .cfr)
        desk.party("P")
        desk.status(.national(emirates), "P")
        desk.reserve(.tpp(1_000_000_000))
        desk.clock = .of(2027, 2, 1)
        desk.party("P")
        let national = LimitName.nationalVEU(party: p, country: emirates)
        #expect(desk.use(national) == [0, 5_066_240_000])
        desk.adopt(.cfr)
        #expect(desk.use(national) == [1_000_000_000, 5_064_000_000])
    }

    @Test func reratingADeviceActsFromItsEntryOn() {
        var desk = Desk(.cfr)
        desk.party("P")
        #expect(desk.reserve(.h100(1))?.asked.rawValue == 15_832)
        desk.apply(.adoptDevices(DeviceAdoption(bytes: Desk.revisedDevices)))
        #expect(desk.reserve(.h100(1))?.asked.rawValue == 15_824)
        #expect(desk.reserve(.device("A100", 1))?.mechanism == .uncontrolled)
        #expect(desk.reserve(.device("L4", 1)) == nil)
        #expect(
            desk.use(.smallOrder(group: p, year: 2025)) == [31_656, 26_900_000]
        )
    }

    @Test func aDeviceIsWorthWhatItsLastRatingSays() {
        var desk = Desk(.cfr)
        desk.party("P")
        // Announced before its first rating begins.
        #expect(desk.reserve(.device("B300", 1))?.asked.rawValue == 54_000)
        desk.clock = .of(2026, 2, 27)
        #expect(desk.reserve(.device("B300", 1))?.asked.rawValue == 54_000)
        desk.clock = .of(2026, 2, 28)
        #expect(desk.reserve(.device("B300", 1))?.asked.rawValue == 56_000)
    }
}
