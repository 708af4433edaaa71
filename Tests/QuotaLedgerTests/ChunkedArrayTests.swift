// SPDX-License-Identifier: Apache-2.0

import LedgerTestSupport
import QuotaLedger
import Testing

@Suite("An array in pieces is an array")
struct ChunkedArrayTests {
    @Test("changed at random, with copies in between that stay", arguments: 0..<8)
    func itIsAnArray(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var truth = (0..<seed * 200).map { Int64($0) }
        var array = ChunkedArray(truth)
        array.reserveCapacity(seed * 500)
        var copies: [(ChunkedArray<Int64>, [Int64])] = []
        for step in 0..<3_000 {
            if truth.isEmpty || random.chance(30) {
                array.append(Int64(step))
                truth.append(Int64(step))
            } else {
                let position = Int.random(in: truth.indices, using: &random)
                array[position] += Int64(step)
                truth[position] += Int64(step)
            }
            if step % 700 == 0 { copies.append((array, truth)) }
        }
        copies.append((array, truth))
        for (copy, expected) in copies {
            #expect(copy.count == expected.count)
            #expect((0..<copy.count).map { copy[$0] } == expected, "seed \(seed)")
        }
    }
}
