// SPDX-License-Identifier: Apache-2.0
import LMDB
import Testing

/// Random operations against a plain dictionary.
@Suite struct ModelTests {
    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func behavesAsADictionaryOfNumbers(seed: UInt64) throws {
        try check(seed: seed) { UInt64.random(in: 0..<400, using: &$0) << 3 }
    }

    @Test(arguments: [7, 8, 9, 10] as [UInt64])
    func behavesAsADictionaryOfBytes(seed: UInt64) throws {
        try check(seed: seed) { generator in
            (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                UInt8.random(in: 0..<7, using: &generator)
            }
        }
    }

    private func check<Key: DatabaseKey & Hashable>(
        seed: UInt64,
        key: (inout SeededGenerator) -> Key
    ) throws {
        var generator = SeededGenerator(seed: seed)
        let scratch = try Scratch()
        var model: [Key: [UInt8]] = [:]
        var round = 0
        while round < 120 {
            // Reopening also shows that no sound file is taken for a truncated one.
            let environment = try Environment(path: scratch.path, options: .quick)
            let database: Database<Key> = try environment.database(named: "model")
            repeat {
                round += 1
                try change(environment, database, &model, &generator, key)
                try compare(
                    environment,
                    database,
                    model,
                    from: key(&generator),
                    "seed \(seed) round \(round)"
                )
            } while Int.random(in: 0..<10, using: &generator) != 0
        }
    }

    /// One transaction of random operations, some of which abort.
    private func change<Key: DatabaseKey & Hashable>(
        _ environment: Environment,
        _ database: Database<Key>,
        _ model: inout [Key: [UInt8]],
        _ generator: inout SeededGenerator,
        _ key: (inout SeededGenerator) -> Key
    ) throws {
        var changed = model
        let keeps = Int.random(in: 0..<8, using: &generator) != 0
        do {
            try environment.withWriteTransaction(failure: OwnError.storage) {
                transaction throws(OwnError) in
                for _ in 0..<Int.random(in: 0..<80, using: &generator) {
                    do throws(LMDBError) {
                        try step(&transaction, database, &changed, &generator, key)
                    } catch {
                        throw .storage(error)
                    }
                }
                if !keeps { throw .unwanted }
            }
            model = changed
        } catch .unwanted {
            // Aborted: the model stays as it was.
        }
    }

    private func step<Key: DatabaseKey & Hashable>(
        _ transaction: inout WriteTransaction,
        _ database: Database<Key>,
        _ model: inout [Key: [UInt8]],
        _ generator: inout SeededGenerator,
        _ key: (inout SeededGenerator) -> Key
    ) throws(LMDBError) {
        let chosen = key(&generator)
        let isBig = Int.random(in: 0..<20, using: &generator) == 0
        let length = Int.random(in: 0..<(isBig ? 20_000 : 200), using: &generator)
        let value = [UInt8](repeating: UInt8.random(in: 0...255, using: &generator), count: length)
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<50:
            try transaction.put(value, for: chosen, in: database)
            model[chosen] = value
        case 50..<60:
            let isThere = model[chosen] != nil
            let error = lmdbError { () throws(LMDBError) in
                try transaction.put(value, for: chosen, in: database, options: .noOverwrite)
            }
            #expect(isThere == (error?.isKeyExists ?? false))
            if !isThere { model[chosen] = value }
        case 60..<97:
            #expect(
                try transaction.delete(chosen, in: database)
                    == (model.removeValue(forKey: chosen) != nil)
            )
        case 97..<99:
            let doomed = model.keys.filter { precedes(chosen, $0) || chosen == $0 }
            #expect(try transaction.deleteAll(from: chosen, in: database) == doomed.count)
            for key in doomed { model[key] = nil }
        default:
            try transaction.deleteAll(in: database)
            model = [:]
        }
        #expect(try transaction.reader.value(for: chosen, in: database) == model[chosen])
    }

    private func compare<Key: DatabaseKey & Hashable>(
        _ environment: Environment,
        _ database: Database<Key>,
        _ model: [Key: [UInt8]],
        from start: Key,
        _ place: Comment
    ) throws {
        let sorted = model.keys.sorted(by: precedes)
        try environment.withReadTransaction { transaction throws(LMDBError) in
            let contents = try transaction.contents(database)
            #expect(contents.map(\.0) == sorted, place)
            #expect(contents.allSatisfy { model[$0.0] == $0.1 }, place)
            #expect(try transaction.count(in: database) == model.count, place)
            #expect(try transaction.firstKey(in: database) == sorted.first, place)
            #expect(try transaction.lastKey(in: database) == sorted.last, place)
            var up: [Key] = []
            try transaction.scan(database, from: start) { key, _ in
                up.append(key)
                return .next
            }
            #expect(up == sorted.filter { !precedes($0, start) }, place)
            var down: [Key] = []
            try transaction.scan(database, from: start, .descending) { key, _ in
                down.append(key)
                return .next
            }
            #expect(down == sorted.filter { !precedes(start, $0) }.reversed(), place)
        }
    }

    private func precedes<Key: DatabaseKey>(_ left: Key, _ right: Key) -> Bool {
        let (left, right) = (bytes(left), bytes(right))
        return left.lexicographicallyPrecedes(right)
    }

    private func bytes<Key: DatabaseKey>(_ key: Key) -> [UInt8] {
        key.withKeyBytes { [UInt8](copying: $0) }
    }
}
