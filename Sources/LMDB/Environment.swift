// SPDX-License-Identifier: Apache-2.0
import CLMDB
import Glibc
import Synchronization

/// A directory with an LMDB data file in it, opened by this process.
///
/// It may be used from any thread; it closes when its last reference goes. It must not be carried
/// over a `fork`.
///
/// A process can have it open once (`alreadyOpen`), and one process at a time can have it open for
/// writing (`locked`, at once). Readers in other processes do not disturb the writer and are not
/// disturbed by it, as long as they may write to LMDB's table of readers, `lock.mdb`. A reader
/// without that permission takes a shared lock on the writer's lock file instead: it gets `locked`
/// while a writer is in, and keeps writers out while it is in, as the writer could otherwise
/// overwrite the pages it reads. Where there is no such lock file (a copy that was never opened for
/// writing) such a reader is unprotected.
@safe public final class Environment: Sendable {
    /// The directory, as it was given.
    public let path: String
    /// How it was opened.
    public let options: EnvironmentOptions

    static let dataFileName = "data.mdb"
    static let readerTableName = "lock.mdb"

    /// Tells apart the environments of this process, for `Database`.
    let serial: UInt64
    // An `MDB_env` may be used from any thread at once; only opening databases may not overlap,
    // which `databases` guards. It is freed in `deinit`, when nobody can hold the class.
    nonisolated(unsafe) let handle: OpaquePointer
    let writing = WritingState()
    let databases = Mutex<[String?: OpenDatabase]>([:])
    private let claim: EnvironmentClaim

    private static let lastSerial = Atomic<UInt64>(0)

    /// Opens the environment in the directory `path`, which must exist.
    ///
    /// It checks the data file's first pages and its length before it looks at any other page, as
    /// a page that is missing from the map ends the process. It frees the places of readers that
    /// died. It never waits for another process.
    public init(
        path: String,
        options: EnvironmentOptions = EnvironmentOptions()
    ) throws(LMDBError) {
        var claim = try EnvironmentClaim(directory: path)
        var flags = UInt32(MDB_NOTLS)
        switch options.access {
        case .readWrite:
            try claim.lockForWriting(directory: path, mode: options.fileMode)
            try Self.checkDataFile(in: path, mayBeMissing: options.createsIfMissing)
            if options.synchronization == .none { flags |= UInt32(MDB_NOSYNC) }
        case .readOnly:
            try Self.checkDataFile(in: path, mayBeMissing: false)
            flags |= UInt32(MDB_RDONLY)
            let canJoin = try Self.canJoinReaders(in: path, mode: options.fileMode)
            if !canJoin {
                flags |= UInt32(MDB_NOLOCK)
                try claim.lockForReading(directory: path)
            }
        }
        unsafe handle = try Self.openHandle(path, flags: flags, options: options)
        self.path = path
        self.options = options
        self.claim = claim
        // Relaxed: the number only has to be unique.
        serial = Self.lastSerial.wrappingAdd(1, ordering: .relaxed).newValue
    }

    deinit {
        // Before the claim goes, which happens after this body.
        unsafe mdb_env_close(handle)
    }
}

extension Environment {
    private static func checkDataFile(
        in path: String,
        mayBeMissing: Bool
    ) throws(LMDBError) {
        let file = "\(path)/\(dataFileName)"
        let isPresent = try DataFileHeader.isPresent(at: file)
        guard !isPresent, !mayBeMissing else { return }
        throw LMDBError(.code(ENOENT), operation: .open, path: file)
    }

    /// Whether this user can write to LMDB's table of readers, or make it.
    ///
    /// LMDB itself would give up without permission, and on a read-only file system go on without
    /// a word and without protection.
    private static func canJoinReaders(in path: String, mode: UInt32) throws(LMDBError) -> Bool {
        let file = "\(path)/\(readerTableName)"
        let descriptor = unsafe Glibc.open(file, O_RDWR | O_CREAT | O_CLOEXEC, mode_t(mode))
        guard descriptor >= 0 else {
            let error = LMDBError.system(.open, file)
            guard error.isPermissionDenied else { throw error }
            return false
        }
        // Closing gives up this process's locks on the file, of which it has none: the claim says
        // that the environment is not open here.
        _ = close(descriptor)
        return true
    }

    private static func openHandle(
        _ path: String,
        flags: UInt32,
        options: EnvironmentOptions
    ) throws(LMDBError) -> OpaquePointer {
        var created: OpaquePointer?
        try LMDBError.check(unsafe mdb_env_create(&created), .open, path)
        guard let handle = unsafe created else {
            throw LMDBError(.code(ENOMEM), operation: .open, path: path)
        }
        do throws(LMDBError) {
            try unsafe prepare(handle, path, flags: flags, options: options)
        } catch {
            unsafe mdb_env_close(handle)
            throw error
        }
        return unsafe handle
    }

    private static func prepare(
        _ handle: OpaquePointer,
        _ path: String,
        flags: UInt32,
        options: EnvironmentOptions
    ) throws(LMDBError) {
        let mapByteCount = wholePages(options.mapByteCount)
        try LMDBError.check(unsafe mdb_env_set_mapsize(handle, mapByteCount), .open, path)
        try LMDBError.check(
            unsafe mdb_env_set_maxreaders(handle, max(options.maximumReaders, 1)),
            .open,
            path
        )
        try LMDBError.check(
            unsafe mdb_env_set_maxdbs(handle, options.maximumDatabases),
            .open,
            path
        )
        try LMDBError.check(
            unsafe mdb_env_open(handle, path, flags, mode_t(options.fileMode)),
            .open,
            path
        )
        var deadReaderCount: Int32 = 0
        try LMDBError.check(unsafe mdb_reader_check(handle, &deadReaderCount), .open, path)
        try unsafe DataFileLength.check(handle, path: path)
        if options.access == .readWrite, options.synchronization == .full {
            // LMDB syncs the files it makes, but not that they are in the directory.
            try synchronizeDirectory(path, .open)
        }
    }

    private static func wholePages(_ byteCount: Int) -> Int {
        precondition(byteCount > 0, "a map has a size")
        let page = Int(getpagesize())
        let pageCount = (byteCount - 1) / page + 1
        let (rounded, overflow) = pageCount.multipliedReportingOverflow(by: page)
        precondition(!overflow, "a map fits the address space")
        return rounded
    }

    /// Makes the directory's entries durable.
    static func synchronizeDirectory(
        _ path: String,
        _ operation: LMDBError.Operation
    ) throws(LMDBError) {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(operation, path) }
        defer { _ = close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system(operation, path) }
    }
}
