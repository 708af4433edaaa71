// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// A grant of which something is open, or out.
struct Hold: Sendable {
    /// The entry that granted it.
    var number: EntryNumber
    /// What is neither shipped nor freed.
    var open: Int64
    /// What was shipped, whatever became of it.
    var shipped: Int64 = 0
    /// What came back of that.
    var returned: Int64 = 0
    /// What of that is no longer there.
    var retired: Int64 = 0
    /// The entry of the status that granted it; `noStatus` of other mechanisms.
    var status: EntryNumber = Self.noStatus
    var deadline: LedgerTime?
    var mechanism: MechanismKind
    var isOpen = true
    var country: CountryCode
    /// The day of the decision, to which the charge belongs.
    var day: CivilDate
    var party: PartyIndex
    /// The account at the decision; since then it may have merged into another.
    var account: AccountIndex

    /// What stands for no status: no entry has this number.
    static let noStatus = EntryNumber(rawValue: .max)

    /// What was shipped and is neither returned nor retired.
    var out: Int64 { shipped - returned - retired }

    var balance: HoldBalance {
        HoldBalance(
            open: TPP(rawValue: open),
            out: TPP(rawValue: out),
            returned: TPP(rawValue: returned),
            retired: TPP(rawValue: retired)
        )
    }
}

/// The holds that can still change: open ones, and closed ones of which something is out; and the
/// open ones with a deadline by when they fall due.
///
/// Under 150 bytes a hold. Of the others only the operation index remembers that they were granted.
struct HoldRegister: Sendable {
    private struct Due: Sendable {
        var deadline: LedgerTime
        var number: EntryNumber
        /// Where the hold stood when this was made; its slot may have another hold by now.
        var position: Int32

        static func precedes(_ one: Due, _ other: Due) -> Bool {
            one.deadline == other.deadline
                ? one.number < other.number : one.deadline < other.deadline
        }
    }

    private var slots = ChunkedArray<Hold>()
    /// Slots that may be used again.
    private var free: [Int32] = []
    private var positions = HoldPositions()
    /// A binary heap, the earliest deadline first, then the earliest grant.
    ///
    /// A hold that was closed or extended leaves its old place in it, to be passed over.
    private var due: [Due] = []
    /// How many places in `due` are sure to be passed over.
    private var staleCount = 0

    init() {}

    /// The holds as they were, in order of their grants.
    ///
    /// O(number of holds) where they fall due in that order, too, as most do.
    init(restoring holds: [Hold]) {
        slots = ChunkedArray(holds)
        positions.reserveCapacity(holds.count)
        for position in holds.indices {
            positions.insert(holds[position].number, position: position)
        }
        rebuildDue(at: holds.indices)
    }

    var count: Int { positions.count }

    /// The hold that an entry granted, if it can still change.
    subscript(number: EntryNumber) -> Hold? { position(of: number).map { slots[$0] } }

    private func position(of number: EntryNumber) -> Int? {
        positions.position(of: number) { slots[$0].number == number }
    }

    /// All holds that can still change, in no particular order.
    var all: some Sequence<Hold> { positions.positions.lazy.map { slots[$0] } }

    /// All holds that can still change, in order of their grants.
    ///
    /// O(n log n), and O(n) as far as slots were not used again: they are in order then.
    var inOrder: [Hold] {
        var isUsed = [Bool](repeating: true, count: slots.count)
        for slot in free { isUsed[Int(slot)] = false }
        var holds: [Hold] = []
        holds.reserveCapacity(count)
        for slot in 0..<slots.count where isUsed[slot] { holds.append(slots[slot]) }
        return holds.sorted { $0.number < $1.number }
    }

    mutating func add(_ hold: Hold) {
        let position = insert(hold)
        guard let deadline = hold.deadline else { return }
        push(Due(deadline: deadline, number: hold.number, position: position))
    }

    /// Changes a hold; one that is closed afterwards and of which nothing is out is forgotten.
    mutating func update(_ number: EntryNumber, _ change: (inout Hold) -> Void) {
        guard let position = position(of: number) else { return }
        let before = slots[position]
        var after = before
        change(&after)
        slots[position] = after
        if before.isOpen, before.deadline != nil,
            !after.isOpen || after.deadline != before.deadline
        {
            staleCount += 1
        }
        if after.isOpen, let deadline = after.deadline, deadline != before.deadline {
            push(Due(deadline: deadline, number: number, position: Int32(position)))
        }
        if !after.isOpen, after.out == 0 { forget(number, at: Int32(position)) }
        if staleCount > 1_024, staleCount > due.count / 2 { rebuildDue() }
    }

    /// The next hold to fall due by a time, if there is one.
    mutating func nextDue(by time: LedgerTime) -> Hold? {
        while let first = due.first, first.deadline <= time {
            let hold = slots[Int(first.position)]
            if hold.number == first.number, hold.isOpen, hold.deadline == first.deadline {
                return hold
            }
            removeFirst()
            staleCount -= 1
        }
        return nil
    }

    /// Closes the hold that ``nextDue(by:)`` has just answered.
    mutating func expireNext() {
        guard let first = due.first else { return }
        removeFirst()
        let position = Int(first.position)
        var hold = slots[position]
        hold.open = 0
        hold.isOpen = false
        slots[position] = hold
        if hold.out == 0 { forget(first.number, at: first.position) }
    }

    /// Whether a hold may fall due by a time; false is sure.
    func mayBeDue(by time: LedgerTime) -> Bool { due.first.map { $0.deadline <= time } ?? false }

    mutating func reserveCapacity(_ count: Int) {
        slots.reserveCapacity(count)
        positions.reserveCapacity(count)
    }

    @discardableResult
    private mutating func insert(_ hold: Hold) -> Int32 {
        let position = free.popLast() ?? Int32(slots.count)
        if Int(position) < slots.count {
            slots[Int(position)] = hold
        } else {
            slots.append(hold)
        }
        positions.insert(hold.number, position: Int(position))
        return position
    }

    /// Forgets a hold that is closed.
    private mutating func forget(_ number: EntryNumber, at position: Int32) {
        positions.remove(number, position: Int(position))
        free.append(position)
    }

    private mutating func rebuildDue() { rebuildDue(at: positions.positions) }

    /// Makes the heap of the holds at some positions, which are all.
    private mutating func rebuildDue(at positions: some Sequence<Int>) {
        due = positions.compactMap { position in
            guard slots[position].isOpen, let deadline = slots[position].deadline else {
                return nil
            }
            return Due(
                deadline: deadline,
                number: slots[position].number,
                position: Int32(position)
            )
        }
        // Sorted, so the same whatever order the table has; sorted is a heap, too.
        due.sort(by: Due.precedes)
        staleCount = 0
    }

    // MARK: - The heap

    private mutating func push(_ item: Due) {
        due.append(item)
        var child = due.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard Due.precedes(due[child], due[parent]) else { return }
            due.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func removeFirst() {
        let last = due.removeLast()
        guard !due.isEmpty else { return }
        due[0] = last
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < due.count else { return }
            if child + 1 < due.count, Due.precedes(due[child + 1], due[child]) { child += 1 }
            guard Due.precedes(due[child], due[parent]) else { return }
            due.swapAt(parent, child)
            parent = child
        }
    }
}
