// SPDX-License-Identifier: Apache-2.0

import LedgerReports
import Testing

@Suite struct ProgressTextTests {
    private func line(
        _ count: UInt64,
        _ share: Double?,
        _ milliseconds: UInt64,
        width: Int = 100
    ) -> String {
        ProgressText(noun: "orders", width: width)
            .line(count: count, share: share, milliseconds: milliseconds)
    }

    @Test func showsHowFarHowFastAndHowLongToGo() {
        #expect(
            line(1_234_567, 0.31, 4_000)
                == "[#########.....................]   31 %  1,234,567 orders  308,642/s  0:09 left"
        )
        #expect(
            line(9, 1, 2_000) == "[##############################]  100 %  9 orders  5/s  0:00 left"
        )
        #expect(line(100, 0.001, 3_700_000).hasSuffix("0/s  1026:45:00 left"))
        #expect(line(5_000, 0.5, 60_000).hasSuffix("83/s  1:00 left"))
    }

    @Test func saysNothingThatNobodyKnows() {
        #expect(line(12_000, nil, 3_000) == "12,000 orders  4,000/s")
        #expect(line(0, nil, 0) == "0 orders")
        #expect(line(7, 0, 2_000) == "[..............................]    0 %  7 orders  4/s")
        #expect(line(7, 0.5, 900) == "[###############...............]   50 %  7 orders  8/s")
    }

    @Test func aShareBeyondAllIsAll() {
        #expect(line(1, 1.5, 500) == line(1, 1, 500))
        #expect(line(1, -1, 500) == line(1, 0, 500))
    }

    @Test(arguments: 1...100) func neverTakesMoreThanItsWidth(width: Int) {
        let text = line(1_234_567, 0.31, 4_000, width: width)
        #expect(text.count <= width)
        #expect(text.hasPrefix("[") == (width >= 79))
    }
}
