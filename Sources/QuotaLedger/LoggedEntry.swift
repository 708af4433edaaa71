// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel

/// An entry that is in the log, and what of its encoding matters to a redaction.
struct LoggedEntry: Sendable {
    /// The entry.
    var entry: Entry
    /// Whether its encoding and that of its batch let it be redacted.
    var canBeRedacted: Bool

    init(entry: Entry, canBeRedacted: Bool) {
        self.entry = entry
        self.canBeRedacted = canBeRedacted
    }

    /// Reads entries of a log.
    ///
    /// - Parameter log: The log.
    /// - Returns: What reads entries, each batch that holds one once, and leaves out those that are
    ///   not durable yet; blocks for as long.
    static func reader(of log: any EntryLog) -> Reader {
        { numbers throws(EntryLogError) in
            var rest = Set(numbers)
            var found: [EntryNumber: LoggedEntry] = [:]
            while let first = rest.min() {
                var next = first.rawValue
                try log.read(from: first) { header, bytes throws(EntryLogError) in
                    next = header.next
                    try BatchReader.forEachEntry(in: bytes) {
                        number,
                        entry throws(EntryLogError) in
                        guard rest.contains(number) else { return .next }
                        let bears = try EntryHeader(entry).canBeRedacted
                        found[number] = LoggedEntry(
                            entry: try EntryCodec.decode(entry),
                            canBeRedacted: header.format >= 2 && bears
                        )
                        return .next
                    }
                    return .stop
                }
                // Behind the end of the log there is nothing more to find.
                guard next > first.rawValue else { return found }
                rest = rest.filter { $0.rawValue >= next }
            }
            return found
        }
    }

    typealias Reader =
        @Sendable ([EntryNumber]) throws(EntryLogError) -> [EntryNumber: LoggedEntry]
}
