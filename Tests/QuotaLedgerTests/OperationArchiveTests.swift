// SPDX-License-Identifier: Apache-2.0

import Foundation
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import StateStore
import Testing

/// A folder for runs, removed with its contents when the value goes away.
final class RunFolder {
    let path = FileManager.default.temporaryDirectory.appending(path: "runs-\(UUID())").path()

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func open() throws -> LMDBStateStore { try LMDBStateStore(path: path) }
}

@Suite("Runs on disk are whole, or are noticed not to be")
struct OperationArchiveTests {
    @Test("300,000 operations in a store on disk, opened anew again and again")
    func runsAreThereAfterOpening() throws {
        let folder = RunFolder()
        var random = SplitMix64(seed: 11)
        var driver = try IndexDriver(try folder.open(), capacity: 3_000)
        let key = driver.index.key
        while driver.truth.count < 300_000 {
            driver.insert(Int.random(in: 1...9_000, using: &random), using: &random)
            try driver.tend(adopting: true)
            guard driver.sealedCount > 0, random.chance(20) else { continue }
            // The process ends; what is in memory comes back with the log. Nobody may have the
            // folder open twice, so what holds it goes first.
            driver.index = OperationIndex(key: key)
            driver.archive = try OperationArchive(
                emptying: InMemoryRunStore(),
                key: key,
                capacity: 3_000
            )
            try reopen(folder, &driver)
            #expect(try driver.wrongAnswers(of: 500, using: &random) == 0)
        }
        #expect(driver.mergedCount > 10)
        for (name, found) in driver.truth { try #require(try driver.index.find(name) == found) }
    }

    /// Opens the store anew and brings back what no run holds from what is known to be true.
    private func reopen(_ folder: RunFolder, _ driver: inout IndexDriver) throws {
        let store = try folder.open()
        let loaded = try #require(try LoadedRuns(store))
        #expect(loaded.key == driver.index.key)
        driver.index = OperationIndex(key: loaded.key, runs: loaded.runs)
        driver.index.capacity = 3_000
        for name in driver.names {
            guard let found = driver.truth[name] else { continue }
            driver.index.insert(
                name,
                number: found.number,
                content: found.content,
                kind: found.kind
            )
        }
        #expect(driver.index.isWhole(next: driver.next))
        driver.archive = try OperationArchive(loaded, store: store, capacity: 3_000)
    }

    @Test("a write that fails, whichever, leaves the runs as they were", arguments: 2..<40)
    func failedWritesChangeNothing(count: Int) throws {
        var random = SplitMix64(seed: UInt64(count))
        let store = FailingRunStore(InMemoryRunStore(), afterWrites: count)
        var driver = try IndexDriver(store, capacity: 200)
        var waiting: [SealedOperations] = []
        for _ in 0..<30 {
            driver.insert(200, using: &random)
            if let sealed = driver.index.sealIfFull(next: driver.next) { waiting.append(sealed) }
            do {
                while let sealed = waiting.first {
                    try driver.archive.append(sealed)
                    waiting.removeFirst()
                }
                while try driver.archive.mergeIfDue() {}
                driver.index.adopt(driver.archive.runs)
                try driver.archive.removeRetired()
            } catch {
                #expect(error == .storage(advice: "the disk is full"))
            }
            #expect(driver.index.isWhole(next: driver.next))
            #expect(try driver.wrongAnswers(of: 20, using: &random) == 0)
        }
        #expect(store.hasFailed)
        for (name, found) in driver.truth { #expect(try driver.index.find(name) == found) }
        let loaded = try #require(try LoadedRuns(store))
        #expect(loaded.runs.end == driver.archive.runs.end)
    }

    @Test("a process killed at any write leaves runs that are whole", arguments: 1..<24)
    func killsLeaveWholeRuns(count: Int) async throws {
        let folder = RunFolder()
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = folder.path as String, count = count as Int] in
            let store = FailingRunStore(try LMDBStateStore(path: path), afterWrites: count) {
                kill(getpid(), SIGKILL)
            }
            var random = SplitMix64(seed: 5)
            var driver = try IndexDriver(store, capacity: 100)
            while true {
                driver.insert(100, using: &random)
                try driver.tend(adopting: true)
            }
        }
        let store = try folder.open()
        var random = SplitMix64(seed: 5)
        var driver = try IndexDriver(InMemoryRunStore(), capacity: 100_000)
        driver.insert(3_000, using: &random)
        guard let loaded = try LoadedRuns(store) else {
            #expect(count < 4, "only before the first list is there none")
            return
        }
        var index = OperationIndex(key: loaded.key, runs: loaded.runs)
        for name in driver.names {
            guard let found = driver.truth[name] else { continue }
            index.insert(name, number: found.number, content: found.content, kind: found.kind)
            guard found.number.rawValue < loaded.runs.end else { continue }
            #expect(try index.find(name) == found)
        }
        #expect(index.isWhole(next: driver.next))
        // It goes on from there, and what was left behind is not in its way.
        var archive = try OperationArchive(loaded, store: store, capacity: 100)
        index.capacity = 100
        let sealed = index.sealIfFull(next: driver.next)
        try archive.append(try #require(sealed))
        #expect(archive.runs.end == driver.next)
    }

    @Test("a page that is damaged is an error and never a new id")
    func damagedPagesAreErrors() throws {
        var random = SplitMix64(seed: 3)
        let store = InMemoryRunStore()
        var driver = try IndexDriver(store, capacity: 1_000)
        driver.insert(1_000, using: &random)
        try driver.tend(adopting: true)
        let run = try #require(store.runs.first)
        for bit in stride(from: 0, to: 101 * 5 * 64, by: 997) {
            let flip = { (words: inout [UInt64]) in words[bit / 64] ^= 1 << UInt64(bit % 64) }
            store.damage(4, of: run, flip)
            var failedCount = 0
            for (name, found) in driver.truth {
                do {
                    #expect(try driver.index.find(name) == found)
                } catch {
                    failedCount += 1
                }
            }
            #expect(failedCount >= 101, "bit \(bit)")
            store.damage(4, of: run, flip)
        }
        store.damage(4, of: run) { $0.removeLast() }
        #expect(throws: LedgerError.self) {
            for name in driver.truth.keys { _ = try driver.index.find(name) }
        }
    }

    @Test("damage in what is loaded, or in what is merged, is noticed")
    func damageIsNoticedBeforeUse() throws {
        var random = SplitMix64(seed: 4)
        let store = InMemoryRunStore()
        var driver = try IndexDriver(store, capacity: 1_000)
        driver.insert(1_000, using: &random)
        try driver.tend(adopting: true)
        let run = try #require(store.runs.first)
        let last = UInt32(store.pageCount - 1)
        store.damage(last, of: run) { $0[3] ^= 1 }
        #expect(throws: StateStoreError.self) { try LoadedRuns(store) }
        store.damage(last, of: run) { $0[3] ^= 1 }
        #expect(try LoadedRuns(store)?.runs.count == 1)
        store.damage(0, of: run) { $0[9] ^= 1 << 40 }
        for _ in 0..<2 {
            driver.insert(1_000, using: &random)
            try driver.tend(adopting: true)
        }
        driver.insert(1_000, using: &random)
        #expect(throws: StateStoreError.self) { try driver.tend(adopting: true) }
        #expect(driver.archive.runs.count == 4, "nothing is merged, and nothing is lost")
    }
}
