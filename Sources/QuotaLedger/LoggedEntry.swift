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
    /// - Returns: What reads an entry, and has `nil` of one that is not durable yet; blocks for as
    ///   long as its batch is read.
    static func reader(of log: any EntryLog) -> Reader {
        { number throws(EntryLogError) in
            var found: LoggedEntry?
            try log.read(from: number) { header, bytes throws(EntryLogError) in
                try BatchReader.forEachEntry(in: bytes) {
                    candidate,
                    entry throws(EntryLogError) in
                    guard candidate == number else { return .next }
                    let bears = try EntryHeader(entry).canBeRedacted
                    found = LoggedEntry(
                        entry: try EntryCodec.decode(entry),
                        canBeRedacted: header.format >= 2 && bears
                    )
                    return .stop
                }
                return .stop
            }
            return found
        }
    }

    typealias Reader = @Sendable (EntryNumber) throws(EntryLogError) -> LoggedEntry?
}
