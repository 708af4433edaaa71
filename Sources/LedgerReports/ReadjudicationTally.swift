// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import QuotaLedger

/// Counts what another rulebook would have made of the operations of a log.
///
/// Memory grows with the parties and countries of the log, and with the moved orders that are kept.
public struct ReadjudicationTally: Sendable {
    /// How many, and how much.
    public struct Count: Hashable, Sendable {
        /// How many orders.
        public var orders: Int64 = 0
        /// What they asked together, by the log.
        public var asked: TPP = .zero

        mutating func add(_ amount: TPP) {
            orders += 1
            asked = asked.adding(amount) ?? asked
        }
    }

    /// What was granted to whom, or where to, and what would be.
    public struct Side: Hashable, Sendable {
        /// How many orders there were.
        public var orders: Int64 = 0
        /// How many would be answered otherwise.
        public var moved: Int64 = 0
        /// What was granted together.
        public var before: TPP = .zero
        /// What would be granted together.
        public var after: TPP = .zero
    }

    /// An operation other than an order whose outcome would change.
    public struct OperationKey: Hashable, Sendable {
        /// What it is.
        public var kind: ActionKind
        /// Why it was refused; `nil` if it took effect.
        public var before: Refusal?
        /// Why it would be refused; `nil` if it would take effect, or be rejected.
        public var after: Refusal?
        /// Why it would be rejected, if it would.
        public var rejection: RejectionCode?
    }

    /// How many of the moved orders are kept; `nil` for all.
    public let keeping: Int?
    /// Every order, by what changes.
    public private(set) var orders: [OrderChange: Count] = [:]
    /// The first of the moved orders, in order of the log.
    public private(set) var moved: [MovedOrder] = []
    /// By consignee.
    public private(set) var parties: [PartyIdentifier: Side] = [:]
    /// By destination.
    public private(set) var destinations: [CountryCode: Side] = [:]
    /// Operations of other kinds whose outcome would change, counted.
    public private(set) var operations: [OperationKey: Int64] = [:]

    /// Counts nothing yet.
    ///
    /// - Parameter keeping: How many of the moved orders are kept; `nil` for all.
    public init(keeping: Int?) { self.keeping = keeping }

    /// How many orders would be answered otherwise.
    public var movedCount: Int64 {
        orders.reduce(0) { $0 + ($1.key.isMove ? $1.value.orders : 0) }
    }

    /// How many orders there are.
    public var orderCount: Int64 { orders.values.reduce(0) { $0 + $1.orders } }

    /// Takes an operation's entry and what it would have been answered.
    public mutating func add(_ entry: Entry, _ answer: ReadjudgedAnswer) {
        guard case .operation(let record) = entry.content else { return }
        if case .reserve(let reservation) = record.action {
            add(reservation, record, entry, answer)
        } else {
            add(record, answer)
        }
    }

    private mutating func add(
        _ reservation: Reservation,
        _ record: OperationRecord,
        _ entry: Entry,
        _ answer: ReadjudgedAnswer
    ) {
        let change = OrderChange(from: record.outcome, to: answer)
        orders[change, default: Count()].add(record.outcome.asked)
        let granted = (record.outcome.granted, answer.outcome?.granted ?? .zero)
        parties[reservation.consignee, default: Side()].add(granted, change)
        destinations[reservation.destination, default: Side()].add(granted, change)
        guard change.isMove, keeping.map({ moved.count < $0 }) ?? true else { return }
        moved.append(
            MovedOrder(
                entry: entry.number,
                change: change,
                order: AskedOrder(
                    id: record.id,
                    exporter: entry.actor.organisation,
                    reservation: reservation
                ),
                before: record.outcome,
                after: answer
            )
        )
    }

    private mutating func add(_ record: OperationRecord, _ answer: ReadjudgedAnswer) {
        // A correction changes nothing; the entry that it names by its number may be another one.
        if case .correct = record.action { return }
        var key = OperationKey(kind: record.action.kind, before: record.outcome.refusal)
        switch answer {
        case .recorded(let outcome): key.after = outcome.refusal
        case .rejected(let rejection): key.rejection = rejection.code
        }
        guard key.before != key.after || key.rejection != nil else { return }
        operations[key, default: 0] += 1
    }
}

extension ReadjudicationTally.Side {
    fileprivate mutating func add(_ granted: (before: TPP, after: TPP), _ change: OrderChange) {
        orders += 1
        if change.isMove { moved += 1 }
        before = before.adding(granted.before) ?? before
        after = after.adding(granted.after) ?? after
    }
}

extension Outcome {
    /// What an order asked, in controlled TPP; 0 where the ledger's policy refused it.
    var asked: TPP { if case .decided(let decision) = self { decision.asked } else { .zero } }

    /// What an order was granted.
    var granted: TPP { if case .decided(let decision) = self { decision.granted } else { .zero } }
}

extension ReadjudgedAnswer {
    /// The outcome, unless there is no entry.
    var outcome: Outcome? { if case .recorded(let outcome) = self { outcome } else { nil } }
}
