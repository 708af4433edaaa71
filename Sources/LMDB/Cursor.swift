// SPDX-License-Identifier: Apache-2.0
import CLMDB
import Glibc

/// A place in a database, for the length of one scan.
///
/// Safe, because it closes its handle itself, before the transaction it was opened in ends: it never
/// leaves the functions of this module, which hold that transaction meanwhile.
@safe struct Cursor<Key: DatabaseKey>: ~Copyable {
    private let handle: OpaquePointer
    private let path: String
    private let operation: LMDBError.Operation

    init(
        _ transaction: borrowing ReadTransaction,
        _ database: Database<Key>,
        _ operation: LMDBError.Operation
    ) throws(LMDBError) {
        let path = transaction.environment.path
        var opened: OpaquePointer?
        let number = transaction.handle(of: database)
        try LMDBError.check(
            unsafe mdb_cursor_open(transaction.handle, number, &opened),
            operation,
            path
        )
        guard let handle = unsafe opened else {
            throw LMDBError(.code(ENOMEM), operation: operation, path: path)
        }
        unsafe self.handle = unsafe handle
        self.path = path
        self.operation = operation
    }

    deinit { unsafe mdb_cursor_close(handle) }

    /// Goes to the first entry at or after `start` in the given direction.
    func seek(_ start: Key?, _ direction: ScanDirection) throws(LMDBError) -> Entry? {
        guard let start else {
            return try move(direction == .ascending ? MDB_FIRST : MDB_LAST)
        }
        var value = unsafe MDB_val()
        var found = unsafe MDB_val()
        var isExact = false
        let code = unsafe start.withMappedBytes { key in
            unsafe found = unsafe key
            let code = unsafe mdb_cursor_get(handle, &found, &value, MDB_SET_RANGE)
            isExact =
                unsafe code == MDB_SUCCESS && found.mv_size == key.mv_size
                && memcmp(found.mv_data, key.mv_data, key.mv_size) == 0
            return code
        }
        switch direction {
        case .ascending:
            return unsafe try entry(code, found, value)
        case .descending:
            if isExact { return unsafe try entry(code, found, value) }
            // What was found is greater, or everything is smaller.
            guard code == MDB_SUCCESS || code == MDB_NOTFOUND else {
                return unsafe try entry(code, found, value)
            }
            return try move(code == MDB_SUCCESS ? MDB_PREV : MDB_LAST)
        }
    }

    /// Goes one entry on in the given direction.
    func next(_ direction: ScanDirection) throws(LMDBError) -> Entry? {
        try move(direction == .ascending ? MDB_NEXT : MDB_PREV)
    }

    /// Deletes the entry it is at.
    func delete() throws(LMDBError) {
        try LMDBError.check(unsafe mdb_cursor_del(handle, 0), operation, path)
    }

    private func move(_ step: MDB_cursor_op) throws(LMDBError) -> Entry? {
        var key = unsafe MDB_val()
        var value = unsafe MDB_val()
        let code = unsafe mdb_cursor_get(handle, &key, &value, step)
        return unsafe try entry(code, key, value)
    }

    private func entry(
        _ code: Int32,
        _ key: MDB_val,
        _ value: MDB_val
    ) throws(LMDBError) -> Entry? {
        guard code != MDB_NOTFOUND else { return nil }
        try LMDBError.check(code, operation, path)
        let decoded = unsafe key.withBytes { Key(keyBytes: $0) }
        guard let decoded else {
            throw LMDBError(
                .malformedKey(byteCount: unsafe key.mv_size),
                operation: operation,
                path: path
            )
        }
        return unsafe Entry(key: decoded, value: value)
    }

    /// A key, and where its value lies: good until the next write in the transaction or its end.
    ///
    /// Safe to hold; looking at `value` is what is unsafe.
    @safe struct Entry {
        let key: Key
        let value: MDB_val
    }
}
