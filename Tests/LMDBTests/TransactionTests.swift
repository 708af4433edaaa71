// SPDX-License-Identifier: Apache-2.0
import Dispatch
import LMDB
import Synchronization
import Testing

@Suite struct TransactionTests {
    @Test func whatIsCommittedIsThereAfterReopening() throws {
        let scratch = try Scratch()
        do {
            let environment = try Environment(path: scratch.path)
            let numbers: Database<UInt64> = try environment.database(named: "numbers")
            try environment.withWriteTransaction { transaction throws(LMDBError) in
                try transaction.put([1, 2, 3], for: 7, in: numbers)
            }
        }
        let environment = try Environment(path: scratch.path)
        let numbers: Database<UInt64> = try environment.database(named: "numbers")
        let value = try environment.withReadTransaction { transaction throws(LMDBError) in
            try transaction.value(for: 7, in: numbers)
        }
        #expect(value == [1, 2, 3])
    }

    @Test func aBodyThatThrowsLeavesNothing() throws {
        let scratch = try Scratch()
        let environment = try Environment(path: scratch.path, options: .quick)
        let numbers: Database<UInt64> = try environment.database()
        #expect(throws: OwnError.unwanted) {
            try environment.withWriteTransaction(failure: OwnError.storage) {
                transaction throws(OwnError) in
                do throws(LMDBError) {
                    try transaction.put([1], for: 1, in: numbers)
                } catch {
                    throw .storage(error)
                }
                throw .unwanted
            }
        }
        let count = try environment.withReadTransaction { transaction throws(LMDBError) in
            try transaction.count(in: numbers)
        }
        #expect(count == 0)
        // The write lock is free again.
        try environment.withWriteTransaction { transaction throws(LMDBError) in
            try transaction.put([2], for: 1, in: numbers)
        }
    }

    @Test func aTransactionSeesItsOwnWritesAndReadersDoNot() throws {
        let scratch = try Scratch()
        let environment = try Environment(path: scratch.path, options: .quick)
        let numbers: Database<UInt64> = try environment.database()
        try environment.withWriteTransaction { transaction throws(LMDBError) in
            try transaction.put([1], for: 1, in: numbers)
            #expect(try transaction.reader.value(for: 1, in: numbers) == [1])
            let outside = try environment.withReadTransaction { reader throws(LMDBError) in
                try reader.value(for: 1, in: numbers)
            }
            #expect(outside == nil)
        }
    }

    @Test func aWriteInsideAWriteIsRefusedAndHarmsNothing() throws {
        let scratch = try Scratch()
        let environment = try Environment(path: scratch.path, options: .quick)
        let numbers: Database<UInt64> = try environment.database()
        try environment.withWriteTransaction { transaction throws(LMDBError) in
            try transaction.put([1], for: 1, in: numbers)
            let nested = lmdbError { () throws(LMDBError) in
                try environment.withWriteTransaction { _ throws(LMDBError) in }
            }
            #expect(nested?.cause == .nestedWrite)
            let opening = lmdbError { () throws(LMDBError) in
                _ = try environment.database(named: "other", keys: UInt64.self)
            }
            #expect(opening?.cause == .nestedWrite)
            try transaction.put([2], for: 2, in: numbers)
        }
        let count = try environment.withReadTransaction { transaction throws(LMDBError) in
            try transaction.count(in: numbers)
        }
        #expect(count == 2)
    }

    @Test func writersOnManyThreadsTakeTurns() throws {
        let scratch = try Scratch()
        let environment = try Environment(path: scratch.path, options: .quick)
        let numbers: Database<UInt64> = try environment.database()
        let failures = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: 2_000) { _ in
            let error = lmdbError { () throws(LMDBError) in
                try environment.withWriteTransaction { transaction throws(LMDBError) in
                    let old = try transaction.reader.value(for: 0, in: numbers)
                    let count = old.flatMap(number) ?? 0
                    let new = (count + 1).withKeyBytes { [UInt8](copying: $0) }
                    try transaction.put(new, for: 0, in: numbers)
                }
            }
            if error != nil { failures.wrappingAdd(1, ordering: .relaxed) }
        }
        let value = try environment.withReadTransaction { transaction throws(LMDBError) in
            try transaction.value(for: 0, in: numbers)
        }
        #expect(failures.load(ordering: .relaxed) == 0)
        #expect(value.flatMap(number) == 2_000)
    }

    @Test func readersOnManyThreadsSeeOneStateEach() throws {
        let scratch = try Scratch()
        let environment = try Environment(path: scratch.path, options: .quick)
        let numbers: Database<UInt64> = try environment.database()
        let torn = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: 2_000) { turn in
            let error = lmdbError { () throws(LMDBError) in
                if turn % 4 == 0 {
                    let value = [UInt8](repeating: UInt8(truncatingIfNeeded: turn), count: 3_000)
                    try environment.withWriteTransaction { transaction throws(LMDBError) in
                        try transaction.put(value, for: 1, in: numbers)
                        try transaction.put(value, for: 2, in: numbers)
                    }
                } else {
                    // Two at once on one thread, as event loops may have.
                    try environment.withReadTransaction { first throws(LMDBError) in
                        try environment.withReadTransaction { _ throws(LMDBError) in }
                        let one = try first.value(for: 1, in: numbers)
                        let two = try first.value(for: 2, in: numbers)
                        if one != two { torn.wrappingAdd(1, ordering: .relaxed) }
                    }
                }
            }
            if error != nil { torn.wrappingAdd(1, ordering: .relaxed) }
        }
        #expect(torn.load(ordering: .relaxed) == 0)
    }

    @Test func aReadTransactionKeepsItsState() throws {
        let scratch = try Scratch()
        let environment = try Environment(path: scratch.path, options: .quick)
        let numbers: Database<UInt64> = try environment.database()
        try environment.withReadTransaction { before throws(LMDBError) in
            try environment.withWriteTransaction { transaction throws(LMDBError) in
                try transaction.put([1], for: 1, in: numbers)
            }
            #expect(try before.count(in: numbers) == 0)
            let after = try environment.withReadTransaction { reader throws(LMDBError) in
                try reader.count(in: numbers)
            }
            #expect(after == 1)
        }
    }

    @Test func aDatabaseOfAnotherEnvironmentTraps() async {
        await #expect(processExitsWith: .failure) {
            try useADatabaseInAnotherEnvironment()
        }
    }
}

private func number(_ bytes: [UInt8]) -> UInt64? {
    unsafe UInt64(keyBytes: bytes.span.bytes)
}

private func useADatabaseInAnotherEnvironment() throws {
    let (here, there) = (try Scratch(), try Scratch())
    let first = try Environment(path: here.path, options: .quick)
    let second = try Environment(path: there.path, options: .quick)
    let numbers: Database<UInt64> = try first.database()
    do {
        _ = try second.withReadTransaction { transaction throws(LMDBError) in
            try transaction.count(in: numbers)
        }
    } catch {
        // An error instead of a trap: end well, so that the test fails.
    }
}
