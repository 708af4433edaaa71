// SPDX-License-Identifier: Apache-2.0
import CLMDB

/// The check that a data file reaches as far as its pages in use.
///
/// LMDB reads through a map, and reading beyond the file's end is a `SIGBUS`. A file may rightly be
/// shorter than its last page: pages that a transaction took and freed again are never written. So
/// a short file is looked at more closely: every missing page has to be in the table of free pages.
enum DataFileLength {
    /// Throws `truncated` if pages in use are missing.
    ///
    /// Call it before any page but the first two is touched.
    static func check(_ environment: OpaquePointer, path: String) throws(LMDBError) {
        let file = try unsafe DataFile.of(environment, .open, path: path)
        // A live writer can overwrite a header while it is read: then there is a newer one.
        for _ in 0..<1000 {
            var started: OpaquePointer?
            // Keeps the pages of its state from being overwritten. Touches the first two only.
            try LMDBError.check(
                unsafe mdb_txn_begin(environment, nil, UInt32(MDB_RDONLY), &started),
                .open,
                path
            )
            defer { unsafe mdb_txn_abort(started) }
            let transaction = UInt64(unsafe mdb_txn_id(started))
            guard
                let header = try DataFileHeader.both(of: file).first(where: {
                    $0.transaction == transaction
                })
            else { continue }
            return try check(file, against: header)
        }
        throw LMDBError(.code(MDB_CORRUPTED), operation: .open, path: file.path)
    }

    private static func check(
        _ file: DataFile,
        against header: DataFileHeader
    ) throws(LMDBError) {
        let found = try file.byteCount()
        let firstMissing = found / header.pageByteCount
        guard header.lastPage >= firstMissing else { return }
        var pages = FreePages(file: file, pageByteCount: header.pageByteCount)
        let missing = header.lastPage - firstMissing + 1
        let free = try pages.count(
            root: header.freePagesRoot,
            in: firstMissing...header.lastPage
        )
        guard free == missing else {
            let (expected, overflow) = (header.lastPage + 1).multipliedReportingOverflow(
                by: header.pageByteCount
            )
            throw LMDBError(
                .truncated(
                    expectedByteCount: overflow ? UInt64.max : expected,
                    foundByteCount: found
                ),
                operation: .open,
                path: file.path
            )
        }
    }
}

/// The table of free pages, read without the map.
///
/// It is a B+ tree like the others in the file: values are lists of page numbers, a count first
/// (`MDB_page`, `MDB_node` in mdb.c of LMDB 0.9).
private struct FreePages {
    let file: DataFile
    let pageByteCount: UInt64

    private static let headerByteCount = 16
    private static let branchFlag: UInt16 = 0x01
    private static let leafFlag: UInt16 = 0x02
    private static let overflowFlag: UInt16 = 0x04
    private static let bigDataFlag: UInt16 = 0x01
    /// LMDB's own bound on the height of a tree (`CURSOR_STACK`).
    private static let maximumDepth = 32

    /// How many free pages have numbers in `range`; `nil` if the table itself is damaged.
    mutating func count(
        root: UInt64?,
        in range: ClosedRange<UInt64>
    ) throws(LMDBError) -> UInt64? {
        guard let root else { return 0 }
        var total: UInt64 = 0
        var open = [(page: root, depth: 1)]
        while let (number, depth) = open.popLast() {
            guard depth <= Self.maximumDepth, let page = try read(number) else { return nil }
            guard let nodes = nodes(of: page) else { return nil }
            let flags = page.loadUInt16(at: 10)
            for node in nodes {
                if flags & Self.branchFlag != 0 {
                    open.append((node.child, depth + 1))
                } else if flags & Self.leafFlag != 0 {
                    guard let list = try value(of: node, in: page) else { return nil }
                    total += Self.count(list, in: range)
                } else {
                    return nil
                }
            }
        }
        return total
    }

    /// Where a node lies in its page, and its fixed fields.
    private struct Node {
        let offset: Int
        let size: UInt32
        let flags: UInt16
        let keyByteCount: Int

        var child: UInt64 { UInt64(size) | UInt64(flags) << 32 }
        var valueOffset: Int { offset + 8 + keyByteCount }
    }

    private func read(_ number: UInt64, byteCount: Int? = nil) throws(LMDBError) -> FileBytes? {
        let (offset, overflow) = number.multipliedReportingOverflow(by: pageByteCount)
        guard !overflow else { return nil }
        let page = try file.read(byteCount ?? Int(pageByteCount), at: offset)
        guard let page, page.loadUInt64(at: 0) == number else { return nil }
        return page
    }

    private func nodes(of page: FileBytes) -> [Node]? {
        let lower = Int(page.loadUInt16(at: 12))
        guard lower >= Self.headerByteCount, lower <= page.bytes.count else { return nil }
        var nodes: [Node] = []
        for index in 0..<(lower - Self.headerByteCount) / 2 {
            let offset = Int(page.loadUInt16(at: Self.headerByteCount + 2 * index))
            guard offset >= lower, offset + 8 <= page.bytes.count else { return nil }
            // The two halves of the size stand in the machine's byte order, so they are one word.
            nodes.append(
                Node(
                    offset: offset,
                    size: page.loadUInt32(at: offset),
                    flags: page.loadUInt16(at: offset + 4),
                    keyByteCount: Int(page.loadUInt16(at: offset + 6))
                )
            )
        }
        return nodes
    }

    /// The list of page numbers in a leaf's node, which may lie on pages of its own.
    private func value(of node: Node, in page: FileBytes) throws(LMDBError) -> [UInt64]? {
        let size = Int(node.size)
        if node.flags & Self.bigDataFlag == 0 {
            return Self.words(of: page, at: node.valueOffset, byteCount: size)
        }
        guard node.valueOffset + 8 <= page.bytes.count else { return nil }
        let number = page.loadUInt64(at: node.valueOffset)
        let fileByteCount = try file.byteCount()
        guard size <= fileByteCount,
            let big = try read(number, byteCount: Self.headerByteCount + size),
            big.loadUInt16(at: 10) & Self.overflowFlag != 0
        else { return nil }
        return Self.words(of: big, at: Self.headerByteCount, byteCount: size)
    }

    private static func words(of page: FileBytes, at offset: Int, byteCount: Int) -> [UInt64]? {
        guard byteCount >= 8, byteCount % 8 == 0, offset + byteCount <= page.bytes.count else {
            return nil
        }
        return stride(from: offset, to: offset + byteCount, by: 8).map { page.loadUInt64(at: $0) }
    }

    /// The first word says how many of the others are page numbers.
    private static func count(_ list: [UInt64], in range: ClosedRange<UInt64>) -> UInt64 {
        let length = Int(clamping: min(list[0], UInt64(list.count - 1)))
        return UInt64(list.dropFirst().prefix(length).count { range.contains($0) })
    }
}
