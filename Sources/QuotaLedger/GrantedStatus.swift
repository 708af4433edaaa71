// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
import Rulebook

/// How current a party's security attestation is on a day.
public enum AttestationStanding: Hashable, Sendable {
    /// It is current, until a day that is not part of it any more; `nil` for no end.
    case current(until: CivilDate?)
    /// It was current, and is not from a day on.
    case lapsed(since: CivilDate)
    /// It becomes current on a day.
    case upcoming(from: CivilDate)
    /// There is none.
    case never

    /// How it stands by the days that were attested.
    init(of ranges: [DateRange], on day: CivilDate) {
        guard ranges.contains(where: { $0.contains(day) }) else {
            let ends = ranges.compactMap(\.until).filter { $0 <= day }
            let beginnings = ranges.map(\.from).filter { $0 > day }
            self =
                ends.max().map { .lapsed(since: $0) }
                ?? beginnings.min().map { .upcoming(from: $0) } ?? .never
            return
        }
        // Days that follow each other without a gap are one attestation.
        var last = day
        while let range = ranges.first(where: { range in
            range.contains(last) && (range.until.map { $0 > last } ?? true)
        }) {
            guard let until = range.until else {
                self = .current(until: nil)
                return
            }
            last = until
        }
        self = .current(until: last)
    }

    /// Whether it is current.
    public var isCurrent: Bool {
        if case .current = self { true } else { false }
    }
}

/// A Universal or National VEU status as it stands on a day.
public struct GrantedStatus: Hashable, Sendable {
    /// What was done to it, and whether the day is one of its.
    public enum Standing: String, Hashable, Sendable, CaseIterable {
        /// It is in effect, if its holder is eligible and attested.
        case active
        /// An authority suspended it.
        case suspended
        /// An authority revoked it, for good.
        case revoked
        /// Its days are over.
        case ended
        /// Its days have not begun.
        case upcoming
    }

    /// The entry that granted it.
    public var entry: EntryNumber
    /// What was granted to whom, for which days.
    public var grant: StatusGrant
    /// The ultimate parent of the party.
    public var group: PartyIdentifier
    /// How it stands.
    public var standing: Standing
    /// Whether the party meets the conditions of the status.
    public var isEligible: Bool
    /// How current the party's security attestation is.
    public var attestation: AttestationStanding
    /// Whether the rulebook wants the attestation to be current.
    public var needsAttestation: Bool

    /// Whether it helps no order for want of a current security attestation alone.
    public var isLapsed: Bool {
        standing == .active && isEligible && needsAttestation && !attestation.isCurrent
    }

    /// Makes a status; nothing is checked here.
    public init(
        entry: EntryNumber,
        grant: StatusGrant,
        group: PartyIdentifier,
        standing: Standing,
        isEligible: Bool,
        attestation: AttestationStanding,
        needsAttestation: Bool
    ) {
        self.entry = entry
        self.grant = grant
        self.group = group
        self.standing = standing
        self.isEligible = isEligible
        self.attestation = attestation
        self.needsAttestation = needsAttestation
    }
}

extension LedgerCore {
    /// Every status that was ever granted as it stands at a moment not before the newest entry, in
    /// order of the grants; none while no rulebook is in force.
    ///
    /// O(statuses).
    public func grantedStatuses(at time: LedgerTime? = nil) -> [GrantedStatus] {
        state.reported(after: time).map { $0.state.grantedStatuses(at: $0.moment) } ?? []
    }
}

extension LedgerState {
    func grantedStatuses(at moment: LegalMoment) -> [GrantedStatus] {
        statuses.statuses.map { granted($0, at: moment) }
    }

    private func granted(_ status: StatusState, at moment: LegalMoment) -> GrantedStatus {
        let standing: GrantedStatus.Standing =
            if status.isRevoked {
                .revoked
            } else if status.grant.dates.contains(moment.day) {
                status.isSuspended ? .suspended : .active
            } else {
                status.grant.dates.from > moment.day ? .upcoming : .ended
            }
        return GrantedStatus(
            entry: status.entry,
            grant: status.grant,
            group: parties.identifier(of: parties.ultimateParent(of: status.party)),
            standing: standing,
            isEligible: isEligible(status.grant.kind, party: status.party, at: moment),
            attestation: AttestationStanding(
                of: statuses.attestedDates[status.party] ?? [],
                on: moment.day
            ),
            needsAttestation: moment.rulebook.statuses.securityAttestation.value == .required
        )
    }
}
