// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import Testing

/// Corrections, and sums that are too large.
@Suite struct CorrectionTests {
    private let emirates = CountryCode.of("AE")

    // "`correct` (a new entry that names an old one by its number, or by organisation and id;
    // nothing is edited)". "No limit moves."
    @Test func aCorrectionNamesAnEntryAndMovesNothing() {
        var desk = Desk(.tiny)
        desk.party("P")
        desk.reserve(.tpp(100), id: "hold")
        desk.ship("hold", 40)
        let before = desk.oracle.entries
        #expect(desk.correct("hold") == "accepted")
        #expect(desk.correct("hold", of: "acme") == "accepted")
        #expect(Array(desk.oracle.entries.prefix(before.count)) == before)
        #expect(desk.balance("hold") == [60, 40, 0, 0])
        #expect(desk.use(.country(emirates)) == [100, 1_000])
    }

    // "An entry number that the log does not have yet, or an operation that it does not know, is
    // `unknown-reference`."
    @Test func aCorrectionNamesAnEarlierEntryOfAnyKind() {
        var desk = Desk(.tiny)
        desk.party("P")
        desk.reserve(.tpp(100), deadline: .of(2025, 2, 1), id: "hold")
        desk.tick(.of(2025, 2, 1))
        #expect(desk.oracle.entries.count == 7)
        for number in UInt64(0)..<7 { #expect(correct(number, &desk) == "accepted") }
        let next = UInt64(desk.oracle.entries.count)
        #expect(correct(next, &desk) == "unknown-reference")
        #expect(correct(next - 1, &desk) == "accepted")
        #expect(desk.correct("nothing") == "unknown-reference")
        desk.organisation = OrganisationIdentifier(checked: "bolt")
        #expect(desk.correct("hold") == "unknown-reference")
        #expect(desk.correct("hold", of: "acme") == "accepted")
    }

    private func correct(_ number: UInt64, _ desk: inout Desk) -> String {
        let target = CorrectionTarget.entry(EntryNumber(rawValue: number))
        return desk.result(.correct(Correction(target: target, text: "it was nine")))
    }

    // What is open, what was ever shipped and what was ever attested stay below 2^62 together:
    // 4,611,686 times the most that an order may carry is as close as one can come.
    @Test func noOrderAndNoCountryIsTooLargeByItself() {
        var desk = Desk(.cfr)
        desk.party("P", headquarters: "US")
        let most = TPP.maximumAmount.rawValue
        #expect(desk.reserve(.tpp(most), to: "US", id: "hold")?.isGranted == true)
        #expect(desk.ship("hold") == "\(most) of \(most)+0")
        #expect(desk.installed("P", ["US": most]) == "accepted")
        #expect(desk.installed("P", ["US": most + 1]) == "amount-overflow")
        #expect(desk.reserve(.tpp(most + 1), to: "US") == nil)
        // A part that is larger than any hold is refused, not rejected.
        #expect(desk.giveBack("hold", .max) == "exceeds-shipped: \(Int64.max) of 0+\(most)")
    }
}
