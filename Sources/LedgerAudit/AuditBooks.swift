// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

/// Everything that the log says so far, as the audit keeps it: lists of facts, and sums of them.
///
/// Folded entry by entry from what was asked, by the meaning of the operations alone. Nothing in it
/// comes from a balance, a route or a decision of the ledger.
struct AuditBooks: Sendable {
    /// The operations that were answered.
    private(set) var operations = NameTable<OperationKey>()
    /// The first answer to each.
    private var answers: ContiguousArray<Answered> = []
    private var organisations = NameTable<OrganisationIdentifier>()
    /// The hash of each organisation's name, by its number.
    private var organisationHashes: ContiguousArray<UInt64> = []
    var policy = AuditedPolicy(.standard)
    /// The ledger's name.
    var origin = ""
    var proposals: [OperationKey: AuditedProposal] = [:]
    var retention = AuditedRetention()

    /// The names of the parties, each where the party stands.
    private(set) var partyNames = NameTable<PartyIdentifier>()
    var parties: [AuditedParty] = []
    var accounts: [Account] = []

    /// In the order in which they took effect.
    var statuses: [AuditedStatus] = []
    var statusIndices: [OperationKey: Int] = [:]
    /// The Universal VEU statuses of each group, by its ultimate parent, in that order.
    var universalStatuses: [PartyIndex: [Int]] = [:]
    /// The ultimate parents of the groups whose shares are watched today.
    var watchedGroups: Set<PartyIndex> = []
    var agreements: [AuditedAgreement] = []
    var agreementIndices: [OperationKey: Int] = [:]

    var adoptions: [AuditedRulebook] = []
    /// The ratings of each device, by day, of the catalogue in force.
    var ratings: [DeviceIdentifier: [DeviceRating]] = [:]
    /// What was looked up of them today.
    var devicesToday: [DeviceIdentifier: DeviceToday] = [:]

    /// Every grant and what became of it, in the order of the log.
    var charges: [Charge] = []
    var deadlines = DeadlineQueue()
    /// The days of all charges, ascending.
    var chargeDays: [CivilDate] = []
    /// By country of destination.
    var countryBooks = [ChargeBook](repeating: ChargeBook(), count: CountryPlace.count)
    var nationalBooks: [ChargeBook] = []
    var nationalIndices: [NationalKey: Int] = [:]

    /// Everything that is open or was ever shipped.
    var heldSum: Int64 = 0
    /// Everything that was ever attested.
    var attestedSum: Int64 = 0

    /// The latest day that has begun.
    var day = CivilDate.earliest
    /// What is true on that day by the rulebook in force, if one is.
    var rules: RulesOfDay?
    /// Counts the days and rulebooks, so that sums of another day are not trusted.
    var mark: UInt64 = 1
    /// The days on which something dated begins or ends, ascending.
    var turningDays: [CivilDate] = []
    /// The months of every rolling window of an adopted rulebook.
    var rollingMonths: Set<Int> = []
    /// The assigned country codes.
    let assigned: [Bool]
    private let hasher: NameHasher

    init(_ hasher: NameHasher) {
        self.hasher = hasher
        var assigned = [Bool](repeating: false, count: CountryPlace.count)
        for country in CountryTable.shipped.countries {
            assigned[CountryPlace(country.code).index] = true
        }
        self.assigned = assigned
    }

    /// Makes room for a log of so many entries.
    mutating func reserveCapacity(_ entryCount: Int) {
        operations.reserveCapacity(entryCount)
        answers.reserveCapacity(entryCount)
        charges.reserveCapacity(entryCount)
    }

    // MARK: - Names

    /// The number of an organisation, given to it when it is first met.
    mutating func number(of organisation: OrganisationIdentifier) -> Int32 {
        let hash = hasher.hash(organisation)
        let (position, isNew) = organisations.add(organisation, hashed: hash)
        if isNew { organisationHashes.append(hash) }
        return Int32(position)
    }

    /// The number of an organisation, or `nil` if it has never acted.
    func knownNumber(of organisation: OrganisationIdentifier) -> Int32? {
        organisations.position(of: organisation, hashed: hasher.hash(organisation))
            .map { Int32($0) }
    }

    /// Which party it is, if it is registered.
    func party(_ id: PartyIdentifier) -> PartyIndex? { party(id, hashed: hasher.hash(id)) }

    func party(_ id: PartyIdentifier, hashed hash: UInt64) -> PartyIndex? {
        partyNames.position(of: id, hashed: hash).map { PartyIndex($0) }
    }

    /// Adds a party that is not registered yet.
    mutating func register(_ party: AuditedParty) {
        let added = partyNames.add(party.id, hashed: hasher.hash(party.id))
        precondition(
            added.isNew && added.position == parties.count,
            "a party is registered once"
        )
        parties.append(party)
    }

    /// The first answer to an operation, if it was answered.
    func answer(to key: OperationKey) -> Answered? {
        let hash = hasher.hash(key.id, of: organisationHashes[Int(key.organisation)])
        return operations.position(of: key, hashed: hash).map { answers[$0] }
    }

    /// Notes the answer to an operation whose name has this hash, unless there is one.
    ///
    /// - Returns: The answer that there was.
    mutating func note(
        _ answer: Answered,
        to key: OperationKey,
        hashed hash: UInt64
    ) -> Answered? {
        let (position, isNew) = operations.add(key, hashed: hash)
        guard isNew else { return answers[position] }
        answers.append(answer)
        return nil
    }

    /// What a reference names: the caller's own operation unless it says whose; `nil` if that
    /// organisation has never acted.
    func key(_ reference: OperationReference, callersOwn caller: Int32) -> OperationKey? {
        guard let named = reference.organisation else {
            return OperationKey(organisation: caller, id: reference.id)
        }
        return knownNumber(of: named).map { OperationKey(organisation: $0, id: reference.id) }
    }
}

/// The name of an operation.
struct OperationKey: Hashable, Sendable {
    var organisation: Int32
    var id: OperationIdentifier
}

/// The first answer to an operation.
struct Answered: Hashable, Sendable {
    var entry: EntryNumber
    /// The charge of a granted reservation, or -1.
    var charge: Int32 = -1
    var kind: ActionKind
}

/// Who may do what, as one bit for each kind of operation.
struct AuditedPolicy: Hashable, Sendable {
    private var permitted = [UInt32](repeating: 0, count: Int(UInt8.max) + 1)
    private var twoPeople: UInt32 = 0

    init(_ policy: LedgerPolicy) {
        for (role, kinds) in policy.permissions {
            for kind in kinds { permitted[Int(role.rawValue)] |= Self.bit(kind) }
        }
        for kind in policy.twoPeople { twoPeople |= Self.bit(kind) }
    }

    private static func bit(_ kind: ActionKind) -> UInt32 { 1 << UInt32(kind.rawValue) }

    func permits(_ kind: ActionKind, to role: Role) -> Bool {
        // The ledger's key is its operator's, whatever the policy.
        if kind == .rotateKey { return role == .operator }
        // No policy names these.
        if kind == .redact || kind == .legalHold { return role == .regulator || role == .operator }
        return permitted[Int(role.rawValue)] & Self.bit(kind) != 0
    }

    func needsTwoPeople(_ kind: ActionKind) -> Bool {
        kind == .redact || twoPeople & Self.bit(kind) != 0
    }
}

/// What was proposed.
struct AuditedProposal: Hashable, Sendable {
    var entry: EntryNumber
    var actor: Actor
    var action: Action
    var isOpen: Bool
    /// Whether it is no longer told who proposed.
    var isRedacted = false
}

/// A party that was registered.
struct AuditedParty: Hashable, Sendable {
    let id: PartyIdentifier
    var site: CountryPlace
    var headquarters: CountryPlace
    /// The party that owns it, or -1.
    var parent: PartyIndex
    var isBlocked = false
    /// Its account while it is an ultimate parent that has one, or -1.
    var account: AccountIndex = -1
    /// The statuses that it holds.
    var statuses: [Int] = []
    /// On which days its security attestations are current.
    var attestations: [DateRange] = []
}

/// A granted status.
struct AuditedStatus: Hashable, Sendable {
    var kind: StatusKind
    var party: PartyIndex
    var dates: DateRange
    var isSuspended = false
    var isRevoked = false
}

/// A signed agreement.
struct AuditedAgreement: Hashable, Sendable {
    var place: CountryPlace
    var from: CivilDate
    var until: CivilDate?

    func holds(on day: CivilDate) -> Bool {
        from <= day && (until.map { day < $0 } ?? true)
    }
}

/// Whom a National VEU's limit is about, by the country of destination.
struct NationalKey: Hashable, Sendable {
    var party: PartyIndex
    var place: CountryPlace
}

/// A device as it counts today.
struct DeviceToday: Hashable, Sendable {
    var tpp: Int64
    var isControlled: Bool
}

/// A grant and what became of it.
struct Charge: Hashable, Sendable {
    var entry: EntryNumber
    var day: CivilDate
    var mechanism: MechanismKind
    var place: CountryPlace
    var isOpen = true
    var party: PartyIndex
    /// The account at the decision; what joined another is sent on.
    var account: AccountIndex
    /// The status that granted it, or -1.
    var status: Int32 = -1
    var deadline: LedgerTime?
    var open: Int64
    /// Everything that was ever shipped.
    var shipped: Int64 = 0
    var returned: Int64 = 0
    var retired: Int64 = 0

    /// What was shipped and is still there.
    var out: Int64 { shipped - returned - retired }

    var balance: HoldBalance {
        HoldBalance(
            open: TPP(rawValue: open),
            out: TPP(rawValue: out),
            returned: TPP(rawValue: returned),
            retired: TPP(rawValue: retired)
        )
    }
}

/// What follows from the rulebook in force on one day.
final class RulesOfDay: Sendable {
    let rulebook: AuditedRulebook
    let day: CivilDate
    /// What every country is.
    let tiers: [Tier]
    /// What each mechanism's window allows, 0 where there is none.
    let allowances: [Int64]
    /// Whether an agreement holds with each country, as the rulebook counts countries.
    let hasAgreement: [Bool]

    init(_ rulebook: AuditedRulebook, on day: CivilDate, _ agreements: [AuditedAgreement]) {
        self.rulebook = rulebook
        self.day = day
        tiers = rulebook.tiers(on: day)
        allowances = rulebook.mechanisms.map { $0.window?.allowance(on: day) ?? 0 }
        var hasAgreement = [Bool](repeating: false, count: CountryPlace.count)
        for agreement in agreements where agreement.holds(on: day) {
            hasAgreement[rulebook.counted[agreement.place.index].index] = true
        }
        self.hasAgreement = hasAgreement
    }

    func tier(_ place: CountryPlace) -> Tier { tiers[place.index] }
    func counted(_ place: CountryPlace) -> CountryPlace { rulebook.counted[place.index] }
}
