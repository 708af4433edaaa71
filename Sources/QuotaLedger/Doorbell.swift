// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Wakes a consumer that sleeps, and costs those who ring little while it does not.
///
/// One word counts the rings and says whether the consumer sleeps. Falling asleep is a
/// compare-and-exchange that fails if anyone has rung since the consumer last looked, so nothing
/// that was put is slept over; of many who ring, exactly one is told to wake the consumer. Being
/// the one who is told is also the right to be the consumer, with all that the last one wrote.
package struct Doorbell: ~Copyable, Sendable {
    private static let asleep: UInt64 = 1
    private static let oneRing: UInt64 = 2

    private let state: SpacedWord

    /// Makes a bell whose consumer sleeps.
    package init() { state = SpacedWord(Self.asleep) }

    /// Says that something was put; whether the caller has to wake the consumer.
    package func ring() -> Bool {
        // Releasing: pairs with the load in `rings`, so that whoever sees the ring sees what was
        // put. Acquiring: pairs with the exchange in `sleep`.
        let before = state.word.wrappingAdd(
            Self.oneRing,
            ordering: .acquiringAndReleasing
        ).oldValue
        return before & Self.asleep != 0 && wake()
    }

    /// Wakes the consumer; whether it slept, and so the caller has to be it or start it.
    package func wake() -> Bool {
        // Acquiring: pairs with the exchange in `sleep`.
        state.word.bitwiseAnd(~Self.asleep, ordering: .acquiringAndReleasing).oldValue
            & Self.asleep != 0
    }

    /// The rings so far; read by the consumer before it looks whether anything was put.
    package var rings: UInt64 {
        // Acquiring: pairs with `ring`.
        state.word.load(ordering: .acquiring)
    }

    /// Falls asleep, unless somebody has rung since ``rings`` was read.
    package func sleep(since rings: UInt64) -> Bool {
        // Releasing: pairs with `ring` and `wake`, whose caller may be the next consumer.
        state.word.compareExchange(
            expected: rings,
            desired: rings | Self.asleep,
            ordering: .acquiringAndReleasing
        ).exchanged
    }
}
