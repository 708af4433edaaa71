// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerText
import Testing

@Suite struct JSONOrderReaderTests {
    private let caller = Actor(
        organisation: OrganisationIdentifier(checked: "chipco"),
        person: PersonIdentifier(checked: "import"),
        role: .vendor
    )

    private func read(
        _ pieces: [ArraySlice<UInt8>],
        mapping: OrderMapping = .none
    ) throws(Rejection) -> [OrderRow] {
        var reader = try OrderReader(caller: caller, format: .ndjson, mapping: mapping)
        var rows: [OrderRow] = []
        for piece in pieces {
            reader.append(piece)
            while let row = try reader.next() { rows.append(row) }
        }
        reader.finish()
        while let row = try reader.next() { rows.append(row) }
        return rows
    }

    private func read(_ text: String) throws(Rejection) -> [OrderRow] {
        try read([Array(text.utf8)[...]])
    }

    private static let good =
        #"{"id":"g","consignee":"G42","destination":"AE","end_use":"ai","tpp":5}"#

    @Test func readsEveryMember() throws {
        let rows = try read(
            #"""
            {"id":"A1","time":"2025-03-01T10:00:00+02:00","exporter":"amd","person":"kim","kind":"reserve","consignee":"G42","destination":"AE","lines":[{"device":"H100 SXM5","quantity":7},{"tpp":3,"tpp_h100e":"0.001"},{"h100e":"1.5"}],"end_use":"ai","deadline":"2025-06-01T00:00:00Z","reference":"PO \"7\", \u00e9","up_to":true}

            {"id":"A2","consignee":"G42","destination":"AE","device":"B200","quantity":1,"end_use":"ai","time":null,"deadline":null,"reference":null,"up_to":null,"lines":null,"kind":null}
            """#
        )
        let first = try rows[0].result.get()
        #expect(first.id.text == "A1")
        #expect(first.actor.organisation.text == "amd")
        #expect(first.actor.person.text == "kim")
        #expect(first.actor.role == .vendor)
        #expect(first.time == RFC3339.instant("2025-03-01T08:00:00Z"))
        let expected = Reservation(
            consignee: PartyIdentifier(checked: "G42"),
            destination: try #require(CountryCode("AE")),
            lines: [
                .devices(DeviceIdentifier(checked: "H100 SXM5"), quantity: 7),
                .tpp(TPP(rawValue: 3)), .h100e(H100Equivalent(thousandths: 1_500)),
            ],
            endUse: EndUseIdentifier(checked: "ai"),
            deadline: RFC3339.instant("2025-06-01T00:00:00Z"),
            reference: "PO \"7\", é",
            isUpTo: true
        )
        #expect(first.action == .reserve(expected))
        let second = try rows[1].result.get()
        #expect(second.actor == caller)
        #expect(second.time == nil)
        #expect(rows.map(\.line) == [1, 3])
    }

    @Test func takesByteOrderMarkBothLineEndsAndBlankLines() throws {
        let text = "\u{feff}" + Self.good + "\r\n\n \t\r\n" + Self.good + "\n\n" + Self.good
        let rows = try read(text)
        #expect(rows.map(\.line) == [1, 4, 6])
        #expect(rows.compactMap(\.problem).isEmpty)
        #expect(try read("").isEmpty)
        #expect(try read("\u{feff}").isEmpty)
        #expect(try read("\n\r\n").isEmpty)
    }

    @Test(arguments: [
        ("5", 5), ("5.0", 5), ("5e0", 5), ("0.5e1", 5), ("500E-2", 5), ("5.000000000000", 5),
        ("9223372036854775807", Int64.max), ("9.223372036854775807e18", .max),
        ("92233720368547758070000000e-7", .max), ("1e18", 1_000_000_000_000_000_000),
    ])
    func numbersCountByValue(text: String, value: Int64) throws {
        let line = Self.good.replacing("5}", with: text + "}")
        guard
            case .reserve(let reservation) = try #require(try read(line).first).result.get().action
        else { throw Rejection(.malformedInput, field: "", found: "", expected: "") }
        #expect(reservation.lines == [.tpp(TPP(rawValue: value))])
    }

    @Test(arguments: [
        ("1700", 1_700_000), ("0.125", 125), ("12.50000", 12_500), ("\"12.5\"", 12_500),
        ("1.25e-1", 125), ("9223372036854775.807", Int64.max),
    ])
    func h100eAreNumbersOrText(text: String, thousandths: Int64) throws {
        let line = Self.good.replacing("\"tpp\":5}", with: "\"h100e\":\(text)}")
        guard
            case .reserve(let reservation) = try #require(try read(line).first).result.get().action
        else { throw Rejection(.malformedInput, field: "", found: "", expected: "") }
        #expect(reservation.lines == [.h100e(H100Equivalent(thousandths: thousandths))])
    }

    private static let shape = "a whole number above 0, in digits only"

    @Test(arguments: [
        ("[1]", "malformed-input: json: found 'a list', expected an object of JSON, {...}"),
        ("7", "malformed-input: json: found '7', expected an object of JSON, {...}"),
        ("id,tpp", "malformed-input: json: found 'i at byte 1', expected a value"),
        (
            good + good,
            "malformed-input: json: found '{ at byte 71', expected the end of the text"
        ),
        (
            String(good.dropLast()),
            "malformed-input: tpp: found 'the end of the text', expected a comma or }"
        ),
        ("{}", "malformed-field: id: found nothing, expected \(identifierShape)"),
        (
            good.replacing("\"g\"", with: "null"),
            "malformed-field: id: found nothing, expected \(identifierShape)"
        ),
        (
            good.replacing("\"g\"", with: "\"\""),
            "malformed-field: id: found nothing, expected \(identifierShape)"
        ),
        (
            good.replacing("\"g\"", with: "7"),
            "malformed-field: id: found '7', expected \(identifierShape)"
        ),
        (
            good.replacing("\"G42\"", with: "[\"G42\"]"),
            "malformed-field: consignee: found 'a list', expected \(identifierShape)"
        ),
        (
            good.replacing("AE", with: "ae"),
            "malformed-field: destination: found 'ae', expected two capital letters (ISO 3166-1 alpha-2)"
        ),
        (
            good.replacing("\"tpp\":5", with: "\"tpp\":\"5\""),
            "malformed-field: tpp: found '\"5\"', expected \(shape)"
        ),
        (
            good.replacing("\"tpp\":5", with: "\"tpp\":0"),
            "malformed-field: tpp: found '0', expected \(shape)"
        ),
        (
            good.replacing("\"tpp\":5", with: "\"tpp\":-5"),
            "malformed-field: tpp: found '-5', expected \(shape)"
        ),
        (
            good.replacing("\"tpp\":5", with: "\"tpp\":5.5"),
            "malformed-field: tpp: found '5.5', expected \(shape)"
        ),
        (
            good.replacing("\"tpp\":5", with: "\"tpp\":1e-999999999999999999999"),
            "malformed-field: tpp: found '1e-999999999999999999999', expected \(shape)"
        ),
        (
            good.replacing("\"tpp\":5", with: "\"tpp\":007"),
            "malformed-field: tpp: found '007', expected \(shape)"
        ),
        (
            good.replacing("\"tpp\":5", with: "\"tpp\":1e999999999999999999999"),
            "amount-overflow: tpp: found '1e999999999999999999999', expected at most 9223372036854775807"
        ),
        (
            good.replacing("\"tpp\":5", with: "\"tpp\":9223372036854775808"),
            "amount-overflow: tpp: found '9223372036854775808', expected at most 9223372036854775807"
        ),
        (
            good.replacing("\"tpp\":5", with: "\"h100e\":1.2345"),
            "malformed-field: h100e: found '1.2345', expected a number above 0 in digits, with at most three decimals"
        ),
        (
            good.replacing("\"tpp\":5", with: "\"quantity\":5"),
            "malformed-field: device: found nothing, expected \(identifierShape)"
        ),
        (
            good.replacing("\"tpp\":5", with: "\"device\":\"X\""),
            "malformed-field: quantity: found nothing, expected \(shape)"
        ),
        (
            good.replacing(",\"tpp\":5", with: ""),
            "malformed-field: amount: found nothing, expected an amount in device and quantity, or tpp, or h100e"
        ),
        (
            good.replacing("\"tpp\":5", with: "\"tpp\":5,\"h100e\":1"),
            "malformed-field: h100e: found 'one more amount', expected nothing, because the order gives another amount already"
        ),
        (
            good.replacing("\"tpp\":5", with: "\"tpp\":5,\"lines\":[{\"tpp\":5}]"),
            "malformed-field: lines: found 'one more amount', expected nothing, because the order gives another amount already"
        ),
        (
            good.replacing("\"tpp\":5", with: "\"lines\":[]"),
            "malformed-field: lines: found 'an empty list', expected a list of 1 to 100 lines"
        ),
        (
            good.replacing("\"tpp\":5", with: "\"lines\":[{\"tpp\":5},{\"device\":\"X\"}]"),
            "malformed-field: lines[1].quantity: found nothing, expected \(shape)"
        ),
        (
            good.replacing("\"tpp\":5", with: "\"lines\":[{\"tpp\":5,\"x\":{}}]"),
            "unknown-field: lines[0].x: found 'a key that is not known', expected the keys of a line are device and quantity, or tpp, or h100e"
        ),
        (
            good.replacing("\"tpp\":5", with: "\"lines\":[{\"tpp\":5,\"tpp\":6}]"),
            "malformed-input: lines[0].tpp: found 'it twice', expected each field once"
        ),
        (
            good.replacing("\"tpp\":5", with: "\"tpp\":5,\"t\\u0070p\":5"),
            "malformed-input: t\\u0070p: found 'it twice', expected each field once"
        ),
        (
            good.replacing("\"tpp\":5", with: "\"tpp\":5,\"up_to\":\"yes\""),
            "malformed-field: up_to: found '\"yes\"', expected true or false"
        ),
        (
            good.replacing("\"tpp\":5", with: "\"tpp\":5,\"time\":\"2025-06-01\""),
            "malformed-field: time: found '2025-06-01', expected a time of 1970 to 9999, to the millisecond, such as 2025-01-13T09:30:00Z"
        ),
        (
            good.replacing("\"tpp\":5", with: "\"tpp\":5,\"reference\":\"\""),
            "malformed-field: reference: found nothing, expected 1 to 200 bytes of text"
        ),
        (
            good.replacing("\"tpp\":5", with: "\"tpp\":5,\"kind\":\"ship\""),
            "malformed-field: kind: found 'ship', expected reserve: orders are all that is imported"
        ),
        (
            good.replacing("\"g\"", with: "\"a\\u0000b\""),
            "malformed-input: id: found 'an escape at byte 14 that is no character', expected text without NUL and without halves of surrogate pairs"
        ),
        (
            good.replacing("\"g\"", with: "\"a\0b\""),
            "malformed-input: id: found '\\0 at byte 9', expected control characters to be escaped"
        ),
        (
            good.replacing("5}", with: String(repeating: "[", count: 100_000)),
            "malformed-field: tpp: found 'a list', expected \(shape)"
        ),
    ])
    func rejectsALineAndNamesTheMember(line: String, message: String) throws {
        let rows = try read(Self.good + "\n" + line + "\n" + Self.good)
        #expect(rows.map(\.problem) == [nil, "line 2: " + message, nil])
        #expect(rows.first?.result == rows.last?.result)
    }

    @Test func rejectsAnUnknownKeyAndSaysWhichOneWasMeant() throws {
        let rows = try read(Self.good.replacing("end_use", with: "endUse"))
        let problem = try #require(rows.first?.problem)
        #expect(
            problem.hasPrefix(
                "line 1: unknown-field: endUse: found 'a key that is not known', "
                    + "expected did you mean end_use? the keys are id, consignee, "
            )
        )
    }

    @Test func moreThanAHundredLinesAreRejectedBeforeTheyAreKept() throws {
        for (count, isRead) in [(100, true), (101, false), (30_000, false)] {
            let lines = Array(repeating: "{\"tpp\":1}", count: count).joined(separator: ",")
            let line = Self.good.replacing("\"tpp\":5", with: "\"lines\":[\(lines)]")
            #expect(try (read(line).first?.problem == nil) == isRead)
        }
    }

    @Test(arguments: [
        [0xff], [0xc3], [0xc3, 0x28], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80],
    ])
    func rejectsBrokenUTF8AndNamesItsPlace(bytes: [UInt8]) throws {
        let good = Array((Self.good + "\n").utf8)
        let row = good.prefix(7) + bytes + good.dropFirst(7)
        let rows = try read([(good + row + good)[...]])
        let byte = "0x" + String(bytes[0], radix: 16, uppercase: true)
        #expect(
            rows.map(\.problem) == [
                nil,
                "line 2: malformed-input: json: found '\(byte) as byte 8', expected UTF-8", nil,
            ]
        )
    }

    @Test(arguments: [1 << 10, 1 << 16, 1 << 24]) func rejectsALineOfTenMegabytesOnce(piece: Int)
        throws
    {
        let long = Array(repeating: UInt8(ascii: "{"), count: 10_000_000)
        let good = Array((Self.good + "\n").utf8)
        let input = good + long + [0x0a] + good
        let pieces = stride(from: 0, to: input.count, by: piece).map {
            input[$0..<min($0 + piece, input.count)]
        }
        #expect(
            try read(pieces).map(\.problem) == [
                nil,
                "line 2: malformed-input: line: found 'more than 1,048,576 bytes', "
                    + "expected a shorter line", nil,
            ]
        )
    }

    @Test func takesALineOfExactlyTheLongestLength() throws {
        let most = 1_048_576
        for (count, end, isRead) in [
            (most - 1, "\n", true), (most, "", true), (most, "\n", false), (most + 1, "", false),
        ] {
            let blank = String(repeating: " ", count: count - Self.good.utf8.count)
            let input = Array((Self.good + blank + end).utf8)
            for cut in [0, most - 1, most] {
                let rows = try read([input[..<cut], input[cut...]])
                #expect(rows.count == 1)
                #expect((rows[0].problem == nil) == isRead, "\(count) bytes and \(end.utf8.count)")
            }
        }
    }
}
