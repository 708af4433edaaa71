// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerText
import Testing

@Suite struct OrderReaderTests {
    private let caller = Actor(
        organisation: OrganisationIdentifier(checked: "chipco"),
        person: PersonIdentifier(checked: "import"),
        role: .vendor
    )

    private func read(_ pieces: [ArraySlice<UInt8>]) throws(Rejection) -> [OrderRow] {
        var reader = OrderReader(caller: caller)
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

    /// The reservation of a file's only row.
    private func reservation(_ text: String) throws -> Reservation {
        let row = try #require(try read(text).first)
        guard case .reserve(let reservation) = try row.result.get().action else {
            throw Rejection(.malformedInput, field: "row", found: "", expected: "a reservation")
        }
        return reservation
    }

    @Test func readsEveryColumn() throws {
        let rows = try read(
            """
            id,time,exporter,person,consignee,destination,device,quantity,end_use,deadline,reference
            A1,2025-03-01T10:00:00+02:00,amd,kim,G42,AE,H100 SXM5,007,ai,2025-06-01T00:00:00Z,"PO ""7"", é"
            A2,,,,G42,AE,B200,1,ai,,

            """
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
            lines: [.devices(DeviceIdentifier(checked: "H100 SXM5"), quantity: 7)],
            endUse: EndUseIdentifier(checked: "ai"),
            deadline: RFC3339.instant("2025-06-01T00:00:00Z"),
            reference: "PO \"7\", é"
        )
        #expect(first.action == .reserve(expected))
        let second = try rows[1].result.get()
        #expect(second.actor == caller)
        #expect(second.time == nil)
        #expect(rows.map(\.line) == [2, 3])
        #expect(rows[0].problem == nil)
    }

    @Test func upToIsYesOrNoAndNoIfEmpty() throws {
        let head = "id,consignee,destination,end_use,tpp,up_to\n"
        #expect(try reservation(head + "a,p,AE,u,5,yes\n").isUpTo)
        #expect(try !reservation(head + "a,p,AE,u,5,no\n").isUpTo)
        #expect(try !reservation(head + "a,p,AE,u,5,\n").isUpTo)
        for wrong in ["Yes", "true", "1", " yes"] {
            #expect(
                try read(head + "a,p,AE,u,5,\(wrong)\n")[0].problem
                    == "line 2: malformed-field: up_to: found '\(wrong)', expected yes or no"
            )
        }
    }

    @Test func readsAmountsOfEachForm() throws {
        let head = "id,consignee,destination,end_use,"
        #expect(
            try reservation(head + "tpp\na,p,AE,u,1583200\n").lines == [
                .tpp(TPP(rawValue: 1_583_200))
            ]
        )
        for (text, thousandths) in [("1700", 1_700_000), ("0.125", 125), ("12.5", 12_500)] {
            let lines = try reservation(head + "h100e\na,p,AE,u,\(text)\n").lines
            #expect(lines == [.h100e(H100Equivalent(thousandths: Int64(thousandths)))])
        }
        let several = try reservation(
            head + "device,quantity,device_2,quantity_2,device_9,quantity_9,tpp\n"
                + "a,p,AE,u,X,1,,,Y,3,\n"
        )
        #expect(
            several.lines == [
                .devices(DeviceIdentifier(checked: "X"), quantity: 1),
                .devices(DeviceIdentifier(checked: "Y"), quantity: 3),
            ]
        )
    }

    /// The columns as every message about a header lists them.
    private let known =
        "the columns are id, consignee, destination, end_use, device, quantity, tpp, h100e, time, "
        + "deadline, reference, exporter, person, up_to, and device_2, quantity_2 to device_9, quantity_9"
    private let needed =
        "expected id, consignee, destination, end_use and an amount"
        + " (device and quantity, tpp, or h100e); "

    @Test func rejectsAFileByItsHeader() {
        let cases = [
            (
                "",
                "malformed-input: header: found nothing, expected a line with the names of the columns; "
                    + known
            ),
            (
                "id,Quantity\n",
                "unknown-field: header: found 'Quantity', expected a known column; did you mean quantity? "
                    + known
            ),
            (
                "id,End Use\n",
                "unknown-field: header: found 'End Use', expected a known column; did you mean end_use? "
                    + known
            ),
            (
                "id,colour\n",
                "unknown-field: header: found 'colour', expected a known column; " + known
            ),
            (
                "id,,tpp\n",
                "unknown-field: header: found nothing, expected a known column; " + known
            ),
            (
                "id,tpp,id\n",
                "malformed-input: header: found 'id again as column 3', expected each column once; "
                    + known
            ),
            (
                "id,consignee,destination,tpp\n",
                "malformed-input: header: found 'no column end_use', " + needed + known
            ),
            (
                "id,consignee,destination,end_use\n",
                "malformed-input: header: found 'no column for an amount', " + needed + known
            ),
            (
                "id,consignee,destination,end_use,device\n",
                "malformed-input: header: found 'no column quantity', " + needed + known
            ),
            (
                "id,consignee,destination,end_use,tpp,quantity_3\n",
                "malformed-input: header: found 'no column device_3', " + needed + known
            ),
            (
                "id,\"x\n",
                "malformed-input: header, column 2: found 'an opening quote', expected a closing quote before the end of the file"
            ),
        ]
        for (file, message) in cases {
            var reader = OrderReader(caller: caller)
            reader.append(Array(file.utf8))
            reader.finish()
            for _ in 0..<2 {
                #expect { try reader.next() } throws: { "\($0)" == message }
            }
        }
    }

    @Test(arguments: [
        (",G42,AE,X,1,ai,,,", "id: found nothing, expected \(identifierShape)"),
        ("a\u{7f},G42,AE,X,1,ai,,,", "id: found 'a\\u{7F}', expected \(identifierShape)"),
        ("é,G42,AE,X,1,ai,,,", "id: found 'é', expected \(identifierShape)"),
        ("a, G42,AE,X,1,ai,,,", "consignee: found ' G42', expected \(identifierShape)"),
        ("a,,AE,X,1,ai,,,", "consignee: found nothing, expected \(identifierShape)"),
        (
            "a,G42,ae,X,1,ai,,,",
            "destination: found 'ae', expected two capital letters (ISO 3166-1 alpha-2)"
        ),
        (
            "a,G42,ARE,X,1,ai,,,",
            "destination: found 'ARE', expected two capital letters (ISO 3166-1 alpha-2)"
        ),
        ("a,G42,AE,,1,ai,,,", "device: found nothing, expected \(identifierShape)"),
        (
            "a,G42,AE,X,,ai,,,",
            "quantity: found nothing, expected a whole number above 0, in digits only"
        ),
        (
            "a,G42,AE,X,0,ai,,,",
            "quantity: found '0', expected a whole number above 0, in digits only"
        ),
        (
            "a,G42,AE,X,-5,ai,,,",
            "quantity: found '-5', expected a whole number above 0, in digits only"
        ),
        (
            "a,G42,AE,X,+5,ai,,,",
            "quantity: found '+5', expected a whole number above 0, in digits only"
        ),
        (
            "a,G42,AE,X,1.5,ai,,,",
            "quantity: found '1.5', expected a whole number above 0, in digits only"
        ),
        (
            "a,G42,AE,X,\"1,000\",ai,,,",
            "quantity: found '1,000', expected a whole number above 0, in digits only"
        ),
        (
            "a,G42,AE,X, 1,ai,,,",
            "quantity: found ' 1', expected a whole number above 0, in digits only"
        ),
        (
            "a,G42,AE,X,١,ai,,,",
            "quantity: found '١', expected a whole number above 0, in digits only"
        ),
        (
            "a,G42,AE,,,ai,,,",
            "amount: found nothing, expected an amount in device and quantity or h100e"
        ),
        (
            "a,G42,AE,,,ai,,,1.",
            "h100e: found '1.', expected a number above 0 in digits, with at most three decimals"
        ),
        (
            "a,G42,AE,,,ai,,,.5",
            "h100e: found '.5', expected a number above 0 in digits, with at most three decimals"
        ),
        (
            "a,G42,AE,,,ai,,,1.2345",
            "h100e: found '1.2345', expected a number above 0 in digits, with at most three decimals"
        ),
        (
            "a,G42,AE,,,ai,,,0.000",
            "h100e: found '0.000', expected a number above 0 in digits, with at most three decimals"
        ),
        (
            "a,G42,AE,X,1,ai,,,1",
            "h100e: found '1', expected nothing, because the row gives another amount already"
        ),
        ("a,G42,AE,X,1,,,,", "end_use: found nothing, expected \(identifierShape)"),
        (
            "a,G42,AE,X,1,ai,2025-06-01,,",
            "time: found '2025-06-01', expected a time of 1970 to 9999, to the millisecond, such as 2025-01-13T09:30:00Z"
        ),
        (
            "a,G42,AE,X,1,ai,,soon,",
            "deadline: found 'soon', expected a time of 1970 to 9999, to the millisecond, such as 2025-01-13T09:30:00Z"
        ),
    ])
    func rejectsARowAndNamesTheColumn(row: String, message: String) throws {
        let good = "g,G42,AE,X,1,ai,,,"
        let header = "id,consignee,destination,device,quantity,end_use,time,deadline,h100e\n"
        let rows = try read(header + good + "\n" + row + "\n" + good + "\n")
        #expect(rows.map(\.problem) == [nil, "line 3: malformed-field: " + message, nil])
        #expect(rows.first?.result == rows.last?.result)
    }

    @Test func rejectsNumbersThatDoNotFitAsOverflow() throws {
        let header = "id,consignee,destination,device,quantity,end_use,h100e,reference\n"
        let rows = try read(
            header + "a,p,AE,X,9223372036854775807,u,,\na,p,AE,X,9223372036854775808,u,,\n"
                + "a,p,AE,,,u,9223372036854775.807,\na,p,AE,,,u,9223372036854775.808,\n"
                + "a,p,AE,X,\(String(repeating: "0", count: 200))1,u,,\n"
                + "a,p,AE,X,1,u,,\(String(repeating: "é", count: 100))\n"
                + "a,p,AE,X,1,u,,\(String(repeating: "é", count: 100))x\n"
        )
        #expect(
            rows.map { $0.problem?.prefix(60) }
                == [
                    nil,
                    "line 3: amount-overflow: quantity: found '9223372036854775808', ".prefix(60),
                    nil, "line 5: amount-overflow: h100e: found '9223372036854775.808', expec",
                    nil, nil,
                    "line 8: malformed-field: reference: found 'ééééééééééééééééé".prefix(60),
                ].map { $0?.prefix(60) }
        )
    }

    @Test func takesIdentifiersOfEveryLengthUpToTheLongest() throws {
        for count in 1...66 {
            let name = String(repeating: "n", count: count)
            let rows = try read(
                "id,consignee,destination,end_use,tpp\n\(name),q,AE,u,1\na,\(name),AE,u,1\n"
                    + "a,\(name),AE,u,1\n"
            )
            #expect(
                rows.map { (try? $0.result.get()) != nil }
                    == Array(repeating: count <= 64, count: 3)
            )
            guard count <= 64, case .reserve(let first) = try rows[1].result.get().action else {
                continue
            }
            #expect(first.consignee.text == name)
            #expect(rows[1].result == rows[2].result)
        }
    }

    @Test(arguments: 0..<20) func readsRandomOrdersBack(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var orders = OrderGenerator()
        let operations = (0..<200).map { _ in orders.operation(&random) }
        let file = Array(OrderGenerator.file(operations, &random).utf8)
        let rows = try read([file[...]])
        #expect(try rows.map { try $0.result.get() } == operations, "seed \(seed)")
        #expect(try read(random.pieces(of: file)) == rows, "seed \(seed)")
    }

    @Test(arguments: 0..<40) func aDamagedLineNeverDisturbsItsNeighbours(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var orders = OrderGenerator()
        let operations = (0..<30).map { _ in orders.operation(&random) }
        let file = OrderGenerator.file(operations, &random)
        var lines = file.utf8.split(separator: 0x0a, omittingEmptySubsequences: false).map(
            Array.init
        )
        let damaged = Int.random(in: 1...operations.count, using: &random)
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let index = Int.random(in: 0..<lines[damaged].count, using: &random)
            let byte =
                random.oneIn(2)
                ? random.pick(Array("\",\r\0é".utf8)) : UInt8.random(in: 0...255, using: &random)
            lines[damaged][index] = byte == 0x0a ? 0 : byte
        }
        let rows = try read(random.pieces(of: Array(lines.joined(separator: [0x0a]))))
        for (index, operation) in operations.enumerated() where index + 1 != damaged {
            let row = rows.first { $0.line == index + 2 }
            #expect(row?.result == .success(operation), "seed \(seed), line \(index + 2)")
        }
        #expect(rows.count <= operations.count, "seed \(seed)")
    }
}
