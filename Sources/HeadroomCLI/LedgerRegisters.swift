// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel

/// What the log says of parties, statuses, agreements and adoptions, for the commands that list
/// them.
///
/// Folded from the accepted entries; nothing is decided.
struct LedgerRegisters {
    /// A party as it is now.
    struct Party {
        var record: PartyRecord
        /// The entry that last said so.
        var entry: EntryNumber
        /// Why it is blocked, if it is.
        var blockReason: String?
        /// The security attestations, in order of the log.
        var attestations: [DateRange] = []
    }

    /// A status as it is now.
    struct Status {
        /// Where a status stands.
        enum Standing: String {
            case active
            case suspended
            case revoked
        }

        var organisation: OrganisationIdentifier
        var id: OperationIdentifier
        var entry: EntryNumber
        var grant: StatusGrant
        var standing = Standing.active
    }

    /// An agreement as it is now.
    struct Agreement {
        var organisation: OrganisationIdentifier
        var id: OperationIdentifier
        var entry: EntryNumber
        var country: CountryCode
        var from: CivilDate
        var until: CivilDate?
    }

    /// An adopted file.
    struct Adoption {
        var entry: EntryNumber
        var time: LedgerTime
        var bytes: [UInt8]
    }

    private(set) var parties: [PartyIdentifier: Party] = [:]
    private(set) var statuses: [Status] = []
    private(set) var agreements: [Agreement] = []
    private(set) var rulebooks: [Adoption] = []
    private(set) var devices: [Adoption] = []
    /// The newest entry's time.
    private(set) var newestTime: LedgerTime?
    /// What was proposed and not decided, by who and as what.
    private var proposals: [OperationName: Proposed] = [:]

    private struct OperationName: Hashable {
        var organisation: OrganisationIdentifier
        var id: OperationIdentifier
    }

    private struct Proposed {
        var action: Action
        var origin: Origin
    }

    /// By what an operation that took effect is known: its own entry, or that of its proposal.
    private struct Origin {
        var organisation: OrganisationIdentifier
        var id: OperationIdentifier
        var entry: EntryNumber
    }

    /// Folds a log.
    init(_ log: OpenLog) throws(EntryLogError) {
        newestTime = try log.newestTime()
        try log.forEachRegisterEntry { take($0) }
    }

    private mutating func take(_ entry: Entry) {
        guard case .operation(let record) = entry.content, case .accepted = record.outcome else {
            return
        }
        let origin = Origin(
            organisation: entry.actor.organisation,
            id: record.id,
            entry: entry.number
        )
        switch record.action {
        case .propose(let proposal):
            let name = OperationName(organisation: origin.organisation, id: origin.id)
            proposals[name] = Proposed(action: proposal.action, origin: origin)
        case .decideProposal(let decision):
            let name = OperationName(
                organisation: decision.proposal.organisation ?? origin.organisation,
                id: decision.proposal.id
            )
            guard let proposed = proposals.removeValue(forKey: name),
                decision.step == .approve
            else { return }
            take(proposed.action, known: proposed.origin, at: entry)
        default: take(record.action, known: origin, at: entry)
        }
    }

    /// Takes what took effect at an entry.
    private mutating func take(_ action: Action, known origin: Origin, at entry: Entry) {
        switch action {
        case .party(let party):
            parties[party.id, default: Party(record: party, entry: entry.number)].record = party
            parties[party.id]?.entry = entry.number
        case .block(let block):
            parties[block.party]?.blockReason = block.isBlocked ? block.reason : nil
        case .attestSecurity(let attestation):
            parties[attestation.party]?.attestations.append(attestation.dates)
        case .grantStatus(let grant):
            statuses.append(
                Status(
                    organisation: origin.organisation,
                    id: origin.id,
                    entry: origin.entry,
                    grant: grant
                )
            )
        case .changeStatus(let change): take(change, by: origin.organisation)
        case .signAgreement(let signing):
            agreements.append(
                Agreement(
                    organisation: origin.organisation,
                    id: origin.id,
                    entry: origin.entry,
                    country: signing.country,
                    from: signing.dates.from,
                    until: signing.dates.until
                )
            )
        case .endAgreement(let end): take(end, by: origin.organisation)
        case .adoptRulebook(let adoption):
            rulebooks.append(
                Adoption(entry: origin.entry, time: entry.time, bytes: adoption.bytes)
            )
        case .adoptDevices(let adoption):
            devices.append(Adoption(entry: origin.entry, time: entry.time, bytes: adoption.bytes))
        case .createLedger, .attestInstalled, .reserve, .ship, .release, .extend, .giveBack,
            .retire, .revoke, .correct, .transferWeights, .tick, .propose, .decideProposal,
            .redact, .legalHold, .rotateKey:
            break
        }
    }

    private mutating func take(_ change: StatusChange, by proposer: OrganisationIdentifier) {
        let organisation = change.grant.organisation ?? proposer
        guard
            let index = statuses.firstIndex(where: {
                $0.organisation == organisation && $0.id == change.grant.id
            })
        else { return }
        statuses[index].standing =
            switch change.step {
            case .suspend: .suspended
            case .reinstate: .active
            case .revoke: .revoked
            }
    }

    private mutating func take(_ end: AgreementEnd, by proposer: OrganisationIdentifier) {
        let organisation = end.agreement.organisation ?? proposer
        guard
            let index = agreements.firstIndex(where: {
                $0.organisation == organisation && $0.id == end.agreement.id
            })
        else { return }
        agreements[index].until = end.until
    }

    /// The party at the end of a party's parents.
    func ultimateParent(of id: PartyIdentifier) -> PartyIdentifier {
        var id = id
        // The ledger lets no circle in.
        while let parent = parties[id]?.record.parent { id = parent }
        return id
    }
}
