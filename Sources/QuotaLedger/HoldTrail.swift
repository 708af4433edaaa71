// SPDX-License-Identifier: Apache-2.0

public import EntryLog
public import LedgerModel
public import StateStore

/// Leads to the entries about a hold, so that a log need not be read for them.
///
/// A log is cut into stretches of some thousands of entries; of each a filter tells which holds no entry of it is
/// about. It knows the stretches in front of ``next``; from there on the log is to be read. It
/// follows from the log, and nothing is decided by it.
public struct HoldTrail: Sendable {
    /// The first entry that it knows nothing of.
    public let next: EntryNumber
    private let record: TrailRecord
    private let store: any TrailStore

    /// The trail of a log; `nil` if there is none that can be used.
    ///
    /// - Parameters:
    ///   - log: The log; it may be open for reading only.
    ///   - store: Where the trail is kept.
    public init?(_ log: any EntryLog, _ store: any TrailStore) {
        // Whatever is wrong with what is derived, the log has it all.
        guard let record = try? TrailRecord(of: log, in: store) else { return nil }
        self.record = record
        self.store = store
        next = EntryNumber(rawValue: record.end)
    }

    /// The stretches in front of ``next`` in which entries about a hold can be.
    ///
    /// In one of two hundred of the others it errs. O(entries between the hold and ``next``), a
    /// microsecond for a thousand of them.
    ///
    /// - Parameter hold: The entry that granted it.
    /// - Returns: Ranges of entries, in order and with gaps between them.
    /// - Throws: ``StateStoreError`` if a filter is missing or damaged.
    public func stretches(about hold: EntryNumber) throws(StateStoreError) -> [Range<UInt64>] {
        var ranges: [Range<UInt64>] = []
        let length = record.stretchEntryCount
        let first = hold.rawValue / length
        guard first < record.filterCount else { return ranges }
        let name = TrailFilter.name(of: hold.rawValue)
        let bits = OperationFilter.bits(of: name)
        var known = first
        try store.forEachTrailFilter(from: first) { position, bytes throws(StateStoreError) in
            known = position + 1
            if try TrailFilter.mayContain(name, bits: bits, in: bytes, at: position) {
                let start = position * length
                let end = start + length
                if let last = ranges.last, last.upperBound == start {
                    ranges[ranges.count - 1] = last.lowerBound..<end
                } else {
                    ranges.append(start..<end)
                }
            }
            return known < record.filterCount ? .next : .stop
        }
        guard known == record.filterCount else {
            throw .damaged(what: "filter \(known) of the trail is missing")
        }
        return ranges
    }
}

/// What is told of a trail: of which log it is, and how long.
struct TrailRecord: Sendable {
    /// Raised with every change of what a filter is made of.
    private static let formatVersion: UInt64 = 1
    /// 0x89, then `HRTRAIL` in ASCII, as a little-endian word.
    private static let magic: UInt64 = 0x4c49_4152_5452_4889

    /// An end of the log that lies behind all stretches of the trail.
    var position: LogPosition
    /// How many entries a stretch has.
    var stretchEntryCount: UInt64
    var filterCount: UInt64

    init(position: LogPosition, stretchEntryCount: UInt64, filterCount: UInt64) {
        self.position = position
        self.stretchEntryCount = stretchEntryCount
        self.filterCount = filterCount
    }

    /// The first entry behind the last stretch.
    var end: UInt64 { filterCount * stretchEntryCount }

    /// The record of a store; `nil` if it has none.
    ///
    /// - Throws: Whatever makes it useless: that it is damaged, or of another log.
    init?(of log: any EntryLog, in store: any TrailStore) throws {
        guard let bytes = try store.trailRecord() else { return nil }
        var reader = try SnapshotReader(bytes)
        guard try reader.word() == Self.magic, try reader.word() == Self.formatVersion else {
            throw SnapshotFault("it does not begin as the record of a trail does")
        }
        position = LogPosition(
            next: try reader.word(),
            hash: ChainHash(try reader.ledgerHash()),
            root: try reader.ledgerHash()
        )
        stretchEntryCount = try reader.word()
        filterCount = try reader.word()
        try reader.finish()
        guard stretchEntryCount > 0, filterCount <= position.next / stretchEntryCount else {
            throw SnapshotFault("it tells of more than the log has")
        }
        try LedgerCore.checkPosition(position, in: log)
    }

    /// What a store keeps of it, as words.
    var words: [UInt64] {
        var writer = SnapshotWriter()
        writer.append(Self.magic)
        writer.append(Self.formatVersion)
        writer.append(position.next)
        writer.append(position.hash.value)
        writer.append(position.root)
        writer.append(stretchEntryCount)
        writer.append(filterCount)
        writer.append(writer.checksum)
        return writer.words
    }
}

/// Tells of a stretch which holds none of its entries is about: the blocks of an ``OperationFilter``
/// over the numbers of the holds, behind a checksum.
enum TrailFilter {
    private static let blockWordCount = 4

    /// A filter of the holds that the entries of a stretch are about.
    static func words(of holds: [UInt64], at position: UInt64) -> [UInt64] {
        var filter = OperationFilter(operationCount: holds.count)
        for hold in holds { filter.insert(name(of: hold)) }
        var words: [UInt64] = []
        words.reserveCapacity(filter.blocks.count * blockWordCount)
        for block in filter.blocks {
            for lane in 0..<blockWordCount { words.append(block[lane].littleEndian) }
        }
        // Where it belongs counts: one that is somewhere else is damaged too.
        return [xxHash64(words.span.rawBytes, seed: position).littleEndian] + words
    }

    /// Whether a filter may contain a name with these bits.
    static func mayContain(
        _ name: Hash128,
        bits: OperationFilter.Block,
        in bytes: RawSpan,
        at position: UInt64
    ) throws(StateStoreError) -> Bool {
        let blockCount = (bytes.byteCount / 8 - 1) / blockWordCount
        guard blockCount > 0, bytes.byteCount == 8 * (1 + blockCount * blockWordCount),
            xxHash64(bytes.extracting(droppingFirst: 8), seed: position) == word(0, of: bytes)
        else { throw .damaged(what: "filter \(position) of the trail is not what was written") }
        let first = 1 + OperationFilter.position(of: name, among: blockCount) * blockWordCount
        var block = OperationFilter.Block.zero
        for lane in 0..<blockWordCount { block[lane] = word(first + lane, of: bytes) }
        return block & bits == bits
    }

    /// Spreads the number of a hold over 128 bits (the finalizer of SplitMix64, twice).
    static func name(of hold: UInt64) -> Hash128 {
        let low = mixed(hold &+ 0x9e37_79b9_7f4a_7c15)
        return Hash128(low: low, high: mixed(low &+ 0x9e37_79b9_7f4a_7c15))
    }

    private static func mixed(_ word: UInt64) -> UInt64 {
        var word = word
        word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
        return word ^ word >> 31
    }

    private static func word(_ index: Int, of bytes: RawSpan) -> UInt64 {
        OperationRunPage.word(index, of: bytes)
    }
}
