// SPDX-License-Identifier: Apache-2.0
import EntryLog
import LedgerModel
import LedgerText

/// Reads a redacted export and checks all that can be known of it: each line's link to the one
/// before, that the opened sections are canonical and are shown as their bytes say, and at the end
/// that the tree over all entries has the root that is told.
///
/// No ledger can be made of it, and entries are not replayed: not all of them are told. Takes little
/// memory. One owner at a time.
public struct RedactedExportReader: ~Copyable, Sendable {
    private var header: RedactedExportHeader?
    private var isDone = false
    private var frontier = MerkleFrontier()
    private var waiting: [UInt8] = []
    private var lineCount = 0
    private var link = ExportLine.firstLink

    /// Makes a reader at the beginning of an export.
    public init() {}

    /// How many entries have been read and are in order.
    public var entryCount: UInt64 { frontier.size }
    /// How many entries the first line tells of, once it is read.
    public var expectedCount: UInt64? { header?.entryCount }

    /// Takes in the next bytes of the file.
    public mutating func append(_ block: [UInt8]) throws(ExportError) {
        waiting += block
        var start = 0
        while let end = waiting[start...].firstIndex(of: UInt8(ascii: "\n")) {
            try take(waiting[start..<end])
            start = end + 1
        }
        waiting.removeSubrange(..<start)
        guard waiting.count <= ExportLine.maximumByteCount else {
            throw .changed(
                line: lineCount + 1,
                entry: nil,
                what: "it is longer than any line of an export"
            )
        }
    }

    /// Says that the file has ended, and returns its first line: everything in it is in order.
    public mutating func finish() throws(ExportError) -> RedactedExportHeader {
        guard let header, isDone, waiting.isEmpty else {
            if lineCount == 0 { throw .notAnExport }
            throw .cutShort(
                afterLine: lineCount,
                entryCount: frontier.size,
                expected: header?.entryCount
            )
        }
        return header
    }

    private mutating func take(_ line: ArraySlice<UInt8>) throws(ExportError) {
        lineCount += 1
        guard !isDone else { throw fault("there is more behind the last line") }
        guard let linked = ExportLine(line), linked.isLinked(to: link) else {
            if lineCount == 1, !RedactedExportHeader.begins(Array(line)) { throw .notAnExport }
            throw fault(ExportFault.brokenLink)
        }
        link = linked.link
        guard let header else {
            header = try RedactedExportHeader(linked.body)
            return
        }
        guard frontier.size < header.entryCount else { return try takeTrailer(linked.body, header) }
        guard let found = RedactedEntry(linked.body) else { throw fault(ExportFault.foreignLine) }
        let number = EntryNumber(rawValue: frontier.size)
        do throws(EntryLogError) {
            let reading = try found.entry.reading()
            guard reading.header.number == number else {
                throw .corrupt(
                    at: .entry(number),
                    what: "entry \(reading.header.number) stands in its place"
                )
            }
            guard let shown = RedactedEntry.shown(reading), found.shown.isContained(in: shown)
            else {
                throw .corrupt(
                    at: .entry(number),
                    what: "it is shown otherwise than its bytes say"
                )
            }
        } catch {
            throw ExportFault.error(error, line: lineCount, entry: number)
        }
        frontier.append(found.entry.leaf)
    }

    private mutating func takeTrailer(
        _ body: ArraySlice<UInt8>,
        _ header: RedactedExportHeader
    ) throws(ExportError) {
        guard body.elementsEqual(header.trailer) else {
            throw fault("the last line does not tell what the first one does")
        }
        guard frontier.root == header.root else {
            throw fault("the entries' root is \(frontier.root), not \(header.root)")
        }
        isDone = true
    }

    private func fault(_ what: String) -> ExportError {
        .changed(line: lineCount, entry: nil, what: what)
    }
}
