// SPDX-License-Identifier: Apache-2.0
import LMDB
import Testing

@Suite struct DatabaseTests {
    private let scratch: Scratch
    private let environment: Environment
    private let numbers: Database<UInt64>
    private let words: Database<[UInt8]>

    init() throws {
        scratch = try Scratch()
        environment = try Environment(path: scratch.path, options: .quick)
        numbers = try environment.database(named: "numbers")
        words = try environment.database(named: "words")
    }

    private func write(
        _ body: (inout WriteTransaction) throws(LMDBError) -> Void
    ) throws(LMDBError) {
        try environment.withWriteTransaction(body)
    }

    private func read<Result>(
        _ body: (borrowing ReadTransaction) throws(LMDBError) -> Result
    ) throws(LMDBError) -> Result {
        try environment.withReadTransaction(body)
    }

    private func stored(_ key: UInt64) throws(LMDBError) -> [UInt8]? {
        try read { transaction throws(LMDBError) in try transaction.value(for: key, in: numbers) }
    }

    private func keys() throws(LMDBError) -> [UInt64] {
        try read { transaction throws(LMDBError) in try transaction.contents(numbers).map(\.0) }
    }

    @Test func numbersSortByValue() throws {
        let values: [UInt64] = [1 << 40, 255, 0, 256, .max, 1, 65_536, 1 << 63]
        try write { transaction throws(LMDBError) in
            for value in values { try transaction.put([], for: value, in: numbers) }
        }
        #expect(try keys() == values.sorted())
    }

    @Test func anEmptyDatabaseHasNoEnds() throws {
        try read { transaction throws(LMDBError) in
            #expect(try transaction.firstKey(in: numbers) == nil)
            #expect(try transaction.lastKey(in: numbers) == nil)
            #expect(try transaction.withLast(in: numbers) { _, _ in true } == nil)
            #expect(try transaction.value(for: 1, in: numbers) == nil)
            #expect(try !transaction.contains(1, in: numbers))
            #expect(try transaction.count(in: numbers) == 0)
            #expect(try transaction.contents(numbers).isEmpty)
        }
    }

    @Test func theEndsAreTheSmallestAndTheGreatest() throws {
        try write { transaction throws(LMDBError) in
            for key: UInt64 in [5, 300, 2] {
                try transaction.put([UInt8(truncatingIfNeeded: key)], for: key, in: numbers)
            }
            #expect(try transaction.reader.firstKey(in: numbers) == 2)
            #expect(try transaction.reader.lastKey(in: numbers) == 300)
            let last = try transaction.reader.withLast(in: numbers) { key, value in
                (key, [UInt8](copying: value))
            }
            #expect(last?.0 == 300)
            #expect(last?.1 == [44])
        }
    }

    @Test(arguments: [0, 1, 42, 2_000, 5_000, 1_000_000])
    func valuesOfAllSizesComeBackWhole(byteCount: Int) throws {
        let value = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try write { transaction throws(LMDBError) in
            try transaction.put(value, for: 9, in: numbers)
        }
        #expect(try stored(9) == value)
    }

    @Test func noOverwriteKeepsWhatIsThere() throws {
        try write { transaction throws(LMDBError) in
            try transaction.put([1], for: 1, in: numbers, options: .noOverwrite)
            let error = lmdbError { () throws(LMDBError) in
                try transaction.put([2], for: 1, in: numbers, options: .noOverwrite)
            }
            #expect(error?.isKeyExists == true)
            #expect(error?.operation == .put)
        }
        // That error dooms nothing: the transaction has committed.
        #expect(try stored(1) == [1])
    }

    @Test(arguments: [9, 10] as [UInt64])
    func appendOutOfOrderIsAnError(key: UInt64) throws {
        try write { transaction throws(LMDBError) in
            try transaction.put([1], for: 10, in: numbers, options: .append)
            let error = lmdbError { () throws(LMDBError) in
                try transaction.put([2], for: key, in: numbers, options: .append)
            }
            #expect(error?.isKeyExists == true)
            try transaction.put([3], for: 11, in: numbers, options: .append)
        }
        #expect(try keys() == [10, 11])
    }

    @Test(arguments: [0, 512])
    func aKeyOfTheWrongLengthIsAnError(byteCount: Int) throws {
        let error = lmdbError { () throws(LMDBError) in
            try write { transaction throws(LMDBError) in
                try transaction.put(
                    [1],
                    for: [UInt8](repeating: 0, count: byteCount),
                    in: words
                )
            }
        }
        #expect(error?.operation == .put)
        #expect(error?.description.contains("1 to 511 bytes") == true)
    }

    @Test func deleteSaysWhetherTheKeyWasThere() throws {
        try write { transaction throws(LMDBError) in
            try transaction.put([1], for: [1, 2], in: words)
            #expect(try transaction.delete([1, 2], in: words))
            #expect(try !transaction.delete([1, 2], in: words))
        }
    }

    @Test func deleteAllFromAKeyKeepsWhatIsBefore() throws {
        try write { transaction throws(LMDBError) in
            for key: UInt64 in 0..<1_000 { try transaction.put([0], for: 2 * key, in: numbers) }
            #expect(try transaction.deleteAll(from: 501, in: numbers) == 749)
            #expect(try transaction.deleteAll(from: 501, in: numbers) == 0)
        }
        #expect(try keys() == (0...250).map { 2 * $0 })
    }

    @Test func deleteAllLeavesTheDatabaseUsable() throws {
        try write { transaction throws(LMDBError) in
            try transaction.put([1], for: 1, in: numbers)
            try transaction.put([1], for: [1], in: words)
        }
        try write { transaction throws(LMDBError) in
            try transaction.deleteAll(in: numbers)
            try transaction.put([2], for: 2, in: numbers)
        }
        #expect(try keys() == [2])
        let wordCount = try read { transaction throws(LMDBError) in
            try transaction.count(in: words)
        }
        #expect(wordCount == 1)
    }

    @Test(
        arguments: [
            (ScanDirection.ascending, 9, [10, 20, 30]), (.ascending, 10, [10, 20, 30]),
            (.ascending, 11, [20, 30]), (.ascending, 31, []),
            (.descending, 9, []), (.descending, 10, [10]), (.descending, 29, [20, 10]),
            (.descending, 31, [30, 20, 10]),
        ] as [(ScanDirection, UInt64, [UInt64])]
    )
    func aScanStartsAtTheNearestKey(
        direction: ScanDirection,
        start: UInt64,
        expected: [UInt64]
    ) throws {
        try write { transaction throws(LMDBError) in
            for key: UInt64 in [10, 20, 30] { try transaction.put([], for: key, in: numbers) }
        }
        var visited: [UInt64] = []
        try read { transaction throws(LMDBError) in
            try transaction.scan(numbers, from: start, direction) { key, _ in
                visited.append(key)
                return .next
            }
        }
        #expect(visited == expected)
    }

    @Test func aScanStopsWhenToldTo() throws {
        try write { transaction throws(LMDBError) in
            for key: UInt64 in 1...9 { try transaction.put([], for: key, in: numbers) }
        }
        var visited: [UInt64] = []
        try read { transaction throws(LMDBError) in
            try transaction.scan(numbers) { key, _ in
                visited.append(key)
                return key == 3 ? .stop : .next
            }
        }
        #expect(visited == [1, 2, 3])
    }

    @Test func aVisitMayThrowAnErrorOfItsOwn() throws {
        try write { transaction throws(LMDBError) in
            for key: UInt64 in 1...9 { try transaction.put([], for: key, in: numbers) }
        }
        var visited = 0
        #expect(throws: OwnError.unwanted) {
            try environment.withReadTransaction(failure: OwnError.storage) {
                transaction throws(OwnError) in
                try transaction.scan(numbers, failure: OwnError.storage) {
                    _,
                    _ throws(OwnError) in
                    visited += 1
                    throw .unwanted
                }
            }
        }
        #expect(visited == 1)
    }

    @Test func aDatabaseHasOneKeyType() throws {
        let again: Database<UInt64> = try environment.database(named: "numbers")
        #expect(again.name == "numbers")
        let error = lmdbError { () throws(LMDBError) in
            _ = try environment.database(named: "numbers", keys: [UInt8].self)
        }
        #expect(error?.cause == .keyTypeMismatch)
    }

    @Test func aStoredKeyOfTheWrongFormIsAnError() throws {
        let other = try Scratch()
        do {
            let environment = try Environment(path: other.path)
            let words: Database<[UInt8]> = try environment.database()
            try environment.withWriteTransaction { transaction throws(LMDBError) in
                try transaction.put([1], for: [1, 2, 3], in: words)
            }
        }
        let environment = try Environment(path: other.path)
        let numbers: Database<UInt64> = try environment.database()
        let error = lmdbError { () throws(LMDBError) in
            _ = try environment.withReadTransaction { transaction throws(LMDBError) in
                try transaction.firstKey(in: numbers)
            }
        }
        #expect(error?.cause == .malformedKey(byteCount: 3))
    }
}
