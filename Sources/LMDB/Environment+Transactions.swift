// SPDX-License-Identifier: Apache-2.0
import CLMDB
import Glibc

extension Environment {
    /// Runs `body` on the newest committed state, which does not change meanwhile.
    ///
    /// Never waits for a writer. Keep it short: pages that are freed meanwhile are not reused.
    public func withReadTransaction<Result: ~Copyable>(
        _ body: (borrowing ReadTransaction) throws(LMDBError) -> Result
    ) throws(LMDBError) -> Result {
        try withReadTransaction(failure: { $0 }, body)
    }

    /// The same, for bodies with errors of their own: `failure` wraps what storage throws.
    public func withReadTransaction<Result: ~Copyable, Failure: Error>(
        failure: (LMDBError) -> Failure,
        _ body: (borrowing ReadTransaction) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let transaction: ReadTransaction
        do throws(LMDBError) {
            transaction = try begin(flags: UInt32(MDB_RDONLY))
        } catch {
            throw failure(error)
        }
        return try body(transaction)
    }

    /// Runs `body` in a write transaction and commits if it returns; if it throws, nothing of it
    /// remains.
    ///
    /// Begins and ends on the calling thread; waits until no other thread writes. Inside another
    /// write transaction on the same thread it throws `nestedWrite`. What it wrote is durable on
    /// return (with `Synchronization.full`). If the commit fails with `isOutcomeUnknown`, every
    /// later write throws `poisoned`: close, reopen and compare. A commit that fails in memory (map
    /// full) leaves nothing and poisons nothing.
    @available(*, noasync)
    @discardableResult
    public func withWriteTransaction<Result: ~Copyable>(
        _ body: (inout WriteTransaction) throws(LMDBError) -> Result
    ) throws(LMDBError) -> Result {
        try withWriteTransaction(failure: { $0 }, body)
    }

    /// The same, for bodies with errors of their own: `failure` wraps what storage throws.
    @available(*, noasync)
    @discardableResult
    public func withWriteTransaction<Result: ~Copyable, Failure: Error>(
        failure: (LMDBError) -> Failure,
        _ body: (inout WriteTransaction) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var transaction: WriteTransaction
        do throws(LMDBError) {
            transaction = try beginWriting()
        } catch {
            throw failure(error)
        }
        let result: Result
        do throws(Failure) {
            result = try body(&transaction)
        } catch {
            writing.leave()
            transaction.abort()
            throw error
        }
        writing.leave()
        writing.beginSettling()
        do throws(LMDBError) {
            try transaction.commit()
        } catch {
            let explained = explainShortWrite(error)
            writing.settle(poisoned: explained.isOutcomeUnknown)
            throw failure(explained)
        }
        writing.settle(poisoned: false)
        return result
    }

    /// Throws unless this thread may begin a write transaction.
    func checkWritable(_ operation: LMDBError.Operation) throws(LMDBError) {
        guard options.access == .readWrite else {
            throw LMDBError(.readOnlyEnvironment, operation: operation, path: path)
        }
        guard !writing.isWrittenByThisThread else {
            throw LMDBError(.nestedWrite, operation: operation, path: path)
        }
        guard !writing.isPoisoned else {
            throw LMDBError(.poisoned, operation: operation, path: path)
        }
    }

    private func beginWriting() throws(LMDBError) -> WriteTransaction {
        try checkWritable(.begin)
        let transaction = WriteTransaction(reader: try begin(flags: 0))
        guard writing.enter() else {
            transaction.abort()
            throw LMDBError(.poisoned, operation: .begin, path: path)
        }
        return transaction
    }

    /// LMDB reports a write that was cut short as `EIO`, which is what a disk that fills up amid a
    /// commit looks like.
    ///
    /// Asks the disk again, so that the user hears of that and not of a failing disk.
    ///
    /// Called while the commit is unsettled, so nobody else writes.
    private func explainShortWrite(_ error: LMDBError) -> LMDBError {
        guard error.code == EIO,
            let file = try? unsafe DataFile.of(handle, .commit, path: path),
            let code = file.errorOfGrowing()
        else { return error }
        return LMDBError(.code(code), operation: error.operation, path: error.path)
    }

    func begin(flags: UInt32) throws(LMDBError) -> ReadTransaction {
        var started: OpaquePointer?
        try LMDBError.check(unsafe mdb_txn_begin(handle, nil, flags, &started), .begin, path)
        guard let started = unsafe started else {
            throw LMDBError(.code(MDB_PANIC), operation: .begin, path: path)
        }
        return unsafe ReadTransaction(owning: started, environment: self)
    }
}
