// SPDX-License-Identifier: Apache-2.0
public import EntryLog
import LMDB
public import LedgerModel
import Synchronization

/// The log of a ledger in an LMDB environment: one directory, one file, one writer.
///
/// Batches lie under the number of their first entry. The head and the tree's right edge change in
/// the same transaction as the batch, with one sync. Reading waits for nobody; nothing that was
/// read is kept. Any thread may read; ``takeOver()`` and ``append(_:replacing:expecting:)`` block until the
/// disk has confirmed. The environment is closed when the last reference goes.
public final class LMDBEntryLog: EntryLog {
    /// How a log is opened.
    public enum Access: Sendable {
        /// For reading and verifying, beside a writer.
        case readOnly
        /// For appending too. One process at a time.
        case readWrite
    }

    /// The ledger's secret, which is kept beside the entries.
    public let secret: LedgerSecret
    private let store: LedgerStore
    private let checked = CheckedBatches()
    /// Whether an append ended without an answer.
    private let isOutcomeUnknown = Atomic<Bool>(false)

    private init(store: LedgerStore) throws(EntryLogError) {
        self.store = store
        secret = try store.read { transaction throws(EntryLogError) in
            try store.checkFormat(transaction)
            try store.checkHead(transaction)
            return try store.secret(transaction)
        }
    }

    /// Makes the log of a new ledger in the directory `path`, which is made if it is missing.
    ///
    /// The parent directory must exist. Throws `ledgerExists` if there is a ledger already. Durable
    /// on return; if it is interrupted, there is no ledger and it can be called again.
    public static func create(
        at path: String,
        secret: LedgerSecret
    ) throws(EntryLogError) -> LMDBEntryLog {
        let store = try LedgerStore.create(at: path)
        try store.write { transaction throws(EntryLogError) in
            if try store.hasFormat(transaction.reader) { throw .ledgerExists(path: path) }
            try store.begin(&transaction, secret: secret)
        }
        return try LMDBEntryLog(store: store)
    }

    /// Opens the log in the directory `path`, and checks its format, its file's length, and its
    /// head against the last batch.
    ///
    /// Throws `notALedger`, `locked`, `newerFormat` or `corrupt`.
    public static func open(
        at path: String,
        access: Access
    ) throws(EntryLogError) -> LMDBEntryLog {
        try LMDBEntryLog(store: LedgerStore.open(at: path, access: access))
    }

    /// Raises the epoch.
    public func takeOver() throws(EntryLogError) -> LogHead {
        try write { transaction throws(EntryLogError) in
            var head = try store.head(transaction.reader)
            head.epoch += 1
            try store.put(head, &transaction)
            return head
        }
    }

    /// Appends a batch if the log's head is `expecting`, and puts redacted ones in their place, with
    /// one sync.
    ///
    /// The pages that the latter had are freed, and hold their bytes until they are used again: a
    /// ``copy(to:)`` does not have them.
    public func append(
        _ batch: borrowing EncodedBatch,
        replacing redacted: [RedactedBatch],
        expecting: LogHead
    ) throws(EntryLogError) -> AppendOutcome {
        batch.requireFinished(with: expecting)
        let batch = copy batch
        return try write { transaction throws(EntryLogError) in
            let head = try store.head(transaction.reader)
            if let refused = head.refusal(of: expecting) { return refused }
            for replacement in redacted { try store.replace(replacement, &transaction) }
            try store.append(batch, &transaction)
            return .appended(batch.head)
        }
    }

    /// The newest head.
    public func head() throws(EntryLogError) -> LogHead {
        try read { transaction throws(EntryLogError) in try store.head(transaction) }
    }

    /// Waits until all that a reader sees of the log now is on disk, also where the log is open for
    /// reading only.
    ///
    /// What was appended is durable already, unless the process that appended was ended in the
    /// middle of it; before a head is signed, this makes sure.
    public func synchronize() throws(EntryLogError) {
        try requireUsable()
        try store.synchronize()
    }

    /// The right edge of the tree.
    public func frontier() throws(EntryLogError) -> MerkleFrontier {
        try read { transaction throws(EntryLogError) in try store.frontier(transaction) }
    }

    /// Gives whole batches to `body`, in order, from the one that holds entry `number`.
    ///
    /// The bytes show the file itself. The view of the file is renewed every megabyte or so, so
    /// that a long reading does not keep the writer from using freed pages.
    public func read(
        from number: EntryNumber,
        _ body: (BatchHeader, RawSpan) throws(EntryLogError) -> ReadStep
    ) throws(EntryLogError) {
        guard try number.rawValue < head().next else { return }
        var walk = BatchWalk(from: number)
        while !walk.isOver {
            try read { transaction throws(EntryLogError) in
                try walk.advance(store, transaction, checked, body)
            }
        }
    }

    /// Copies the log as it is now, secret included, into the directory `path`, which is made and
    /// must not be there yet; only its owner may look into it.
    ///
    /// Runs beside readers and a writer, in this process or another, and waits for neither; until
    /// it ends the writer does not use freed pages again. Durable on return. What was copied is not
    /// looked at: open it and ``EntryLog/verify(secret:)`` it. If it fails, it leaves no data file.
    public func copy(to path: String) throws(EntryLogError) {
        try requireUsable()
        try store.copy(to: path)
    }

    private func write<Result>(
        _ body: (inout WriteTransaction) throws(EntryLogError) -> Result
    ) throws(EntryLogError) -> Result {
        try requireUsable()
        do throws(EntryLogError) {
            return try store.write(body)
        } catch {
            if case .outcomeUnknown = error {
                // Releasing: pairs with the load in `requireUsable`.
                isOutcomeUnknown.store(true, ordering: .releasing)
            }
            throw error
        }
    }

    private func read<Result>(
        _ body: (borrowing ReadTransaction) throws(EntryLogError) -> Result
    ) throws(EntryLogError) -> Result {
        try requireUsable()
        return try store.read(body)
    }

    private func requireUsable() throws(EntryLogError) {
        // Acquiring: pairs with the store in `write`.
        guard !isOutcomeUnknown.load(ordering: .acquiring) else {
            throw .outcomeUnknown(cause: "an earlier write failed")
        }
    }
}
