// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import QuotaLedger

/// What another rulebook would have made of an order.
///
/// Listed in the order in which reports count them.
public enum OrderChange: String, Hashable, Sendable, CaseIterable {
    /// It was granted and would be refused.
    case grantedToRefused = "granted-to-refused"
    /// It was refused and would be granted.
    case refusedToGranted = "refused-to-granted"
    /// It would be granted by another mechanism.
    case mechanism
    /// It would be granted by the same mechanism, for another amount.
    case amount
    /// It would be refused for another reason, or by another mechanism.
    case reason
    /// It would be rejected: its amount, or what it names, would not fit.
    case rejected
    /// The same answer, with other limits, or with something else left of them.
    case arithmetic
    /// The same in everything.
    case same

    /// Compares what was answered with what would be.
    ///
    /// - Parameters:
    ///   - before: The outcome in the log.
    ///   - after: The answer under the other rulebook.
    public init(from before: Outcome, to after: ReadjudgedAnswer) {
        guard case .recorded(let after) = after else {
            self = .rejected
            return
        }
        guard case .decided(let old) = before, case .decided(let new) = after else {
            self = Self.plain(before.refusal, after.refusal)
            return
        }
        switch (old.isGranted, new.isGranted) {
        case (true, false): self = .grantedToRefused
        case (false, true): self = .refusedToGranted
        case (true, true) where old.mechanism != new.mechanism: self = .mechanism
        case (true, true) where old.granted != new.granted: self = .amount
        case (false, false) where old.refusal != new.refusal || old.mechanism != new.mechanism:
            self = .reason
        default: self = old == new ? .same : .arithmetic
        }
    }

    /// Outcomes of which at least one is the ledger's policy's.
    private static func plain(_ before: Refusal?, _ after: Refusal?) -> OrderChange {
        switch (before, after) {
        case (nil, .some): .grantedToRefused
        case (.some, nil): .refusedToGranted
        default: before == after ? .same : .reason
        }
    }

    /// Whether the order would be answered otherwise, and not only counted otherwise.
    public var isMove: Bool { self != .arithmetic && self != .same }
}

/// An order that another rulebook would have answered otherwise.
public struct MovedOrder: Hashable, Sendable {
    /// Its entry.
    public var entry: EntryNumber
    /// What changes.
    public var change: OrderChange
    /// The order.
    public var order: AskedOrder
    /// What it was answered.
    public var before: Outcome
    /// What it would be answered.
    public var after: ReadjudgedAnswer
}
