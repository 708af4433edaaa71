// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A bounded queue in a ring of cells: any number of threads put, one at a time takes; no locks.
///
/// Dmitry Vyukov's bounded queue for many producers and consumers ("Bounded MPMC queue",
/// 1024cores.net, 2010), with the consumers' contention left out. Each cell counts turns: it may be
/// filled in turn `position` when its number is that, and emptied when it is one more. A producer
/// competes for a position with one compare-and-exchange, fills its cell and says so in the cell;
/// it never waits for another producer.
///
/// A producer that was interrupted between the two hides what was put behind it until it goes on:
/// ``take(if:)`` then finds nothing. Elements come out in the order of their positions, which is the
/// order in which puts of one thread, and puts that do not overlap, were made.
///
/// Safe: a cell's element is touched by the one producer whose turn it is, or by the one consumer,
/// and the cell's number passes it between them. All unsafe code of this module's threads is here.
@safe package final class SubmissionRing<Element: Sendable>: Sendable {
    private struct Cell: ~Copyable {
        let turn: Atomic<Int>
        var element: Element?
    }

    /// How many elements fit.
    package let capacity: Int

    // Each on a cache line of its own, so that producers do not slow each other down. The memory is
    // freed in `deinit`, when nobody can hold the class.
    nonisolated(unsafe) private let memory: UnsafeMutableRawPointer
    private let mask: Int
    private let strideInBytes: Int
    /// The next position to be filled.
    private let tail = SpacedWord(0)
    /// The next position to be emptied; the consumer's own.
    private let head = SpacedWord(0)

    private static var lineByteCount: Int { 64 }

    /// Makes a ring for at least so many elements, rounded up to a power of two.
    package init(minimumCapacity: Int) {
        precondition((1...1 << 30).contains(minimumCapacity), "a ring has a size")
        var capacity = 2
        while capacity < minimumCapacity { capacity *= 2 }
        self.capacity = capacity
        mask = capacity - 1
        let line = Self.lineByteCount
        strideInBytes = (MemoryLayout<Cell>.size + line - 1) / line * line
        unsafe memory = .allocate(byteCount: capacity * strideInBytes, alignment: line)
        for position in 0..<capacity {
            unsafe cell(at: position).initialize(to: Cell(turn: Atomic(position), element: nil))
        }
    }

    deinit {
        for position in 0..<capacity { unsafe cell(at: position).deinitialize(count: 1) }
        unsafe memory.deallocate()
    }

    private func cell(at position: Int) -> UnsafeMutablePointer<Cell> {
        let offset = (position & mask) * strideInBytes
        return unsafe (memory + offset).assumingMemoryBound(to: Cell.self)
    }

    /// Puts an element behind all that were put; `false` if there is no cell for it.
    package func put(_ element: Element) -> Bool {
        // Acquiring, here and below: pairs with the exchange of the producer who had the position
        // before, so that a cell which it knew to be empty is not taken for a full one.
        var position = Int(tail.word.load(ordering: .acquiring))
        while true {
            let cell = unsafe cell(at: position)
            // Acquiring: pairs with the store in `take`, so that the cell is empty.
            let turn = unsafe cell.pointee.turn.load(ordering: .acquiring)
            if turn < position { return false }
            guard turn == position else {
                position = Int(tail.word.load(ordering: .acquiring))
                continue
            }
            let (isOurs, newest) = tail.word.weakCompareExchange(
                expected: UInt64(position),
                desired: UInt64(position + 1),
                successOrdering: .acquiringAndReleasing,
                failureOrdering: .acquiring
            )
            guard isOurs else {
                position = Int(newest)
                continue
            }
            unsafe cell.pointee.element = element
            // Releasing: pairs with the loads in `take` and `hasFront`.
            unsafe cell.pointee.turn.store(position + 1, ordering: .releasing)
            return true
        }
    }

    /// Takes the element in front if it is there and `fits`; one thread at a time.
    package func take(if fits: (Element) -> Bool) -> Element? {
        // Relaxed: only the consumer writes it, and consumers follow each other in order.
        let position = Int(head.word.load(ordering: .relaxed))
        let cell = unsafe cell(at: position)
        // Acquiring: pairs with the store in `put`.
        guard unsafe cell.pointee.turn.load(ordering: .acquiring) == position + 1,
            let element = unsafe cell.pointee.element, fits(element)
        else { return nil }
        unsafe cell.pointee.element = nil
        head.word.store(UInt64(position + 1), ordering: .relaxed)
        // Releasing: pairs with the load in `put`, one lap later.
        unsafe cell.pointee.turn.store(position + capacity, ordering: .releasing)
        return element
    }

    /// Whether ``take(if:)`` would find an element; for the consumer only.
    package var hasFront: Bool {
        let position = Int(head.word.load(ordering: .relaxed))
        // Acquiring: pairs with the store in `put`.
        return unsafe cell(at: position).pointee.turn.load(ordering: .acquiring) == position + 1
    }
}
