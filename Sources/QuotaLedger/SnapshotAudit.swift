// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// Whether the sums of a state that was read from a snapshot agree with one another.
///
/// They always do in what this code wrote. A checksum that fits by accident, or was made to fit,
/// must still not lead to sums that wrap or to room that is freed without having been taken.
enum SnapshotAudit {
    /// Every charge comes from an open hold, and every open hold has its charge.
    static func checkCharges(of state: LedgerState) throws(SnapshotFault) {
        var (smallOrders, nationals) = (state.smallOrders, state.nationals)
        var countries = state.countries
        for hold in state.holds.holds where hold.isOpen {
            let wasCharged: Bool? =
                switch hold.mechanism {
                case .smallOrder: smallOrders[hold.account]?.take(hold)
                case .nationalVEU:
                    nationals[NationalKey(party: hold.party, country: hold.country)]?.take(hold)
                case .country: countries[hold.country]?.take(hold)
                default: true
                }
            guard wasCharged == true else {
                throw SnapshotFault("hold \(hold.number) is not charged")
            }
        }
        guard smallOrders.values.allSatisfy(\.isZero), nationals.values.allSatisfy(\.isZero),
            countries.values.allSatisfy(\.isZero)
        else { throw SnapshotFault("there are charges without holds") }
    }

    /// What was granted and installed stays within the bound, and the tallies tell of the holds.
    static func checkSums(of state: LedgerState) throws(SnapshotFault) {
        var granted: [MechanismKind: Tally] = [:]
        var expired = Tally()
        var room = state.bound
        for hold in state.holds.holds {
            granted[hold.mechanism, default: Tally()].add(TPP(rawValue: hold.amount))
            guard hold.isOpen else {
                expired.add(TPP(rawValue: hold.amount))
                continue
            }
            guard hold.amount <= room else { throw SnapshotFault("more is held than there is") }
            room -= hold.amount
        }
        for base in state.installed.values {
            for move in base.movesByCountry.values.joined() where move.change > 0 {
                guard move.change <= room else {
                    throw SnapshotFault("more is installed than was attested")
                }
                room -= move.change
            }
        }
        guard granted == state.tallies.grants, expired == state.tallies.expiries else {
            throw SnapshotFault("the tallies do not fit the holds")
        }
    }
}

extension DayTotals {
    fileprivate var isZero: Bool { totals.allSatisfy { $0.amount == 0 } }

    /// Frees what a hold took, or says that it took nothing.
    fileprivate mutating func take(_ hold: Hold) -> Bool {
        guard has(hold.amount, on: hold.day) else { return false }
        subtract(hold.amount, on: hold.day)
        return true
    }
}
