// SPDX-License-Identifier: Apache-2.0
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
                operation: .open,
                path: file.path
            )
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
