// SPDX-License-Identifier: Apache-2.0

import EntryLog
import Foundation
import LedgerModel

/// A log of which appends wait while its gate is shut, and which tells how far they came.
final class GatedLog: EntryLog {
    private let log: InMemoryEntryLog
    private let gate = Gate()

    init(over log: InMemoryEntryLog) { self.log = log }

    /// The thread of the newest append.
    var lastAppender: ObjectIdentifier? { gate.lastVisitor }

    func shut() { gate.isShut = true }
    func open() { gate.isShut = false }
    /// Waits until an append stands in front of the gate.
    func waitForAppend() { gate.waitForVisitor() }

    func takeOver() throws(EntryLogError) -> LogHead { try log.takeOver() }
    func head() throws(EntryLogError) -> LogHead { try log.head() }
    func frontier() throws(EntryLogError) -> MerkleFrontier { try log.frontier() }

    func append(
        _ batch: borrowing EncodedBatch,
        replacing redacted: [RedactedBatch],
        expecting head: LogHead
    ) throws(EntryLogError) -> AppendOutcome {
        gate.pass()
        return try log.append(batch, replacing: redacted, expecting: head)
    }

    func read(
        from number: EntryNumber,
        _ body: (BatchHeader, RawSpan) throws(EntryLogError) -> ReadStep
    ) throws(EntryLogError) {
        try log.read(from: number, body)
    }
}

/// A gate that can be shut and opened.
///
/// Unchecked: `condition` guards what is not constant.
private final class Gate: @unchecked Sendable {
    private let condition = NSCondition()
    private var shut = false
    private var visitorCount = 0
    private var newestVisitor: ObjectIdentifier?

    var lastVisitor: ObjectIdentifier? { condition.withLock { newestVisitor } }

    var isShut: Bool {
        get { condition.withLock { shut } }
        set {
            condition.withLock {
                shut = newValue
                condition.broadcast()
            }
        }
    }

    func pass() {
        condition.withLock {
            visitorCount += 1
            newestVisitor = ObjectIdentifier(Thread.current)
            condition.broadcast()
            while shut { condition.wait() }
            visitorCount -= 1
        }
    }

    func waitForVisitor() {
        condition.withLock { while visitorCount == 0 { condition.wait() } }
    }
}
