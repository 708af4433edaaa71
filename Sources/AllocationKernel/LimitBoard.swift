// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How much room a limit has.
public struct LimitRoom: Hashable, BitwiseCopyable, Sendable {
    /// Which limit.
    public let limit: LimitIndex
    /// The most that a claim may ask of it; negative where even a claim for nothing is refused.
    public let room: Int64

    /// Makes a record.
    public init(limit: LimitIndex, room: Int64) {
        self.limit = limit
        self.room = room
    }
}

/// The room of every limit, for anybody to look at while batches are decided.
///
/// One decider publishes, between batches, whatever they changed; any number of threads look,
/// wait-free: a look is two loads, whatever others do. The room of a limit is one word, so a look
/// at one limit is of one moment between two batches and never torn. Looks at several limits can be
/// of different moments: they tell what may fit, and only a decision tells what does.
///
/// Use it from any thread; ``publish(_:)`` and ``AllocationTable/publish(to:)`` from one at a time.
public final class LimitBoard: Sendable {
    private let segments = BoardSegments()

    /// Makes a board on which no limit has any room yet.
    public init() {}

    /// The most that a claim may ask of a limit; negative where even nothing is refused, and of a
    /// limit that was never published.
    ///
    /// Wait-free, O(1).
    @inline(__always)
    public func room(of limit: LimitIndex) -> Int64 { segments.read(limit.rawValue) }

    /// Whether a limit had room for an amount, 0 or more.
    ///
    /// Wait-free, O(1).
    @inline(__always)
    public func holds(_ amount: Int64, _ limit: LimitIndex) -> Bool { amount <= room(of: limit) }

    /// The first of some alternatives that is open to an amount and whose limits all had room for
    /// it; `nil` if there is none.
    ///
    /// Wait-free, O(limits).
    public func firstFit(
        _ amount: Int64,
        _ alternatives: [AllocationTable.Alternative]
    ) -> Int? {
        alternatives.firstIndex { alternative in
            amount <= alternative.maximumAmount
                && alternative.limits.allSatisfy { holds(amount, $0) }
        }
    }

    /// Shows the rooms of some limits.
    public func publish(_ rooms: [LimitRoom]) {
        for room in rooms { segments.write(room.room, to: room.limit.rawValue) }
    }

    func publish(_ room: Int64, of limit: UInt32) { segments.write(room, to: limit) }
}

extension AllocationTable {
    /// Shows the rooms of all limits as they stand.
    ///
    /// O(limits).
    public func publish(to board: LimitBoard) {
        for limit in 0..<limits.count { board.publish(room(of: limit), of: UInt32(limit)) }
    }

    /// Shows the rooms of the limits that a batch may have changed, after it was decided.
    ///
    /// O(items and the limits they touch). Call it once what was decided may be known: for a ledger,
    /// once it is durable, by ``rooms(changedBy:with:)`` and ``LimitBoard/publish(_:)``.
    public mutating func publish(
        _ batch: borrowing AllocationBatch,
        _ result: borrowing AllocationResult,
        to board: LimitBoard
    ) {
        forEachLimit(changedBy: batch, with: result) { limit, room in
            board.publish(room, of: limit)
        }
    }

    /// The rooms that the limits have which a batch may have changed, after it was decided.
    public mutating func rooms(
        changedBy batch: borrowing AllocationBatch,
        with result: borrowing AllocationResult
    ) -> [LimitRoom] {
        var rooms: [LimitRoom] = []
        forEachLimit(changedBy: batch, with: result) { limit, room in
            rooms.append(LimitRoom(limit: LimitIndex(rawValue: limit), room: room))
        }
        return rooms
    }

    /// The most that a claim may ask of a limit as it stands; negative where even nothing is refused.
    ///
    /// O(1).
    public func room(of limit: LimitIndex) -> Int64 { room(of: Int(limit.rawValue)) }

    private func room(of limit: Int) -> Int64 {
        let stored = limits[limit]
        let allowance = stored.allowance(ceiling: cells[Int(stored.ceiling)])
        let used = cells[Int(stored.used)]
        guard allowance >= used.magnitude else { return -1 }
        return Int64(clamping: allowance - used.magnitude)
    }

    private mutating func forEachLimit(
        changedBy batch: borrowing AllocationBatch,
        with result: borrowing AllocationResult,
        _ body: (UInt32, Int64) -> Void
    ) {
        dependents.begin(cellCount: cells.count)
        let words = routes.words.view
        for position in 0..<batch.count {
            let item = batch.items[position]
            switch result.outcome(at: position) {
            case .refused, .overflow: break
            case .adjusted: show(item.index, body)
            case .taken(alternative: let alternative):
                var taken = StoredAlternative(firstAt: Int(item.index), in: words)
                for _ in 0..<alternative { taken = StoredAlternative(at: taken.end, in: words) }
                for test in stride(
                    from: taken.tests,
                    to: taken.charges,
                    by: RouteRecord.testLength
                ) {
                    let word = words[test]
                    if word & RouteRecord.chargeMark != 0 {
                        show(word & RouteRecord.cellMask, body)
                    }
                }
                for charge in taken.charges..<taken.end {
                    show(words[charge] & RouteRecord.cellMask, body)
                }
            }
        }
    }

    private mutating func show(_ cell: UInt32, _ body: (UInt32, Int64) -> Void) {
        guard dependents.isFirstLook(at: cell) else { return }
        dependents.forEachLimit(of: cell) { limit in body(limit, room(of: Int(limit))) }
    }
}
