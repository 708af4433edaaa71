// SPDX-License-Identifier: Apache-2.0
import CLMDB
import Glibc

/// One of the two pages at the start of a data file that say which state is the newest.
///
/// Read with `pread`, so that a file that is short or foreign is an error: through the map, a
/// missing page ends the process. Field offsets are those of LMDB 0.9 (`MDB_page`, `MDB_meta` in
/// mdb.c) on a 64-bit machine, numbers in the machine's byte order.
struct DataFileHeader {
    /// A number that grows with every commit.
    let transaction: UInt64
    let pageByteCount: UInt64
    /// The root page of the table of free pages, or `nil` if it is empty.
    let freePagesRoot: UInt64?
    let lastPage: UInt64

    private static let byteCount = 16 + 136
    private static let metaPageFlag: UInt16 = 0x08
    private static let magic: UInt32 = 0xBEEF_C0DE

    /// Reads the header page at `offset`, or `nil` if there is none.
    init?(_ file: DataFile, at offset: UInt64) throws(LMDBError) {
        guard let page = try file.read(Self.byteCount, at: offset),
            page.loadUInt16(at: 10) & Self.metaPageFlag != 0,
            page.loadUInt32(at: 16) == Self.magic
        else { return nil }
        pageByteCount = UInt64(page.loadUInt32(at: 40))
        let root = page.loadUInt64(at: 80)
        freePagesRoot = root == UInt64.max ? nil : root
        lastPage = page.loadUInt64(at: 136)
        transaction = page.loadUInt64(at: 144)
    }

    /// Both headers, or an error that says what the file is instead.
    static func both(of file: DataFile) throws(LMDBError) -> [DataFileHeader] {
        guard let first = try DataFileHeader(file, at: 0),
            first.pageByteCount >= 512, first.pageByteCount.nonzeroBitCount == 1
        else { throw LMDBError(.foreignFile, operation: .open, path: file.path) }
        let found = try file.byteCount()
        guard found >= 2 * first.pageByteCount else {
            throw LMDBError(
                .truncated(expectedByteCount: 2 * first.pageByteCount, foundByteCount: found),
                operation: .open, path: file.path)
        }
        guard let second = try DataFileHeader(file, at: first.pageByteCount) else {
            throw LMDBError(.foreignFile, operation: .open, path: file.path)
        }
        return [first, second]
    }

    /// Whether there is a data file at all (`false`: missing or empty); throws if it is not sound.
    static func isPresent(at path: String) throws(LMDBError) -> Bool {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw .system(.open, path) }
            return false
        }
        defer { _ = close(descriptor) }
        let file = DataFile(descriptor: descriptor, path: path)
        guard try file.byteCount() > 0 else { return false }
        _ = try both(of: file)
        return true
    }
}

/// An open data file, read without the map.
struct DataFile {
    /// Borrowed: whoever opened it closes it.
    let descriptor: Int32
    let path: String

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
                    descriptor, buffer.baseAddress?.advanced(by: done), count - done,
                    start + off_t(done))
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
