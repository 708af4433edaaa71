// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A folder that is filled beside its place and moved there when it is complete.
///
/// Whatever interrupts it, the place has the whole folder or none. What is left beside it after a
/// `kill -9` has its log under another name, so that no command takes it for a ledger; it can be
/// deleted.
struct NewFolder: ~Copyable {
    /// Where the folder goes.
    let place: String
    /// Where the log is made.
    let logPath: String
    /// Where the folder is until it is moved.
    let path: String
    private var isSettled = false

    /// Begins to make a folder.
    ///
    /// - Parameters:
    ///   - place: Where it goes: nothing, or an empty folder, in a folder that exists. A parent is
    ///     not made: where a disk should be mounted and is not, nothing must be written.
    ///   - option: What the user named it with.
    ///   - mode: Its permission bits, before the process's mask.
    /// - Throws: A failure if something is at the place, or if nothing can be made beside it.
    init(at place: String, _ option: String, mode: mode_t) throws(CommandFailure) {
        try NewFolder.check(place, option)
        let beside = besidePath(NewFolder.withoutSlashes(place))
        guard unsafe mkdir(beside, mode) == 0 else {
            throw systemFailure(option, "the folder \(beside) can not be made")
        }
        self.place = place
        path = beside
        logPath = beside + "/incomplete"
    }

    /// Moves the folder, with the log, to its place.
    mutating func settle(_ option: String) throws(CommandFailure) {
        let (log, plain) = (path + "/log", NewFolder.withoutSlashes(place))
        // Onto a folder that is not empty any more it fails.
        guard unsafe rename(logPath, log) == 0, synchronize(folder: path),
            unsafe rename(path, plain) == 0
        else { throw systemFailure(option, "the folder \(place) can not be made") }
        isSettled = true
        guard synchronize(folder: parent(of: plain)) else {
            throw systemFailure(option, "\(place) is made, but may not outlast a loss of power")
        }
    }

    deinit {
        guard !isSettled else { return }
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Complains before any work is done if there is something at the place.
    private static func check(_ place: String, _ option: String) throws(CommandFailure) {
        let files = FileManager.default
        guard files.fileExists(atPath: place) else { return }
        // None of what is no folder.
        let found = try? files.contentsOfDirectory(atPath: place)
        guard found?.isEmpty != true else { return }
        guard found?.contains("log") != true else {
            throw CommandFailure(
                .conflict,
                "\(option): there is a ledger in '\(place)' already. Nothing was written; choose "
                    + "another place"
            )
        }
        throw CommandFailure(
            .rejected,
            "\(option): found something else at '\(place)', expected an empty folder or one that "
                + "does not exist yet: choose another"
        )
    }

    private static func withoutSlashes(_ place: String) -> String {
        var plain = place
        while plain.utf8.count > 1, plain.hasSuffix("/") { plain.removeLast() }
        return plain
    }
}

/// A file that is written beside its place and moved there when it is complete.
///
/// Only its owner can read it.
struct NewFile: ~Copyable {
    private let place: String
    private let option: String
    private let path: String
    private let descriptor: Int32
    private var isSettled = false

    init(at place: String, _ option: String) throws(CommandFailure) {
        guard !FileManager.default.fileExists(atPath: place) else {
            throw CommandFailure(
                OptionValues.malformed(option, place, "a file that does not exist yet")
            )
        }
        let beside = besidePath(place)
        let opened = unsafe open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard opened >= 0 else {
            throw systemFailure(option, "the file \(place) can not be written")
        }
        self.place = place
        self.option = option
        path = beside
        descriptor = opened
    }

    /// Writes bytes at the end.
    func append(_ bytes: [UInt8]) throws(CommandFailure) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe write(
                    descriptor,
                    buffer.baseAddress?.advanced(by: written),
                    buffer.count - written
                )
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw systemFailure(option, "the file \(place) can not be written")
            }
            written += count
        }
    }

    /// Makes the file durable and moves it to its place.
    mutating func settle() throws(CommandFailure) {
        guard fsync(descriptor) == 0, unsafe rename(path, place) == 0 else {
            throw systemFailure(option, "the file \(place) can not be written")
        }
        isSettled = true
        guard synchronize(folder: parent(of: place)) else {
            throw systemFailure(option, "\(place) is written, but may not outlast a loss of power")
        }
    }

    deinit {
        _ = close(descriptor)
        if !isSettled { _ = unsafe unlink(path) }
    }
}

/// A name beside a path that nothing has.
private func besidePath(_ path: String) -> String {
    "\(path).\(hexadecimal(UInt64.random(in: .min ... .max))).incomplete"
}

/// What the system says of the call that has just failed.
private func systemFailure(_ option: String, _ what: String) -> CommandFailure {
    let code = errno
    let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    let advice =
        switch code {
        case ENOSPC, EDQUOT, EFBIG: "Free space, or choose another place"
        case ENOENT: "Check the path: the folder around it must exist"
        default: "Choose another place, or see to its permissions"
        }
    let status: ExitStatus = code == ENOENT ? .rejected : .failed
    return CommandFailure(status, "\(option): \(what): \(reason). \(advice)")
}

/// The folder in which something lies.
private func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// Makes a folder's entries durable; false if the system can not.
private func synchronize(folder: String) -> Bool {
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { _ = close(descriptor) }
    return fsync(descriptor) == 0
}
