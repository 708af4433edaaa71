// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// What an audit has judged.
public struct AuditTally: Hashable, Sendable {
    /// Entries that were judged.
    public var entries: UInt64 = 0
    /// Operations among them.
    public var operations: UInt64 = 0
    /// Reservations that were rightly granted.
    public var grants: UInt64 = 0
    /// Operations of any kind that were rightly refused.
    public var refusals: UInt64 = 0
    /// Holds that rightly expired.
    public var expiries: UInt64 = 0
    /// Breaches, cures and thresholds that rightly stand there.
    public var limitEvents: UInt64 = 0
    /// Before which entries all sums were folded anew from the charges.
    public var foldedAt: [EntryNumber] = []
    /// Holds that are open at the end.
    public var openHolds: UInt64 = 0
    /// What is open of them, in TPP.
    public var openSum: Int64 = 0
    /// Limits that are in breach at the end.
    public var limitsInBreach = 0
    /// The time of the newest entry.
    public var newestTime = LedgerTime.earliest
    /// Events at the end whose operation is not in the log: its writer ended before it was durable.
    public var eventsWithoutOperation: UInt64 = 0
    /// Events that the last operation brought about and that are not in the log yet: its writer
    /// ended before they were durable, and the next one begins with them.
    public var eventsOutstanding: UInt64 = 0

    /// Decisions on proposals of which it is no longer told who proposed or decided, so that it was not
    /// judged again whether they were two people.
    public var personsNotCompared: UInt64 = 0
    /// Redactions refused for a legal hold on a party, or an older encoding, which is not judged again.
    public var redactionsNotJudged: UInt64 = 0
    /// Entries that are redacted.
    public var redacted: UInt64 = 0

    /// Adds an operation that was rightly answered.
    mutating func add(_ outcome: Outcome) {
        operations += 1
        if outcome.refusal != nil {
            refusals += 1
        } else if case .decided = outcome {
            grants += 1
        }
    }
}
