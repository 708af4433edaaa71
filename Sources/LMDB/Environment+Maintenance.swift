// SPDX-License-Identifier: Apache-2.0
import CLMDB
import Glibc

extension Environment {
    /// The length of the data file in bytes.
    public func byteCountOnDisk() throws(LMDBError) -> UInt64 {
        try unsafe DataFile.of(handle, .measure, path: path).byteCount(.measure)
    }

    /// Waits until everything committed is on disk.
    ///
    /// Only needed with `Synchronization.none`.
    ///
    /// If it fails, what is on disk is unknown, and the environment takes no more writes.
    public func flush() throws(LMDBError) {
        guard options.access == .readWrite else {
            throw LMDBError(.readOnlyEnvironment, operation: .flush, path: path)
        }
        guard !writing.isPoisoned else {
            throw LMDBError(.poisoned, operation: .flush, path: path)
        }
        let code = unsafe mdb_env_sync(handle, 1)
        guard code == MDB_SUCCESS else {
            writing.poison()
            throw LMDBError(.code(code), operation: .flush, path: path)
        }
    }

    /// Waits until what a reader of this environment sees is on disk, however it was opened.
    ///
    /// A process that was ended between writing and syncing leaves pages that others see and that a
    /// loss of power takes away. Whoever tells the world of them calls this first.
    public func synchronizeDataFile() throws(LMDBError) {
        let file = try unsafe DataFile.of(handle, .flush, path: path)
        guard fdatasync(file.descriptor) == 0 else { throw .system(.flush, file.path) }
    }

    /// Copies a consistent state into the directory `destination`, which must exist and have no
    /// data file.
    ///
    /// The copy is durable on return, and has the permission bits of the options, whatever the
    /// process's mask; until then those of the directory protect it.
    ///
    /// Runs beside readers and writers, but pages freed meanwhile are not reused until it ends.
    /// `compacting` leaves out free pages; it takes more time. A copy that fails is removed.
    public func copy(to destination: String, compacting: Bool = true) throws(LMDBError) {
        let flags = compacting ? UInt32(MDB_CP_COMPACT) : 0
        let file = "\(destination)/\(Self.dataFileName)"
        let code = unsafe mdb_env_copy2(handle, destination, flags)
        guard code == MDB_SUCCESS else {
            // LMDB makes the file itself, and `EEXIST` is the one case in which it is not ours.
            if code != EEXIST { _ = unsafe unlink(file) }
            throw LMDBError(.code(code), operation: .copy, path: file)
        }
        // LMDB closes the copy without syncing it.
        let descriptor = unsafe Glibc.open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(.copy, file) }
        defer { _ = close(descriptor) }
        guard fchmod(descriptor, mode_t(options.fileMode)) == 0, fsync(descriptor) == 0 else {
            throw .system(.copy, file)
        }
        try Self.synchronizeDirectory(destination, .copy)
    }
}
