// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

// What operations other than reservations change, once it is known what must come of them.

extension LedgerAuditor {
    mutating func take(
        _ action: Action,
        _ outcome: Outcome,
        _ key: OperationKey,
        _ entry: Entry
    ) {
        switch (action, outcome) {
        case (_, .moved(let move)): take(action, move, by: key.organisation, entry)
        case (.attestInstalled(let attestation), .attested):
            let account = books.take(attestation, by: entry.number)
            touchAll([account], entry.time)
        case (.propose(let proposal), _):
            books.proposals[key] = AuditedProposal(
                entry: entry.number,
                actor: entry.actor,
                action: proposal.action,
                isOpen: outcome == .accepted,
                isRedacted: entry.isRedacted
            )
        case (.decideProposal(let decision), _):
            take(decision, outcome, by: key.organisation, entry)
        case (_, .accepted): take(action, named: key, number: entry.number, at: entry.time)
        default: break
        }
    }

    /// An approval lets what was proposed take effect at its own time, under the proposal's name
    /// and number.
    private mutating func take(
        _ decision: ProposalDecision,
        _ outcome: Outcome,
        by caller: Int32,
        _ entry: Entry
    ) {
        guard let key = books.key(decision.proposal, callersOwn: caller),
            let proposal = books.proposals[key]
        else { return }
        switch outcome.refusal {
        case .notPermitted, .samePerson, .proposalClosed: return
        default: books.proposals[key]?.isOpen = false
        }
        guard decision.step == .approve, outcome == .accepted else { return }
        take(proposal.action, named: key, number: proposal.entry, at: entry.time)
    }

    private mutating func take(
        _ action: Action,
        named key: OperationKey,
        number: EntryNumber,
        at time: LedgerTime
    ) {
        switch action {
        case .createLedger(let creation):
            guard number.rawValue == 0 else { return }
            books.policy = AuditedPolicy(creation.policy)
            books.origin = creation.origin.text
        case .party(let record):
            let change = books.take(record)
            if change.movesGroups { lookAtAll(time) }
            touchAll(change.joined, time)
        case .block(let block):
            if let party = books.party(block.party) {
                books.parties[Int(party)].isBlocked = block.isBlocked
            }
        case .grantStatus(let grant):
            books.add(grant, named: key)
            lookAtAll(time)
        case .changeStatus(let change):
            books.take(change, by: key.organisation)
            lookAtAll(time)
        case .attestSecurity(let attestation):
            if let party = books.party(attestation.party) {
                books.parties[Int(party)].attestations.append(attestation.dates)
            }
        case .signAgreement(let signing):
            books.agreementIndices[key] = books.agreements.count
            books.agreements.append(
                AuditedAgreement(
                    place: CountryPlace(signing.country),
                    from: signing.dates.from,
                    until: signing.dates.until
                )
            )
            agreementsChanged([signing.dates.from, signing.dates.until], time)
        case .endAgreement(let end):
            let named = books.key(end.agreement, callersOwn: key.organisation)
            if let index = named.flatMap({ books.agreementIndices[$0] }) {
                books.agreements[index].until = end.until
            }
            agreementsChanged([end.until], time)
        case .adoptRulebook(let adoption): adopt(adoption.bytes, number, at: time)
        case .adoptDevices(let adoption):
            books.ratings = [:]
            for rating in (try? Self.catalogue(adoption.bytes))?.ratings ?? [] {
                books.ratings[rating.device, default: []].append(rating)
            }
            for device in books.ratings.keys {
                books.ratings[device]?.sort { $0.from < $1.from }
            }
            books.devicesToday.removeAll(keepingCapacity: true)
        case .redact(let redaction): books.retention.redact(redaction.entries)
        case .legalHold(let hold): books.take(hold, named: key)
        case .attestInstalled, .reserve, .ship, .release, .extend, .giveBack, .retire, .revoke,
            .correct, .transferWeights, .tick, .propose, .decideProposal, .rotateKey:
            break
        }
    }

    private mutating func agreementsChanged(_ days: [CivilDate?], _ time: LedgerTime) {
        books.addTurningDays(days)
        // What is used changes with no agreement, so the sums stay trusted.
        books.rules = books.rules.map { RulesOfDay($0.rulebook, on: $0.day, books.agreements) }
        lookAtAll(time)
    }

    private mutating func adopt(_ bytes: [UInt8], _ number: EntryNumber, at time: LedgerTime) {
        guard let file = try? Self.rulebook(bytes) else { return }
        let adoption = AuditedRulebook(file, adoptedBy: number, at: time)
        books.adoptions.append(adoption)
        books.addTurningDays(adoption.turningDays)
        books.rollingMonths.formUnion(adoption.rollingMonths)
        books.renewRules()
        lookAtAll(time)
        pendingLook?.takesInSmallOrders = true
    }

    static func rulebook(_ bytes: [UInt8]) throws(RulebookError) -> Rulebook {
        try Rulebook.load(bytes: bytes, fileName: "the rulebook of an entry")
    }

    static func catalogue(_ bytes: [UInt8]) throws(RulebookError) -> DeviceCatalogue {
        try DeviceCatalogue.load(bytes: bytes, fileName: "the devices of an entry")
    }

    /// Asks for a look at every limit, small-order ones apart, after the operation.
    private mutating func lookAtAll(_ time: LedgerTime) {
        var look = pendingLook ?? PendingLook(time: time)
        look.isFull = true
        pendingLook = look
    }

    /// Asks for a look at every limit of groups.
    private mutating func touchAll(_ accounts: [AccountIndex], _ time: LedgerTime) {
        guard let rules = books.rules else { return }
        let year = Int32(books.day.year)
        for account in accounts {
            touched.append(.smallOrder(account, year: year))
            touched += books.shareKeys(of: account, rules)
        }
    }
}
