// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// A grant that has not been shipped.
struct Hold: Sendable {
    /// The entry that granted it.
    var number: EntryNumber
    var amount: Int64
    var deadline: LedgerTime?
    /// The day of the decision, to which the charge belongs.
    var day: CivilDate
    var party: PartyIndex
    var account: AccountIndex
    var country: CountryCode
    var mechanism: MechanismKind
    var isOpen: Bool
}

/// The holds in order of their grants, and those with a deadline by when they fall due.
struct HoldRegister: Sendable {
    private(set) var holds: [Hold] = []
    /// A binary heap of positions in `holds`, the earliest deadline first, then the earliest grant.
    private var due: [Int32] = []

    init() {}

    /// The holds as they were, in order of their grants.
    ///
    /// O(number of holds).
    init(restoring holds: [Hold]) {
        self.holds = holds
        due = holds.indices.filter { holds[$0].isOpen && holds[$0].deadline != nil }
            .map { Int32($0) }
        for parent in stride(from: due.count / 2 - 1, through: 0, by: -1) { siftDown(parent) }
    }

    mutating func add(_ hold: Hold) {
        holds.append(hold)
        guard hold.deadline != nil else { return }
        due.append(Int32(holds.count - 1))
        siftUp(due.count - 1)
    }

    /// The position of the next hold to fall due by a time, if there is one.
    func nextDue(by time: LedgerTime) -> Int? {
        guard let first = due.first, let deadline = holds[Int(first)].deadline, deadline <= time
        else { return nil }
        return Int(first)
    }

    /// Closes the hold that ``nextDue(by:)`` named.
    mutating func expireNext() {
        guard let first = due.first else { return }
        holds[Int(first)].isOpen = false
        let last = due.removeLast()
        guard !due.isEmpty else { return }
        due[0] = last
        siftDown(0)
    }

    /// Moves the holds of one account to another; both are positions of standing accounts.
    mutating func move(from account: AccountIndex, to other: AccountIndex) {
        for position in holds.indices where holds[position].account == account {
            holds[position].account = other
        }
    }

    mutating func reserveCapacity(_ count: Int) { holds.reserveCapacity(count) }

    private func precedes(_ one: Int32, _ other: Int32) -> Bool {
        let first = holds[Int(one)].deadline ?? .latest
        let second = holds[Int(other)].deadline ?? .latest
        return first == second ? one < other : first < second
    }

    private mutating func siftUp(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard precedes(due[child], due[parent]) else { return }
            due.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var parent = start
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < due.count && precedes(due[child], due[smallest]) {
                smallest = child
            }
            guard smallest != parent else { return }
            due.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
