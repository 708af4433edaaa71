// SPDX-License-Identifier: Apache-2.0

package import LedgerModel

/// How a limit stands.
package struct LimitStanding: Hashable, Sendable {
    /// What is used of it.
    package var used: TPP
    /// What it allows; of a share the shown limit.
    package var limit: TPP

    package init(used: TPP, limit: TPP) {
        self.used = used
        self.limit = limit
    }
}

extension LedgerCore {
    /// Every limit that is watched, as of the newest entry.
    ///
    /// O(charges). For a core that was recovered up to some entry this is how it was then.
    package var limitStandings: [LimitName: LimitStanding] {
        guard let adopted = state.rulebooks.inForce(at: newestTime) else { return [:] }
        let moment = LegalMoment(day: newestTime.day, adopted: adopted)
        var look = PendingLook(time: newestTime)
        look.isFull = true
        look.takesInSmallOrders = true
        var standings: [LimitName: LimitStanding] = [:]
        for key in state.keys(of: look, at: moment) {
            guard let reading = state.reading(of: key, at: moment) else { continue }
            standings[state.name(of: key)] = LimitStanding(
                used: TPP(rawValue: reading.used),
                limit: TPP(rawValue: reading.limit)
            )
        }
        return standings
    }

    /// The limits that were found in breach and not yet cured.
    package var limitsInBreach: Set<LimitName> {
        Set(state.watch.states.filter(\.value.isInBreach).map { state.name(of: $0.key) })
    }

    /// How a hold stands; `nil` of one of which nothing is open or out, and of what is no hold.
    package func balance(of hold: EntryNumber) -> HoldBalance? { state.holds[hold]?.balance }

    /// What a group, named by its ultimate parent, has installed in a country.
    package func installed(of group: PartyIdentifier, in country: CountryCode) -> TPP {
        let base = state.parties.index(of: group)
            .flatMap(state.parties.existingAccount(of:))
            .flatMap { state.installed[$0] }
        return TPP(rawValue: base?.installed(in: country) ?? 0)
    }
}
