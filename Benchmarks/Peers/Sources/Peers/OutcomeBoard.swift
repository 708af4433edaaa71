// SPDX-License-Identifier: Apache-2.0

/// Where the workers of a run write what came of each claim, and when it was decided.
///
/// Two threads never write the same place, as each claim is taken by one of them, and it is read
/// when all have ended: that is what guards it.
@safe
final class OutcomeBoard: @unchecked Sendable {
    private let outcomes: UnsafeMutableBufferPointer<Int8>
    private let turns: UnsafeMutableBufferPointer<UInt32>

    init(count: Int) {
        unsafe outcomes = .allocate(capacity: count)
        unsafe outcomes.initialize(repeating: PeerOutcome.refused)
        unsafe turns = .allocate(capacity: count)
        unsafe turns.initialize(repeating: 0)
    }

    deinit {
        unsafe outcomes.deallocate()
        unsafe turns.deallocate()
    }

    var count: Int { unsafe outcomes.count }

    @inline(__always)
    func write(_ outcome: Int8, at position: Int) {
        precondition(0 <= position && position < count, "a claim must be one of the stream")
        unsafe outcomes[position] = outcome
    }

    /// Notes the outcome and which decision it was, counted from 0.
    @inline(__always)
    func write(_ outcome: Int8, turn: UInt32, at position: Int) {
        write(outcome, at: position)
        unsafe turns[position] = turn
    }

    /// All outcomes, once every worker has ended.
    func allOutcomes() -> [Int8] { unsafe Array(outcomes) }

    /// The positions in the order of their turns, once every worker has ended.
    func order() -> PeerRun.Order {
        var positions = [Int](repeating: 0, count: count)
        for position in 0..<count {
            let turn = Int(unsafe turns[position])
            guard turn < count else { return .unknown }
            positions[turn] = position
        }
        return .decided(positions)
    }
}
