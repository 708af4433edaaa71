// SPDX-License-Identifier: Apache-2.0
public import EntryLog
public import LedgerModel
import QuotaLedger

/// Reads an export, checks everything about it and, if that is asked, makes a ledger's log of it.
///
/// Checked are each line's link to the one before, that each entry is canonical and the next one,
/// that it is shown as its bytes say, that it fits the entries before it (they are replayed, not
/// decided), each salt if the secret is known, and at the end that the tree over all entries has the
/// root that the export tells. The first fault in the order of lines is thrown; after that, and
/// until ``finish()`` has returned, what was appended to the log is not a ledger.
///
/// Memory grows with the ledger's state, not with the file. Blocks while it appends. One owner at a
/// time.
public struct ExportReader: ~Copyable, Sendable {
    /// Makes the log that entries are appended to, empty, with the ledger's secret.
    public typealias LogMaker = @Sendable (LedgerSecret) throws(EntryLogError) -> any EntryLog

    private enum Stage {
        case header
        case entries(ExportHeader)
        case done(ExportHeader)
    }

    private let makeLog: LogMaker?
    private let handsOutEntries: Bool
    private var handedOut: [Entry] = []
    private var stage = Stage.header
    private var building: LogBuilding?
    private var core = LedgerCore(key: .random())
    private var frontier = MerkleFrontier()
    /// Lines that are not complete yet, or not looked at.
    private var waiting: [UInt8] = []
    /// Where the lines begin and end, without their line feeds.
    private var lines: [Range<Int>] = []
    private var lineCount = 0
    private var lastLink = ExportLine.firstLink

    /// Bounds on what is looked at together.
    private static let stepLineCount = 16_384
    private static let stepByteCount = 4 << 20

    /// Makes a reader at the beginning of an export.
    ///
    /// - Parameter makeLog: Makes the log to append to; `nil` to check only.
    public init(into makeLog: LogMaker? = nil) {
        self.makeLog = makeLog
        handsOutEntries = false
    }

    /// Makes a reader for someone who judges the entries: ``takeEntries()`` hands them out, and they
    /// are not replayed here.
    public init(handingOutEntries: Bool) {
        makeLog = nil
        handsOutEntries = handingOutEntries
    }

    /// The entries that were found to be in order since it was last asked, if they are handed out.
    public mutating func takeEntries() -> [Entry] {
        defer { handedOut.removeAll() }
        return handedOut
    }

    /// How many entries have been read and are in order.
    public var entryCount: UInt64 { frontier.size }

    /// What the first line says, once it is read.
    public var header: ExportHeader? {
        switch stage {
        case .header: nil
        case .entries(let header), .done(let header): header
        }
    }

    /// Takes in the next bytes of the file.
    public mutating func append(_ block: [UInt8]) throws(ExportError) {
        var start = lines.last.map { $0.upperBound + 1 } ?? 0
        var position = waiting.count
        waiting += block
        while let end = waiting[position...].firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(start..<end)
            start = end + 1
            position = start
            if lines.count == Self.stepLineCount {
                try step()
                start = 0
                position = 0
            }
        }
        guard waiting.count - start <= ExportLine.maximumByteCount else {
            throw .changed(
                line: lineCount + lines.count + 1,
                entry: nil,
                what: "it is longer than any line of an export"
            )
        }
        if waiting.count >= Self.stepByteCount { try step() }
    }

    /// Says that the file has ended, and returns its first line: everything in it is in order.
    ///
    /// If a log was made, all entries are in it, durable, and its root is that of the export.
    public mutating func finish() throws(ExportError) -> ExportHeader {
        try step()
        guard case .done(let header) = stage, waiting.isEmpty else {
            if case .done = stage { throw linesBehindTheLast() }
            if lineCount == 0 { throw .notAnExport }
            throw .cutShort(
                afterLine: lineCount,
                entryCount: frontier.size,
                expected: header?.entryCount
            )
        }
        if !handsOutEntries { try checkRedactions() }
        guard let building else { return header }
        let root: LedgerHash
        do throws(EntryLogError) {
            root = try building.log.frontier().root
        } catch {
            throw .log(error)
        }
        precondition(root == header.root, "a log has the root of the entries appended to it")
        return header
    }

    /// Looks at the lines that are complete.
    private mutating func step() throws(ExportError) {
        guard let end = lines.last?.upperBound else { return }
        let text = waiting
        var rest = lines[...]
        if case .header = stage, let first = rest.popFirst() { try takeHeader(text[first]) }
        if case .entries = stage {
            let entries = rest.prefix { !ExportTrailer.begins(text[$0]) }
            rest = rest.dropFirst(entries.count)
            if !entries.isEmpty { try takeEntries(text, Array(entries)) }
            if let last = rest.popFirst() { try takeTrailer(text[last]) }
        }
        guard rest.isEmpty else { throw linesBehindTheLast() }
        lines.removeAll(keepingCapacity: true)
        waiting.removeSubrange(...end)
    }

    private mutating func takeHeader(_ line: ArraySlice<UInt8>) throws(ExportError) {
        guard ExportHeader.begins(Array(line)) else { throw .notAnExport }
        // Before anything else is said about the line: another version may have other lines.
        let body = ExportLine(line)?.body ?? line.dropLast()
        let header = try ExportHeader(body)
        try takeLink(line)
        stage = .entries(header)
        guard let makeLog else { return }
        guard let secret = header.secret else { throw .withoutSecret }
        do throws(EntryLogError) {
            building = try LogBuilding(in: makeLog(secret), secret: secret)
        } catch {
            throw .log(error)
        }
    }

    private mutating func takeTrailer(_ line: ArraySlice<UInt8>) throws(ExportError) {
        guard case .entries(let header) = stage else { return }
        try takeLink(line)
        guard let found = ExportLine(line).flatMap({ ExportTrailer.contents($0.body) }) else {
            throw .changed(line: lineCount, entry: nil, what: "a member is missing")
        }
        guard found == ExportContents(header), found.entryCount == frontier.size else {
            throw .changed(
                line: lineCount,
                entry: nil,
                what: "it tells of \(found.entryCount) entries, the first line of "
                    + "\(header.entryCount), and there are \(frontier.size)"
            )
        }
        guard frontier.root == header.root else {
            throw .changed(
                line: lineCount,
                entry: nil,
                what: "the entries' root is \(frontier.root), not \(header.root)"
            )
        }
        stage = .done(header)
    }

    /// Checks the link of the first or the last line.
    private mutating func takeLink(_ line: ArraySlice<UInt8>) throws(ExportError) {
        lineCount += 1
        guard let linked = ExportLine(line), linked.isLinked(to: lastLink) else {
            throw .changed(line: lineCount, entry: nil, what: ExportFault.brokenLink)
        }
        lastLink = linked.link
    }

    private mutating func takeEntries(
        _ text: [UInt8],
        _ lines: [Range<Int>]
    ) throws(ExportError) {
        guard case .entries(let header) = stage else { return }
        let start = ExportPlace(line: lineCount + 1, number: frontier.size, previous: lastLink)
        let checking = EntryLines(text: text, lines: lines, header: header)
        for part in checking.checked(from: start, forLog: building != nil) {
            try take(part, header)
        }
        lastLink = ExportLine(text[lines[lines.count - 1]])?.link ?? lastLink
        do throws(EntryLogError) {
            try building?.commit()
        } catch {
            throw .log(error)
        }
    }

    private mutating func take(
        _ part: CheckedEntries,
        _ header: ExportHeader
    ) throws(ExportError) {
        for (entry, leaf) in zip(part.entries, part.leaves) {
            lineCount += 1
            if entry.number.rawValue == 0, entry.ledgerOrigin != header.origin {
                throw .changed(
                    line: 1,
                    entry: nil,
                    what: "the ledger's name is not that of entry 0"
                )
            }
            if handsOutEntries {
                handedOut.append(entry)
            } else {
                try replay(entry)
            }
            frontier.append(leaf)
        }
        if let fault = part.fault { throw fault }
        guard let chunk = part.chunk else { return }
        do throws(EntryLogError) {
            try building?.append(chunk)
        } catch {
            throw .log(error)
        }
    }

    private mutating func replay(_ entry: Entry) throws(ExportError) {
        do throws(LedgerError) {
            try core.replay(entry)
        } catch {
            throw ExportFault.error(error, line: lineCount, entry: entry.number)
        }
    }

    private func checkRedactions() throws(ExportError) {
        do throws(LedgerError) {
            try core.checkRedactions(isWhole: true)
        } catch {
            guard case .corrupt(let entry, _) = error else { return }
            throw ExportFault.error(error, line: Int(clamping: entry.rawValue) + 2, entry: entry)
        }
    }

    private func linesBehindTheLast() -> ExportError {
        .changed(line: lineCount + 1, entry: nil, what: "there is more behind the last line")
    }
}

/// The log that an export is replayed into.
private struct LogBuilding: Sendable {
    let log: any EntryLog
    private var builder: BatchBuilder
    private var head: LogHead

    init(in log: any EntryLog, secret: LedgerSecret) throws(EntryLogError) {
        self.log = log
        head = try log.takeOver()
        let frontier = try log.frontier()
        precondition(frontier.size == 0, "an export is replayed into an empty log")
        builder = BatchBuilder(secret: secret, frontier: frontier)
    }

    mutating func append(_ chunk: EncodedChunk) throws(EntryLogError) {
        try builder.append(chunk)
    }

    /// Makes what was appended durable.
    mutating func commit() throws(EntryLogError) {
        guard builder.entryCount > 0 else { return }
        let batch = builder.finish(previous: head)
        guard case .appended(let appended) = try log.append(batch, expecting: head) else {
            throw .locked(advice: "another process has taken over the log that was being made")
        }
        head = appended
        builder.recycle(batch)
    }
}
