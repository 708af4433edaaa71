// SPDX-License-Identifier: Apache-2.0
import Foundation
import LMDB
import LedgerModel
import StateStore
import Testing

/// A directory for one test, removed with its contents when the value goes away.
final class StoreFolder {
    let path = FileManager.default.temporaryDirectory
        .appendingPathComponent("state-\(UUID().uuidString)").path

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The store, in pieces of 64 bytes unless said otherwise.
    func open(
        _ access: LMDBStateStore.Access = .readWrite,
        pieceByteCount: Int = 64
    ) throws(StateStoreError) -> LMDBStateStore {
        try LMDBStateStore(path: path, access: access, pieceByteCount: pieceByteCount)
    }

    /// Changes what is stored under a key, past the store; `nil` deletes it.
    func edit(_ key: UInt64, _ value: [UInt8]?) throws {
        let environment = try Environment(path: path)
        let pieces: Database<UInt64> = try environment.database(named: "snapshot")
        try environment.withWriteTransaction { transaction throws(LMDBError) in
            if let value {
                try transaction.put(value, for: key, in: pieces)
            } else {
                try transaction.delete(key, in: pieces)
            }
        }
    }
}

/// Bytes that tell which snapshot they are.
func sampleBytes(_ number: UInt8, count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0) &* 7 &+ number }
}

extension LMDBStateStore {
    func save(_ bytes: [UInt8], next: UInt64) throws(StateStoreError) {
        try save(unsafe bytes.span.bytes, next: EntryNumber(rawValue: next))
    }
}

func stored(_ bytes: [UInt8], next: UInt64) -> StoredSnapshot {
    StoredSnapshot(next: EntryNumber(rawValue: next), bytes: bytes)
}

/// What a second process may do beside one that writes; 0 if it is as it should be.
func lookBesideTheWriter(_ path: String) -> Int32 {
    do throws(StateStoreError) {
        let store = try LMDBStateStore(path: path, access: .readOnly)
        guard try store.newest() == stored(sampleBytes(1, count: 500), next: 1) else { return 2 }
        try store.save([1], next: 2)
        return 3
    } catch {
        guard case .storage = error else { return 4 }
    }
    do throws(StateStoreError) {
        _ = try LMDBStateStore(path: path)
        return 5
    } catch {
        guard case .locked = error else { return 6 }
    }
    return 0
}

@Suite("A store keeps the newest snapshot")
struct LMDBStateStoreTests {
    private let folder = StoreFolder()

    @Test("of any length, byte for byte", arguments: [0, 1, 63, 64, 65, 128, 1_000, 100_000])
    func anyLengthComesBack(count: Int) throws {
        let bytes = sampleBytes(1, count: count)
        do {
            let store = try folder.open()
            #expect(try store.newest() == nil)
            try store.save(bytes, next: 7)
            #expect(try store.newest() == stored(bytes, next: 7))
        }
        #expect(try folder.open(pieceByteCount: 1 << 20).newest() == stored(bytes, next: 7))
    }

    @Test("and only that, in a file that does not grow for ever")
    func theNewestReplacesTheOthers() throws {
        let store = try folder.open(pieceByteCount: 1 << 12)
        for number in 1...30 as ClosedRange<UInt8> {
            try store.save(sampleBytes(number, count: 90_000), next: UInt64(number))
        }
        try store.save(sampleBytes(99, count: 100), next: 99)
        #expect(try store.newest() == stored(sampleBytes(99, count: 100), next: 99))
        let file = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/data.mdb")
        let byteCount = try #require(file[.size] as? Int)
        #expect(byteCount < 90_000 * 8)
    }

    @Test("for whoever looks beside the writer")
    func readersWorkBesideTheWriter() async throws {
        let store = try folder.open()
        try store.save(sampleBytes(1, count: 500), next: 1)
        let path = folder.path
        await #expect(processExitsWith: .success) { [path = path as String] in
            exit(lookBesideTheWriter(path))
        }
        #expect(try store.newest() == stored(sampleBytes(1, count: 500), next: 1))
    }

    @Test("and begins anew where the folder was deleted")
    func aDeletedFolderIsMadeAgain() throws {
        try folder.open().save([1, 2, 3], next: 1)
        try FileManager.default.removeItem(atPath: folder.path)
        #expect(try folder.open().newest() == nil)
    }

    @Test("but nothing where something else is")
    func foreignEnvironmentsAreLeftAlone() throws {
        try FileManager.default.createDirectory(
            atPath: folder.path,
            withIntermediateDirectories: false
        )
        do {
            let environment = try Environment(path: folder.path)
            let batches: Database<UInt64> = try environment.database(named: "batches")
            try environment.withWriteTransaction { transaction throws(LMDBError) in
                try transaction.put([1], for: 1, in: batches)
            }
        }
        #expect(throws: StateStoreError.notAStateStore(path: folder.path)) {
            _ = try folder.open()
        }
        #expect(throws: StateStoreError.notAStateStore(path: folder.path)) {
            _ = try folder.open(.readOnly)
        }
        let environment = try Environment(path: folder.path)
        let main: Database<[UInt8]> = try environment.database()
        let names = try environment.withReadTransaction { transaction throws(LMDBError) in
            try transaction.count(in: main)
        }
        #expect(names == 1)
    }

    @Test("and tells of damage instead of giving damaged bytes")
    func damageIsTold() throws {
        let bytes = sampleBytes(1, count: 640)
        let edits: [(what: String, key: UInt64, value: [UInt8]?)] = [
            ("no record", 0, nil),
            ("a short record", 0, [1, 2, 3]),
            ("an empty record", 0, [UInt8](repeating: 0, count: 40)),
            ("no middle", 5, nil),
            ("no end", 10, nil),
            ("one more", 11, [1]),
            ("a longer piece", 3, sampleBytes(1, count: 65)),
            ("another piece", 3, sampleBytes(9, count: 64)),
        ]
        for (what, key, value) in edits {
            // Where nothing was before, the snapshot is in the first of the two places.
            try? FileManager.default.removeItem(atPath: folder.path)
            try folder.open().save(bytes, next: 5)
            try folder.edit(key, value)
            do {
                let found = try folder.open().newest()
                Issue.record("\(what): \(found == nil ? "nothing" : "something") was found")
            } catch StateStoreError.damaged {
            }
        }
        try FileManager.default.removeItem(atPath: folder.path)
        try folder.open().save(bytes, next: 5)
        try folder.edit(0, [UInt8](repeating: 9, count: 40))
        do {
            _ = try folder.open().newest()
            Issue.record("a newer format was read")
        } catch StateStoreError.newerFormat {
        }
        // Damage is no hindrance to the next saving.
        try folder.open().save(bytes, next: 6)
        #expect(try folder.open().newest() == stored(bytes, next: 6))
    }

    @Test("and says what is wrong with a file that is none")
    func aForeignFileIsTold() throws {
        try folder.open().save([1, 2, 3], next: 1)
        let file = URL(fileURLWithPath: "\(folder.path)/data.mdb")
        try Data(repeating: 0x5a, count: 20_000).write(to: file)
        do {
            _ = try folder.open()
            Issue.record("a foreign file was opened")
        } catch StateStoreError.damaged {
        }
    }
}

@Suite("A store keeps older snapshots beside the newest")
struct KeptSnapshotStoreTests {
    private let folder = StoreFolder()

    private func keep(
        _ store: LMDBStateStore,
        _ number: UInt8,
        removing removed: [UInt64] = []
    ) throws {
        let bytes = sampleBytes(number, count: 30 * Int(number))
        try store.keep(
            unsafe bytes.span.bytes,
            next: EntryNumber(rawValue: UInt64(number)),
            removing: removed.map(EntryNumber.init)
        )
    }

    @Test("and finds the newest that is old enough")
    func theNewestOldEnoughIsFound() throws {
        do {
            let store = try folder.open()
            #expect(try store.keptSnapshots().isEmpty)
            #expect(try store.newest(before: EntryNumber(rawValue: 9)) == nil)
            for number in [4, 8, 20] as [UInt8] { try keep(store, number) }
            try store.save(sampleBytes(12, count: 700), next: 12)
        }
        let store = try folder.open(.readOnly)
        #expect(try store.keptSnapshots().map(\.rawValue) == [4, 8, 20])
        func found(before end: UInt64) throws -> StoredSnapshot? {
            try store.newest(before: EntryNumber(rawValue: end))
        }
        #expect(try found(before: 3) == nil)
        #expect(try found(before: 4) == stored(sampleBytes(4, count: 120), next: 4))
        #expect(try found(before: 11) == stored(sampleBytes(8, count: 240), next: 8))
        #expect(try found(before: 12) == stored(sampleBytes(12, count: 700), next: 12))
        #expect(try found(before: 19) == stored(sampleBytes(12, count: 700), next: 12))
        #expect(try found(before: 99) == stored(sampleBytes(20, count: 600), next: 20))
        #expect(try store.newest() == stored(sampleBytes(12, count: 700), next: 12))
    }

    @Test("until they are removed or kept again")
    func theyAreReplaced() throws {
        let store = try folder.open()
        for number in [4, 8, 20] as [UInt8] { try keep(store, number) }
        try keep(store, 30, removing: [4, 20])
        try keep(store, 8)
        #expect(try store.keptSnapshots().map(\.rawValue) == [8, 30])
        let found = try store.newest(before: EntryNumber(rawValue: 29))
        #expect(found == stored(sampleBytes(8, count: 240), next: 8))
    }

    @Test("which nobody does who only looks")
    func readersKeepNothing() throws {
        try keep(folder.open(), 4)
        let store = try folder.open(.readOnly)
        #expect(throws: StateStoreError.self) { try keep(store, 5) }
    }
}
