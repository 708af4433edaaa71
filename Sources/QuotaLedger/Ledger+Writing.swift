// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import Synchronization

/// What the writer does.
extension Ledger {
    /// Writes until there is nothing to write.
    func writeOnward(isLent: Bool) {
        var hasWritten = false
        while true {
            if isLent, hasWritten, desk.withLock({ !$0.toWrite.isEmpty }) { return start(.write) }
            guard let task = desk.withLock({ $0.nextToWrite() }) else { return }
            switch task {
            case .write(let batches): write(batches)
            case .recall(let numbers): recall(numbers)
            case .handOver(let isDurable): handOver(isDurable: isDurable)
            }
            hasWritten = true
        }
    }

    private func write(_ batches: [DecidedEntries]) {
        let end = batches.last?.lastNumber.map { $0.rawValue + 1 } ?? 0
        do throws(LedgerError) {
            for entries in batches {
                if let first = entries.firstNumber, let encoded = try ahead.take(first) {
                    writing.withLock { $0.put(encoded, redacting: entries.redactions) }
                } else {
                    writing.withLock { $0.put(entries) }
                }
            }
            while let batch = try writing.withLock({ (writer) throws(LedgerError) in
                try writer.nextBatch()
            }) {
                let outcome = try append(batch)
                let next = try writing.withLock { (writer) throws(LedgerError) in
                    try writer.settle(batch, outcome)
                }
                keeper?.becameDurable(next: next.rawValue)
                saveSnapshotIfDue(next: next)
                writingHappened(hasMore: next.rawValue < end) { $0.wrote(next: next) }
            }
        } catch {
            self.end(error)
        }
    }

    /// Tells the driver what came of writing, and has others do what this thread will not.
    private func writingHappened(
        hasMore: Bool,
        _ event: (inout Driver) -> [Driver.Effect]
    ) {
        let (canDecide, canTell) = desk.withLock { desk in
            desk.happen(event)
            // Without more to write this thread tells them itself, with nobody waiting for it.
            let isHeldUp = hasMore || !desk.toWrite.isEmpty
            return (desk.takeUpDeciding(), isHeldUp && desk.takeUpTelling())
        }
        if canDecide { start(.decide) }
        if canTell { start(.tell) }
    }

    private func append(_ batch: borrowing EncodedBatch) throws(LedgerError) -> AppendOutcome {
        let head = writing.withLock { $0.head }
        let redacted = writing.withLock { $0.redacted(with: batch) }
        do {
            return try log.append(
                batch,
                replacing: log.redacted(redacted, secret: secret),
                expecting: head
            )
        } catch {
            throw .log(error)
        }
    }

    private func recall(_ numbers: [EntryNumber]) {
        do throws(LedgerError) {
            let entries = try log.entries(numbers)
            writingHappened(hasMore: false) { $0.recalled(entries) }
        } catch {
            end(error)
        }
    }
}
