// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// Whether the sums of a state that was read from a snapshot agree with one another.
///
/// They always do in what this code wrote. A checksum that fits by accident, or was made to fit,
/// must still not lead to sums that wrap or to room that is freed without having been taken.
enum SnapshotAudit {
    /// Every hold that can still change has its charge.
    ///
    /// `holds` are those of the state, in order, which is faster than as the register has them.
    static func checkCharges(of state: LedgerState, _ holds: [Hold]) throws(SnapshotFault) {
        var (smallOrders, nationals) = (state.smallOrders, state.nationals)
        var countries = state.countries
        for hold in holds {
            var wasCharged = false
            switch hold.mechanism {
            case .smallOrder: smallOrders.update(hold.account) { wasCharged = $0.take(hold) }
            case .nationalVEU:
                let key = NationalKey(party: hold.party, country: hold.country)
                wasCharged = nationals[key]?.take(hold) ?? false
            case .country: countries.update(hold.country) { wasCharged = $0.take(hold) }
            default: wasCharged = true
            }
            guard wasCharged else {
                throw SnapshotFault("hold \(hold.number) is not charged")
            }
        }
    }

    /// What is open, shipped and installed stays within the bound, and the tallies tell of the holds.
    static func checkSums(of state: LedgerState, _ holds: [Hold]) throws(SnapshotFault) {
        var room = state.bound
        var open: Int128 = 0
        for hold in holds {
            let (sum, overflow) = hold.open.addingReportingOverflow(hold.shipped)
            guard !overflow, sum <= room else { throw SnapshotFault("more is held than there is") }
            room -= sum
            open += Int128(hold.open)
        }
        for base in state.installed.values {
            guard base.total <= state.bound else {
                throw SnapshotFault("more is installed than was shipped and attested")
            }
        }
        let tallies = state.tallies
        let granted = tallies.grants.values.reduce(Int128(0)) { $0 + Int128($1.asked.rawValue) }
        let gone = [
            tallies.expiries, tallies.releases, tallies.revocations, tallies.finals,
            tallies.shipments,
        ]
        let left = gone.reduce(granted) { $0 - Int128($1.asked.rawValue) }
        guard left == open else { throw SnapshotFault("the tallies do not fit the holds") }
    }
}

extension DayTotals {
    /// Takes what a hold took, or says that it took nothing.
    fileprivate mutating func take(_ hold: Hold) -> Bool {
        let amount = hold.open + hold.shipped
        guard has(amount, on: hold.day) else { return false }
        if amount > 0 { subtract(amount, on: hold.day) }
        return true
    }
}
