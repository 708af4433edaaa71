// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// A key that is a small number, or has one of its own.
protocol DenseKey: Sendable {
    /// The number: 0 or more, and no larger than the memory that may be spent on it.
    var denseIndex: Int { get }
    /// Makes a key from the number that one has.
    init(denseIndex: Int)
}

extension AccountIndex: DenseKey {
    var denseIndex: Int { Int(rawValue) }
    init(denseIndex: Int) { self.init(rawValue: UInt32(denseIndex)) }
}

extension CountryCode: DenseKey {
    /// How many codes there are.
    static let count = 26 * 26

    var denseIndex: Int { Int(rawValue >> 8) * 26 + Int(rawValue & 0xff) - 27 * 65 }

    init(denseIndex: Int) {
        guard
            let code = CountryCode(UInt8(65 + denseIndex / 26), UInt8(65 + denseIndex % 26))
        else { preconditionFailure("a code has the number that it was asked for") }
        self = code
    }
}

/// Values by keys that are small numbers: an array, where a dictionary would hash.
struct DenseRegister<Key: DenseKey, Value: Sendable>: Sendable {
    private var values: [Value] = []
    private var isTaken: [Bool] = []
    /// What a key has before anything is done with it.
    private let vacant: Value
    private(set) var count = 0

    init(vacant: Value) { self.vacant = vacant }

    subscript(key: Key) -> Value? {
        let index = key.denseIndex
        return index < values.count && isTaken[index] ? values[index] : nil
    }

    /// Reads the value of a key in place, if it has one.
    func read<Result>(_ key: Key, _ body: (borrowing Value) -> Result) -> Result? {
        let index = key.denseIndex
        return index < values.count && isTaken[index] ? body(values[index]) : nil
    }

    /// The keys that have a value, in order of their numbers.
    var keys: [Key] { isTaken.indices.filter { isTaken[$0] }.map(Key.init(denseIndex:)) }

    /// The keys and their values, in order of their numbers.
    var pairs: [(key: Key, value: Value)] {
        isTaken.indices.filter { isTaken[$0] }.map { (Key(denseIndex: $0), values[$0]) }
    }

    /// Gives a key a value; says which one it had.
    @discardableResult
    mutating func updateValue(_ value: Value, forKey key: Key) -> Value? {
        let before = self[key]
        take(key)
        values[key.denseIndex] = value
        return before
    }

    @discardableResult
    mutating func removeValue(forKey key: Key) -> Value? {
        guard let value = self[key] else { return nil }
        values[key.denseIndex] = vacant
        isTaken[key.denseIndex] = false
        count -= 1
        return value
    }

    /// Changes the value of a key, if it has one.
    mutating func update(_ key: Key, _ change: (inout Value) -> Void) {
        let index = key.denseIndex
        guard index < values.count, isTaken[index] else { return }
        change(&values[index])
    }

    /// Changes the value of a key, which is a vacant one if it has none.
    mutating func updateOrTake(_ key: Key, _ change: (inout Value) -> Void) {
        take(key)
        change(&values[key.denseIndex])
    }

    private mutating func take(_ key: Key) {
        let index = key.denseIndex
        if index >= values.count {
            values.append(contentsOf: repeatElement(vacant, count: index + 1 - values.count))
            isTaken.append(contentsOf: repeatElement(false, count: index + 1 - isTaken.count))
        }
        guard !isTaken[index] else { return }
        isTaken[index] = true
        count += 1
    }
}
