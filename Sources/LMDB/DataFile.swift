// SPDX-License-Identifier: Apache-2.0
import CLMDB
import Glibc

/// An open data file, read without the map.
struct DataFile {
    /// Borrowed: whoever opened it closes it.
    let descriptor: Int32
    let path: String

    /// The data file of an environment that is open.
    static func of(
        _ environment: OpaquePointer,
        _ operation: LMDBError.Operation,
        path: String
    ) throws(LMDBError) -> DataFile {
        var descriptor: Int32 = -1
        try LMDBError.check(unsafe mdb_env_get_fd(environment, &descriptor), operation, path)
        return DataFile(descriptor: descriptor, path: "\(path)/\(Environment.dataFileName)")
    }

    func byteCount(_ operation: LMDBError.Operation = .open) throws(LMDBError) -> UInt64 {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .system(operation, path) }
        return UInt64(status.st_size)
    }

    /// `count` bytes at `offset`, or `nil` if the file ends before.
    func read(_ count: Int, at offset: UInt64) throws(LMDBError) -> FileBytes? {
        guard let start = off_t(exactly: offset) else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe pread(
                    descriptor,
                    buffer.baseAddress?.advanced(by: done),
                    count - done,
                    start + off_t(done)
                )
            }
            if got == 0 { return nil }
            if got > 0 {
                done += got
            } else if errno != EINTR {
                throw .system(.open, path)
            }
        }
        return FileBytes(bytes: bytes)
    }
}

extension DataFile {
    /// The error with which the file fails to grow by a page, or `nil` if it can grow.
    ///
    /// Leaves the file as it was.
    func errorOfGrowing() -> Int32? {
        guard let end = try? byteCount(), let offset = off_t(exactly: end) else { return nil }
        defer { _ = ftruncate(descriptor, offset) }
        let page = [UInt8](repeating: 0, count: 4_096)
        var done = 0
        while done < page.count {
            let written = unsafe page.withUnsafeBytes { buffer in
                unsafe pwrite(
                    descriptor,
                    buffer.baseAddress?.advanced(by: done),
                    page.count - done,
                    offset + off_t(done)
                )
            }
            guard written > 0 else { return written < 0 ? errno : nil }
            done += written
        }
        return nil
    }
}

/// Bytes of a data file, with bounds checked.
struct FileBytes {
    let bytes: [UInt8]

    func loadUInt16(at offset: Int) -> UInt16 { load(at: offset) }
    func loadUInt32(at offset: Int) -> UInt32 { load(at: offset) }
    func loadUInt64(at offset: Int) -> UInt64 { load(at: offset) }

    private func load<Word: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Word {
        // Safe: the span checks its bounds, and any bytes are a number.
        unsafe bytes.span.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Word.self)
    }
}
