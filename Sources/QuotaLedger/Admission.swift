// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Says who may put something in a queue: it counts operations, and bounds them.
///
/// One word holds how many operations are in the queue, whether somebody stands in line for room,
/// whether a crowd is awaited, and whether the queue is closed. So all are judged in one step,
/// without a lock.
struct Admission: ~Copyable, Sendable {
    /// What someone is told who wants to put operations.
    enum Answer: Hashable, Sendable {
        /// They are counted and may be put; whether they make the crowd that was awaited.
        case admitted(isCrowd: Bool)
        /// There is no room, or somebody stands in line who was first; so many are in the queue.
        case full(operationCount: Int)
        /// Nothing is taken any more.
        case closed
    }

    private static let crowd: UInt64 = 1 << 61
    private static let line: UInt64 = 1 << 62
    private static let closed: UInt64 = 1 << 63
    private static let countMask: UInt64 = (1 << 61) - 1

    /// The most operations in the queue.
    let bound: Int
    /// How many operations are a crowd.
    let crowdCount: Int
    private let state = SpacedWord(0)

    init(bound: Int, crowdCount: Int) {
        precondition(bound >= 1, "a queue has room for an operation")
        self.bound = bound
        self.crowdCount = min(crowdCount, bound)
    }

    /// How many operations a submission counts for: at least one, as it takes a place, and at most
    /// all, so that one of any size is admitted to an empty queue.
    func weight(ofOperations count: Int) -> Int { min(max(count, 1), bound) }

    /// Asks for room.
    ///
    /// - Parameters:
    ///   - weight: What ``weight(ofOperations:)`` says.
    ///   - isFirstInLine: Whether nobody who stands in line was there before.
    ///   - isTakenWhenClosed: Whether it is no new business.
    /// - Returns: Whether there is, and how much is in the queue if not.
    func admit(
        weight: Int,
        isFirstInLine: Bool = false,
        isTakenWhenClosed: Bool = false
    ) -> Answer {
        // Relaxed: a guess that the exchange checks.
        var seen = state.word.load(ordering: .relaxed)
        while true {
            if seen & Self.closed != 0, !isTakenWhenClosed { return .closed }
            let count = Int(seen & Self.countMask)
            if count + weight > bound || (seen & Self.line != 0 && !isFirstInLine) {
                return .full(operationCount: count)
            }
            // Acquiring: pairs with `giveBack`, so that there is a cell for whom there is room.
            let isCrowd = seen & Self.crowd != 0 && count + weight >= crowdCount
            let (isAdmitted, newest) = state.word.weakCompareExchange(
                expected: seen,
                desired: seen + UInt64(weight) - (isCrowd ? Self.crowd : 0),
                ordering: .acquiring
            )
            if isAdmitted { return .admitted(isCrowd: isCrowd) }
            seen = newest
        }
    }

    /// Gives back the room of what was taken out; whether somebody stands in line for it.
    func giveBack(weight: Int) -> Bool {
        // Releasing: pairs with `admit`. Acquiring: pairs with `formLine`.
        state.word.wrappingSubtract(
            UInt64(weight),
            ordering: .acquiringAndReleasing
        ).oldValue & Self.line != 0
    }

    /// From now on only who stands in line is admitted.
    ///
    /// Whoever says so must then try again: room that was given back before went to nobody.
    func formLine() {
        state.word.bitwiseOr(Self.line, ordering: .acquiringAndReleasing)
    }

    /// Nobody stands in line any more.
    func dissolveLine() {
        // Releasing: who is admitted next comes behind everyone who stood in line.
        state.word.bitwiseAnd(~Self.line, ordering: .acquiringAndReleasing)
    }

    /// Has the next who makes a crowd of those in the queue told so, unless it is one already; whether
    /// it is.
    func awaitCrowd() -> Bool {
        // Relaxed: a guess that the exchange checks.
        var seen = state.word.load(ordering: .relaxed)
        while true {
            if Int(seen & Self.countMask) >= crowdCount { return true }
            // Releasing: who makes the crowd comes behind what was done before.
            let (isAwaited, newest) = state.word.weakCompareExchange(
                expected: seen,
                desired: seen | Self.crowd,
                ordering: .acquiringAndReleasing
            )
            if isAwaited { return false }
            seen = newest
        }
    }

    /// Whether nothing new is admitted.
    var isClosed: Bool {
        // Acquiring: pairs with `close`.
        state.word.load(ordering: .acquiring) & Self.closed != 0
    }

    /// Whether all that was admitted has been taken out, and nobody stands in line.
    var isIdle: Bool {
        // Acquiring: pairs with `giveBack`.
        state.word.load(ordering: .acquiring) & ~(Self.closed | Self.crowd) == 0
    }

    /// Nothing new is admitted from now on.
    func close() {
        state.word.bitwiseOr(Self.closed, ordering: .acquiringAndReleasing)
    }
}
