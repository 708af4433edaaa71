// SPDX-License-Identifier: Apache-2.0

package import EntryLog
package import LedgerModel
package import StateStore

extension HoldTrail {
    /// How many entries a stretch has, unless said otherwise: two hundred stretches are told apart in
    /// the time in which one is read.
    package static let usualStretchEntryCount: UInt64 = 1 << 14
    /// How many stretches are read before what was found is put away.
    private static let stretchesEachTime: UInt64 = 64

    /// Lengthens the trail of a log to the last whole stretch in front of an end of it; makes it anew
    /// if there is none, or one of another log.
    ///
    /// Reads what is new, less than a stretch more, and decodes none of it.
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - end: A durable end of it.
    ///   - store: Where the trail is kept.
    ///   - length: How many entries a stretch has, at least 1.
    /// - Throws: What the log or the store throws; the trail is then as long as it was, or longer.
    package static func grow(
        over log: any EntryLog,
        to end: EntryNumber,
        in store: any TrailStore,
        stretchEntryCount length: UInt64 = usualStretchEntryCount
    ) throws {
        // Of another log, damaged, or none at all: it begins anew.
        var first: UInt64 = 0
        if let known = try? TrailRecord(of: log, in: store), known.stretchEntryCount == length {
            first = known.filterCount
        }
        let count = end.rawValue / length
        while first < count {
            var stretches = StretchReader(
                from: first,
                to: min(count, first + stretchesEachTime),
                length: length
            )
            try log.read(from: stretches.start) { header, batch throws(EntryLogError) in
                try stretches.take(header, batch)
            }
            guard let position = stretches.position, !stretches.filters.isEmpty else { return }
            let record = TrailRecord(
                position: position,
                stretchEntryCount: length,
                filterCount: first + UInt64(stretches.filters.count)
            )
            try store.putTrail(
                stretches.filters,
                from: first,
                record: record.words.span.rawBytes
            )
            first = record.filterCount
        }
    }
}

/// Reads stretches of a log and makes the filters of the holds that their entries are about.
private struct StretchReader {
    private(set) var filters: [[UInt64]] = []
    /// Where the last batch that was read ends.
    private(set) var position: LogPosition?
    private let first: UInt64
    private let end: UInt64
    private let length: UInt64
    private var holds: [UInt64] = []

    /// - Parameters:
    ///   - first: The position of the first stretch.
    ///   - end: The position behind the last.
    ///   - length: How many entries a stretch has.
    init(from first: UInt64, to end: UInt64, length: UInt64) {
        self.first = first
        self.end = end
        self.length = length
    }

    /// The first entry.
    var start: EntryNumber { EntryNumber(rawValue: first * length) }

    /// The first entry behind the stretch that is being read.
    private var stretchEnd: UInt64 { (first + UInt64(filters.count) + 1) * length }

    mutating func take(_ header: BatchHeader, _ batch: RawSpan) throws(EntryLogError) -> ReadStep {
        try BatchReader.forEachEntry(in: batch) { number, entry throws(EntryLogError) in
            guard number >= start else { return .next }
            if number.rawValue == stretchEnd { finishStretch() }
            if let hold = try EntryCodec.holdConcerned(by: entry) { holds.append(hold.rawValue) }
            return .next
        }
        if header.next == stretchEnd { finishStretch() }
        position = LogPosition(
            next: header.next,
            hash: BatchReader.head(after: header, batch).hash,
            root: header.root
        )
        return header.next < end * length ? .next : .stop
    }

    private mutating func finishStretch() {
        filters.append(TrailFilter.words(of: holds, at: first + UInt64(filters.count)))
        holds.removeAll(keepingCapacity: true)
    }
}
