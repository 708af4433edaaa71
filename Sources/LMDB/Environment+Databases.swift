// SPDX-License-Identifier: Apache-2.0
import CLMDB
import Synchronization

/// A database that is open, and the type of its keys.
struct OpenDatabase {
    let handle: UInt32
    let keyType: ObjectIdentifier
}

extension Environment {
    /// Opens the database `name`, or the main one if `nil`, with keys of one type.
    ///
    /// With `readWrite` a database that is missing is made, in a transaction of its own; with
    /// `readOnly` that is `isNotFound`. Call it once at the start, not inside a write transaction
    /// (`nestedWrite`). The main database also holds the names of the others: an environment
    /// should use either the main one or named ones.
    @available(*, noasync)
    public func database<Key: DatabaseKey>(
        named name: String? = nil,
        keys: Key.Type = Key.self
    ) throws(LMDBError) -> Database<Key> {
        // Before the lock: waiting for it inside a write transaction could wait for ourselves.
        if options.access == .readWrite { try checkWritable(.openDatabase) }
        // LMDB forbids two transactions that open databases at once, so the lock is held
        // throughout. Only openers wait for it.
        let outcome = databases.withLock { open -> Result<UInt32, LMDBError> in
            do throws(LMDBError) {
                if let known = open[name] {
                    guard known.keyType == ObjectIdentifier(Key.self) else {
                        throw LMDBError(.keyTypeMismatch, operation: .openDatabase, path: path)
                    }
                    return .success(known.handle)
                }
                let handle = try openDatabase(name)
                open[name] = OpenDatabase(handle: handle, keyType: ObjectIdentifier(Key.self))
                return .success(handle)
            } catch {
                return .failure(error)
            }
        }
        return Database(name: name, handle: try outcome.get(), environment: serial)
    }

    @available(*, noasync)
    private func openDatabase(_ name: String?) throws(LMDBError) -> UInt32 {
        switch options.access {
        case .readWrite:
            return try withWriteTransaction { transaction throws(LMDBError) in
                try transaction.reader.openDatabase(name, flags: UInt32(MDB_CREATE))
            }
        case .readOnly:
            // A transaction that only reads has to be committed too, or the handle is closed.
            let transaction = try begin(flags: UInt32(MDB_RDONLY))
            let handle = try transaction.openDatabase(name, flags: 0)
            try transaction.commit()
            return handle
        }
    }
}
