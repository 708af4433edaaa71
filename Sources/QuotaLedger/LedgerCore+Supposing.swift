// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import LedgerModel
import Rulebook

/// What somebody could do for a refused order, as changes of the state to be tried.
extension LedgerCore {
    /// A step with what it does to the state.
    typealias Supposal = (step: Remedy.Step, change: (inout LedgerState) -> Void)

    /// What can be tried for an order: an agreement, statuses, what to install.
    func supposals(for order: RefusedOrder) -> [Supposal] {
        [agreementSupposal(for: order)].compactMap(\.self) + statusSupposals(for: order)
            + [installingSupposal(for: order)].compactMap(\.self)
    }

    private func agreementSupposal(for order: RefusedOrder) -> Supposal? {
        let country = order.reservation.destination
        let (moment, entry) = (order.moment, next)
        guard moment.rulebook.tier(of: country, on: moment.day) == .capped,
            !moment.countries(countedAs: moment.rulebook.countries.counted(country))
                .contains(where: { state.agreements.holds(for: $0, on: moment.day) }),
            let dates = DateRange(from: moment.day, until: nil)
        else { return nil }
        return (
            .agreement(country),
            { state in
                let signing = AgreementSigning(country: country, dates: dates)
                state.agreements.sign(signing, entry: entry)
            }
        )
    }

    // MARK: - Statuses

    private func statusSupposals(for order: RefusedOrder) -> [Supposal] {
        let entry = next
        return state.repairs(for: order).compactMap { repair, party -> Supposal? in
            guard let dates = DateRange(from: order.moment.day, until: nil) else { return nil }
            let grant = StatusGrant(kind: repair.kind, party: repair.party, dates: dates)
            if repair.needsRenewal,
                state.statuses.overlaps(grant, party: party, parties: state.parties)
            {
                return nil
            }
            return (
                .status(repair),
                { state in
                    if repair.needsRenewal {
                        state.statuses.grant(grant, party: party, entry: entry)
                    }
                    if repair.needsReinstatement {
                        state.statuses.change(.reinstate, grantedBy: repair.grant)
                    }
                    if repair.needsAttestation { state.statuses.attest(dates, party: party) }
                }
            )
        }
    }

    // MARK: - Installing

    /// The least that makes room under every share that the order is tested against:
    /// (used + asked) * q <= p * (base + N).
    private func installingSupposal(for order: RefusedOrder) -> Supposal? {
        let (moment, time, entry) = (order.moment, order.time, next)
        guard order.decision.tests.contains(where: { $0.mechanism == .universalVEU }),
            let account = state.parties.existingAccount(of: order.party),
            let home = moment.rulebook.countries.listed(.home, on: moment.day).first
        else { return nil }
        var least: Int128 = 0
        let destination = moment.rulebook.countries.counted(order.reservation.destination)
        for share in moment.rulebook.mechanism(.universalVEU)?.shares ?? [] {
            let limit: RouteLimit =
                switch share.scope {
                case .country: .countryShare(share, destination)
                case .allOutside: .outsideShare(share)
                }
            let used = state.used(of: limit, party: order.party, account: account, at: moment)
            let base = state.bound(of: limit, account: account, at: moment)
            let wanted =
                (Int128(used) + Int128(order.decision.asked.rawValue))
                * Int128(share.denominator)
            let missing = wanted - Int128(share.numerator) * Int128(base)
            guard missing > 0 else { continue }
            guard share.numerator > 0 else { return nil }
            least = max(least, (missing + Int128(share.numerator) - 1) / Int128(share.numerator))
        }
        // No more than one attestation can say of a country, and the ledger's sums have room for.
        let room = min(TPP.maximumAmount.rawValue, table.maximumSum - state.bound)
        guard least > 0, least <= Int128(room) else { return nil }
        let amount = TPP(rawValue: Int64(least))
        return (
            .install(amount, home: home),
            { state in
                state.installed[account, default: InstalledBase()]
                    .move(amount.rawValue, in: home, on: time.day, entry: entry)
            }
        )
    }
}

extension LedgerState {
    /// What would make a status help an order that does not help it now, with its holder.
    fileprivate func repairs(
        for order: RefusedOrder
    ) -> [(repair: StatusRepair, party: PartyIndex)] {
        let (moment, day) = (order.moment, order.moment.day)
        var repairs: [(repair: StatusRepair, party: PartyIndex)] = []
        for status in statuses(near: order)
        where !status.isRevoked && status.grant.dates.from <= day {
            guard isEligible(status.grant.kind, party: status.party, at: moment) else { continue }
            let hasEnded = !status.grant.dates.contains(day)
            let repair = StatusRepair(
                grant: status.entry,
                kind: status.grant.kind,
                party: status.grant.party,
                needsRenewal: hasEnded,
                needsReinstatement: status.isSuspended && !hasEnded,
                needsAttestation: !isAttested(status.party, at: moment)
            )
            guard repair.needsRenewal || repair.needsReinstatement || repair.needsAttestation else {
                continue
            }
            // Of several that have ended the last one is granted again.
            repairs.removeAll {
                $0.repair.needsRenewal && repair.needsRenewal && $0.party == status.party
                    && $0.repair.kind == repair.kind
            }
            repairs.append((repair, status.party))
        }
        return repairs
    }

    /// The statuses of an order's group, and the National ones of its party for the destination.
    private func statuses(near order: RefusedOrder) -> [StatusState] {
        let group = parties.ultimateParent(of: order.party)
        let countries = order.moment.rulebook.countries
        let destination = countries.counted(order.reservation.destination)
        return statuses.universal.filter { parties.ultimateParent(of: $0.party) == group }
            + statuses.national(of: order.party).filter { status in
                guard case .national(let country) = status.grant.kind else { return false }
                return countries.counted(country) == destination
            }
    }
}
