// SPDX-License-Identifier: Apache-2.0
import EntryLog
import Glibc
import Synchronization

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
            guard errno == ENOENT else { throw FileFailure(folder, "be read") }
            return []
        }
        defer { _ = unsafe closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else {
                guard errno == 0 else { throw FileFailure(folder, "be read") }
                return names.sorted()
            }
            // Safe: a name ends with a zero byte, within the entry that `readdir` keeps for now.
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
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
