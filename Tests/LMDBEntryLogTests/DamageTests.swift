// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import Foundation
import LMDB
import LMDBEntryLog
import LedgerModel
import Testing

struct DamageTests {
    private let scratch = Scratch()

    @Test(arguments: ["format", "secret", "head", "frontier"])
    func aMissingRecordIsFound(name: String) throws {
        try scratch.makeLedger(batches: [2])
        try scratch.tamper { transaction, _, records throws(LMDBError) in
            try transaction.delete(Array(name.utf8), in: records)
        }
        let error = logError { _ = try scratch.open() }
        if name == "format" {
            #expect(error == .notALedger(path: scratch.path))
        } else {
            #expect(error?.corruptPlace == .head)
        }
    }

    /// Every byte of the records matters, but for those of the secret, which only hashing can tell,
    /// and for the head's epoch, which may be any that is not earlier than the last batch's.
    @Test(arguments: ["format", "head", "frontier"])
    func aChangedRecordIsFound(name: String) throws {
        try scratch.makeLedger(batches: [2, 3])
        let key = Array(name.utf8)
        let record = try bytes(of: key)
        for index in record.indices where !(name == "head" && (8..<16).contains(index)) {
            try put(record, changedAt: index, under: key)
            let error = logError { _ = try scratch.open() }
            #expect(error != nil, "\(name), byte \(index)")
        }
        try put(record, changedAt: nil, under: key)
        #expect(try scratch.open().head().next == 5)
    }

    @Test func anotherSecretIsFoundByVerifying() throws {
        try scratch.makeLedger(batches: [2])
        try scratch.tamper { transaction, _, records throws(LMDBError) in
            try transaction.put(
                [UInt8](repeating: 1, count: 32),
                for: Array("secret".utf8),
                in: records
            )
        }
        let log = try scratch.open()
        let error = logError { _ = try log.verify(secret: log.secret) }
        #expect(error?.corruptPlace == .batch(EntryNumber(rawValue: 0)))
    }

    @Test func aChangedLastBatchIsFoundAtOpening() throws {
        try scratch.makeLedger(batches: [2, 3])
        try changeByte(ofBatch: 2, at: 300)
        let error = logError { _ = try scratch.open() }
        #expect(error?.corruptPlace == .batch(EntryNumber(rawValue: 2)))
    }

    @Test func aChangedEarlierBatchIsFoundWhenItIsRead() throws {
        try scratch.makeLedger(batches: [2, 3, 1])
        try changeByte(ofBatch: 2, at: 300)
        let log = try scratch.open()
        let expected = LogPlace.batch(EntryNumber(rawValue: 2))
        #expect(
            logError { _ = try log.entry(EntryNumber(rawValue: 4)) }?.corruptPlace == expected
        )
        #expect(logError { _ = try log.verify(secret: log.secret) }?.corruptPlace == expected)
        #expect(try log.entry(EntryNumber(rawValue: 5)) == SampleEntries.reservation(5))
    }

    @Test(arguments: [0, 2] as [UInt64])
    func aMissingBatchIsFoundWhenItIsRead(first: UInt64) throws {
        try scratch.makeLedger(batches: [2, 3, 1])
        try scratch.tamper { transaction, batches, _ throws(LMDBError) in
            try transaction.delete(first, in: batches)
        }
        let log = try scratch.open()
        for number in [first, first + 1] {
            let error = logError { _ = try log.entry(EntryNumber(rawValue: number)) }
            #expect(error?.corruptPlace != nil, "entry \(number)")
        }
        #expect(logError { _ = try log.verify(secret: log.secret) }?.corruptPlace != nil)
    }

    @Test func aMissingLastBatchIsFoundAtOpening() throws {
        try scratch.makeLedger(batches: [2, 3])
        try scratch.tamper { transaction, batches, _ throws(LMDBError) in
            try transaction.delete(2, in: batches)
        }
        #expect(logError { _ = try scratch.open() }?.corruptPlace == .head)
    }

    @Test func aFileThatIsCutShortIsFoundAtOpening() throws {
        try scratch.makeLedger(batches: [100, 100])
        let data = try Data(contentsOf: URL(filePath: scratch.dataFile))
        try data.prefix(data.count - 8_192).write(to: URL(filePath: scratch.dataFile))
        let error = logError { _ = try scratch.open() }
        #expect(error?.corruptPlace == .head)
        #expect(error?.description.contains("cut short") == true)
    }

    private func changeByte(ofBatch first: UInt64, at index: Int) throws {
        try scratch.tamper { transaction, batches, _ throws(LMDBError) in
            var bytes = try transaction.reader.value(for: first, in: batches) ?? []
            bytes[index] ^= 0x10
            try transaction.put(bytes, for: first, in: batches)
        }
    }

    private func bytes(of key: [UInt8]) throws -> [UInt8] {
        var found: [UInt8]?
        try scratch.tamper { transaction, _, records throws(LMDBError) in
            found = try transaction.reader.value(for: key, in: records)
        }
        return try #require(found)
    }

    private func put(_ record: [UInt8], changedAt index: Int?, under key: [UInt8]) throws {
        var record = record
        if let index { record[index] ^= 0x40 }
        try scratch.tamper { transaction, _, records throws(LMDBError) in
            try transaction.put(record, for: key, in: records)
        }
    }
}
