// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger

/// Knows what must be, and compares everything durable and everything said with it.
///
/// It reads each batch once, when it becomes durable, and has the oracle answer each operation in
/// it, one at a time, with the time that it got.
struct Judge {
    private struct Name: Hashable {
        var organisation: OrganisationIdentifier
        var id: OperationIdentifier
    }

    /// What is durable.
    private(set) var entries: [Entry] = []
    private(set) var batchCount = 0
    private(set) var head = LogHead.genesis
    private(set) var root = MerkleFrontier().root
    private(set) var oracle: Oracle
    private var numbers: [Name: EntryNumber] = [:]
    /// The newest entry that is an operation's own.
    private(set) var newestOperation: EntryNumber?
    /// Entries in front of an operation that is not durable yet, with the process that wrote them.
    private var leading: [(entry: Entry, process: Int)] = []

    init(_ oracle: Oracle) { self.oracle = oracle }

    /// The first entry that is not durable.
    var next: EntryNumber { EntryNumber(rawValue: UInt64(entries.count)) }

    // MARK: - The log

    /// Takes note of what is durable since it last looked, all of it appended by one process.
    mutating func look(at disk: SimulatedDisk, process: LedgerProcess) throws(Violation) {
        for batch in disk.syncedBatches(from: batchCount) {
            guard batch.header.epoch == disk.head.epoch else {
                throw Violation(
                    .staleWriter,
                    "process \(process.number) appended entry \(batch.header.first) in epoch "
                        + "\(batch.header.epoch), after epoch \(disk.head.epoch) had begun"
                )
            }
            for entry in try Self.entries(of: batch) { try take(entry, process) }
            batchCount += 1
            head = batch.head
            root = batch.header.root
        }
        try judgeRejections(of: process)
    }

    /// Checks that nothing is gone from the disk.
    func checkNothingIsLost(on disk: SimulatedDisk) throws(Violation) {
        let found = disk.head
        guard disk.syncedCount == batchCount, found.next == head.next, found.hash == head.hash
        else {
            throw Violation(
                .lost,
                "the log ends before entry \(found.next); durable was all before \(head.next)"
            )
        }
    }

    /// Verifies the whole log, and that it is the one that was seen growing.
    func verify(_ log: SimulatedEntryLog, secret: LedgerSecret) throws(Violation) {
        let frontier: MerkleFrontier
        do {
            frontier = try log.verify(secret: secret)
        } catch {
            throw Violation(.notVerified, "\(error)")
        }
        guard frontier.size == head.next, frontier.root == root else {
            throw Violation(.notVerified, "its root is another than the one of what was durable")
        }
        try checkRedactions(in: log)
    }

    private static func entries(of batch: EncodedBatch) throws(Violation) -> [Entry] {
        var entries: [Entry] = []
        do throws(EntryLogError) {
            try BatchReader.forEachEntry(in: batch.bytes.span.rawBytes) {
                _,
                bytes throws(EntryLogError) in
                entries.append(try EntryCodec.decode(bytes))
                return .next
            }
        } catch {
            throw Violation(.notVerified, "\(error)")
        }
        return entries
    }

    private mutating func take(_ entry: Entry, _ process: LedgerProcess) throws(Violation) {
        if case .operation(let record) = entry.content, entries.count >= oracle.entries.count {
            let name = Name(organisation: entry.actor.organisation, id: record.id)
            if let first = numbers.updateValue(entry.number, forKey: name) {
                throw Violation(
                    .doubled,
                    "operation '\(record.id)' of \(name.organisation) is entry \(first) and entry "
                        + "\(entry.number)"
                )
            }
            try judgeRejections(of: process)
            if let front = process.unseen.first, front.answer == .recorded(entry.number) {
                process.unseen.removeFirst()
            }
            try judge(record, entry, process)
        } else if entries.count >= oracle.entries.count {
            leading.append((entry, process.number))
        } else {
            // The oracle wrote it when it was given the operation before.
            try compare(entry, isItsOwn: true)
        }
        entries.append(entry)
    }

    /// Gives the oracle the operation of an entry, and compares what it writes.
    private mutating func judge(
        _ record: OperationRecord,
        _ entry: Entry,
        _ process: LedgerProcess
    ) throws(Violation) {
        let operation = Operation(
            id: record.id,
            actor: entry.actor,
            time: entry.time,
            action: record.action
        )
        let answer = oracle.apply(operation, now: entry.time)
        guard case .entry = answer else {
            throw Violation(.wrongEntry, "of entry \(entry.number) the oracle says \(answer)")
        }
        for (early, writer) in leading {
            try compare(early, isItsOwn: writer == process.number)
        }
        leading.removeAll()
        newestOperation = entry.number
        try compare(entry, isItsOwn: true)
    }

    /// Compares an entry with the oracle's.
    ///
    /// What fell due in front of an operation that was lost with its writer stays, and is that
    /// operation's actor's; the oracle knows only of the next operation.
    private func compare(_ entry: Entry, isItsOwn: Bool) throws(Violation) {
        let index = Int(entry.number.rawValue)
        guard index < oracle.entries.count else {
            throw Violation(.wrongEntry, "the oracle writes no entry \(entry.number): \(entry)")
        }
        var expected = oracle.entries[index]
        if !isItsOwn { expected.actor = entry.actor }
        guard entry == expected else {
            throw Violation(
                .wrongEntry,
                "entry \(entry.number)\n  is     \(entry)\n  and not \(expected)"
            )
        }
    }

    // MARK: - Answers

    /// Has the oracle reject what a process rejected, where nothing came between.
    mutating func judgeRejections(of process: LedgerProcess) throws(Violation) {
        while let front = process.unseen.first {
            if case .recorded = front.answer { return }
            process.unseen.removeFirst()
            // What others have appended meanwhile is unknown to a process that appends nothing.
            guard leading.isEmpty, front.follows == newestOperation else { continue }
            if case .rejected(let rejection) = front.answer, front.isAhead,
                rejection.code == .unknownReference
            {
                continue
            }
            let expected = oracle.apply(front.operation, now: front.now)
            switch (front.answer, expected) {
            case (.rejected(let rejection), .rejected(let code)) where rejection.code == code: break
            case (.replay(let number), .replay(let first)) where number == first: break
            default:
                throw Violation(
                    .wrongRejection,
                    "\(front.operation)\n  got \(front.answer)\n  and not \(expected)"
                )
            }
        }
    }

    /// Checks what a process says to a caller.
    mutating func check(
        _ answers: [LedgerAnswer],
        to operations: [Operation]
    ) throws(Violation) {
        guard answers.count == operations.count else {
            throw Violation(
                .wrongAnswer,
                "\(answers.count) answers to \(operations.count) operations"
            )
        }
        for (answer, operation) in zip(answers, operations) {
            guard let entry = answer.entry else { continue }
            guard entry.number < next else {
                throw Violation(
                    .answeredBeforeDurable,
                    "entry \(entry.number), and \(next) is the first that is not durable"
                )
            }
            // What the oracle knows by this name is this entry, and was asked in these words.
            let known = entries[Int(entry.number.rawValue)]
            // One that was read before it was redacted, or afterwards.
            guard known == entry || isRedacted(entry, from: known),
                oracle.apply(operation, now: entry.time) == .replay(entry.number)
            else { throw Violation(.wrongAnswer, "\(operation)\n  got \(entry)") }
            if case .recorded = answer {
                guard entry.actor == operation.actor, entry.time == operation.time ?? entry.time
                else { throw Violation(.wrongAnswer, "\(operation)\n  became \(entry)") }
            }
        }
    }
}
