// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import Testing

/// Reservations that ask for "up to".
@Suite struct UpToTests {
    private let emirates = CountryCode.of("AE")
    private let p = PartyIdentifier(checked: "P")

    // "'Up to': exactly one line."
    @Test func anOrderForUpToHasExactlyOneLine() {
        var desk = Desk(.tiny)
        desk.party("P")
        #expect(desk.reserve(.tpp(1), .tpp(1), isUpTo: true) == nil)
        #expect(
            desk.reserve(.tpp(1), isUpTo: true)?.line.hasPrefix("small-order granted 1;") == true
        )
        var order = Desk.order([.tpp(1), .tpp(1)])
        order.isUpTo = true
        #expect(desk.result(.reserve(order)) == "malformed-field")
    }

    // "the one that can take the most whole units takes them". "The decision lists the limits of
    // all of them; only the taker's are charged." "`left` of a limit of the taker is limit - used -
    // granted."
    @Test func whatTheCountryHasLeftIsGranted() {
        var desk = Desk(.tiny)
        desk.party("P")
        desk.reserve(.tpp(700))
        // Too large to be small: "The asked size decides whether the order is small."
        #expect(
            desk.reserve(.tpp(400), isUpTo: true, id: "hold")?.line
                == "country granted 400 in part 300; country AE* 700/1000 0"
        )
        #expect(desk.balance("hold") == [300, 0, 0, 0])
        #expect(desk.use(.country(emirates)) == [1_000, 1_000])
        #expect(
            desk.reserve(.tpp(50), isUpTo: true)?.line
                == "small-order granted 50; small-order P 2025* 0/50 0"
        )
        // "none at all is a refusal", by the last mechanism reached.
        #expect(
            desk.reserve(.tpp(50), isUpTo: true)?.line
                == "country refused limit-reached 50; small-order P 2025 50/50 0;"
                + " country AE* 1000/1000 0"
        )
    }

    // "Among the mechanisms that the order reaches ... the one that can take the most whole units
    // takes them".
    @Test func theMechanismWithTheMostRoomTakesIt() {
        var desk = Desk(.tiny)
        desk.party("P")
        desk.reserve(.tpp(20))
        desk.reserve(.tpp(990))
        #expect(
            desk.reserve(.tpp(40), isUpTo: true)?.line
                == "small-order granted 40 in part 30; small-order P 2025* 20/50 0;"
                + " country AE 990/1000 10"
        )
        #expect(desk.use(.country(emirates)) == [990, 1_000])
        #expect(
            desk.reserve(.tpp(40), isUpTo: true)?.line
                == "country granted 40 in part 10; small-order P 2025 50/50 0;"
                + " country AE* 990/1000 0"
        )
    }

    // "the earliest on ties"
    @Test func onTiesTheEarlierMechanismTakes() {
        var desk = Desk(.tiny)
        desk.party("P")
        desk.reserve(.tpp(20))
        desk.reserve(.tpp(970))
        #expect(
            desk.reserve(.tpp(40), isUpTo: true)?.line
                == "small-order granted 40 in part 30; small-order P 2025* 20/50 0;"
                + " country AE 970/1000 30"
        )
    }

    // "(one that is full and says `refuse` is the last of them)"
    @Test func aMechanismThatIsFullAndRefusesIsTheLast() {
        var desk = Desk(.tiny)
        desk.party("P", headquarters: "US")
        desk.installed("P", ["US": 1_000])
        desk.status(.universal, "P")
        #expect(
            desk.reserve(.tpp(90), isUpTo: true)?.line
                == "uveu granted 90 in part 70; uveu-country P AE* 0/70 0;"
                + " uveu-outside P 0/250 180"
        )
        // "'Install N more' is told of a refusal only, for the whole amount asked."
        #expect(
            desk.reserve(.tpp(90), isUpTo: true)?.line
                == "uveu refused limit-reached 90; uveu-country P AE* 70/70 0;"
                + " uveu-outside P 70/250 180; install 1286"
        )
    }

    // "In order, up to the first that can take all of it".
    @Test func aMechanismThatIsNotFullDecides() {
        var generous = OracleRulebook.tiny
        generous.change(.nationalVEU) { $0.goesOnWhenFull = true }
        var desk = Desk(generous)
        desk.party("P")
        desk.status(.national(emirates), "P")
        #expect(
            desk.reserve(.tpp(30), isUpTo: true)?.line
                == "nveu granted 30; nveu P AE* 0/1000 970"
        )
        #expect(desk.reserve(.tpp(960), isUpTo: true)?.mechanism == .nationalVEU)
        #expect(
            desk.reserve(.tpp(40), isUpTo: true)?.line
                == "small-order granted 40; nveu P AE 990/1000 10; small-order P 2025* 0/50 10"
        )
    }

    // "The unit is a device, or one TPP."
    @Test func devicesAreGrantedWhole() {
        let tight = OracleRulebook.tiny.renamed("tight", .country, .always(.tpp(40_000)))
        var desk = Desk(tight)
        desk.party("P")
        #expect(
            desk.reserve(.h100(10), isUpTo: true)?.line
                == "country granted 158320 in part 31664; country AE* 0/40000 8336"
        )
        // Less than one device is left: nothing at all.
        #expect(
            desk.reserve(.h100(1), isUpTo: true)?.line
                == "country refused limit-reached 15832; country AE* 31664/40000 8336"
        )
        let claim = ReservationLine.h100e(H100Equivalent(thousandths: 1_000))
        #expect(
            desk.reserve(claim, isUpTo: true)?.line
                == "country granted 15825 in part 8336; country AE* 31664/40000 0"
        )
    }

    // "An uncontrolled line is granted whole", and where there is no limit everything is.
    @Test func withoutALimitAllIsGranted() {
        var desk = Desk(.tiny)
        desk.party("P")
        #expect(desk.reserve(.device("H20", 9), isUpTo: true)?.line == "uncontrolled granted 0")
        #expect(desk.reserve(.tpp(9_999), to: "US", isUpTo: true)?.line == "domestic granted 9999")
        #expect(desk.reserve(.tpp(9), to: "CN", isUpTo: true)?.refusal == .countryOfConcern)
    }

    // What was granted in part is settled like any hold.
    @Test func aHoldThatWasGrantedInPartHasWhatWasGranted() {
        var desk = Desk(.tiny)
        desk.party("P")
        desk.reserve(.tpp(1_500), deadline: .of(2025, 2, 1), isUpTo: true, id: "hold")
        #expect(desk.ship("hold", 1_001) == "exceeds-hold: 1001 of 1000+0")
        desk.tick(.of(2025, 2, 1))
        #expect(desk.news().last == "expired 4, 1000 free")
        #expect(desk.use(.country(emirates)) == [0, 1_000])
    }
}
