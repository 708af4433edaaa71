// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A table of atomic words, made once and shared by threads.
///
/// The memory lives as long as the table and holds nothing but atomics: that is what makes it safe
/// to share.
@safe
final class AtomicWords: @unchecked Sendable {
    private let words: UnsafeMutablePointer<Atomic<Int64>>
    private let count: Int

    /// Makes words that hold 0.
    init(count: Int) {
        self.count = count
        unsafe words = .allocate(capacity: count)
        for index in 0..<count { unsafe (words + index).initialize(to: Atomic(0)) }
    }

    deinit {
        unsafe words.deinitialize(count: count)
        unsafe words.deallocate()
    }

    /// Makes a word hold a value, before others see the table.
    func store(_ value: Int64, at index: Int) {
        precondition(0 <= index && index < count, "a word must be one of the table")
        // Relaxed: starting a thread makes it visible there.
        unsafe words[index].store(value, ordering: .relaxed)
    }

    /// What a word holds.
    @inline(__always)
    func load(_ index: Int) -> Int64 {
        precondition(0 <= index && index < count, "a word must be one of the table")
        // Relaxed: a word says nothing about any other memory.
        return unsafe words[index].load(ordering: .relaxed)
    }

    /// Adds to a word unless the sum would be above a bound; whether it did.
    @inline(__always)
    func add(_ amount: Int64, to index: Int, upTo bound: Int64) -> Bool {
        precondition(0 <= index && index < count, "a word must be one of the table")
        // Relaxed: as above; each word is exact by itself.
        var current = unsafe words[index].load(ordering: .relaxed)
        while current &+ amount <= bound {
            let (exchanged, original) = unsafe words[index].weakCompareExchange(
                expected: current,
                desired: current &+ amount,
                ordering: .relaxed
            )
            if exchanged { return true }
            current = original
        }
        return false
    }

    /// Takes back what was added to a word.
    @inline(__always)
    func subtract(_ amount: Int64, from index: Int) {
        precondition(0 <= index && index < count, "a word must be one of the table")
        // Relaxed: as above.
        unsafe words[index].wrappingSubtract(amount, ordering: .relaxed)
    }
}
