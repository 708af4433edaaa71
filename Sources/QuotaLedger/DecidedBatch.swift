// SPDX-License-Identifier: Apache-2.0

import LedgerModel

#if PlantedBugs
    import EntryLog
#endif

/// What is said to one caller.
package struct LedgerDelivery<Caller: Sendable>: Sendable {
    private enum Content {
        case failure(LedgerError)
        case answers(ArraySlice<CoreAnswer>, AnsweringEntries)
    }

    /// Who is answered.
    package let caller: Caller
    private let content: Content

    init(_ caller: Caller, failedBy error: LedgerError) {
        self.caller = caller
        content = .failure(error)
    }

    init(_ caller: Caller, _ answers: ArraySlice<CoreAnswer>, _ entries: AnsweringEntries) {
        self.caller = caller
        content = .answers(answers, entries)
    }

    /// The answers, in the order of the operations.
    ///
    /// O(answers), put together only now so that nobody else has to wait for it.
    package var result: Result<[LedgerAnswer], LedgerError> {
        switch content {
        case .failure(let error): .failure(error)
        case .answers(let answers, let entries):
            .success(
                answers.map { answer in
                    switch answer {
                    case .recorded(let number): .recorded(entries[number])
                    case .replay(let number): .replayed(entries[number])
                    case .rejected(let rejection): .rejected(rejection)
                    }
                }
            )
        }
    }
}

/// The entries that the answers of one batch consist of.
struct AnsweringEntries: Sendable {
    /// Those of the batch itself, which follow each other.
    var own: DecidedEntries
    /// Those from before it.
    var earlier: [EntryNumber: Entry] = [:]

    subscript(number: EntryNumber) -> Entry {
        if let first = own.firstNumber, number >= first {
            return own[Int(number.rawValue - first.rawValue)]
        }
        guard let entry = earlier[number] else {
            preconditionFailure("an answer is given once its entries are known")
        }
        return entry
    }
}

/// A batch that is decided, and how far it is answered.
struct DecidedBatch<Caller: Sendable>: Sendable {
    typealias Submission = LedgerDriver<Caller>.Submission

    /// Those who are not answered yet, in order.
    private(set) var unanswered: ArraySlice<Submission>
    /// The entries from before the batch that answers consist of.
    let wanted: [EntryNumber]
    /// Whether entries from before the batch are still being read.
    private(set) var awaitsRecall: Bool
    /// Whether its entries have been given to the writer.
    var hasBegun = false
    private var remaining: ArraySlice<CoreAnswer>
    private var answering: AnsweringEntries

    init(_ outcome: BatchEffects, _ submissions: [Submission]) {
        unanswered = submissions[...]
        remaining = outcome.answers[...]
        answering = AnsweringEntries(own: outcome.decided)
        let first = outcome.decided.firstNumber
        wanted = outcome.answers.compactMap { answer in
            guard case .replay(let number) = answer else { return nil }
            return first.map { number < $0 } ?? true ? number : nil
        }
        awaitsRecall = !wanted.isEmpty
    }

    var entries: DecidedEntries { answering.own }

    mutating func recall(_ entries: [EntryNumber: Entry]) {
        answering.earlier = entries
        awaitsRecall = false
    }

    /// What can be said now to those in front, when everything before `durable` is durable.
    ///
    /// A submission rests on all entries up to the last of its own, the last submission on all.
    mutating func deliveries(durable: UInt64) -> [LedgerDelivery<Caller>] {
        guard !awaitsRecall else { return [] }
        #if PlantedBugs
            let durable = believed(durable)
        #endif
        var deliveries: [LedgerDelivery<Caller>] = []
        while let next = unanswered.first {
            let answers = remaining.prefix(next.operations.count)
            guard
                unanswered.count == 1
                    ? isDurable(durable) : rests(answers, onlyOn: durable)
            else { break }
            deliveries.append(LedgerDelivery(next.caller, answers, answering))
            unanswered.removeFirst()
            remaining = remaining.dropFirst(answers.count)
        }
        return deliveries
    }

    /// Whether nothing is left to do with it.
    func isDone(durable: UInt64) -> Bool { unanswered.isEmpty && isDurable(durable) }

    private func isDurable(_ durable: UInt64) -> Bool {
        entries.lastNumber.map { $0.rawValue < durable } ?? true
    }

    private func rests(_ answers: ArraySlice<CoreAnswer>, onlyOn durable: UInt64) -> Bool {
        for case .recorded(let number) in answers.reversed() { return number.rawValue < durable }
        return true
    }

    #if PlantedBugs
        private func believed(_ durable: UInt64) -> UInt64 {
            let hasBegun = entries.first.map { $0.number.rawValue < durable } ?? true
            switch PlantedBug.active {
            case .answerBeforeDurable: return .max
            case .answerAfterFirstAppend where hasBegun: return .max
            default: return durable
            }
        }
    #endif
}
