// SPDX-License-Identifier: Apache-2.0

import Foundation
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import StateStore
import Testing

@Suite("The index of operations finds what was put in, and nothing else")
struct OperationIndexTests {
    @Test("through hundreds of runs of 64 operations", arguments: 0..<3)
    func answersAreADictionarys(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let store = InMemoryRunStore()
        var driver = try IndexDriver(store, capacity: 64)
        while driver.truth.count < 40_000 {
            driver.insert(Int.random(in: 1...150, using: &random), using: &random)
            try driver.tend(adopting: random.chance(70))
            let wrong = try driver.wrongAnswers(of: 8, using: &random)
            try #require(wrong == 0, "seed \(seed), after \(driver.truth.count)")
        }
        #expect(driver.index.count == driver.truth.count)
        #expect(driver.index.isWhole(next: driver.next))
        try driver.tend(adopting: true)
        #expect(driver.sealedCount > 200 && driver.mergedCount > 60, "seed \(seed)")
        #expect(driver.archive.runs.count < 20, "runs are merged")
        for (name, found) in driver.truth { try #require(try driver.index.find(name) == found) }
        #expect(try driver.wrongAnswers(of: 2_000, using: &random) == 0)
        #expect(store.runs.count <= driver.archive.runs.count + 4, "merged runs are removed")
    }

    @Test("a copy goes on with the runs that it had while newer ones are merged")
    func copiesKeepTheirRuns() throws {
        var random = SplitMix64(seed: 7)
        var driver = try IndexDriver(InMemoryRunStore(), capacity: 100)
        for _ in 0..<3 {
            driver.insert(100, using: &random)
            try driver.tend(adopting: true)
        }
        let copy = driver
        for _ in 0..<40 {
            driver.insert(100, using: &random)
            try driver.tend(adopting: true)
        }
        #expect(driver.mergedCount > 10)
        for (name, found) in copy.truth { #expect(try copy.index.find(name) == found) }
        #expect(copy.index.isWhole(next: copy.next) && driver.index.isWhole(next: driver.next))
    }

    @Test("names that share 64 bits are told apart, also across pages")
    func namesWithEqualHalvesAreToldApart() throws {
        let store = InMemoryRunStore()
        let key = HashKey(first: 3, second: 4)
        var index = OperationIndex(key: key)
        index.capacity = 500
        let names = (0..<500).map { number in
            Hash128(low: UInt64(number) << 20, high: number < 50 ? 8 : number < 450 ? 9 : 10)
        }
        for (number, name) in names.enumerated() {
            let entry = EntryNumber(rawValue: UInt64(number))
            index.insert(name, number: entry, content: name, kind: .other)
        }
        var archive = try OperationArchive(emptying: store, key: key, capacity: 500)
        let sealed = index.sealIfFull(next: 500)
        try archive.append(try #require(sealed))
        index.adopt(archive.runs)
        for (number, name) in names.enumerated() {
            #expect(try index.find(name)?.number.rawValue == UInt64(number))
            #expect(try index.find(Hash128(low: name.low + 1, high: name.high)) == nil)
        }
    }

    @Test("what a run knows ahead of the index is not found yet")
    func runsAheadAreNotBelieved() throws {
        let key = HashKey(first: 5, second: 6)
        let names = (0..<20).map { Hash128(low: UInt64($0) &* 0x9e37_79b9_7f4a_7c15, high: 1) }
        func insert(_ number: Int, into index: inout OperationIndex, content: UInt64 = 0) {
            index.insert(
                names[number],
                number: EntryNumber(rawValue: UInt64(number)),
                content: Hash128(low: content, high: 0),
                kind: .other
            )
        }
        var first = OperationIndex(key: key)
        first.capacity = 10
        for number in 0..<15 { insert(number, into: &first) }
        let sealed = first.sealIfFull(next: 15)
        var archive = try OperationArchive(emptying: InMemoryRunStore(), key: key, capacity: 10)
        try archive.append(try #require(sealed))

        var again = OperationIndex(key: key, runs: archive.runs)
        for number in 0..<15 {
            #expect(try again.find(names[number]) == nil)
            #expect(!again.isWhole(next: UInt64(number)))
            insert(number, into: &again)
            #expect(try again.find(names[number])?.number.rawValue == UInt64(number))
        }
        #expect(again.isWhole(next: 15))
        insert(15, into: &again)
        #expect(again.isWhole(next: 16))

        // The same ids with one other content: not the log that the runs come from.
        var other = OperationIndex(key: key, runs: archive.runs)
        for number in 0..<15 { insert(number, into: &other, content: number == 8 ? 1 : 0) }
        #expect(!other.isWhole(next: 15))
    }
}
