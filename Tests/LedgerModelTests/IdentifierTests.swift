// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Testing

@Suite struct IdentifierTests {
    @Test(arguments: [
        "a", "H100 SXM5", "~", "ledger.example.org/2025", "x'\"<>&", "0",
        String(repeating: "x", count: 64),
    ])
    func printableTextOfUpTo64BytesIsAnIdentifier(text: String) throws {
        let id = try #require(PartyIdentifier(text))
        #expect(id.text == text)
        #expect(id.description == text)
        #expect(isIdentifier(text.utf8))
    }

    @Test(arguments: [
        "", " ", " a", "a ", "a\n", "a\tb", "\u{7f}", "\u{0}", "caf\u{e9}", "cafe\u{301}",
        "\u{1f600}", String(repeating: "x", count: 65),
    ])
    func anythingElseIsNot(text: String) {
        #expect(PartyIdentifier(text) == nil)
        #expect(OperationIdentifier(text) == nil)
        #expect(!isIdentifier(text.utf8))
    }

    @Test func theLimitsOfPrintableTextAreExact() {
        for byte in UInt8.min...UInt8.max {
            let isPrintable = byte > 0x20 && byte < 0x7f
            #expect(isIdentifier([byte]) == isPrintable, "byte \(byte)")
            let isInnerText = byte >= 0x20 && byte < 0x7f
            #expect(isIdentifier([0x61, byte, 0x61]) == isInnerText, "byte \(byte)")
        }
    }

    @Test func identifiersSortByTheirBytes() {
        let sorted = ["A", "AA", "B", "a", "b"].map(PartyIdentifier.init(checked:))
        #expect(sorted.reversed().sorted() == sorted)
    }

    @Test func everyKindOfIdentifierHasTheSameShape() {
        #expect(OrganisationIdentifier(" a") == nil)
        #expect(PersonIdentifier(" a") == nil)
        #expect(DeviceIdentifier(" a") == nil)
        #expect(EndUseIdentifier(" a") == nil)
        #expect(RulebookIdentifier(" a") == nil)
        #expect(DeviceIdentifier("RTX PRO 6000")?.text == "RTX PRO 6000")
    }
}

@Suite struct CountryCodeTests {
    @Test func everyPairOfCapitalLettersIsACode() throws {
        var count = 0
        for first in UInt8.min...UInt8.max {
            for second in UInt8.min...UInt8.max {
                let isCode = (0x41...0x5a).contains(first) && (0x41...0x5a).contains(second)
                let code = CountryCode(first, second)
                guard (code != nil) == isCode else {
                    Issue.record("\(first), \(second)")
                    return
                }
                guard let code else { continue }
                count += 1
                #expect(CountryCode(code.description) == code)
                #expect(CountryCode(rawValue: code.rawValue) == code)
            }
        }
        #expect(count == 676)
    }

    @Test(arguments: ["", "N", "no", "No", "NOR", "N0", " NO", "\u{d8}Y", "N\u{301}O"])
    func anythingElseIsNoCode(text: String) {
        #expect(CountryCode(text) == nil)
    }

    @Test func codesSortAsTheirText() throws {
        let texts = ["AE", "NO", "NZ", "SA", "US"]
        let codes = try texts.map { try #require(CountryCode($0)) }
        #expect(codes.reversed().sorted().map(\.description) == texts)
    }
}
