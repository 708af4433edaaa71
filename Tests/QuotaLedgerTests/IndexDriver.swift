// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import QuotaLedger
import StateStore
import Synchronization

/// An index with its archive and a dictionary that knows the truth.
struct IndexDriver {
    var index: OperationIndex
    var archive: OperationArchive
    var truth: [Hash128: OperationIndex.Found] = [:]
    var next: UInt64 = 0
    private(set) var names: [Hash128] = []
    private(set) var sealedCount = 0
    private(set) var mergedCount = 0

    init(_ store: any RunStore, capacity: Int) throws {
        let key = HashKey(first: 1, second: 2)
        index = OperationIndex(key: key)
        index.capacity = capacity
        archive = try OperationArchive(emptying: store, key: key, capacity: capacity)
    }

    /// Puts new operations in, as entries with gaps between them.
    mutating func insert(_ count: Int, using random: inout SplitMix64) {
        for _ in 0..<count {
            next += UInt64.random(in: 0...1, using: &random)
            let found = OperationIndex.Found(
                number: EntryNumber(rawValue: next),
                content: Hash128(low: random.next(), high: random.next()),
                kind: OperationClass(rawValue: UInt8.random(in: 0...2, using: &random)) ?? .other
            )
            let name = Hash128(low: random.next(), high: random.next())
            index.insert(name, number: found.number, content: found.content, kind: found.kind)
            truth[name] = found
            names.append(name)
            next += 1
        }
    }

    /// What a ledger does between batches; the runs may come into use later.
    mutating func tend(adopting: Bool) throws {
        if let sealed = index.sealIfFull(next: next) {
            try archive.append(sealed)
            sealedCount += 1
        }
        while try archive.mergeIfDue() { mergedCount += 1 }
        if adopting {
            index.adopt(archive.runs)
            try archive.removeRetired()
        }
    }

    /// How many of some known names, and of as many unknown ones, are answered wrongly.
    func wrongAnswers(of count: Int, using random: inout SplitMix64) throws -> Int {
        var wrong = 0
        for _ in 0..<count {
            let known = names[Int.random(in: 0..<names.count, using: &random)]
            if try index.find(known) != truth[known] { wrong += 1 }
            let unknown = Hash128(low: random.next(), high: random.next())
            if try index.find(unknown) != nil { wrong += 1 }
        }
        return wrong
    }
}

/// A store that fails at one of its writes, or after it.
final class FailingRunStore: RunStore {
    let store: any RunStore
    /// What happens instead of the write whose turn it is.
    private let failure: @Sendable () throws(StateStoreError) -> Void
    private let writesLeft: Mutex<Int>

    init(
        _ store: any RunStore,
        afterWrites count: Int,
        failure: @escaping @Sendable () throws(StateStoreError) -> Void = {
            () throws(StateStoreError) in throw .storage(advice: "the disk is full")
        }
    ) {
        self.store = store
        self.failure = failure
        writesLeft = Mutex(count)
    }

    private func countWrite() throws(StateStoreError) {
        let left = writesLeft.withLock { left in
            left -= 1
            return left
        }
        if left == -1 { try failure() }
    }

    /// Whether a write has failed.
    var hasFailed: Bool { writesLeft.withLock { $0 < 0 } }

    func runList() throws(StateStoreError) -> [UInt8]? { try store.runList() }

    func putRunList(_ list: RawSpan) throws(StateStoreError) {
        try countWrite()
        try store.putRunList(list)
    }

    func removeRunList() throws(StateStoreError) {
        try countWrite()
        try store.removeRunList()
    }

    func put(_ pages: [[UInt64]], of run: UInt32, from first: UInt32) throws(StateStoreError) {
        try countWrite()
        try store.put(pages, of: run, from: first)
    }

    func read(
        _ page: UInt32,
        of run: UInt32,
        _ body: (RawSpan) -> Void
    ) throws(StateStoreError) {
        try store.read(page, of: run, body)
    }

    func removeRuns(except kept: Set<UInt32>) throws(StateStoreError) {
        try countWrite()
        try store.removeRuns(except: kept)
    }
}
