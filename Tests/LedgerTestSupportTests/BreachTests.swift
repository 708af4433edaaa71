// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import Testing

/// Limits that come into breach and out of it, and thresholds that are crossed.
@Suite struct BreachTests {
    private let emirates = CountryCode.of("AE")
    private let p = PartyIdentifier(checked: "P")

    private func makeDesk(_ others: OracleRulebook...) -> Desk {
        var desk =
            switch others.count {
            case 0: Desk(.tiny)
            case 1: Desk(.tiny, others[0])
            default: Desk(.tiny, others[0], others[1])
            }
        desk.party("P", headquarters: "US")
        _ = desk.news()
        return desk
    }

    // MARK: Breaches

    // "A limit may fall below what is used. Nothing is undone: it is in breach (`used > limit`), an
    // entry when it starts and when it is cured; new grants on it are refused, releases and returns
    // pass." "For one limit the breach comes before the threshold."
    @Test func aBreachIsAnEntryWhenItStartsAndWhenItIsCured() {
        let lower = OracleRulebook.tiny.renamed("lower", .country, .always(.tpp(300)))
        var desk = makeDesk(lower)
        desk.reserve(.tpp(400), id: "hold")
        desk.ship("hold", 200)
        #expect(desk.news() == [])
        desk.adopt(lower)
        #expect(desk.news() == ["country AE breached 400/300", "country AE crossed 100 400/300"])
        #expect(desk.oracle.limitsInBreach() == [.country(emirates)])
        #expect(desk.reserve(.tpp(51))?.refusal == .limitReached)
        desk.giveBack("hold", 50)
        #expect(desk.news() == [])
        desk.release("hold")
        #expect(desk.news() == ["country AE cured 150/300"])
        #expect(desk.oracle.limitsInBreach() == [])
        #expect(desk.balance("hold") == [0, 150, 50, 0])
    }

    // Exactly at its limit a limit is not in breach.
    @Test func whatIsUsedExactlyIsNoBreach() {
        let equal = OracleRulebook.tiny.renamed("equal", .country, .always(.tpp(400)))
        let less = OracleRulebook.tiny.renamed("less", .country, .always(.tpp(399)))
        var desk = makeDesk(equal, less)
        desk.reserve(.tpp(400))
        desk.adopt(equal)
        #expect(desk.news() == ["country AE crossed 100 400/400"])
        desk.adopt(less)
        #expect(desk.news() == ["country AE breached 400/399"])
    }

    // "A join that lifts `used` above a limit is a breach, not an error."
    @Test func aJoinMayBeABreach() {
        var desk = makeDesk()
        desk.party("Q", headquarters: "US")
        desk.reserve(.tpp(40), for: "P")
        desk.reserve(.tpp(40), for: "Q")
        #expect(desk.party("P", headquarters: "US", parent: "Q") == "accepted")
        #expect(desk.news() == ["small-order Q 2025 breached 80/50"])
        // "another group": the charges go on to R, and Q's allowance is nobody's any more.
        desk.party("R", headquarters: "US")
        desk.party("Q", headquarters: "US", parent: "R")
        #expect(
            desk.news()
                == ["small-order Q 2025 unwatched 0/0", "small-order R 2025 breached 80/50"]
        )
        // "another year": of 2026 nothing is used yet.
        desk.tick(.of(2026, 1, 1))
        #expect(desk.news() == ["small-order R 2025 unwatched 0/0"])
    }

    // "A breach of a limit that is no longer defined or watched is cured."
    @Test func aLimitThatIsNoLongerDefinedIsUnwatched() {
        let lower = OracleRulebook.tiny.renamed("lower", .smallOrder, .calendarYear(.tpp(10)))
        let without = OracleRulebook.tiny.without(.smallOrder, named: "without")
        var desk = makeDesk(lower, without)
        desk.reserve(.tpp(40))
        desk.adopt(lower)
        #expect(desk.news() == ["small-order P 2025 breached 40/10"])
        desk.adopt(without)
        #expect(desk.news() == ["small-order P 2025 unwatched 0/0"])
        #expect(desk.oracle.limitsInBreach() == [])
        // Defined anew, it is in breach anew.
        desk.adopt(lower)
        #expect(desk.news() == ["small-order P 2025 breached 40/10"])
    }

    // "Ending it today ends it at once", "once however many there are".
    @Test func theEndOfAnAgreementMayBeABreach() {
        var desk = makeDesk()
        let signing = AgreementSigning(country: emirates, dates: .of(.of(2025, 1, 13)))
        desk.apply(.signAgreement(signing), id: "one")
        desk.reserve(.tpp(1_700))
        #expect(desk.news() == ["country AE crossed 80 1700/2000"])
        let end = AgreementEnd(
            agreement: OperationReference(id: OperationIdentifier(checked: "one")),
            until: .of(2025, 1, 13)
        )
        desk.apply(.endAgreement(end))
        #expect(
            desk.news() == ["country AE breached 1700/1000", "country AE crossed 100 1700/1000"]
        )
    }

    // MARK: Shares

    // Bases shrink, and the shares of what is installed and held with them.
    @Test func aBaseThatShrinksMayBreachAShare() {
        var desk = makeDesk()
        desk.installed("P", ["US": 1_000])
        desk.status(.universal, "P", id: "status")
        desk.reserve(.tpp(60), id: "hold")
        #expect(desk.news() == ["uveu-country P AE crossed 80 60/70"])
        desk.installed("P", ["US": 200])
        #expect(
            desk.news()
                == [
                    "uveu-country P AE breached 60/14", "uveu-country P AE crossed 100 60/14",
                    "uveu-outside P breached 60/50", "uveu-outside P crossed 100 60/50",
                ]
        )
        // Shipping raises the base, but not enough.
        desk.ship("hold", 20)
        #expect(desk.news() == [])
        desk.clock = .of(2025, 1, 14)
        desk.installed("P", ["US": 830, "AE": 20])
        // 20 installed and 40 held, of a base of 850: 59 and 212.
        #expect(desk.news() == ["uveu-outside P cured 60/212"])
        desk.installed("P", ["US": 838, "AE": 20])
        #expect(desk.news() == ["uveu-country P AE cured 60/60"])
        #expect(desk.oracle.limitsInBreach() == [])
        // At 100 percent all along, it crosses nothing.
        desk.installed("P", ["US": 837, "AE": 20])
        #expect(desk.news() == ["uveu-country P AE breached 60/59"])
    }

    // "Shares are watched while the status is neither ended nor revoked": a suspension changes
    // nothing, nor does an attestation that lapses or a seat that is not eligible.
    @Test func sharesAreWatchedWhileTheStatusLasts() {
        for (end, expected) in [("revoke", true), ("suspend", false), ("move", false)] {
            var desk = makeDesk()
            desk.installed("P", ["US": 1_000])
            desk.status(.universal, "P", id: "status", until: .of(2025, 6, 1), attested: false)
            desk.attest("P", until: .of(2025, 3, 1))
            desk.reserve(.tpp(50))
            desk.installed("P", ["US": 100])
            _ = desk.news()
            switch end {
            case "revoke": desk.change("status", .revoke)
            case "suspend": desk.change("status", .suspend)
            default: desk.party("P")
            }
            let unwatched = ["uveu-country P AE unwatched 0/0", "uveu-outside P unwatched 0/0"]
            #expect(desk.news() == (expected ? unwatched : []), "\(end)")
            desk.tick(.of(2025, 5, 31))
            #expect(desk.news() == [], "\(end)")
            // The day on which it ends.
            desk.tick(.of(2025, 6, 1))
            #expect(desk.news() == (expected ? [] : unwatched), "\(end)")
        }
    }

    // A share of a country that holds nothing any more is cured, not unwatched: it is still
    // defined, and so is its group watched.
    @Test func aShareThatIsFreedAltogetherIsCured() {
        var desk = makeDesk()
        desk.installed("P", ["US": 1_000])
        desk.status(.universal, "P")
        desk.reserve(.tpp(60), id: "hold")
        desk.installed("P", ["US": 100])
        _ = desk.news()
        desk.release("hold")
        #expect(desk.news() == ["uveu-country P AE cured 0/7", "uveu-outside P cured 0/25"])
    }

    // "A limit that is in breach is looked at as long as it is defined so, also when nothing is left
    // that counts in it": what India was charged no longer counts as the Emirates'.
    @Test func aLimitInWhichNothingCountsAnyMoreIsCured() {
        var together = OracleRulebook.tiny.renamed("together", .country, .always(.tpp(50)))
        together.aliases[.of("IN")] = emirates
        var desk = makeDesk(together)
        desk.reserve(.tpp(60), to: "IN")
        desk.adopt(together)
        #expect(desk.news() == ["country AE breached 60/50", "country AE crossed 100 60/50"])
        desk.adopt(.tiny)
        #expect(desk.news() == ["country AE cured 0/1000"])
        // The other way round the name is no limit's any more.
        let lower = OracleRulebook.tiny.renamed("lower", .country, .always(.tpp(50)))
        var other = makeDesk(together, lower)
        other.reserve(.tpp(60), to: "IN")
        other.adopt(lower)
        #expect(other.news().first == "country IN breached 60/50")
        other.adopt(together)
        #expect(other.news().contains("country IN unwatched 0/0"))
    }

    // "a share for every country outside home and allied": a country that becomes allied has none.
    @Test func aCountryThatBecomesAnAllyIsUnwatched() {
        var later = OracleRulebook.tiny
        later.name = "later"
        later.lists.append(
            OracleRulebook.DatedCountry(
                country: emirates,
                tier: .allied,
                dates: .of(.of(2025, 3, 1))
            )
        )
        var desk = Desk(later)
        desk.party("P", headquarters: "US")
        desk.installed("P", ["US": 1_000])
        desk.status(.universal, "P")
        desk.reserve(.tpp(70))
        desk.installed("P", ["US": 500])
        _ = desk.news()
        desk.tick(.of(2025, 4, 1))
        #expect(desk.news() == ["uveu-country P AE unwatched 0/0"])
        #expect(desk.oracle.entries.map(\.time).contains(.of(2025, 3, 1)))
    }

    // MARK: Thresholds

    // "Thresholds (80, 90, 95, 100 %) ..., crossed upwards (`used x 100 >= t x limit`), are
    // entries: one per limit and operation, the highest crossed ...; re-armed by falling below."
    @Test func theHighestThresholdIsCrossedOnceAndArmedAgainBelow() {
        var desk = makeDesk()
        let steps: [(Int64, [String])] = [
            (799, []), (1, ["country AE crossed 80 800/1000"]),
            (99, []), (1, ["country AE crossed 90 900/1000"]),
            (100, ["country AE crossed 100 1000/1000"]),
        ]
        // Small orders would take them: each is asked beyond the group's allowance.
        desk.reserve(.tpp(50))
        _ = desk.news()
        for (index, step) in steps.enumerated() {
            desk.reserve(.tpp(step.0), id: "hold \(index)")
            #expect(desk.news() == step.1, "\(step)")
        }
        // 899 used: 80 is still held, 90 is armed again.
        desk.release("hold 4")
        desk.release("hold 3")
        #expect(desk.news() == [])
        desk.reserve(.tpp(1))
        #expect(desk.news() == ["country AE crossed 90 900/1000"])
        desk.release("hold 0")
        #expect(desk.news() == [])
        desk.reserve(.tpp(849))
        #expect(desk.news() == ["country AE crossed 95 950/1000"])
    }

    // "only above zero use, also when it was the limit that fell"
    @Test func aLimitThatFallsCrossesThresholdsToo() {
        let less = OracleRulebook.tiny.renamed("less", .country, .always(.tpp(500)))
        var desk = makeDesk(less)
        desk.reserve(.tpp(450), id: "hold")
        #expect(desk.news() == [])
        desk.adopt(less)
        #expect(desk.news() == ["country AE crossed 90 450/500"])
        desk.release("hold")
        desk.tick(.of(2025, 2, 1))
        #expect(desk.news() == [])
    }

    // "Outside its period a limit is 0 and nothing is used": no use, no threshold, no breach.
    @Test func aClosedPeriodIsNoBreach() {
        var desk = makeDesk()
        desk.reserve(.tpp(900))
        #expect(desk.news() == ["country AE crossed 90 900/1000"])
        desk.tick(.of(2028, 1, 1))
        #expect(desk.news() == [])
        #expect(desk.use(.country(emirates)) == [0, 0])
    }

    // Thresholds are told "of country, NVEU and share limits" that the rulebook lists, not of small
    // orders; a kind that is listed anew holds none.
    @Test func thresholdsAreThoseThatTheRulebookLists() {
        var shares = OracleRulebook.tiny
        shares.name = "shares"
        shares.thresholds.kinds = [.share]
        shares.thresholds.percents = [50]
        var desk = makeDesk(shares)
        desk.reserve(.tpp(50))
        desk.status(.national(emirates), "P")
        desk.reserve(.tpp(960))
        #expect(desk.news() == ["nveu P AE crossed 95 960/1000"])
        desk.adopt(shares)
        #expect(desk.news() == [])
        desk.adopt(.tiny)
        #expect(desk.news() == ["nveu P AE crossed 95 960/1000"])
    }

    // MARK: Order

    // "By limit name and subject: country, National VEU, small order, share in a country, share
    // outside; then by party or group (bytes), then by country or year."
    @Test func eventsStandInTheOrderOfTheLimitsNames() {
        var lower = OracleRulebook.tiny
        lower.name = "lower"
        for kind in [MechanismKind.nationalVEU, .smallOrder, .country] {
            lower.change(kind) {
                $0.limits = [kind == .smallOrder ? .calendarYear(.tpp(1)) : .always(.tpp(1))]
            }
        }
        lower.change(.universalVEU) {
            $0.limits = [.countryShare(1, 1_000), .outsideShare(2, 1_000)]
        }
        lower.thresholds.kinds = [.share]
        lower.thresholds.percents = [100]
        var desk = makeDesk(lower)
        desk.party("a", headquarters: "US")
        for (party, country) in [("a", "SA"), ("P", "SA"), ("P", "AE")] {
            desk.reserve(.tpp(60), to: country, for: party)
            desk.reserve(.tpp(5), to: country, for: party)
            desk.status(.national(.of(country)), party)
            desk.reserve(.tpp(5), to: country, for: party)
        }
        desk.installed("P", ["US": 10_000])
        desk.status(.universal, "P")
        _ = desk.news()
        desk.adopt(lower)
        #expect(
            desk.news()
                == [
                    "country AE breached 60/1", "country SA breached 120/1",
                    "nveu P AE breached 5/1", "nveu P SA breached 5/1", "nveu a SA breached 5/1",
                    "small-order P 2025 breached 10/1", "small-order a 2025 breached 5/1",
                    "uveu-country P AE breached 70/10", "uveu-country P AE crossed 100 70/10",
                    "uveu-country P SA breached 70/10", "uveu-country P SA crossed 100 70/10",
                    "uveu-outside P breached 140/20", "uveu-outside P crossed 100 140/20",
                ]
        )
    }

    // "The actor's whose operation brought it about, or brought the time; its rulebook is the one in
    // force at its time."
    @Test func anEventNamesWhoBroughtItAboutAndTheRulebookOfItsTime() throws {
        let lower = OracleRulebook.tiny.renamed("lower", .country, .always(.tpp(300)))
        let later = OracleRulebook.tiny.renamed(
            "later",
            from: .of(2025, 3, 1),
            .country,
            .always(.tpp(200))
        )
        var desk = makeDesk(lower, later)
        desk.reserve(.tpp(250))
        desk.adopt(later)
        let adoption = try #require(desk.oracle.entries.last?.number)
        desk.organisation = OrganisationIdentifier(checked: "bolt")
        desk.tick(.of(2025, 4, 1))
        let event = try #require(
            desk.oracle.entries.first { if case .limit = $0.content { true } else { false } }
        )
        #expect(event.time == .of(2025, 3, 1))
        #expect(event.rulebook == adoption)
        #expect(event.actor == desk.actor)
        desk.adopt(lower)
        // The adoption's own entry names the rulebook before it, its events the new one.
        let own = try #require(
            desk.oracle.entries.last { if case .operation = $0.content { true } else { false } }
        )
        #expect(own.rulebook == adoption)
        #expect(desk.oracle.entries.last?.rulebook == own.number)
        #expect(desk.news().last == "country AE cured 250/300")
    }

    // "A refused request leaves no trace in any limit", and so brings no event about.
    @Test func aRefusedRequestIsNoEvent() {
        var desk = makeDesk()
        desk.reserve(.tpp(799))
        desk.reserve(.tpp(202))
        #expect(desk.news() == [])
    }
}
