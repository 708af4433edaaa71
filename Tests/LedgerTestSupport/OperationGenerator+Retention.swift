// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension OperationGenerator {
    /// A redaction, which is then proposed as a rule, or a step of a legal hold.
    mutating func makeRetention() -> Action {
        let holds = oracle.facts.legalHolds.count
        switch random.below(100) {
        // Few stand at a time, or nothing could be redacted.
        case 0..<25 where holds < 2:
            return .legalHold(LegalHold(step: .place(makeSubject()), reason: makeReason()))
        case 0..<40:
            return .legalHold(LegalHold(step: .lift(makeHoldReference()), reason: makeReason()))
        default:
            return .redact(Redaction(entries: makeRedactedEntries(), reason: makeReason()))
        }
    }

    private mutating func makeSubject() -> LegalHoldSubject {
        switch random.below(10) {
        case 0..<4: .party(makeParty())
        case 4..<7: .entry(makeNumber())
        default: .operation(makeAnsweredReference())
        }
    }

    /// Up to three entries of the log; now and then none, one twice, or out of order.
    private mutating func makeRedactedEntries() -> [EntryNumber] {
        if random.chance(4) {
            let number = makeNumber()
            return random.chance(50) ? [] : [number, number]
        }
        return Set((0..<random.pick([1, 1, 2, 3])).map { _ in makeNumber() }).sorted()
    }

    /// An entry that is in the log, one of the first as often as not; now and then one that is not.
    private mutating func makeNumber() -> EntryNumber {
        let count = max(1, oracle.entries.count)
        if random.chance(4) { return EntryNumber(rawValue: UInt64(count + random.below(9))) }
        let index = random.chance(50) ? random.below(min(count, 24)) : random.below(count)
        return EntryNumber(rawValue: UInt64(index))
    }

    /// The name of any operation.
    private mutating func makeAnsweredReference() -> OperationReference {
        let operations = oracle.entries.compactMap { entry -> OperationReference? in
            guard case .operation(let record) = entry.content else { return nil }
            return OperationReference(organisation: entry.actor.organisation, id: record.id)
        }
        return operations.isEmpty || random.chance(4) ? makeOddReference() : random.pick(operations)
    }

    /// The name of a legal hold that is in force, as a rule.
    private mutating func makeHoldReference() -> OperationReference {
        let holds = oracle.facts.legalHolds.keys.sorted {
            ($0.organisation.text, $0.id.text) < ($1.organisation.text, $1.id.text)
        }
        guard !holds.isEmpty, !random.chance(6) else { return makeOddReference() }
        let key = random.pick(holds)
        return OperationReference(organisation: key.organisation, id: key.id)
    }
}
