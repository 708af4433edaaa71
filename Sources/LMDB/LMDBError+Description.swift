// SPDX-License-Identifier: Apache-2.0
import CLMDB
import Glibc

extension LMDBError: CustomStringConvertible {
    /// What was being done to what, why it failed, and what to do about it.
    public var description: String {
        let place = path.map { " \($0)" } ?? ""
        return "\(operation.rawValue)\(place): \(explanation)"
    }

    private var explanation: String {
        switch cause {
        case .code(let code): explain(code)
        case .alreadyOpen:
            "it is already open in this process. Share that environment, or close it first."
        case .locked(let holder?):
            "process \(holder) has it open. Stop that process, or ask it instead."
        case .locked(nil):
            "another process has it open. Stop that process, or ask it instead."
        case .foreignFile:
            "the file is not an LMDB data file of this kind of machine. Check the path; "
                + "nothing was changed."
        case .truncated(let expected, let found):
            "the file is cut short: \(found) bytes of \(expected). Nothing was changed. Keep the "
                + "file for examination and restore a backup."
        case .poisoned:
            "an earlier commit or flush failed, and whether it reached the disk is unknown. "
                + "Close, reopen and compare before writing again."
        case .nestedWrite:
            "a write transaction is already under way on this thread. End it first."
        case .readOnlyEnvironment:
            "it was opened for reading only. Open it for writing to change it."
        case .keyTypeMismatch:
            "the database is already open with keys of another type. Open it with that type."
        case .malformedKey(let byteCount):
            "a stored key of \(byteCount) bytes does not fit the database's key type. The file "
                + "is damaged or was written by something else; restore a backup."
        }
    }

    private func explain(_ code: Int32) -> String {
        if isDiskFull {
            return "\(message(code)): the disk, a quota or the file size limit is exhausted. "
                + (isOutcomeUnknown ? "Free space, close, reopen and compare." : "Free space.")
        }
        if isPermissionDenied {
            return "\(message(code)): this user may not do that here. Check the owner and the mode "
                + "of the directory and of the files in it."
        }
        let advice = advice(code)
        return advice.isEmpty ? "\(message(code)) (\(code))" : "\(message(code)): \(advice)"
    }

    private func advice(_ code: Int32) -> String {
        switch code {
        case MDB_MAP_FULL:
            "the data has reached the size of the map. Open it with a larger map."
        case MDB_NOTFOUND: "there is no such database in it. Check the name, or create it first."
        case ENOENT: "there is nothing at this path. Check it, or create it first."
        case ENOTDIR: "an environment is a directory. Check the path."
        case MDB_INVALID: "the file is not an LMDB data file. Check the path."
        case MDB_VERSION_MISMATCH:
            "another version of LMDB wrote the file. Read it with that version."
        case MDB_CORRUPTED, MDB_PAGE_NOTFOUND:
            "the file is damaged. Keep it for examination and restore a backup."
        case EIO: "the disk failed. Look at the system's log, close, reopen and compare."
        case MDB_PANIC: "an earlier write failed badly. Close, reopen and compare."
        case MDB_READERS_FULL: "too many readers at once. Open it with more reader slots."
        case MDB_DBS_FULL: "too many databases. Open it with room for more."
        case MDB_MAP_RESIZED:
            "another process made it larger than this one's map. Reopen it with a larger map."
        case MDB_KEYEXIST: "the key is there already, or an append is out of order."
        case MDB_BAD_VALSIZE: "a key has 1 to 511 bytes, a value at most 4 GiB."
        case MDB_BAD_TXN: "an earlier call in this transaction failed, so nothing was written."
        case MDB_TXN_FULL: "the transaction is too large. Split it."
        case ENOMEM: "not enough memory or address space for the map. Open it with a smaller one."
        case EEXIST: "a file is in the way. Choose an empty directory."
        default: ""
        }
    }

    private func message(_ code: Int32) -> String {
        guard let text = unsafe mdb_strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}
