// SPDX-License-Identifier: Apache-2.0
import EntryLog
import Glibc
import Synchronization

/// A call of the system on a file that failed.
public struct FileFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file or folder.
    public let path: String
    /// What could not be done, as `be read`.
    public let what: String
    /// The system's number of the error.
    public let code: Int32

    init(_ path: String, _ what: String, code: Int32 = errno) {
        self.path = path
        self.what = what
        self.code = code
    }

    /// Whether there is nothing at the path.
    public var isMissing: Bool { code == ENOENT || code == ENOTDIR }

    /// What failed, and the system's words for it.
    public var description: String {
        // Safe: the text is copied at once.
        let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        return "\(path) can not \(what): \(reason)"
    }
}

/// An open file.
struct OpenFile: ~Copyable {
    private let descriptor: Int32
    private let path: String

    init(_ path: String, _ flags: Int32, mode: mode_t = 0o644) throws(FileFailure) {
        self.path = path
        // Safe, as all calls here: what is lent is lent for the length of the call.
        descriptor = unsafe open(path, flags | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw FileFailure(path, "be opened") }
    }

    deinit { _ = close(descriptor) }

    /// How many bytes it has.
    func byteCount() throws(FileFailure) -> Int {
        var found = stat()
        guard unsafe fstat(descriptor, &found) == 0 else { throw FileFailure(path, "be read") }
        return Int(found.st_size)
    }

    /// When it was changed last, in seconds since 1970.
    func modificationTime() throws(FileFailure) -> Int64 {
        var found = stat()
        guard unsafe fstat(descriptor, &found) == 0 else { throw FileFailure(path, "be read") }
        return Int64(found.st_mtim.tv_sec)
    }

    /// The bytes from an offset on, fewer at the end.
    func read(at offset: Int, atMost count: Int) throws(FileFailure) -> [UInt8] {
        var code: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let found = unsafe pread(
                    descriptor,
                    buffer.baseAddress?.advanced(by: filled),
                    count - filled,
                    off_t(offset + filled)
                )
                if found < 0, errno == EINTR { continue }
                if found < 0 { code = errno }
                if found <= 0 { return }
                filled += found
            }
        }
        guard code == 0 else { throw FileFailure(path, "be read", code: code) }
        return bytes
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(FileFailure) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe pwrite(
                    descriptor,
                    buffer.baseAddress?.advanced(by: written),
                    buffer.count - written,
                    off_t(offset + written)
                )
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileFailure(path, "be written") }
            written += count
        }
    }

    func truncate(to count: Int) throws(FileFailure) {
        guard ftruncate(descriptor, off_t(count)) == 0 else { throw FileFailure(path, "be cut") }
    }

    func synchronize() throws(FileFailure) {
        guard fsync(descriptor) == 0 else { throw FileFailure(path, "be made durable") }
    }

    /// Takes the lock on it, which goes with it; false if somebody else has it.
    func lock() throws(FileFailure) -> Bool {
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
        guard errno == EWOULDBLOCK else { throw FileFailure(path, "be locked") }
        return false
    }

    func unlock() { _ = flock(descriptor, LOCK_UN) }
}

/// Files and folders by their paths.
enum Files {
    /// The content of a file, or `nil` if there is none.
    static func contents(_ path: String, atMost limit: Int) throws(FileFailure) -> [UInt8]? {
        do throws(FileFailure) {
            let file = try OpenFile(path, O_RDONLY)
            // One byte more tells that there is more.
            return try file.read(at: 0, atMost: min(file.byteCount(), limit + 1))
        } catch {
            guard error.isMissing else { throw error }
            return nil
        }
    }

    /// The names in a folder, sorted; none if there is no such folder.
    static func names(in folder: String) throws(FileFailure) -> [String] {
        guard let stream = unsafe opendir(folder) else {
            let failure = FileFailure(folder, "be read")
            guard failure.isMissing else { throw failure }
            return []
        }
        defer { _ = unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            // Safe: the name ends with a zero byte within the record, and is copied.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Makes a folder unless it is there.
    static func makeFolder(_ path: String, mode: mode_t = 0o755) throws(FileFailure) {
        guard unsafe mkdir(path, mode) != 0, errno != EEXIST else { return }
        throw FileFailure(path, "be made")
    }

    /// Makes the folders between a folder that is there and a file.
    static func makeFolders(from base: String, to relative: String) throws(FileFailure) {
        var path = base
        for part in relative.split(separator: "/").dropLast() {
            path += "/\(part)"
            try makeFolder(path)
        }
    }

    static func move(_ path: String, to place: String) throws(FileFailure) {
        guard unsafe rename(path, place) == 0 else { throw FileFailure(place, "be written") }
    }

    /// Removes a file unless it is gone.
    static func remove(_ path: String) throws(FileFailure) {
        guard unsafe unlink(path) != 0, errno != ENOENT else { return }
        throw FileFailure(path, "be removed")
    }

    /// Removes a folder with the files in it, unless it is gone.
    static func removeFolder(_ path: String) throws(FileFailure) {
        guard unsafe rmdir(path) != 0 else { return }
        if errno == ENOENT { return }
        for name in try names(in: path) { try remove("\(path)/\(name)") }
        guard unsafe rmdir(path) == 0 else { throw FileFailure(path, "be removed") }
    }

    /// Makes files durable, and with them the folders that their names are in.
    ///
    /// Many at once cost little more than one: the system writes out everything first, after which
    /// what remains for each is to learn whether that went well.
    static func synchronize(_ paths: [String], folders: Set<String>) throws(FileFailure) {
        if paths.count > manyCount { sync() }
        let failures = Mutex<[FileFailure]>([])
        Parallel.forEach(paths.count, workerCount: 64) { index in
            do throws(FileFailure) {
                try OpenFile(paths[index], O_RDONLY).synchronize()
            } catch {
                failures.withLock { $0.append(error) }
            }
        }
        if let failure = failures.withLock({ $0.first }) { throw failure }
        for folder in folders { try synchronize(folder: folder) }
    }

    /// From so many files on it is quicker to have everything written out.
    private static let manyCount = 64

    /// Puts bytes in the place of a file: all of them, or what was there stays.
    ///
    /// Durable on return. `temporary` is a path in the same file system that nobody else uses.
    static func replace(
        _ place: String,
        _ bytes: [UInt8],
        by temporary: String,
        isDurable: Bool = true
    ) throws(FileFailure) {
        do {
            let file = try OpenFile(temporary, O_WRONLY | O_CREAT | O_TRUNC)
            try file.write(bytes, at: 0)
            if isDurable { try file.synchronize() }
        }
        try move(temporary, to: place)
        guard isDurable else { return }
        let folder = place.lastIndex(of: "/").map { place[..<$0] } ?? "."
        try synchronize(folder: folder.isEmpty ? "/" : String(folder))
    }

    /// Makes the names in a folder durable.
    static func synchronize(folder: String) throws(FileFailure) {
        try OpenFile(folder, O_RDONLY | O_DIRECTORY).synchronize()
    }
}

extension LedgerHash {
    /// Hashes that stand one behind the other; bytes that are too few for one are left out.
    static func all(in bytes: [UInt8]) -> [LedgerHash] {
        stride(from: 0, through: bytes.count - byteCount, by: byteCount).compactMap {
            LedgerHash(Array(bytes[$0..<$0 + byteCount]))
        }
    }

    /// The bytes of hashes, one behind the other.
    static func bytes(of hashes: some Sequence<LedgerHash>) -> [UInt8] {
        hashes.flatMap(\.bytes)
    }
}
