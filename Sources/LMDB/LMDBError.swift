// SPDX-License-Identifier: Apache-2.0
import CLMDB
import Glibc

/// What went wrong in storage: the call that failed, why, and the file it concerns.
///
/// `description` says in words what to do about it.
public struct LMDBError: Error, Sendable, Equatable {
    /// What was being done.
    public enum Operation: String, Sendable {
        case open
        case begin
        case commit
        case openDatabase = "open database"
        case get
        case put
        case delete
        case scan
        case count
        case flush
        case copy
        case measure
    }

    /// Why it failed.
    public enum Cause: Sendable, Equatable {
        /// An `errno` (positive) or a code of LMDB (negative).
        case code(Int32)
        /// The environment is already open in this process, which LMDB forbids.
        case alreadyOpen
        /// Another process holds the environment; its process identifier if it could be read.
        case locked(processIdentifier: Int32?)
        /// The data file is not one that LMDB wrote on a machine like this one.
        case foreignFile
        /// The data file ends before pages that are in use.
        case truncated(expectedByteCount: UInt64, foundByteCount: UInt64)
        /// An earlier commit or flush failed, so what is on disk is not known.
        case poisoned
        /// A write transaction was begun inside another one on the same thread.
        case nestedWrite
        /// A write was asked of an environment that was opened for reading.
        case readOnlyEnvironment
        /// The database was opened before with keys of another type.
        case keyTypeMismatch
        /// A stored key is not one of the database's key type.
        case malformedKey(byteCount: Int)
    }

    /// What was being done.
    public let operation: Operation
    /// Why it failed.
    public let cause: Cause
    /// The environment's directory or the file in it, where it helps.
    public let path: String?

    package init(_ cause: Cause, operation: Operation, path: String?) {
        self.cause = cause
        self.operation = operation
        self.path = path
    }

    /// The `errno` or LMDB code, or `nil` where the wrapper itself found the fault.
    public var code: Int32? {
        guard case .code(let code) = cause else { return nil }
        return code
    }
}

extension LMDBError {
    /// The map's size is reached: open the environment with a larger one.
    public var isMapFull: Bool { code == MDB_MAP_FULL }

    /// The disk, a quota or the limit on a file's size is exhausted.
    public var isDiskFull: Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }

    /// The user may not do this to the file.
    public var isPermissionDenied: Bool { code == EACCES || code == EPERM || code == EROFS }

    /// The directory, file or named database does not exist.
    public var isNotFound: Bool { code == ENOENT || code == MDB_NOTFOUND }

    /// The key is there already (`noOverwrite`), or is not the greatest (`append`).
    public var isKeyExists: Bool { code == MDB_KEYEXIST }

    /// Somebody has the environment open already.
    public var isLocked: Bool {
        switch cause {
        case .locked, .alreadyOpen: true
        default: false
        }
    }

    /// The data file itself is damaged, cut short or foreign.
    public var isDamaged: Bool {
        switch cause {
        case .foreignFile, .truncated, .malformedKey: true
        case .code(let code):
            code == MDB_INVALID || code == MDB_VERSION_MISMATCH || code == MDB_CORRUPTED
                || code == MDB_PAGE_NOTFOUND
        default: false
        }
    }

    /// Whether what was written may or may not be on disk: close, reopen and compare.
    public var isOutcomeUnknown: Bool {
        switch cause {
        case .poisoned: true
        case .code(let code):
            (operation == .commit || operation == .flush) && !Self.failsBeforeWriting(code)
        default: false
        }
    }

    /// Codes with which a commit fails in memory, before it has written a byte.
    private static func failsBeforeWriting(_ code: Int32) -> Bool {
        code == MDB_MAP_FULL || code == MDB_TXN_FULL || code == MDB_BAD_TXN
    }

    /// Throws unless `code` is LMDB's success.
    static func check(_ code: Int32, _ operation: Operation, _ path: String?) throws(LMDBError) {
        guard code == MDB_SUCCESS else {
            throw LMDBError(.code(code), operation: operation, path: path)
        }
    }

    /// The error of the system call that has just failed.
    static func system(_ operation: Operation, _ path: String?) -> LMDBError {
        LMDBError(.code(errno), operation: operation, path: path)
    }
}
