// SPDX-License-Identifier: Apache-2.0

import CSQLite

/// A connection to an SQLite database, closed when it goes away.
///
/// One thread at a time.
@safe
final class SQLiteDatabase {
    fileprivate let handle: OpaquePointer

    init(path: String) throws(PeerError) {
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let code = unsafe sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let opened = unsafe opened else {
            unsafe sqlite3_close(opened)
            throw PeerError("SQLite can not open \(path): code \(code)")
        }
        unsafe handle = opened
    }

    deinit { unsafe sqlite3_close_v2(handle) }

    /// The version of the library.
    static var version: String { unsafe String(cString: sqlite3_libversion()) }

    /// Runs statements without parameters, and throws away what they return.
    func execute(_ text: String) throws(PeerError) {
        let code = unsafe sqlite3_exec(handle, text, nil, nil, nil)
        guard code == SQLITE_OK else { throw failure(text) }
    }

    /// The first column of the first row as text; for settings.
    func value(_ text: String) throws(PeerError) -> String {
        let statement = try SQLiteStatement(self, text)
        return try statement.step() ? statement.text(0) : ""
    }

    fileprivate func failure(_ what: String) -> PeerError {
        let message = unsafe String(cString: sqlite3_errmsg(handle))
        return PeerError("SQLite: \(message), in: \(what)")
    }
}

/// A prepared statement, finalized when it goes away.
///
/// One thread at a time.
@safe
final class SQLiteStatement {
    private let database: SQLiteDatabase
    private let handle: OpaquePointer
    private let text: String

    init(_ database: SQLiteDatabase, _ text: String) throws(PeerError) {
        var prepared: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(
            database.handle,
            text,
            -1,
            UInt32(SQLITE_PREPARE_PERSISTENT),
            &prepared,
            nil
        )
        guard code == SQLITE_OK, let prepared = unsafe prepared else {
            throw database.failure(text)
        }
        unsafe handle = prepared
        self.database = database
        self.text = text
    }

    deinit { unsafe sqlite3_finalize(handle) }

    /// Binds a number to a parameter, counted from 1.
    func bind(_ value: Int64, at place: Int32) {
        unsafe sqlite3_bind_int64(handle, place, value)
    }

    /// Goes on to the next row; whether there is one.
    func step() throws(PeerError) -> Bool {
        let code = unsafe sqlite3_step(handle)
        guard code == SQLITE_ROW || code == SQLITE_DONE else { throw database.failure(text) }
        return code == SQLITE_ROW
    }

    /// Runs a statement that returns no row, and makes it ready to run again.
    func run() throws(PeerError) {
        let code = unsafe sqlite3_step(handle)
        unsafe sqlite3_reset(handle)
        guard code == SQLITE_DONE else { throw database.failure(text) }
    }

    /// Runs a statement that returns one number, and makes it ready to run again.
    func number() throws(PeerError) -> Int64 {
        let code = unsafe sqlite3_step(handle)
        let value = unsafe sqlite3_column_int64(handle, 0)
        unsafe sqlite3_reset(handle)
        guard code == SQLITE_ROW else { throw database.failure(text) }
        return value
    }

    /// A number in a column of the current row.
    func column(_ index: Int32) -> Int64 { unsafe sqlite3_column_int64(handle, index) }

    /// The text in a column of the current row.
    func text(_ index: Int32) -> String {
        guard let bytes = unsafe sqlite3_column_text(handle, index) else { return "" }
        return unsafe String(cString: bytes)
    }

    /// The rows that the last statement on this connection changed.
    var changeCount: Int { Int(unsafe sqlite3_changes(database.handle)) }
}
