// SPDX-License-Identifier: Apache-2.0

public import EntryLog
public import LedgerModel
public import StateStore

/// The world failed the ledger.
///
/// What the rules do not allow is a ``LedgerModel/Refusal``, bad input a
/// ``LedgerModel/Rejection``; neither is an error.
public enum LedgerError: Error, Sendable {
    /// The log failed.
    case log(EntryLogError)
    /// An entry of the log does not fit the entries before it: the log was edited, or was written
    /// by a defective version.
    case corrupt(EntryNumber, String)
    /// The index of operations can not be read, so that nobody can tell which ids are new.
    ///
    /// Open the ledger again: what is damaged is rebuilt from the log.
    case index(StateStoreError)
    /// Another process has taken the log over.
    ///
    /// This one writes no more: open the ledger again.
    case fenced
    /// There is no room for more operations until others have been decided: nothing of what was
    /// asked is taken.
    ///
    /// Ask again after so many milliseconds, as far as can be told from how long batches take.
    case busy(retryAfterMilliseconds: Int)
    /// An earlier failure ended this ledger's work; what was not answered may or may not be
    /// recorded.
    ///
    /// Open the ledger again and ask again: an operation that is recorded is answered as a replay.
    case closed
}

extension LedgerError: CustomStringConvertible {
    /// What failed, and what to do.
    public var description: String {
        switch self {
        case .log(let error): "\(error)"
        case .corrupt(let number, let reason):
            "entry \(number) of the log can not be: \(reason). Run 'headroom verify', and restore "
                + "the ledger from a backup."
        case .index(let error):
            "which operations are known can not be told: \(error). Open the ledger again."
        case .fenced:
            "another process has taken this ledger over. Nothing more is written here; open the "
                + "ledger again to go on."
        case .busy(let milliseconds):
            "the ledger has no room for more operations. Ask again after \(milliseconds) ms."
        case .closed:
            "the ledger was closed after a failure. Open it again and ask again: what is recorded "
                + "is answered as a replay."
        }
    }
}
