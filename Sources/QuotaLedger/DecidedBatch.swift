// SPDX-License-Identifier: Apache-2.0

import LedgerModel

#if PlantedBugs
    import EntryLog
#endif

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
    /// What is made visible once all of it is durable.
    private var publication: BatchPublication?

    init(
        _ outcome: BatchEffects,
        _ submissions: [Submission],
        publication: BatchPublication?
    ) {
        self.publication = publication
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
    /// O(1) once all entries are durable.
    mutating func deliveries(durable: UInt64) -> LedgerDeliveries<Caller>? {
        guard !awaitsRecall, !unanswered.isEmpty else { return nil }
        #if PlantedBugs
            let durable = believed(durable)
        #endif
        var callerCount = 0
        var answerCount = 0
        if isDurable(durable) {
            callerCount = unanswered.count
            answerCount = remaining.count
        } else {
            for next in unanswered.dropLast() {
                let answers = remaining.dropFirst(answerCount).prefix(next.operations.count)
                guard rests(answers, onlyOn: durable) else { break }
                callerCount += 1
                answerCount += answers.count
            }
        }
        guard callerCount > 0 else { return nil }
        defer {
            unanswered = unanswered.dropFirst(callerCount)
            remaining = remaining.dropFirst(answerCount)
        }
        return LedgerDeliveries(
            unanswered.prefix(callerCount),
            remaining.prefix(answerCount),
            answering
        )
    }

    /// What is to be made visible now, once.
    mutating func takePublication(durable: UInt64) -> BatchPublication? {
        guard isDurable(durable) else { return nil }
        defer { publication = nil }
        return publication
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
