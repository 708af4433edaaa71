// SPDX-License-Identifier: Apache-2.0
public import EntryLog
public import LedgerModel

/// What can be wrong with an export.
///
/// Lines are counted from 1, the header included.
public enum ExportError: Error, Hashable, Sendable {
    /// The file does not begin as an export does.
    case notAnExport
    /// A newer version wrote it.
    case newerFormat(found: Int64)
    /// A line is not what was written there.
    case changed(line: Int, entry: EntryNumber?, what: String)
    /// The file ends early.
    case cutShort(afterLine: Int, entryCount: UInt64, expected: UInt64?)
    /// The export tells no secret, and without it no ledger can be made that has its root.
    case withoutSecret
    /// The log failed, or can not hold what the export holds.
    case log(EntryLogError)
}

extension ExportError: CustomStringConvertible {
    /// What is wrong, and what to do about it.
    public var description: String {
        switch self {
        case .notAnExport:
            "line 1: this is no export of a ledger: 'headroom export' writes one"
        case .newerFormat(let found):
            "line 1: the export is in format \(found), and this version reads up to "
                + "\(ExportHeader.formatVersion). Upgrade headroom to read it"
        case .changed(let line, let entry, let what):
            "line \(line)\(entry.map { ", entry \($0)" } ?? ""): \(what). The file is not what was "
                + "exported: fetch or export it again"
        case .cutShort(let line, let count, let expected):
            "the file is cut short after line \(line): it has \(count)"
                + (expected.map { " of \($0)" } ?? "")
                + " entries and no last line. Fetch or export it again"
        case .withoutSecret:
            "the export was made without the ledger's secret: it can be read and checked, but a "
                + "ledger made from it could not end at the same root. Export again with "
                + "--with-secret"
        case .log(let error): error.description
        }
    }
}
