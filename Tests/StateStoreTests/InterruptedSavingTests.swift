// SPDX-License-Identifier: Apache-2.0
import Foundation
import LMDB
import LedgerModel
import StateStore
import Testing

/// Breaking a saving of five pieces off: before the first, between any two, after the commit.
@Suite("A saving that is interrupted leaves the snapshot before it")
struct InterruptedSavingTests {
    private let folder = StoreFolder()
    private let old = sampleBytes(1, count: 500)

    static let steps: [LMDBStateStore.SavingStep] =
        [.begun] + (0..<5).map { .put(piece: $0) } + [.replaced]

    @Test("by an error", arguments: steps)
    func errorsLeaveTheOldOne(step: LMDBStateStore.SavingStep) throws {
        let store = try folder.open()
        try store.save(old, next: 1)
        #expect(throws: StateStoreError.storage(advice: "no more")) {
            try saveNew(to: store, endingAt: step) { () throws(StateStoreError) in
                throw .storage(advice: "no more")
            }
        }
        #expect(try store.newest() == stored(old, next: 1))
        try saveNew(to: store, endingAt: nil) {}
        #expect(try store.newest() == stored(sampleBytes(2, count: 320), next: 2))
    }

    @Test("and where there was none, none", arguments: steps)
    func errorsLeaveNothing(step: LMDBStateStore.SavingStep) throws {
        let store = try folder.open()
        #expect(throws: StateStoreError.storage(advice: "no more")) {
            try saveNew(to: store, endingAt: step) { () throws(StateStoreError) in
                throw .storage(advice: "no more")
            }
        }
        #expect(try store.newest() == nil)
        for number in 1...3 as ClosedRange<UInt8> {
            try store.save(sampleBytes(number, count: 100), next: UInt64(number))
            #expect(
                try store.newest() == stored(sampleBytes(number, count: 100), next: UInt64(number))
            )
        }
    }

    @Test("and what was to be kept beside it is not", arguments: steps.dropLast())
    func errorsKeepNothing(step: LMDBStateStore.SavingStep) throws {
        func keep(_ number: UInt8, endingAt last: LMDBStateStore.SavingStep?) throws {
            let store = try folder.open()
            let bytes = sampleBytes(number, count: 320)
            let next = EntryNumber(rawValue: UInt64(number))
            let removed = [EntryNumber(rawValue: UInt64(number) - 1)]
            try store.keep(unsafe bytes.span.bytes, next: next, removing: removed) {
                step throws(StateStoreError) in
                if step == last { throw .storage(advice: "no more") }
            }
        }
        try keep(3, endingAt: nil)
        #expect(throws: StateStoreError.self) { try keep(4, endingAt: step) }
        #expect(try folder.open().keptSnapshots().map(\.rawValue) == [3])
        #expect(
            try folder.open().newest(before: EntryNumber(rawValue: 9))
                == stored(sampleBytes(3, count: 320), next: 3)
        )
        // What was broken off is removed when the next is kept.
        try keep(6, endingAt: nil)
        #expect(try folder.open().keptSnapshots().map(\.rawValue) == [3, 6])
        #expect(try keptKeyCount(folder) == 2 * 6)
    }

    @Test("by the end of the process", arguments: 0..<8)
    func killsLeaveTheOldOne(index: Int) async throws {
        let step = index < Self.steps.count ? Self.steps[index] : .committed
        do {
            let store = try folder.open()
            try store.save(old, next: 1)
        }
        let path = folder.path
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, index = index as Int] in
            let step =
                index < InterruptedSavingTests.steps.count
                ? InterruptedSavingTests.steps[index] : LMDBStateStore.SavingStep.committed
            let store = try LMDBStateStore(path: path, pieceByteCount: 64)
            try saveNew(to: store, endingAt: step) { kill(getpid(), SIGKILL) }
        }
        let found = try folder.open().newest()
        let expected =
            step == .committed ? stored(sampleBytes(2, count: 320), next: 2) : stored(old, next: 1)
        #expect(found == expected)
    }
}

/// Saves the second snapshot and runs `end` at a step.
func saveNew(
    to store: LMDBStateStore,
    endingAt last: LMDBStateStore.SavingStep?,
    _ end: () throws(StateStoreError) -> Void
) throws(StateStoreError) {
    let bytes = sampleBytes(2, count: 320)
    try store.save(unsafe bytes.span.bytes, next: EntryNumber(rawValue: 2)) {
        step throws(StateStoreError) in
        if step == last { try end() }
    }
}

/// How many keys there are of snapshots that are kept.
private func keptKeyCount(_ folder: StoreFolder) throws -> Int {
    let environment = try Environment(path: folder.path)
    let kept: Database<UInt64> = try environment.database(named: "kept")
    return try environment.withReadTransaction { transaction throws(LMDBError) in
        Int(try transaction.count(in: kept))
    }
}
