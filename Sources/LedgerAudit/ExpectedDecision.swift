// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// A limit as the audit finds that a decision must show it.
struct ExpectedTest: Hashable, Sendable {
    var mechanism: MechanismKind
    var key: LimitKey
    var use: LimitUse
    var left: Int64 = 0
}

/// What a reservation must be answered.
///
/// One value is used for all decisions, so that its memory is.
struct ExpectedDecision: Sendable {
    var refusal: Refusal?
    var mechanism = MechanismKind.uncontrolled
    var asked: Int64 = 0
    var granted: Int64 = 0
    var tests: [ExpectedTest] = []
    var binding: Int?
    var roomByInstalling: Int64?
    var attestationLapsed = false
    /// The mechanisms that the order reached, the decider last set.
    private var steps: [Step] = []

    /// A mechanism that tested an order against its limits, of which it may have none.
    private struct Step: Sendable {
        var mechanism: MechanismKind
        var tests: Range<Int>
        /// How much of what was asked it can take, in whole units.
        var takes: Int64
    }

    mutating func begin(asked: Int64) {
        refusal = nil
        mechanism = .uncontrolled
        self.asked = asked
        granted = 0
        tests.removeAll(keepingCapacity: true)
        steps.removeAll(keepingCapacity: true)
        binding = nil
        roomByInstalling = nil
        attestationLapsed = false
    }

    mutating func refuse(_ refusal: Refusal, by mechanism: MechanismKind) {
        self.refusal = refusal
        self.mechanism = mechanism
        // A mechanism that always refuses tells of no limit, also of those before it.
        tests.removeAll(keepingCapacity: true)
    }

    /// Notes a mechanism that was reached, with the limits from `first` on in ``tests``.
    mutating func reach(_ mechanism: MechanismKind, testsFrom first: Int, unit: Int64) -> Int64 {
        var takes = asked
        for test in tests[first...] { takes = min(takes, test.use.room(for: asked, unit: unit)) }
        steps.append(Step(mechanism: mechanism, tests: first..<tests.count, takes: takes))
        return takes
    }

    /// Lets the mechanism that can take the most take it, the earliest on ties; if none can take
    /// anything the last refuses.
    mutating func conclude() {
        var decider = steps.count - 1
        granted = 0
        for index in steps.indices where steps[index].takes > granted {
            granted = steps[index].takes
            decider = index
        }
        refusal = granted > 0 ? nil : .limitReached
        mechanism = steps[decider].mechanism
        let own = steps[decider].tests
        for index in tests.indices {
            let taken = own.contains(index) ? granted : 0
            tests[index].left = max(0, tests[index].use.limit - tests[index].use.used - taken)
        }
        for index in own where binding.map({ tests[index].left < tests[$0].left }) ?? true {
            binding = index
        }
        if granted == 0, let binding {
            roomByInstalling = tests[binding].use.roomByInstalling(for: asked)
        }
    }
}
