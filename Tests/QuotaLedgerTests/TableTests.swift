// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Testing

@Suite("Tables of open addressing answer as dictionaries do")
struct TableTests {
    @Test("words, changed and removed at random", arguments: 0..<20)
    func wordsAreADictionarys(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        // Few pieces, so that each has enough keys to grow and to have gaps.
        var table = WordTable(
            seed: random.next(),
            groupBits: UInt64(seed % 4),
            segmentBits: seed % 5
        )
        var truth: [UInt64: Int64] = [:]
        // Few keys, so that they come again, side by side in groups.
        let keyCount = UInt64(1) << UInt64(4 + seed % 9)
        for step in 0..<20_000 {
            let key = random.next() % keyCount
            switch random.next() % 8 {
            case 0..<3:
                let value = Int64.random(in: 1...9, using: &random)
                table.set(value, of: key)
                truth[key] = value
            case 3..<6:
                let change = Int64.random(in: -3...3, using: &random)
                table.add(change, to: key)
                let sum = truth[key, default: 0] + change
                truth[key] = sum == 0 ? nil : sum
            default: #expect(table.remove(key) == truth.removeValue(forKey: key) ?? 0)
            }
            if step % 5_000 == 4_999, random.chance(50) {
                table.removeAll()
                truth.removeAll()
            }
            let other = random.next() % keyCount
            #expect(table[other] == truth[other] ?? 0, "seed \(seed), step \(step)")
        }
        #expect(table.count == truth.count)
        for key in 0..<keyCount { #expect(table[key] == truth[key] ?? 0, "seed \(seed)") }
    }

    @Test("names, of which many want the same place", arguments: 0..<4)
    func namesAreADictionarys(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var table = NameTable()
        var truth: [Hash128: Int] = [:]
        for position in 0..<5_000 {
            let name = Hash128(low: random.next() & 0xff << UInt64(4 * seed), high: random.next())
            #expect(table[name] == truth[name])
            guard truth[name] == nil else { continue }
            table.insert(name, position: position)
            truth[name] = position
        }
        #expect(table.count == truth.count)
        for (name, position) in truth { #expect(table[name] == position, "seed \(seed)") }
    }

    @Test("holds, whose numbers are alike in their low halves", arguments: 0..<12)
    func holdsAreADictionarys(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var table = HoldPositions(segmentBits: seed % 4)
        var truth: [EntryNumber: Int] = [:]
        var numbers: [EntryNumber] = []
        func found(_ number: EntryNumber) -> Int? {
            table.position(of: number) { numbers[$0] == number }
        }
        for next in 0..<UInt64(6_000) {
            // Every third number comes again 2^32 later.
            let number = EntryNumber(rawValue: next % 3 == 2 ? next - 1 + 1 << 32 : next)
            if random.chance(70) {
                table.insert(number, position: numbers.count)
                truth[number] = numbers.count
                numbers.append(number)
            }
            if random.chance(seed * 7), let gone = truth.keys.randomElement(using: &random) {
                table.remove(gone, position: truth.removeValue(forKey: gone) ?? -1)
            }
            let other = EntryNumber(rawValue: random.next() % (next + 1))
            #expect(found(other) == truth[other], "seed \(seed), number \(next)")
        }
        #expect(table.count == truth.count)
        #expect(Set(table.positions) == Set(truth.values), "seed \(seed)")
        for (number, position) in truth { #expect(found(number) == position, "seed \(seed)") }
    }
}
