// SPDX-License-Identifier: Apache-2.0

import Glibc
import LedgerModel

/// A file that is read from its beginning, or standard input.
///
/// One owner at a time; it can be handed from thread to thread.
struct InputFile: ~Copyable, Sendable {
    private let descriptor: Int32
    private let name: String

    /// How many bytes are read at once.
    static let blockByteCount = 1 << 20

    /// Opens a file; `-` is standard input.
    init(_ path: String) throws(CommandFailure) {
        name = path == "-" ? "standard input" : path
        descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw InputFile.failure(name, errno, to: "open") }
    }

    deinit {
        if descriptor != STDIN_FILENO { _ = close(descriptor) }
    }

    /// How many bytes are to be read, if it is a file on a disk.
    var byteCount: UInt64? {
        var found = stat()
        guard unsafe fstat(descriptor, &found) == 0, found.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        // Standard input may have been read before.
        return UInt64(max(0, Int64(found.st_size) - Int64(max(0, lseek(descriptor, 0, SEEK_CUR)))))
    }

    /// Reads the next bytes, as many as there are up to a block; none at the end.
    func read() throws(CommandFailure) -> [UInt8] {
        let descriptor = descriptor
        while true {
            var code: Int32 = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: InputFile.blockByteCount) {
                buffer,
                count in
                let found = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                count = max(found, 0)
                if found < 0 { code = errno }
            }
            if code == 0 { return bytes }
            if code != EINTR { throw InputFile.failure(name, code, to: "read") }
        }
    }

    /// The whole content of a small file.
    static func contents(
        of path: String,
        atMost limit: Int,
        called field: String
    ) throws(CommandFailure) -> [UInt8] {
        let file = try InputFile(path)
        var bytes: [UInt8] = []
        while true {
            let block = try file.read()
            if block.isEmpty { return bytes }
            bytes += block
            guard bytes.count <= limit else {
                throw CommandFailure(
                    Rejection(
                        .malformedField,
                        field: field,
                        found: "more than \(limit) bytes in \(path)",
                        expected: "a file of at most \(limit) bytes"
                    )
                )
            }
        }
    }

    private static func failure(_ name: String, _ code: Int32, to verb: String) -> CommandFailure {
        let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        let advice =
            switch code {
            case ENOENT: "Check the path."
            case EACCES, EPERM: "Check who may read it."
            case EISDIR: "Name a file."
            default: "Nothing was changed by this."
            }
        // A file that is not there is wrong usage; a disk that fails is the world's fault.
        let status: ExitStatus = [ENOENT, EISDIR, ENOTDIR].contains(code) ? .rejected : .failed
        return CommandFailure(status, "can not \(verb) \(name): \(reason). \(advice)")
    }
}
