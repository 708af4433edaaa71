// SPDX-License-Identifier: Apache-2.0
import Glibc

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
