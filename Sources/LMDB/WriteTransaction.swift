// SPDX-License-Identifier: Apache-2.0
import CLMDB

/// A write transaction.
///
/// It aborts when it goes away without a commit.
///
/// Look things up through `reader`, which also sees what this transaction has written. While a span
/// or a scan is open the compiler refuses writes. Neither `isKeyExists` nor a key of a wrong length
/// harms the transaction; after any other error of a write it is doomed and will not commit.
///
/// Safe, because the handle lives exactly as long as the value that owns it, and because the value
/// can not leave the closure, and so the thread, that it was lent to.
@safe public struct WriteTransaction: ~Copyable {
    /// What is there now, for looking up.
    public let reader: ReadTransaction

    init(reader: consuming ReadTransaction) {
        self.reader = reader
    }

    /// Ends the transaction and keeps what it wrote.
    consuming func commit() throws(LMDBError) {
        try reader.commit()
    }

    /// Ends the transaction and keeps nothing.
    consuming func abort() {}
}

extension WriteTransaction {
    /// Puts a value under a key, in place of the one that is there.
    public mutating func put<Key>(
        _ value: RawSpan,
        for key: Key,
        in database: Database<Key>,
        options: PutOptions = []
    ) throws(LMDBError) {
        var flags: UInt32 = 0
        if options.contains(.noOverwrite) { flags |= UInt32(MDB_NOOVERWRITE) }
        if options.contains(.append) { flags |= UInt32(MDB_APPEND) }
        let number = reader.handle(of: database)
        let code = unsafe key.withMappedBytes { key in
            unsafe value.withMappedBytes { unsafe mdb_put(reader.handle, number, &key, &$0, flags) }
        }
        try LMDBError.check(code, .put, reader.environment.path)
    }

    /// Puts a value under a key, in place of the one that is there.
    public mutating func put<Key>(
        _ value: [UInt8],
        for key: Key,
        in database: Database<Key>,
        options: PutOptions = []
    ) throws(LMDBError) {
        try put(unsafe value.span.bytes, for: key, in: database, options: options)
    }

    /// Deletes a key and its value.
    ///
    /// Returns whether it was there.
    @discardableResult
    public mutating func delete<Key>(
        _ key: Key,
        in database: Database<Key>
    ) throws(LMDBError) -> Bool {
        let number = reader.handle(of: database)
        let code = unsafe key.withMappedBytes { unsafe mdb_del(reader.handle, number, &$0, nil) }
        guard code != MDB_NOTFOUND else { return false }
        try LMDBError.check(code, .delete, reader.environment.path)
        return true
    }

    /// Deletes all keys that are not less than `start`.
    ///
    /// Returns how many there were.
    @discardableResult
    public mutating func deleteAll<Key>(
        from start: Key,
        in database: Database<Key>
    ) throws(LMDBError) -> Int {
        let cursor = try Cursor(reader, database, .delete)
        var count = 0
        // Seeks anew each time: where a cursor stands after a deletion is hard to rely on.
        while try cursor.seek(start, .ascending) != nil {
            try cursor.delete()
            count += 1
        }
        return count
    }

    /// Deletes all keys of the database.
    ///
    /// The database stays.
    public mutating func deleteAll<Key>(in database: Database<Key>) throws(LMDBError) {
        let number = reader.handle(of: database)
        try LMDBError.check(
            unsafe mdb_drop(reader.handle, number, 0),
            .delete,
            reader.environment.path
        )
    }
}
