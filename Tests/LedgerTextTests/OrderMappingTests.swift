// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerText
import Testing

@Suite struct OrderMappingTests {
    private let caller = Actor(
        organisation: OrganisationIdentifier(checked: "chipco"),
        person: PersonIdentifier(checked: "import"),
        role: .vendor
    )

    private func mapping(_ pairs: [(String, String?)]) throws(Rejection) -> OrderMapping {
        try OrderMapping(pairs.map { OrderMapping.Pair(name: $0.0, field: $0.1) })
    }

    private func read(
        _ text: String,
        _ format: OrderFormat,
        _ pairs: [(String, String?)]
    ) throws(Rejection) -> [OrderRow] {
        var reader = try OrderReader(caller: caller, format: format, mapping: mapping(pairs))
        reader.append(Array(text.utf8))
        reader.finish()
        var rows: [OrderRow] = []
        while let row = try reader.next() { rows.append(row) }
        return rows
    }

    private func problem(
        _ text: String,
        _ format: OrderFormat,
        _ pairs: [(String, String?)]
    ) -> String? {
        do throws(Rejection) {
            return try read(text, format, pairs).compactMap(\.problem).first
        } catch {
            return error.description
        }
    }

    private let pairs: [(String, String?)] = [
        ("PO Number", "id"), ("Ship=To", "destination"), ("sku", "device"), ("qty", "quantity"),
        ("Sales rep", nil),
    ]

    @Test func otherNamesReadLikeTheFieldsOwn() throws {
        let plain = try read(
            "id,consignee,destination,device,quantity,end_use\nA1,p,AE,B200,4,u\n",
            .csv,
            []
        )
        let mapped = try read(
            "Sales rep,PO Number,consignee,Ship=To,sku,qty,end_use\nJo,A1,p,AE,B200,4,u\n",
            .csv,
            pairs
        )
        let json = try read(
            #"{"PO Number":"A1","Sales rep":{"a":[1.5,{"a":null,"a":""}]},"consignee":"p","Ship\u003dTo":"AE","sku":"B200","qty":4,"end_use":"u"}"#,
            .ndjson,
            pairs
        )
        #expect(plain.compactMap(\.problem).isEmpty)
        #expect(mapped == plain)
        #expect(json.map(\.result) == plain.map(\.result))
    }

    @Test func namesCanChangePlaces() throws {
        let swapped: [(String, String?)] = [("device", "id"), ("id", "device")]
        let csv = try read(
            "id,device,quantity,consignee,destination,end_use\nB200,A1,4,p,AE,u\n",
            .csv,
            swapped
        )
        let json = try read(
            #"{"id":"B200","device":"A1","quantity":4,"consignee":"p","destination":"AE","end_use":"u"}"#,
            .ndjson,
            swapped
        )
        #expect(try csv[0].result.get().id.text == "A1")
        #expect(csv.map(\.result) == json.map(\.result))
    }

    @Test func messagesNameWhatTheFileSays() throws {
        #expect(
            problem(
                "PO Number,consignee,Ship=To,sku,qty,end_use,Sales rep\nA1,p,AE,B200,x,u,\n",
                .csv,
                pairs
            )
                == "line 2: malformed-field: qty: found 'x', expected a whole number above 0, in digits only"
        )
        #expect(
            problem(#"{"consignee":"p","Ship=To":"AE","sku":"B200","end_use":"u"}"#, .ndjson, pairs)
                == "line 1: malformed-field: PO Number: found nothing, expected \(identifierShape)"
        )
        #expect(
            problem(
                #"{"PO Number":"a","consignee":"p","Ship=To":"AE","sku":"B200","end_use":"u"}"#,
                .ndjson,
                pairs
            )
                == "line 1: malformed-field: qty: found nothing, expected a whole number above 0, in digits only"
        )
    }

    @Test func aFieldThatIsGivenTwiceIsRejected() {
        #expect(
            problem("PO,id,consignee,destination,end_use,tpp\n", .csv, [("PO", "id")])?
                .hasPrefix(
                    "malformed-input: header: found 'PO and id', expected one column for id; "
                ) == true
        )
        #expect(
            problem(#"{"id":"a","PO":"a"}"#, .ndjson, [("PO", "id")])
                == "line 1: malformed-input: PO: found 'it twice', expected each field once"
        )
        #expect(
            problem(#"{"x":1,"x":1}"#, .ndjson, [("x", nil)])
                == "line 1: malformed-input: x: found 'it twice', expected each field once"
        )
    }

    @Test(arguments: ["1.", "[1,]", "{\"a\"}", "[01]", "nul", "\"\\x\"", "{\"a\":}"])
    func whatIsPassedOverMustBeJSONToo(value: String) {
        let line = "{\"x\":\(value),\"id\":\"a\"}"
        #expect(problem(line, .ndjson, [("x", nil)])?.contains("malformed") == true)
    }

    @Test func whatIsPassedOverMayBeNestedNoDeeperThanTheLimit() {
        let order = #""id":"a","consignee":"p","destination":"AE","tpp":1,"end_use":"u"}"#
        for (depth, isRead) in [(63, true), (64, false), (400_000, false)] {
            let nested =
                String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            let problem = problem("{\"x\":\(nested)," + order, .ndjson, [("x", nil)])
            #expect((problem == nil) == isRead)
            #expect(isRead || problem?.contains("more than 64 levels") == true)
        }
    }

    @Test func aMappingThatCanNotBeMeantIsRejected() {
        let header = "id,consignee,destination,end_use,tpp\n"
        let cases: [([(String, String?)], OrderFormat, String)] = [
            (
                [("a", "quantty")], .csv,
                "unknown-field: map: found 'a=quantty', expected a known field; did you mean quantity?"
            ),
            (
                [("a", "lines")], .csv,
                "unknown-field: map: found 'a=lines', expected a known field; the columns are"
            ),
            (
                [("a", "quantity_2")], .ndjson,
                "unknown-field: map: found 'a=quantity_2', expected a known field; did you mean quantity?"
            ),
            (
                [("a", "id"), ("a", "tpp")], .csv,
                "malformed-field: map: found 'a=tpp', expected a once"
            ),
            (
                [("a", "id"), ("b", "id")], .ndjson,
                "malformed-field: map: found 'b=id', expected one name for id"
            ),
            (
                [("", "id")], .csv,
                "malformed-field: map: found '=id', expected the name of a column or key"
            ),
            (
                [("PO", "id")], .csv,
                "unknown-field: map: found 'PO=id', expected a column of the file, which has id, consignee, destination, end_use, tpp"
            ),
        ]
        for (pairs, format, message) in cases {
            let found = problem(header, format, pairs)
            #expect(found?.hasPrefix(message) == true, "\(found ?? "nothing")")
        }
    }
}
