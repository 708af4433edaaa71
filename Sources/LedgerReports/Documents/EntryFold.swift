// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// What a report keeps of a log that is read once, from its beginning, in order.
///
/// It looks at what entries say and decides nothing. Whoever reads the log ends with the last entry
/// of the report.
public protocol EntryFold {
    /// Takes the next entry in.
    mutating func take(_ entry: Entry)
}
