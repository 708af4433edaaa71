// SPDX-License-Identifier: Apache-2.0
import Foundation
import LedgerModel
import StateStore
import Testing

/// Breaking a saving of five pieces off: before the first, between any two, after the commit.
@Suite("A saving that is interrupted leaves the snapshot before it")
struct InterruptedSavingTests {
    private let folder = StoreFolder()
    private let old = sampleBytes(1, count: 500)

    static let steps: [LMDBStateStore.SavingStep] =
        [.removed] + (0..<5).map { .put(piece: $0) }

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

    @Test("by the end of the process", arguments: 0..<7)
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
