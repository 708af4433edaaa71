// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Files that are there whole or not at all, and outlast a loss of power once a call has returned.
///
/// What is written stands beside its place first, under a name that ends in `.incomplete`; whatever
/// interrupts it leaves at most that, and nobody reads it.
enum WholeFile {
    /// Only the owner reads and writes.
    static let secret: mode_t = 0o600
    /// Everyone reads whom the folder lets in.
    static let open: mode_t = 0o644

    /// The bytes of a file, or `nil` if there is none.
    static func contents(_ path: String, atMost limit: Int) throws(KeepingError) -> [UInt8]? {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure(path, "open it")
        }
        defer { _ = close(descriptor) }
        return try contents(of: descriptor, path, atMost: limit)
    }

    /// The bytes of an open file.
    static func contents(
        of descriptor: Int32,
        _ path: String,
        atMost limit: Int
    ) throws(KeepingError) -> [UInt8] {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 14)
        while bytes.count <= limit {
            let count = unsafe block.withUnsafeMutableBytes { buffer in
                unsafe read(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, "read it") }
            if count == 0 { return bytes }
            bytes += block.prefix(count)
        }
        throw .foreign(path: path, found: "more than \(limit) bytes", expected: "fewer")
    }

    /// Makes a file; false, with nothing changed, if there is one already.
    ///
    /// However many try at once, one of them makes it.
    static func make(
        _ path: String,
        _ bytes: [UInt8],
        mode: mode_t
    ) throws(KeepingError) -> Bool {
        let beside = try writeBeside(path, bytes, mode: mode)
        // Unlike a renaming, a link never takes the place of what is there.
        let isMade = unsafe link(beside, path) == 0
        let code = errno
        _ = unsafe unlink(beside)
        guard isMade || code == EEXIST else {
            throw .file(path: path, action: "make it", code: code)
        }
        // Also of one that somebody else has just made: whoever goes on with it relies on it.
        try synchronize(folder: parent(of: path))
        return isMade
    }

    /// Puts a file in the place of one that may be there.
    static func replace(
        _ path: String,
        _ bytes: [UInt8],
        mode: mode_t
    ) throws(KeepingError) {
        let beside = try writeBeside(path, bytes, mode: mode)
        try move(beside, to: path)
    }

    /// Moves a file onto another in the same folder.
    static func move(_ path: String, to place: String) throws(KeepingError) {
        guard unsafe rename(path, place) == 0 else { throw failure(place, "replace it") }
        try synchronize(folder: parent(of: place))
    }

    /// Makes a folder if there is none.
    static func makeFolder(_ path: String, mode: mode_t) throws(KeepingError) {
        guard unsafe mkdir(path, mode) != 0 else {
            return try synchronize(folder: parent(of: path))
        }
        guard errno == EEXIST else { throw failure(path, "make the folder") }
    }

    /// Takes a file away; it may be gone already.
    static func remove(_ path: String) throws(KeepingError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw failure(path, "delete it") }
        try synchronize(folder: parent(of: path))
    }

    /// The names in a folder, sorted; none if there is no folder.
    static func names(in folder: String) throws(KeepingError) -> [String] {
        do throws(FileFailure) {
            return try Files.names(in: folder)
        } catch {
            throw .file(path: folder, action: "list it", code: error.code)
        }
    }

    /// Makes a folder's entries durable.
    static func synchronize(folder: String) throws(KeepingError) {
        let descriptor = unsafe Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(folder, "open the folder") }
        defer { _ = close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(folder, "make the folder durable") }
    }

    /// The folder in which a file lies.
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// What the system says of the call that has just failed.
    static func failure(_ path: String, _ action: String) -> KeepingError {
        .file(path: path, action: action, code: errno)
    }

    private static func writeBeside(
        _ path: String,
        _ bytes: [UInt8],
        mode: mode_t
    ) throws(KeepingError) -> String {
        let beside = "\(path).\(String(UInt64.random(in: .min ... .max), radix: 16)).incomplete"
        do throws(FileFailure) {
            let file = try OpenFile(beside, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
            do throws(FileFailure) {
                try file.write(bytes, at: 0)
                try file.synchronize()
            } catch {
                _ = unsafe unlink(beside)
                throw error
            }
        } catch {
            throw .file(path: path, action: "write it", code: error.code)
        }
        return beside
    }
}

extension WholeFile {
    /// Runs `body` while nobody else, in this process or another, changes what lies in a folder.
    static func locked<Result>(
        _ folder: String,
        _ body: () throws(KeepingError) -> Result
    ) throws(KeepingError) -> Result {
        let descriptor = unsafe Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(folder, "open the folder") }
        // Closing gives the lock up.
        defer { _ = close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw failure(folder, "lock the folder") }
        }
        return try body()
    }
}
