// SPDX-License-Identifier: Apache-2.0
public import LedgerModel

/// Where in a log something is wrong.
public enum LogPlace: Hashable, Sendable, CustomStringConvertible {
    /// In an entry.
    case entry(EntryNumber)
    /// In the batch whose first entry has this number.
    case batch(EntryNumber)
    /// In the record of the log's head, or in those beside it.
    case head
    /// In bytes that do not tell where they belong.
    case bytes

    /// The place in words, such as `entry 17`.
    public var description: String {
        switch self {
        case .entry(let number): "entry \(number)"
        case .batch(let number): "the batch that begins with entry \(number)"
        case .head: "the log's head"
        case .bytes: "the bytes"
        }
    }
}

/// What can go wrong with a log.
public enum EntryLogError: Error, Hashable, Sendable {
    /// The entry would have more than ``EntryCodec/maximumByteCount`` bytes.
    case entryTooLarge(byteCount: Int)
    /// The entry holds a value that no entry may hold.
    case notEncodable(what: String)
    /// The batch has as many entries or bytes as a batch may have.
    case batchFull
    /// The bytes are not what was written.
    case corrupt(at: LogPlace, what: String)
    /// A newer version wrote this.
    case newerFormat(at: LogPlace, found: UInt64, supported: UInt64)
    /// A version from before the first release wrote this.
    case olderFormat(at: LogPlace, found: UInt64, supported: UInt64)
    /// A number stands for something that this version does not know, as of a later kind of entry.
    case unknownNumber(at: LogPlace, field: String, number: UInt64)
    /// There is no ledger at this path.
    case notALedger(path: String)
    /// There is a ledger at this path already.
    case ledgerExists(path: String)
    /// Someone else has the log open.
    case locked(advice: String)
    /// The log was opened for reading only.
    case readOnly
    /// The store would acknowledge what it may lose.
    case unsafeConfiguration(advice: String)
    /// Whether the last append is durable is not known: open the log anew and compare heads.
    ///
    /// The log refuses everything until then.
    case outcomeUnknown(cause: String)
    /// The store failed; nothing was appended.
    case storage(advice: String)
}

extension EntryLogError: CustomStringConvertible {
    /// What happened and what to do about it.
    public var description: String {
        switch self {
        case .entryTooLarge(let byteCount):
            "an entry would have \(byteCount) bytes; at most \(EntryCodec.maximumByteCount) fit"
        case .notEncodable(let what):
            "an entry can not be written: \(what)"
        case .batchFull:
            "the batch is full: append it and begin the next one"
        case .corrupt(let place, let what):
            "\(place): \(clause(what)). The log is damaged: change nothing, keep a copy of the files, and "
                + "restore a backup"
        case .newerFormat(let place, let found, let supported):
            "\(place): written in format \(found), and this version reads up to \(supported). "
                + "Upgrade headroom to read this ledger"
        case .olderFormat(let place, let found, let supported):
            "\(place): written in format \(found), which was in use before the first release only, "
                + "and this version reads format \(supported). Start a new ledger"
        case .unknownNumber(let place, let field, let number):
            "\(place): the \(field) has the number \(number), which this version does not know. "
                + "Upgrade headroom to read this ledger; if that does not help, it is damaged"
        case .notALedger(let path):
            "\(path): there is no ledger here. Check the path, or create one with `headroom init`"
        case .ledgerExists(let path):
            "\(path): there is a ledger here already. Open it, or choose another path"
        case .locked(let advice):
            "the ledger is in use: \(advice)"
        case .readOnly:
            "the ledger is open for reading only. Open it for writing to append"
        case .unsafeConfiguration(let advice):
            "the store is not configured to keep what it acknowledges: \(advice)"
        case .outcomeUnknown(let cause):
            "whether the last batch is durable is not known: \(clause(cause)). Open the ledger anew; "
                + "its head says what is in it"
        case .storage(let advice):
            advice
        }
    }

    /// A cause without its full stop, to go on behind it.
    private func clause(_ cause: String) -> Substring {
        cause.hasSuffix(".") ? cause.dropLast() : cause[...]
    }
}
