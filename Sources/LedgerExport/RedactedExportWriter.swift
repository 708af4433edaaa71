// SPDX-License-Identifier: Apache-2.0
public import EntryLog
public import LedgerModel

/// Writes an export in which one vendor's sections are opened and all others are hashes.
///
/// The tree is that of the ledger: whoever has the file can compute its root, and learns of other
/// vendors' entries the headers only. The secret does not travel, and with it no salt of a section
/// that is not opened. Blocks for reading. One owner at a time.
public struct RedactedExportWriter: ~Copyable, Sendable {
    private enum Stage {
        case header
        case entries
        case trailer
        case done
    }

    /// What is exported.
    public let header: RedactedExportHeader
    /// How many entries have been written.
    public private(set) var writtenCount: UInt64 = 0
    private let log: any EntryLog
    private let hasher: LeafHasher
    private let rule: Disclosure
    private var stage = Stage.header
    private var frontier = MerkleFrontier()
    private var link = ExportLine.firstLink
    /// The entries by which the reader got holds.
    private var holds: Set<EntryNumber> = []

    private static let pieceByteCount = 1 << 20

    /// Begins an export of everything that is in a log now.
    ///
    /// - Parameters:
    ///   - log: The log; it may be open for reading only.
    ///   - secret: The ledger's secret, which is not written.
    ///   - reader: Whose sections are opened.
    /// - Throws: What the log throws.
    public init(
        of log: any EntryLog,
        secret: LedgerSecret,
        for reader: OrganisationIdentifier
    ) throws(EntryLogError) {
        self.log = log
        hasher = LeafHasher(secret: secret)
        let newest = try log.frontier()
        let creation = try log.entry(EntryNumber(rawValue: 0))?.ledgerCreation
        rule = Disclosure(to: .vendor(reader), totals: creation?.disclosure ?? .banded)
        header = RedactedExportHeader(
            origin: creation?.origin.text,
            reader: reader,
            entryCount: newest.size,
            root: newest.root
        )
    }

    /// The next bytes; `nil` after the last.
    ///
    /// Throws `corrupt`, before the last line is written, if the log is not what the tree says.
    public mutating func next() throws(EntryLogError) -> [UInt8]? {
        var text: [UInt8] = []
        switch stage {
        case .header:
            ExportLine.append(header.body[...], after: &link, to: &text)
            stage = header.entryCount == 0 ? .trailer : .entries
        case .entries:
            try appendEntries(to: &text)
            if writtenCount == header.entryCount { stage = .trailer }
        case .trailer:
            guard frontier.root == header.root else {
                throw .corrupt(at: .head, what: "its root is not that of the entries before it")
            }
            ExportLine.append(header.trailer[...], after: &link, to: &text)
            stage = .done
        case .done: return nil
        }
        return text
    }

    private mutating func appendEntries(to text: inout [UInt8]) throws(EntryLogError) {
        var entries: [[UInt8]] = []
        var byteCount = 0
        let (first, end) = (writtenCount, header.entryCount)
        try log.read(from: EntryNumber(rawValue: first)) { _, batch throws(EntryLogError) in
            var hasRoom = true
            try BatchReader.forEachEntry(in: batch) { number, entry in
                guard number.rawValue >= first else { return .next }
                entries.append(entry.copied)
                byteCount += entry.byteCount
                hasRoom = number.rawValue + 1 < end && byteCount < Self.pieceByteCount
                return hasRoom ? .next : .stop
            }
            return hasRoom ? .next : .stop
        }
        guard !entries.isEmpty else {
            throw .corrupt(at: .entry(EntryNumber(rawValue: first)), what: "it is missing")
        }
        for bytes in entries {
            let entry = try EntryCodec.decode(bytes.span.rawBytes)
            let disclosed = try DisclosedEntry(
                bytes,
                salts: hasher.salts(of: entry.number),
                opening: sections(of: entry)
            )
            frontier.append(disclosed.leaf)
            let body = try RedactedEntry.body(of: disclosed)
            ExportLine.append(body[...], after: &link, to: &text)
        }
        writtenCount += UInt64(entries.count)
    }

    /// The sections that the reader may see; notes the reader's holds, which later entries name.
    private mutating func sections(of entry: Entry) -> EntrySections {
        guard case .vendor(let reader) = rule.reader else { return [] }
        if entry.actor.organisation == reader, case .operation(let record) = entry.content,
            case .reserve = record.action
        {
            holds.insert(entry.number)
        }
        let owns = entry.content.hold.map(holds.contains) ?? false
        return rule.sections(of: entry, holdOwner: owns ? reader : nil)
    }
}

extension Entry {
    /// The ledger's settings, if this is the entry that tells them.
    fileprivate var ledgerCreation: LedgerCreation? {
        guard case .operation(let record) = content,
            case .createLedger(let creation) = record.action
        else { return nil }
        return creation
    }
}
