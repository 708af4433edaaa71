// SPDX-License-Identifier: Apache-2.0
public import EntryLog
public import LedgerModel

/// A part of a receipt, as a fault names it.
public enum ReceiptPart: Hashable, Sendable {
    /// How the parts are written.
    case layout
    /// What the ledger signed: name, size and root.
    case checkpoint
    /// A signature under the checkpoint.
    case signature
    /// The header of an entry.
    case header(String)
    /// The bytes of a section of an entry, `own` or `shared`.
    case section(String, of: String)
    /// The salt of a section; of a redacted one the hashes that are left of what was personal.
    case salt(String, of: String)
    /// The hash that is told of a section.
    case sectionHash(String, of: String)
    /// The leaf that is told of an entry.
    case leaf(String)
    /// The proof that an entry is in the tree.
    case path(String)
    /// What is said in clear text, by its place in the JSON.
    case claim(String)
}

extension ReceiptPart: CustomStringConvertible {
    /// The part in words.
    public var description: String {
        switch self {
        case .layout: "layout"
        case .checkpoint: "checkpoint"
        case .signature: "signature"
        case .header(let entry): "header of entry \(entry)"
        case .section(let section, let entry): "section '\(section)' of entry \(entry)"
        case .salt(let section, let entry): "salt of section '\(section)' of entry \(entry)"
        case .sectionHash(let section, let entry): "hash of section '\(section)' of entry \(entry)"
        case .leaf(let entry): "leaf of entry \(entry)"
        case .path(let entry): "proof of entry \(entry)"
        case .claim(let place): "claim '\(place)'"
        }
    }
}

/// Why a receipt is not one: the part that was altered, and what shows it.
public struct ReceiptFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The part.
    public let part: ReceiptPart
    /// What is wrong with it.
    public let what: String

    init(_ part: ReceiptPart, _ what: String) {
        self.part = part
        self.what = what
    }

    /// What is wrong, in a sentence.
    public var description: String { "\(part): \(what)" }
}

/// Why no receipt can be made.
public enum ReceiptError: Error, Hashable, Sendable {
    /// There is no such entry.
    case noEntry(EntryNumber, next: UInt64)
    /// Nothing of the entry is for this reader.
    case notForReader(EntryNumber, OrganisationIdentifier)
    /// The checkpoint is older than the entry.
    case notCovered(EntryNumber, size: UInt64)
    /// The log does not begin with the creation of a ledger, or a rulebook is not where it should be.
    case notALedger(what: String)
    /// The log failed.
    case log(EntryLogError)
}

extension ReceiptError: CustomStringConvertible {
    /// What is wrong, and what to do about it.
    public var description: String {
        switch self {
        case .noEntry(let number, let next):
            "found entry \(number), expected "
                + (next == 0 ? "an entry, and the log has none" : "one from 0 to \(next - 1)")
        case .notForReader(let number, let organisation):
            "nothing of entry \(number) is for \(organisation) to see: it is neither its own nor "
                + "about one of its holds"
        case .notCovered(let number, let size):
            "the checkpoint is of \(size) entries and does not cover entry \(number): sign a newer one"
        case .notALedger(let what): what
        case .log(let error): error.description
        }
    }
}
