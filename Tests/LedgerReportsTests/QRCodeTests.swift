// SPDX-License-Identifier: Apache-2.0

import LedgerReports
import Testing

/// That cameras read them is checked by `scripts/receipts`.
@Suite("QR codes") struct QRCodeTests {
    private func rows(_ text: String) throws -> [String] {
        let code = try #require(QRCode(text))
        return (0..<code.side).map { row in
            (0..<code.side).map { code.isDark(row: row, column: $0) ? "#" : "." }.joined()
        }
    }

    @Test func aSmallCodeIsTheOneThatWasRead() throws {
        #expect(
            try rows("headroom") == [
                "#######..###..#######",
                "#.....#.#.##..#.....#",
                "#.###.#..#.#..#.###.#",
                "#.###.#...##..#.###.#",
                "#.###.#.#.###.#.###.#",
                "#.....#....#..#.....#",
                "#######.#.#.#.#######",
                ".....................",
                "#.#.#.#...#.#...#..#.",
                "###.....#.##..###..##",
                ".####.##.#.#.########",
                "##.##..##.####..#..#.",
                "#.##.####..#..##.....",
                "........#.#...####.##",
                "#######..##.#..######",
                "#.....#.......#.#..#.",
                "#.###.#.#.#.#.##.....",
                "#.###.#..#.#.#.##..#.",
                "#.###.#.#..#.####.#.#",
                "#.....#..#.###.##..#.",
                "#######.####.##.##.##",
            ]
        )
    }

    @Test func theVersionIsTheSmallestThatHoldsTheText() throws {
        // The capacities of ISO/IEC 18004, table 7, byte mode, level M.
        for (count, version) in [
            (14, 1), (15, 2), (26, 2), (122, 7), (180, 9), (213, 10), (214, 11), (2_331, 40),
        ] {
            let code = try #require(QRCode(String(repeating: "x", count: count)))
            #expect(code.side == 17 + 4 * version, "\(count) bytes")
        }
        #expect(QRCode(String(repeating: "x", count: 2_332)) == nil)
    }

    @Test func eachCornerButOneHasAFinder() throws {
        let finder = [
            "#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######",
        ]
        for text in ["", "a", String(repeating: "é", count: 300)] {
            let rows = try rows(text)
            #expect(rows.prefix(7).map { String($0.prefix(7)) } == finder)
            #expect(rows.prefix(7).map { String($0.suffix(7)) } == finder)
            #expect(rows.suffix(7).map { String($0.prefix(7)) } == finder)
            #expect(rows.suffix(7).map { String($0.suffix(7)) } != finder)
        }
    }
}
