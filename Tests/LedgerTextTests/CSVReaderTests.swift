// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerText
import Testing

@Suite struct CSVReaderTests {
    /// Everything a reader finds in pieces of input.
    private struct Reading: Equatable {
        var records: [CSVReference.Record] = []
        var problems: [String] = []
    }

    private func read(_ pieces: [ArraySlice<UInt8>], columns: [String] = []) -> Reading {
        var reader = CSVReader()
        reader.columnNames = columns
        var reading = Reading()
        func drain() {
            while true {
                switch reader.next() {
                case .record:
                    let fields = (0..<reader.fieldCount).map { Array(reader.bytes(ofField: $0)) }
                    reading.records.append(.init(line: reader.line, fields: fields))
                case .rejected(let rejection):
                    reading.records.append(.init(line: reader.line, fields: nil))
                    reading.problems.append("\(reader.line): \(rejection)")
                case .needsInput: return
                }
            }
        }
        for piece in pieces {
            reader.append(piece)
            drain()
        }
        reader.finish()
        drain()
        return reading
    }

    private func read(_ text: String, columns: [String] = []) -> Reading {
        read([Array(text.utf8)[...]], columns: columns)
    }

    private func texts(_ text: String) -> [[String]?] {
        read(text).records.map { $0.fields?.map { String(decoding: $0, as: UTF8.self) } }
    }

    @Test(arguments: 0..<40) func agreesWithThePlainReference(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let alphabets: [[UInt8]] = [
            Array("ab,\"\n".utf8), Array("a,,\"\"\n\n\r".utf8), Array("abcdefg,\n".utf8),
            Array("ab,\"\n\ré".utf8) + [0, 0xff, 0xe2, 0x82, 0xac, 0xef, 0xbb, 0xbf],
            Array("a,\r\n\n".utf8),
        ]
        for round in 0..<500 {
            let alphabet = random.pick(alphabets)
            let count = Int.random(in: 0...40, using: &random)
            var input = (0..<count).map { _ in random.pick(alphabet) }
            if random.oneIn(4) { input = [0xef, 0xbb, 0xbf] + input }
            let columnCount = random.oneIn(2) ? nil : Int.random(in: 1...3, using: &random)
            let columns = (0..<(columnCount ?? 0)).map { "c\($0)" }
            let whole = read([input[...]], columns: columns)
            let expected = CSVReference.records(input, columnCount: columnCount)
            #expect(whole.records == expected, "seed \(seed), round \(round): \(input)")
            let pieces = random.pieces(of: input)
            #expect(read(pieces, columns: columns) == whole, "seed \(seed), round \(round)")
        }
    }

    @Test(arguments: 0..<20) func readsBackWhatWasWritten(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let characters = Array("abcXYZ 019-_,\"\n\r'é€😀;")
        for round in 0..<100 {
            let width = Int.random(in: 2...5, using: &random)
            let rows = (0..<Int.random(in: 0...20, using: &random)).map { _ in
                (0..<width).map { _ in
                    let count = Int.random(in: 0...12, using: &random)
                    return String((0..<count).map { _ in random.pick(characters) })
                }
            }
            let end = random.oneIn(2) ? "\n" : "\r\n"
            let lines = rows.map { row in
                row.map { field in
                    let mustQuote = field.utf8.contains { ",\"\r\n".utf8.contains($0) }
                    return mustQuote || random.oneIn(3) ? quoted(field) : field
                }.joined(separator: ",")
            }
            let file = lines.joined(separator: end) + (random.oneIn(2) ? end : "")
            let reading = read(random.pieces(of: Array(file.utf8)))
            let found = reading.records.map {
                $0.fields?.map { String(decoding: $0, as: UTF8.self) }
            }
            #expect(found == rows, "seed \(seed), round \(round)")
        }
    }

    private func quoted(_ field: String) -> String {
        "\"" + field.flatMap { $0 == "\"" ? "\"\"" : String($0) } + "\""
    }

    @Test func takesByteOrderMarkBothLineEndsAndAMissingLastOne() {
        #expect(texts("\u{feff}a,b\r\nc,d\ne,f") == [["a", "b"], ["c", "d"], ["e", "f"]])
        #expect(texts("\n\r\n\na\n\n") == [["a"]])
        #expect(texts("") == [])
        #expect(texts("\u{feff}") == [])
        #expect(texts("a,\n,b\n,") == [["a", ""], ["", "b"], ["", ""]])
        #expect(texts("\"\"\n") == [[""]])
        #expect(
            read([[0xef], [0xbb, 0xbf], [0x61]]).records == [.init(line: 1, fields: [[0x61]])]
        )
        #expect(read([[0xef]]).records == [.init(line: 1, fields: nil)])
    }

    @Test func keepsQuotedLineEndsAndCountsThem() {
        let reading = read("a,\"x\ny\r\n\"\"z\"\"\"\nb,c\n")
        #expect(reading.records.map(\.line) == [1, 4])
        #expect(texts("a,\"x\ny\r\n\"\"z\"\"\"\nb,c\n") == [["a", "x\ny\r\n\"z\""], ["b", "c"]])
    }

    @Test(arguments: [
        (
            "a,b\"c\n",
            "2: malformed-input: second: found 'a quote inside a field', "
                + "expected quotes around the whole field"
        ),
        (
            "a,\"b\"c\n",
            "2: malformed-input: second: found 'c after the closing quote', expected "
                + "a comma or the end of the line there; a quote inside quotes is written twice"
        ),
        (
            "a\rb,c\n",
            "2: malformed-input: first: found 'a carriage return alone', "
                + "expected lines that end in LF or CRLF"
        ),
        (
            "a,b\r",
            "2: malformed-input: second: found 'a carriage return alone', "
                + "expected lines that end in LF or CRLF"
        ),
        (
            "a,\"b",
            "2: malformed-input: second: found 'an opening quote', "
                + "expected a closing quote before the end of the file"
        ),
        (
            "a,b\0c\n",
            "2: malformed-input: second: found '0x00 as byte 2', "
                + "expected text without NUL"
        ),
        (
            "a\n",
            "2: malformed-input: row: found '1 field', expected 2 fields, "
                + "one for each column; the first that is missing is second"
        ),
        (
            "a,b,c\n",
            "2: malformed-input: row: found '3 fields', expected 2 fields, "
                + "one for each column"
        ),
    ])
    func rejectsWhatIsNotOfTheForm(line: String, problem: String) {
        let reading = read("x,y\n" + line, columns: ["first", "second"])
        #expect(reading.problems == [problem])
        #expect(reading.records.map { $0.fields != nil } == [true, false])
        guard line.hasSuffix("\n") else { return }
        let between = read("x,y\n" + line + "v,w", columns: ["first", "second"])
        #expect(between.problems == [problem])
        #expect(between.records.last == .init(line: 3, fields: [[0x76], [0x77]]))
    }

    @Test(arguments: [
        [0xff], [0xc3], [0xc3, 0x28], [0xc0, 0xaf], [0xe0, 0x80, 0xaf], [0xed, 0xa0, 0x80],
        [0xf4, 0x90, 0x80, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xe2, 0x82], [0x80],
    ])
    func rejectsBrokenUTF8AndNamesItsPlace(bytes: [UInt8]) {
        let input = Array("a,b\nxy".utf8) + bytes + Array(",c\nd,e\n".utf8)
        let reading = read([input[...]], columns: ["name", "other"])
        let byte = "0x" + String(bytes[0], radix: 16, uppercase: true)
        #expect(
            reading.problems
                == ["2: malformed-input: name: found '\(byte) as byte 3', expected UTF-8"]
        )
        #expect(reading.records.map { $0.fields != nil } == [true, false, true])
    }

    @Test func namesColumnsByPositionBeforeTheirNamesAreKnown() {
        #expect(
            read("a,b,c\"\n").problems
                == [
                    "1: malformed-input: column 3: found 'a quote inside a field', "
                        + "expected quotes around the whole field"
                ]
        )
    }

    @Test(arguments: [1 << 10, 1 << 16, 1 << 24]) func rejectsALineOfTenMegabytesOnce(piece: Int) {
        let long = Array(repeating: UInt8(ascii: "x"), count: 10_000_000)
        let input = Array("a,b\n".utf8) + long + Array(",c\nd,e\n".utf8)
        let pieces = stride(from: 0, to: input.count, by: piece).map {
            input[$0..<min($0 + piece, input.count)]
        }
        let reading = read(pieces, columns: ["first", "second"])
        #expect(
            reading.problems
                == [
                    "2: malformed-input: row: found 'more than 1,048,576 bytes', "
                        + "expected a shorter row"
                ]
        )
        #expect(reading.records.map(\.line) == [1, 2, 3])
        #expect(reading.records.last?.fields == [[0x64], [0x65]])
    }

    @Test func takesARecordOfExactlyTheLongestLength() {
        let most = CSVReader.maximumRecordByteCount
        for (count, end, isRead) in [
            (most - 1, "\n", true), (most - 2, "\r\n", true), (most, "", true),
            (most, "\n", false), (most - 1, "\r\n", false), (most + 1, "", false),
        ] {
            let input = Array(repeating: UInt8(ascii: "x"), count: count) + Array(end.utf8)
            for cut in [0, most - 1, most] {
                let reading = read([input[..<cut], input[cut...]])
                #expect(reading.problems.isEmpty == isRead, "\(count) bytes and \(end.utf8.count)")
                #expect(reading.records.count == 1)
            }
        }
    }

    @Test func aQuoteThatNobodyClosesCostsItsOwnLineOnly() {
        let rows = (0..<200_000).map { "\($0),b\n" }.joined()
        let long = read("a,\"b\n" + rows, columns: ["first", "second"])
        #expect(
            long.problems
                == [
                    "1: malformed-input: second: found 'an opening quote', "
                        + "expected a closing quote within 1,048,576 bytes"
                ]
        )
        #expect(long.records.count == 200_001)
        let short = read("a,\"b\nc,d\ne,\"f,g\"\nh,i\n", columns: ["first", "second"])
        #expect(short.records.map { $0.fields != nil } == [false, true, true, true])
        #expect(short.records.map(\.line) == [1, 2, 3, 4])
        let merged = read("a,\"b\nc,d\ne,\",f\"\nh,i\n", columns: ["first", "second"])
        #expect(merged.records.map { $0.fields != nil } == [false, true, true, true])
    }
}
