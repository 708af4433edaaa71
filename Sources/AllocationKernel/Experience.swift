// SPDX-License-Identifier: Apache-2.0

/// What deciding has learnt of late; it changes no decision, only how fast one is found.
struct Experience: Sendable {
    /// Windows that are decided one by one before another is prepared.
    private var windowsToSkip = 0
    /// So many are, the next time that a limit of a prepared window does not hold.
    private var nextSkip = 1
    /// The windows that were settled as prepared, and all.
    private(set) var settledCount = 0
    private(set) var windowCount = 0
    /// Batches that are decided on one core before a team tries again.
    private var batchesToSkip = 0
    private var nextBatchSkip = 1

    private static var mostWindowsToSkip: Int { 64 }
    private static var mostBatchesToSkip: Int { 64 }

    /// Whether a window is worth preparing.
    @inline(__always)
    var isHopeful: Bool { windowsToSkip == 0 }

    /// Takes note that a window was settled as it was prepared.
    @inline(__always)
    mutating func noteSettled() {
        nextSkip = 1
        settledCount &+= 1
        windowCount &+= 1
    }

    /// Takes note that some limit of a prepared window did not hold.
    mutating func noteFailed() {
        windowCount &+= 1
        windowsToSkip = nextSkip
        nextSkip = min(2 * nextSkip, Self.mostWindowsToSkip)
    }

    /// Takes note that a window was not prepared.
    @inline(__always)
    mutating func noteOneByOne() {
        windowCount &+= 1
        windowsToSkip = max(windowsToSkip &- 1, 0)
    }

    /// Whether a team should try; asked once for each batch that it could decide.
    mutating func isTeamWorthIt() -> Bool {
        guard batchesToSkip > 0 else { return true }
        batchesToSkip -= 1
        return false
    }

    /// Takes note of how a team fared: where most windows were decided one by one, one after the
    /// other, it did not pay.
    mutating func noteTeam(since earlier: Experience) {
        let settled = settledCount &- earlier.settledCount
        if 2 * settled >= windowCount &- earlier.windowCount {
            nextBatchSkip = 1
        } else {
            batchesToSkip = nextBatchSkip
            nextBatchSkip = min(2 * nextBatchSkip, Self.mostBatchesToSkip)
        }
    }
}
