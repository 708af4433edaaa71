// SPDX-License-Identifier: Apache-2.0

package import LedgerModel

/// The entries that a batch of operations led to, in order.
///
/// What was decided of reservations is kept compactly, beside the operations themselves, and an
/// entry is put together only when it is asked for: not by the thread that decides. Asking twice
/// gives equal entries. A value; safe to read from any thread.
package struct DecidedEntries: RandomAccessCollection, Sendable {
    /// What an entry is made of.
    private struct Part: Sendable {
        var decision: CompactDecision
        var time: LedgerTime
        var rulebook: EntryNumber?
        /// Which of the operations; below 0 the complement of a position among whole entries.
        var position: Int32
    }

    /// What was asked.
    let operations: [PreparedOperation]
    /// The limits that the decisions tested, one decision after the other.
    var tests: [LimitTest] = []
    /// What is to be taken out of earlier entries together with the append of these.
    var redactions: [DecidedRedaction] = []
    private var first = EntryNumber(rawValue: 0)
    private var parts: [Part] = []
    /// The entries that are no decided reservations.
    private var whole: [Entry] = []

    /// Makes entries of which none is decided yet.
    init(of operations: [PreparedOperation] = []) {
        self.operations = operations
        guard !operations.isEmpty else { return }
        parts.reserveCapacity(operations.count)
        tests.reserveCapacity(2 * operations.count)
    }

    /// Takes over entries that follow each other.
    package init(_ entries: [Entry]) {
        operations = []
        for entry in entries { append(entry) }
    }

    package var startIndex: Int { 0 }

    package var endIndex: Int { parts.count }

    /// The number of the first entry; `nil` if there is none.
    package var firstNumber: EntryNumber? { parts.isEmpty ? nil : first }

    /// The number of the last entry; `nil` if there is none.
    package var lastNumber: EntryNumber? {
        parts.isEmpty ? nil : EntryNumber(rawValue: first.rawValue + UInt64(parts.count) - 1)
    }

    /// Puts an entry together.
    package subscript(position: Int) -> Entry {
        let part = parts[position]
        guard part.position >= 0 else { return whole[Int(~part.position)] }
        let operation = operations[Int(part.position)].operation
        return Entry(
            number: EntryNumber(rawValue: first.rawValue + UInt64(position)),
            time: part.time,
            actor: operation.actor,
            rulebook: part.rulebook,
            content: .operation(
                OperationRecord(
                    id: operation.id,
                    action: operation.action,
                    outcome: .decided(Decision(part.decision, tests: tests))
                )
            )
        )
    }

    // MARK: - Writing

    /// Adds the entry of a reservation whose tests have been added.
    mutating func append(
        _ decision: CompactDecision,
        number: EntryNumber,
        time: LedgerTime,
        rulebook: EntryNumber?,
        operation: Int32
    ) {
        if parts.isEmpty { first = number }
        parts.append(
            Part(decision: decision, time: time, rulebook: rulebook, position: operation)
        )
    }

    /// Adds an entry as it is.
    mutating func append(_ entry: Entry) {
        if parts.isEmpty { first = entry.number }
        parts.append(
            Part(
                decision: .none,
                time: entry.time,
                rulebook: nil,
                position: ~Int32(whole.count)
            )
        )
        whole.append(entry)
    }
}

/// A redaction that was approved.
struct DecidedRedaction: Sendable {
    /// The entry that approves it.
    var approval: EntryNumber
    /// The entries that it takes what is personal out of, all in front of it.
    var entries: [EntryNumber]
}

/// A decision whose tests stand in a list that it shares with others, in 48 bytes.
struct CompactDecision: Sendable {
    var refusal: Refusal?
    var mechanism: MechanismKind
    var attestationLapsed = false
    /// Which of its own tests binds; ``noTest`` if none does.
    var binding = Self.noTest
    var asked: TPP
    var granted: TPP
    /// Of a refusal by a share what, installed elsewhere, would make room; below 0 of others.
    var roomByInstalling = TPP(rawValue: -1)
    /// Where its tests begin, and how many there are.
    var firstTest: UInt32 = 0
    var testCount: UInt8 = 0

    static let noTest = UInt8.max
    static let none = CompactDecision(refusal: nil, mechanism: .uncontrolled, asked: .zero)

    init(refusal: Refusal?, mechanism: MechanismKind, asked: TPP, granted: TPP = .zero) {
        self.refusal = refusal
        self.mechanism = mechanism
        self.asked = asked
        self.granted = granted
    }

    /// Where its tests stand.
    var testRange: Range<Int> { Int(firstTest)..<Int(firstTest) + Int(testCount) }
}

extension Decision {
    init(_ compact: CompactDecision, tests: [LimitTest]) {
        self.init(
            refusal: compact.refusal,
            mechanism: compact.mechanism,
            asked: compact.asked,
            granted: compact.granted,
            tests: Array(tests[compact.testRange]),
            bindingTest: compact.binding == CompactDecision.noTest ? nil : Int(compact.binding),
            roomByInstalling: compact.roomByInstalling.rawValue < 0
                ? nil : compact.roomByInstalling,
            attestationLapsed: compact.attestationLapsed
        )
    }
}
