// SPDX-License-Identifier: Apache-2.0
import Dispatch
public import EntryLog
import LedgerModel
import LedgerText
import Synchronization

/// Writes the export of a ledger, piece by piece (docs/reference/export-format.md).
///
/// What is exported is fixed when it begins, so a writer may append meanwhile; the same entries
/// give the same bytes, however they are batched. Every entry is hashed on the way and the root is
/// compared at the end: an export that has its last line holds what the tree says.
///
/// Takes little memory however long the log is, and holds the log only while it reads, not while
/// a piece is taken away. Blocks for reading. One owner at a time.
public struct ExportWriter: ~Copyable, Sendable {
    private enum Stage {
        case header
        case entries
        case trailer
        case done
    }

    /// What is exported.
    public let header: ExportHeader
    /// How many entries have been written.
    public private(set) var writtenCount: UInt64 = 0
    private let log: any EntryLog
    private let hasher: LeafHasher
    private var stage = Stage.header
    private var frontier = MerkleFrontier()
    private var link = ExportLine.firstLink

    /// Bounds on what is read at once; the greatest entry may exceed the second.
    private static let pieceEntryCount = 4_096
    private static let pieceByteCount = 1 << 20
    /// How many entries are put into text at once on one core.
    private static let partEntryCount = 512

    /// Begins an export of everything that is in a log now.
    ///
    /// - Parameters:
    ///   - log: The log; it may be open for reading only.
    ///   - secret: The ledger's secret.
    ///   - includesSecret: Whether the secret travels with the export. Without it the export can be
    ///     read and checked, root included; a ledger can be made only with it.
    /// - Throws: What the log throws.
    public init(
        of log: any EntryLog,
        secret: LedgerSecret,
        includesSecret: Bool
    ) throws(EntryLogError) {
        self.log = log
        hasher = LeafHasher(secret: secret)
        let newest = try log.frontier()
        header = ExportHeader(
            origin: try log.entry(EntryNumber(rawValue: 0))?.ledgerOrigin,
            entryCount: newest.size,
            root: newest.root,
            secret: includesSecret ? secret : nil
        )
    }

    /// The next bytes; `nil` after the last.
    ///
    /// Throws `corrupt`, before the last line is written, if the log is not what the tree says.
    public mutating func next() throws(EntryLogError) -> [UInt8]? {
        var text: [UInt8] = []
        switch stage {
        case .header:
            append(header.body[...], to: &text)
            stage = header.entryCount == 0 ? .trailer : .entries
        case .entries:
            try appendEntries(to: &text)
            if writtenCount == header.entryCount { stage = .trailer }
        case .trailer:
            guard frontier.root == header.root else {
                throw .corrupt(at: .head, what: "its root is not that of the entries before it")
            }
            append(ExportTrailer.body(of: header)[...], to: &text)
            stage = .done
        case .done: return nil
        }
        return text
    }

    private mutating func append(_ body: ArraySlice<UInt8>, to text: inout [UInt8]) {
        ExportLine.append(body, after: &link, to: &text)
    }

    private mutating func appendEntries(to text: inout [UInt8]) throws(EntryLogError) {
        let entries = try nextEntries()
        let parts = try rendered(entries)
        text.reserveCapacity(
            parts.reduce(0) { $0 + $1.text.count } + entries.count * (ExportLine.linkByteCount + 1)
        )
        for part in parts {
            var start = 0
            for (end, leaf) in zip(part.ends, part.leaves) {
                append(part.text[start..<end], to: &text)
                frontier.append(leaf)
                start = end
            }
        }
        writtenCount += UInt64(entries.count)
    }

    /// The bytes of the next entries.
    private func nextEntries() throws(EntryLogError) -> [[UInt8]] {
        var entries: [[UInt8]] = []
        var byteCount = 0
        let (first, end) = (writtenCount, header.entryCount)
        try log.read(from: EntryNumber(rawValue: first)) { _, batch throws(EntryLogError) in
            var hasRoom = true
            try BatchReader.forEachEntry(in: batch) { number, entry in
                guard number.rawValue >= first else { return .next }
                entries.append(entry.copied)
                byteCount += entry.byteCount
                hasRoom =
                    number.rawValue + 1 < end && entries.count < Self.pieceEntryCount
                    && byteCount < Self.pieceByteCount
                return hasRoom ? .next : .stop
            }
            return hasRoom ? .next : .stop
        }
        guard !entries.isEmpty else {
            throw .corrupt(at: .entry(EntryNumber(rawValue: first)), what: "it is missing")
        }
        return entries
    }

    /// Puts entries into text, on as many cores as there are.
    private func rendered(_ entries: [[UInt8]]) throws(EntryLogError) -> [ExportedEntries] {
        let count = (entries.count + Self.partEntryCount - 1) / Self.partEntryCount
        let results = Mutex([Result<ExportedEntries, EntryLogError>?](repeating: nil, count: count))
        let hasher = hasher
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let start = index * Self.partEntryCount
            let part = entries[start..<min(start + Self.partEntryCount, entries.count)]
            let result = Result { () throws(EntryLogError) in
                try ExportedEntries(part, hasher)
            }
            results.withLock { $0[index] = result }
        }
        var parts: [ExportedEntries] = []
        for case let result? in results.withLock({ $0 }) { parts.append(try result.get()) }
        return parts
    }
}

/// Lines of entries without their links.
private struct ExportedEntries: Sendable {
    private(set) var text: [UInt8] = []
    /// Where in the text each body ends.
    private(set) var ends: [Int] = []
    private(set) var leaves: [LedgerHash] = []

    init(_ entries: ArraySlice<[UInt8]>, _ hasher: LeafHasher) throws(EntryLogError) {
        for bytes in entries {
            let entry = try EntryCodec.decode(bytes.span.rawBytes)
            let salts = try hasher.salts(of: entry.number).told(of: bytes.span.rawBytes)
            leaves.append(try LeafHasher.leaf(of: bytes.span.rawBytes, salts: salts))
            ExportedEntry.append(shown: entry.shown[...], bytes: bytes, salts: salts, to: &text)
            ends.append(text.count)
        }
    }
}

extension Entry {
    /// The entry as an export shows it: all of it, in TPP only, so that it depends on no other.
    var shown: [UInt8] {
        var writer = JSONWriter()
        writer.value(self, JSONRendering(includesFiles: true))
        var text = writer.takeBytes()
        // The line feed with which a value at the top level ends.
        text.removeLast()
        return text
    }

    /// The ledger's name, if this is the entry that tells it.
    var ledgerOrigin: String? {
        guard case .operation(let record) = content,
            case .createLedger(let creation) = record.action
        else { return nil }
        return creation.origin.text
    }
}
