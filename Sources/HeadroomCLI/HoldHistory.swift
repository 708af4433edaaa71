// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel

/// A reservation and everything that became of it, read from the log.
struct HoldHistory {
    /// Where a hold stands.
    enum Standing: String {
        /// Something may still be shipped.
        case open
        /// Nothing may be shipped any more.
        case closed
        /// There never was a hold.
        case refused
    }

    /// The entry of the reservation.
    let reservation: Entry
    let asked: Reservation
    /// Its decision; `nil` of one that the ledger's policy refused.
    let decision: Decision?
    private(set) var standing: Standing
    private(set) var balance: HoldBalance
    /// What was freed, by whatever ended the hold.
    private(set) var freed = TPP.zero
    private(set) var deadline: LedgerTime?
    /// The entry that closed it, if one did.
    private(set) var closing: Entry?
    /// The entries that changed it or tried to, in order.
    private(set) var entries: [Entry] = []

    /// Reads the history of the order of an id.
    ///
    /// - Throws: A rejection if there is none, or if the id is no order's.
    init(_ id: OperationIdentifier, by owner: OrganisationIdentifier?, in log: OpenLog) throws {
        reservation = try log.entry(of: id, by: owner, option: "--of")
        guard case .operation(let record) = reservation.content,
            case .reserve(let asked) = record.action
        else {
            throw Rejection(
                .unknownReference,
                field: "order",
                found: id.text,
                expected: "the id of an operation that reserved; see 'headroom explain \(id)'"
            )
        }
        self.asked = asked
        deadline = asked.deadline
        if case .decided(let decision) = record.outcome {
            self.decision = decision
            standing = decision.isGranted ? .open : .refused
            balance = HoldBalance(open: decision.granted)
        } else {
            decision = nil
            standing = .refused
            balance = .zero
        }
        try log.forEachEntry(about: reservation.number) { take($0) }
    }

    private mutating func take(_ entry: Entry) {
        switch entry.content {
        case .expiry(let expiry) where expiry.hold == reservation.number:
            entries.append(entry)
            free(expiry.freed)
            close(by: entry)
        case .operation(let record):
            guard case .moved(let move) = record.outcome, move.hold == reservation.number else {
                return
            }
            entries.append(entry)
            if move.refusal == nil { take(move, of: record.action, entry) }
        case .expiry, .limit: break
        }
    }

    private mutating func take(_ move: HoldMove, of action: Action, _ entry: Entry) {
        balance = move.before
        let amount = move.amount.rawValue
        switch action {
        case .ship(let shipment):
            balance.open = TPP(rawValue: balance.open.rawValue - amount)
            balance.out = TPP(rawValue: balance.out.rawValue + amount)
            free(move.freed)
            if shipment.isFinal || balance.open == .zero { close(by: entry) }
        case .release, .revoke:
            free(move.freed)
            close(by: entry)
        case .extend(let extended): deadline = extended.deadline
        case .giveBack:
            balance.out = TPP(rawValue: balance.out.rawValue - amount)
            balance.returned = TPP(rawValue: balance.returned.rawValue + amount)
        case .retire:
            balance.out = TPP(rawValue: balance.out.rawValue - amount)
            balance.retired = TPP(rawValue: balance.retired.rawValue + amount)
        default: break
        }
    }

    private mutating func free(_ amount: TPP) {
        balance.open = TPP(rawValue: balance.open.rawValue - amount.rawValue)
        freed = TPP(rawValue: freed.rawValue + amount.rawValue)
    }

    private mutating func close(by entry: Entry) {
        standing = .closed
        closing = entry
    }
}
