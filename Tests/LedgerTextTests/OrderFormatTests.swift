// SPDX-License-Identifier: Apache-2.0

import Foundation
import LedgerModel
import LedgerText
import Testing

/// What holds of orders in both formats: generated, cut anywhere, damaged.
@Suite struct OrderFormatTests {
    private let caller = Actor(
        organisation: OrganisationIdentifier(checked: "chipco"),
        person: PersonIdentifier(checked: "import"),
        role: .vendor
    )

    /// A row with the bytes it was read from.
    private struct Read: Equatable {
        var row: OrderRow
        var bytes: [UInt8]
    }

    private func read(
        _ pieces: [ArraySlice<UInt8>],
        _ format: OrderFormat
    ) throws(Rejection) -> [Read] {
        var reader = try OrderReader(caller: caller, format: format)
        var rows: [Read] = []
        func drain() throws(Rejection) {
            while let row = try reader.next() {
                rows.append(Read(row: row, bytes: Array(reader.rowBytes)))
            }
        }
        for piece in pieces {
            reader.append(piece)
            try drain()
        }
        reader.finish()
        try drain()
        return rows
    }

    /// A file of orders, and its lines; the header of CSV is the first.
    private func file(
        _ operations: [LedgerModel.Operation],
        _ format: OrderFormat,
        _ random: inout SeededGenerator
    ) -> [[UInt8]] {
        switch format {
        case .csv:
            let text = OrderGenerator.file(operations, &random)
            return text.utf8.split(separator: 0x0a).map(Array.init)
        case .ndjson: return OrderGenerator.ndjson(operations, &random)
        }
    }

    private func orders(_ count: Int, _ random: inout SeededGenerator) -> [LedgerModel.Operation] {
        var generator = OrderGenerator()
        return (0..<count).map { _ in generator.operation(&random) }
    }

    @Test(arguments: 0..<20) func theSameOrdersReadTheSameInBothFormats(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let operations = orders(100, &random)
        for format in OrderFormat.allCases {
            let lines = file(operations, format, &random)
            let rows = try read(random.pieces(of: Array(lines.joined(separator: [0x0a]))), format)
            #expect(try rows.map { try $0.row.result.get() } == operations, "seed \(seed)")
            #expect(rows.map(\.bytes) == lines.suffix(operations.count).map(withoutReturn))
        }
    }

    private func withoutReturn(_ line: [UInt8]) -> [UInt8] {
        line.last == UInt8(ascii: "\r") ? Array(line.dropLast()) : line
    }

    @Test(arguments: 0..<20) func ordersInJSONAreWhatFoundationFindsInThem(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let reference = JSONOrderReference(caller: caller)
        let lines = OrderGenerator.ndjson(orders(100, &random), &random, isPlain: true)
        for line in lines {
            let rows = try read([line[...]], .ndjson)
            #expect(try rows.map { try $0.row.result.get() } == [reference.operation(line)])
        }
    }

    @Test(arguments: OrderFormat.allCases) func whereThePiecesEndMakesNoDifference(
        format: OrderFormat
    ) throws {
        var random = SeededGenerator(seed: 7)
        var lines = file(orders(4, &random), format, &random)
        lines.insert(Array("{\"id\":\"a,\"b\"c\n".utf8), at: 2)
        lines.insert([0xff, 0x00, 0x22, 0x2c], at: 4)
        lines.insert([], at: 3)
        let whole = [0xef, 0xbb, 0xbf] + Array(lines.joined(separator: [0x0d, 0x0a]))
        let expected = try read([whole[...]], format)
        #expect(expected.count > 4)
        for cut in whole.indices {
            #expect(try read([whole[..<cut], whole[cut...]], format) == expected, "cut \(cut)")
        }
        let bytes = whole.indices.map { whole[$0...$0] }
        #expect(try read(bytes, format) == expected)
    }

    @Test(arguments: 0..<30) func aDamagedLineNeverDisturbsItsNeighbours(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let operations = orders(20, &random)
        for format in OrderFormat.allCases {
            var lines = file(operations, format, &random)
            let first = lines.count - operations.count
            let damaged = Int.random(in: 0..<operations.count, using: &random)
            lines[first + damaged] = damage(lines[first + damaged], &random)
            let input = Array(lines.joined(separator: [0x0a]))
            let rows = try read(random.pieces(of: input), format)
            for (index, operation) in operations.enumerated() where index != damaged {
                let found = rows.first { $0.row.line == first + index + 1 }
                #expect(found?.row.result == .success(operation), "seed \(seed), order \(index)")
            }
            #expect(rows.count <= operations.count, "seed \(seed)")
        }
    }

    /// Bytes put in, taken out and changed, without a line end.
    private func damage(_ line: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var line = line
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let index = Int.random(in: 0..<line.count, using: &random)
            let byte =
                random.oneIn(2)
                ? random.pick(Array("{}[]:,\"\\u0e-.\0\r9é".utf8))
                : UInt8.random(in: 0...255, using: &random)
            switch random.next() % 3 {
            case 0 where line.count > 1: line.remove(at: index)
            case 1: line.insert(byte == 0x0a ? 0 : byte, at: index)
            default: line[index] = byte == 0x0a ? 0 : byte
            }
        }
        return line
    }

    @Test(arguments: 0..<20) func noBytesTrapAndPiecesMakeNoDifference(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for round in 0..<20 {
            for format in OrderFormat.allCases {
                let lines = file(orders(6, &random), format, &random)
                var input = Array(lines.joined(separator: [0x0a]))
                if random.oneIn(3) {
                    input = (0..<500).map { _ in UInt8.random(in: 0...255, using: &random) }
                } else {
                    // The header too.
                    for _ in 0..<Int.random(in: 0...8, using: &random) {
                        let index = Int.random(in: 0..<input.count, using: &random)
                        input[index] = UInt8.random(in: 0...255, using: &random)
                    }
                }
                let whole = Result { try read([input[...]], format) }
                let cut = Result { try read(random.pieces(of: input), format) }
                #expect(texts(whole) == texts(cut), "seed \(seed), round \(round)")
            }
        }
    }

    private func texts(_ result: Result<[Read], any Error>) -> [String] {
        switch result {
        case .success(let rows): rows.map { "\($0)" }
        case .failure(let error): ["\(error)"]
        }
    }

    @Test func aNameOrTheFirstBytesTellTheFormat() {
        #expect(OrderFormat(fileName: "a/b.csv") == .csv)
        #expect(OrderFormat(fileName: "orders.NDJSON") == .ndjson)
        #expect(OrderFormat(fileName: "orders.jsonl") == .ndjson)
        #expect(OrderFormat(fileName: "csv") == nil)
        #expect(OrderFormat(beginning: Array("id,tpp".utf8)) == .csv)
        #expect(OrderFormat(beginning: Array("\u{feff}\r\n {".utf8)) == .ndjson)
        #expect(OrderFormat(beginning: Array(" \n[".utf8)) == .csv)
        for few: [UInt8] in [[], [0xef], [0xef, 0xbb], [0xef, 0xbb, 0xbf], [0x20, 0x0a]] {
            #expect(OrderFormat(beginning: few) == nil)
        }
    }

    @Test func theBytesOfARowAreThoseOfTheFile() throws {
        let header = "id,consignee,destination,end_use,tpp\n"
        let rows = [
            ("a,\"p\"\"q\",AE,u,1\r\n", "a,\"p\"\"q\",AE,u,1"),
            ("a,\"p\nq\",AE,u,1\n", "a,\"p\nq\",AE,u,1"),
            ("a,\"p\n", "a,\"p"), ("b,p,AE\r\n", "b,p,AE"), ("c,p\"q,AE,u,1\n", "c,p\"q,AE,u,1"),
            ("d,p,AE,u,1", "d,p,AE,u,1"),
        ]
        for (row, bytes) in rows {
            let found = try read([Array((header + row).utf8)[...]], .csv)
            #expect(found.first.map { String(decoding: $0.bytes, as: UTF8.self) } == bytes)
        }
        let long = header + String(repeating: "x", count: 3_000_000) + "\n"
        #expect(try read([Array(long.utf8)[...]], .csv).map(\.bytes.count) == [1_048_576])
        #expect(
            try read([Array(long.utf8)[...]], .ndjson).map(\.bytes.count)
                == [header.utf8.count - 1, 1_048_576]
        )
    }
}
