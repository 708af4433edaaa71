// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// What the rules and the ledger's policy refused, counted.
public struct RefusalFold: EntryFold {
    /// What refusals are counted under.
    struct Key: Hashable {
        var operation: ActionKind
        /// The mechanism that refused an order; `nil` of everything else.
        var mechanism: MechanismKind?
        var reason: Refusal
        var place: Place
    }

    /// The country that is meant.
    enum Place: Hashable {
        /// None: the operation is about no country.
        case none
        /// The destination.
        case country(CountryCode)
        /// The destination of the order whose entry this is.
        case hold(EntryNumber)
    }

    /// How many there were, and what they asked.
    struct Count {
        var count: Int64 = 0
        /// What they asked together; `nil` of what asks no amount.
        ///
        /// Wider than a sum of the ledger, which bounds what is granted and not what is asked.
        var asked: Int128?
        var first: EntryNumber
        var last: EntryNumber
    }

    private(set) var counts: [Key: Count] = [:]

    /// Makes a fold of a log without entries.
    public init() {}

    /// The orders of which operations on the hold were refused; the report wants to know their
    /// destinations.
    public var orders: Set<EntryNumber> {
        Set(
            counts.keys.compactMap { key in
                if case .hold(let number) = key.place { number } else { nil }
            }
        )
    }

    /// Takes the next entry in.
    public mutating func take(_ entry: Entry) {
        guard case .operation(let record) = entry.content, let reason = record.outcome.refusal
        else { return }
        var key = Key(operation: record.action.kind, reason: reason, place: .none)
        var asked: TPP?
        switch (record.action, record.outcome) {
        case (.reserve(let reservation), .decided(let decision)):
            key.mechanism = decision.mechanism
            key.place = .country(reservation.destination)
            asked = decision.asked
        case (.reserve(let reservation), _): key.place = .country(reservation.destination)
        case (.transferWeights(let transfer), _): key.place = .country(transfer.destination)
        case (.signAgreement(let signing), _): key.place = .country(signing.country)
        case (_, .moved(let move)):
            key.place = .hold(move.hold)
            asked = move.amount
        default: break
        }
        var count = counts[key] ?? Count(first: entry.number, last: entry.number)
        count.count += 1
        count.last = entry.number
        if let asked { count.asked = (count.asked ?? 0) + Int128(asked.rawValue) }
        counts[key] = count
    }
}
