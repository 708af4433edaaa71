// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// This process's claim on one environment: its place in the table of what the process has open,
/// and the lock on the writer's file.
///
/// Both are given up together when the claim goes away.
struct EnvironmentClaim: ~Copyable, Sendable {
    static let lockFileName = "writer.lock"

    private let identity: FileIdentity
    /// Keeps the directory's number from going to another one, should it be deleted meanwhile.
    private let directory: Int32
    private var descriptor: Int32?

    /// Claims the directory for this process.
    init(directory path: String) throws(LMDBError) {
        let directory = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .system(.open, path) }
        var status = stat()
        guard unsafe fstat(directory, &status) == 0 else {
            _ = close(directory)
            throw .system(.open, path)
        }
        let identity = FileIdentity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
        guard OpenEnvironments.shared.insert(identity) else {
            _ = close(directory)
            throw LMDBError(.alreadyOpen, operation: .open, path: path)
        }
        self.identity = identity
        self.directory = directory
        descriptor = nil
    }

    deinit {
        // The table comes last, so that nobody in this process meets our own lock.
        if let descriptor {
            // Takes the writer's number out. On a reader's descriptor this fails, as it should.
            _ = ftruncate(descriptor, 0)
            // Closing is not enough: a child that is just being started still has the file open.
            _ = flock(descriptor, LOCK_UN)
            _ = close(descriptor)
        }
        OpenEnvironments.shared.remove(identity)
        _ = close(directory)
    }

    /// Locks every other writer out, or says at once who is in.
    ///
    /// Never waits.
    mutating func lockForWriting(directory path: String, mode: UInt32) throws(LMDBError) {
        let file = "\(path)/\(Self.lockFileName)"
        let descriptor = unsafe open(file, O_RDWR | O_CREAT | O_CLOEXEC, mode_t(mode))
        guard descriptor >= 0 else { throw .system(.open, file) }
        try take(LOCK_EX, on: descriptor, of: file)
        // The number only makes another process's message better: failing to write it is no error.
        let text = Array("\(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = unsafe text.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    /// Keeps writers out while this process reads without a place in LMDB's table of readers.
    ///
    /// Where no writer has ever made the lock file there is nothing to lock.
    mutating func lockForReading(directory path: String) throws(LMDBError) {
        let file = "\(path)/\(Self.lockFileName)"
        let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw .system(.open, file) }
            return
        }
        try take(LOCK_SH, on: descriptor, of: file)
    }

    private mutating func take(
        _ kind: Int32,
        on descriptor: Int32,
        of file: String
    ) throws(LMDBError) {
        guard flock(descriptor, kind | LOCK_NB) == 0 else {
            let error =
                errno == EWOULDBLOCK
                ? LMDBError(
                    .locked(processIdentifier: Self.holder(descriptor)),
                    operation: .open,
                    path: file
                )
                : .system(.open, file)
            _ = close(descriptor)
            throw error
        }
        self.descriptor = descriptor
    }

    /// The process identifier in the lock file, if there is one and that process still lives.
    private static func holder(_ descriptor: Int32) -> Int32? {
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = unsafe buffer.withUnsafeMutableBytes {
            unsafe pread(descriptor, $0.baseAddress, $0.count, 0)
        }
        let digits = buffer.prefix(max(count, 0)).prefix { $0 != UInt8(ascii: "\n") }
        guard let identifier = Int32(String(decoding: digits, as: UTF8.self)), identifier > 0 else {
            return nil
        }
        // A reader may hold the lock after the writer that left its number has ended.
        let lives = kill(identifier, 0) == 0 || errno == EPERM
        return lives ? identifier : nil
    }
}

/// What tells one directory from another, whatever path leads to it.
struct FileIdentity: Hashable, Sendable {
    let device: UInt64
    let number: UInt64
}

/// The environments this process has open: LMDB's locks break when one is opened twice.
private final class OpenEnvironments: Sendable {
    static let shared = OpenEnvironments()

    private let identities = Mutex<Set<FileIdentity>>([])

    /// Whether the directory was not in the table before.
    func insert(_ identity: FileIdentity) -> Bool {
        identities.withLock { $0.insert(identity).inserted }
    }

    func remove(_ identity: FileIdentity) {
        identities.withLock { _ = $0.remove(identity) }
    }
}
