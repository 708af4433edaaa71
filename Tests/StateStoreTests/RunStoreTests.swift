// SPDX-License-Identifier: Apache-2.0
import EntryLog
import Foundation
import LMDB
import LedgerModel
import StateStore
import Testing

/// A page that tells which it is.
private func page(_ number: UInt32, of run: UInt32) -> [UInt64] {
    (0..<UInt64(number % 500 + 1)).map { UInt64(run) << 40 | UInt64(number) << 20 | $0 }
}

extension RunStore {
    fileprivate func words(_ page: UInt32, of run: UInt32) throws(StateStoreError) -> [UInt8] {
        var bytes: [UInt8] = []
        try read(page, of: run) { bytes = $0.copied }
        return bytes
    }

    fileprivate func put(run: UInt32, pageCount: UInt32) throws(StateStoreError) {
        var first: UInt32 = 0
        while first < pageCount {
            let end = min(first + 1_500, pageCount)
            try put((first..<end).map { page($0, of: run) }, of: run, from: first)
            first = end
        }
    }

    fileprivate func put(list: [UInt8]) throws(StateStoreError) {
        try putRunList(list.span.rawBytes)
    }

    /// Whether a run has these pages, and none behind them.
    fileprivate func has(run: UInt32, pageCount: UInt32) throws(StateStoreError) -> Bool {
        for number in 0..<pageCount {
            let expected = page(number, of: run).span.rawBytes.copied
            guard try words(number, of: run) == expected else { return false }
        }
        do throws(StateStoreError) {
            _ = try words(pageCount, of: run)
            return false
        } catch {
            return error == .damaged(what: "page \(pageCount) of run \(run) is missing")
        }
    }
}

@Suite("A store keeps runs page by page")
struct RunStoreTests {
    private let folder = StoreFolder()

    @Test("in memory and on disk alike")
    func pagesComeBack() throws {
        let stores: [any RunStore] = [InMemoryRunStore(), try folder.open()]
        for store in stores {
            #expect(try store.runList() == nil)
            try store.removeRunList()
            try store.put(run: 1, pageCount: 3_000)
            try store.put(run: 2, pageCount: 1)
            try store.put(run: 7, pageCount: 700)
            try store.put(list: [1, 2, 3])
            try store.put(list: [4])
            #expect(try store.runList() == [4])
            #expect(try store.has(run: 1, pageCount: 3_000))
            #expect(try store.has(run: 2, pageCount: 1))
            #expect(try store.has(run: 7, pageCount: 700))

            try store.removeRuns(except: [2, 7])
            #expect(try store.has(run: 1, pageCount: 0))
            #expect(try store.has(run: 2, pageCount: 1))
            #expect(try store.has(run: 7, pageCount: 700))
            try store.put(run: 8, pageCount: 2)
            try store.removeRuns(except: [2, 8])
            #expect(try store.has(run: 7, pageCount: 0))
            #expect(try store.has(run: 8, pageCount: 2))
            #expect(try store.runList() == [4])
            try store.removeRuns(except: [])
            #expect(try store.has(run: 8, pageCount: 0))
            try store.removeRunList()
            #expect(try store.runList() == nil)
        }
    }

    @Test("beside the snapshot, which neither touches")
    func runsAndSnapshotAreApart() throws {
        let store = try folder.open()
        try store.save(sampleBytes(1, count: 500), next: 1)
        try store.put(run: 1, pageCount: 5)
        try store.put(list: [9])
        try store.save(sampleBytes(2, count: 100), next: 2)
        #expect(try store.has(run: 1, pageCount: 5))
        #expect(try store.runList() == [9])
        try store.removeRuns(except: [])
        #expect(try store.newest() == stored(sampleBytes(2, count: 100), next: 2))
    }

    @Test("whoever only looks reads them and changes nothing")
    func readersOnlyRead() throws {
        do {
            let store = try folder.open()
            try store.put(run: 1, pageCount: 5)
            try store.put(list: [9])
        }
        let reader = try folder.open(.readOnly)
        #expect(try reader.has(run: 1, pageCount: 5))
        #expect(try reader.runList() == [9])
        #expect(throws: StateStoreError.self) { try reader.put(list: [1]) }
        #expect(throws: StateStoreError.self) { try reader.removeRunList() }
        #expect(throws: StateStoreError.self) { try reader.put(run: 2, pageCount: 1) }
        #expect(throws: StateStoreError.self) { try reader.removeRuns(except: []) }
    }

    @Test("a store from before there were runs has none, until it is opened for writing")
    func olderStoresHaveNone() throws {
        do {
            let environment = try Environment(path: try folder.made())
            let snapshots: Database<UInt64> = try environment.database(named: "snapshot")
            #expect(snapshots.name == "snapshot")
        }
        do {
            let reader = try folder.open(.readOnly)
            #expect(try reader.runList() == nil)
            #expect(throws: StateStoreError.self) { try reader.words(0, of: 1) }
        }
        let store = try folder.open()
        try store.put(run: 1, pageCount: 1)
        #expect(try store.has(run: 1, pageCount: 1))
    }
}

extension StoreFolder {
    fileprivate func made() throws -> String {
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: false
        )
        return path
    }
}
