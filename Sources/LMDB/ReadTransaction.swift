// SPDX-License-Identifier: Apache-2.0
import CLMDB

/// One state of the environment, for looking up.
///
/// It ends when it goes away. It stays where it was lent: it can not be copied, kept or sent to
/// another thread. Bytes come out as a copy, or as a span lent to a closure; the span shows the map
/// itself and needs no copy.
///
/// Safe, because the handle lives exactly as long as the value that owns it, and because a write in
/// the same transaction needs exclusive access to it, so no span is open meanwhile.
@safe public struct ReadTransaction: ~Copyable {
    private let owned: TransactionHandle
    let environment: Environment

    var handle: OpaquePointer { unsafe owned.pointer }

    /// Takes over a transaction that LMDB has begun.
    init(owning pointer: OpaquePointer, environment: Environment) {
        owned = unsafe TransactionHandle(owning: pointer)
        self.environment = environment
    }

    /// Ends the transaction and keeps what it wrote.
    consuming func commit() throws(LMDBError) {
        let path = environment.path
        try LMDBError.check(owned.commit(), .commit, path)
    }

    func openDatabase(_ name: String?, flags: UInt32) throws(LMDBError) -> UInt32 {
        var database: UInt32 = 0
        try LMDBError.check(
            unsafe mdb_dbi_open(handle, name, flags, &database),
            .openDatabase,
            environment.path
        )
        return database
    }

    /// LMDB's handle for the database, which must be one of this environment.
    func handle<Key>(of database: Database<Key>) -> UInt32 {
        precondition(
            database.environment == environment.serial,
            "a database is used in transactions of the environment that opened it"
        )
        return database.handle
    }
}

/// Owns one transaction of LMDB and aborts it when it goes away without a commit.
///
/// Safe, because nothing else frees the pointer, and only this module can look at it.
@safe private struct TransactionHandle: ~Copyable {
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) { unsafe self.pointer = unsafe pointer }

    deinit { unsafe mdb_txn_abort(pointer) }

    consuming func commit() -> Int32 {
        let code = unsafe mdb_txn_commit(pointer)  // Frees it whatever it returns.
        discard self
        return code
    }
}

extension ReadTransaction {
    /// Lends the value of `key` to `body`; `nil` if there is none.
    public func withValue<Key, Result: ~Copyable>(
        for key: Key,
        in database: Database<Key>,
        _ body: (RawSpan) -> Result
    ) throws(LMDBError) -> Result? {
        var value = unsafe MDB_val()
        let number = self.handle(of: database)
        let code = unsafe key.withMappedBytes { unsafe mdb_get(handle, number, &$0, &value) }
        guard code != MDB_NOTFOUND else { return nil }
        try LMDBError.check(code, .get, environment.path)
        // Lives until the next write or the end of the transaction, both later than this call.
        return unsafe value.withBytes(body)
    }

    /// A copy of the value of `key`; `nil` if there is none.
    public func value<Key>(
        for key: Key,
        in database: Database<Key>
    ) throws(LMDBError) -> [UInt8]? {
        try withValue(for: key, in: database) { [UInt8](copying: $0) }
    }

    /// Whether there is a value for `key`.
    public func contains<Key>(_ key: Key, in database: Database<Key>) throws(LMDBError) -> Bool {
        try withValue(for: key, in: database) { _ in true } ?? false
    }

    /// How many keys there are.
    ///
    /// O(1).
    public func count<Key>(in database: Database<Key>) throws(LMDBError) -> Int {
        var statistics = MDB_stat()
        let number = self.handle(of: database)
        try LMDBError.check(
            unsafe mdb_stat(handle, number, &statistics),
            .count,
            environment.path
        )
        return statistics.ms_entries
    }
}
