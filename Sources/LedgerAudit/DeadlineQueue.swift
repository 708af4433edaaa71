// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// A hold that may be at its deadline one day.
struct Deadline: Hashable, Sendable {
    var time: LedgerTime
    /// The entry that granted the hold.
    var entry: EntryNumber
    /// Which charge.
    var charge: Int

    func isBefore(_ other: Deadline) -> Bool { (time, entry) < (other.time, other.entry) }
}

/// Deadlines, the earliest first; at one instant in order of the grants.
///
/// A binary heap. What was extended or closed stays in it until it comes to the top.
struct DeadlineQueue: Hashable, Sendable {
    private var heap: [Deadline] = []

    var first: Deadline? { heap.first }

    mutating func add(_ deadline: Deadline) {
        heap.append(deadline)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].isBefore(heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].isBefore(heap[least]) {
                least = child
            }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
