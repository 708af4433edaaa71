// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import Rulebook
import Synchronization

/// A National VEU's account: a party in a country.
struct NationalKey: Hashable, Sendable {
    var party: PartyIndex
    var country: CountryCode
}

/// What a group holds towards a country.
struct HeldKey: Hashable, Sendable {
    var account: AccountIndex
    var country: CountryCode

    /// Both in one word.
    var word: UInt64 { UInt64(account.rawValue) << 16 | UInt64(country.rawValue) }
}

/// How an operation gets into the index by which it is found again.
enum Indexing: Sendable {
    /// It is there already.
    case done
    /// Under these hashes.
    case hashes(OperationHashes)
}

/// Some of the roles, as a bit for each.
struct RoleSet: Sendable {
    private var mask: UInt8 = 0

    /// Those to whom a policy permits something without asking for a second person.
    init(under policy: LedgerPolicy, for kind: ActionKind) {
        guard !policy.needsTwoPeople(kind) else { return }
        for role in Role.allCases where policy.permits(kind, to: role) {
            mask |= 1 << role.rawValue
        }
    }

    func contains(_ role: Role) -> Bool { mask >> role.rawValue & 1 == 1 }
}

/// Whether the index of operations could always be read: shared by the copies of a state, as the
/// runs on disk are.
final class IndexHealth: Sendable {
    private let first = Mutex<LedgerError?>(nil)

    var failure: LedgerError? { first.withLock { $0 } }

    func fail(_ error: LedgerError) { first.withLock { $0 = $0 ?? error } }
}

/// Everything that follows from the entries of the log, and from nothing else.
///
/// It changes in one way only, ``record(_:indexing:)``, whether an entry was decided just now or is
/// read back from the log: a ledger that recovers is the ledger that crashed.
struct LedgerState: Sendable {
    var creation: LedgerCreation? {
        didSet { reservers = RoleSet(under: policy, for: .reserve) }
    }
    /// The roles to which nothing is against a reservation.
    private(set) var reservers = RoleSet(under: .standard, for: .reserve)
    var parties: PartyRegister
    var statuses = StatusRegister()
    var agreements = AgreementRegister()
    var rulebooks = RulebookTimeline()
    var proposals = ProposalRegister()
    var retention = RetentionRegister()
    var devices: DeviceCatalogue?
    /// Counts the adoptions of catalogues.
    var deviceEdition: UInt64 = 0
    /// The file of the adopted catalogue, byte for byte.
    var deviceBytes: [UInt8]?
    var holds = HoldRegister()
    /// What is open of the holds of each group, by country.
    ///
    /// Groups that have merged into another have nothing here.
    var held: WordTable
    var installed: [AccountIndex: InstalledBase] = [:]
    var smallOrders = DenseRegister<AccountIndex, DayTotals>(vacant: DayTotals())
    var nationals: [NationalKey: DayTotals] = [:]
    var countries = DenseRegister<CountryCode, DayTotals>(vacant: DayTotals())
    var operations: OperationIndex
    /// Whether the ids of orders, and of what changes their holds, are remembered.
    ///
    /// Nothing that is decided follows from a state without them, but reports do: entries name holds
    /// by number, and only the rest is named by ids.
    var remembersOrders = true
    /// What every look into the index of operations writes its failure to.
    private let indexHealth = IndexHealth()
    var newestTime: LedgerTime = .earliest
    var next: UInt64 = 0
    var tallies = DecisionTallies()
    /// A bound on every sum in the ledger: all that is open, was ever shipped or attested together.
    var bound: Int64 = 0
    var watch = LimitWatch()
    /// What leads through the log.
    var guide = LogGuide()

    init(key: HashKey) {
        operations = OperationIndex(key: key)
        parties = PartyRegister(key: key)
        held = WordTable(seed: key.second)
    }

    /// Who may do what.
    var policy: LedgerPolicy { creation?.policy ?? .standard }

    /// Takes an entry over that has been decided, or was read from a log of decided ones.
    ///
    /// - Throws: ``LedgerError`` if the entry does not fit the entries before it.
    mutating func record(_ entry: Entry, indexing: Indexing) throws(LedgerError) {
        try checkOrder(entry.number, entry.time)
        let due = mayBeDue(by: entry.time) ? nextDue(by: entry.time) : nil
        switch (entry.content, due) {
        case (.operation(let record), nil):
            try recordOperation(record, of: entry)
            guide.take(record, of: entry)
            if case .hashes(let hashes) = indexing {
                operations.insert(
                    hashes.name,
                    number: entry.number,
                    content: hashes.content,
                    kind: OperationClass(of: record),
                    hasText: hashes.hasText,
                    closedText: hashes.closedText
                )
            }
            watch.pending?.actor = entry.actor
        case (.expiry(let expiry), .expiry(let hold, let time)?):
            guard expiry.hold == hold.number, expiry.freed.rawValue == hold.open,
                entry.time == time
            else { throw .corrupt(entry.number, "\(Self.told(due)) should expire in its place") }
            apply(.expiry(hold, at: time))
        case (.limit(let event), .limit(let expected, let time, let actor)?):
            guard event == expected, entry.time == time,
                actor.map({ $0.isNotOther(than: entry.actor) }) ?? true
            else { throw misplaced(entry.number, due) }
            apply(.limit(event, at: time, actor: actor))
        default: throw misplaced(entry.number, due)
        }
        newestTime = entry.time
        next += 1
    }

    /// Checks that an entry follows the newest one.
    func checkOrder(_ number: EntryNumber, _ time: LedgerTime) throws(LedgerError) {
        guard number.rawValue == next else {
            throw .corrupt(number, "its number should be \(next)")
        }
        guard time >= newestTime else {
            throw .corrupt(number, "its time lies before the entry in front of it")
        }
    }

    /// What is wrong with an entry that stands where something else must happen first.
    func misplaced(_ number: EntryNumber, _ due: DueEvent?) -> LedgerError {
        .corrupt(number, "\(Self.told(due)) should stand in its place")
    }

    /// Takes over a reservation that was decided just now, when nothing is due before it.
    ///
    /// The limits that it tested stand among `tests`.
    ///
    /// - Throws: ``LedgerError`` if it does not fit the entries before it.
    mutating func record(
        _ decided: DecidedReservation,
        tests: [LimitTest],
        at range: Range<Int>,
        hashes: OperationHashes,
        by organisation: OrganisationIdentifier
    ) throws(LedgerError) {
        precondition(
            decided.number.rawValue == next,
            "entries must follow each other without a gap"
        )
        precondition(decided.time >= newestTime, "ledger time must not run backwards")
        precondition(!mayBeDue(by: decided.time), "what is due must happen first")
        try recordDecision(decided, tests: tests.span.extracting(range))
        guide.takeAsking(organisation)
        operations.insert(
            hashes.name,
            number: decided.number,
            content: hashes.content,
            kind: decided.refusal == nil ? .grantedReservation : .refusedReservation,
            hasText: hashes.hasText
        )
        newestTime = decided.time
        next += 1
    }

    /// The operation of a name.
    ///
    /// If the index can not say, that is a ``failure``, and no answer that was given since counts:
    /// `nil` is then not "none".
    func found(_ name: Hash128) -> OperationIndex.Found? {
        do throws(LedgerError) {
            return try operations.find(name)
        } catch {
            indexHealth.fail(error)
            return nil
        }
    }

    /// Notes that it can not be told what the log has.
    func fail(_ error: LedgerError) { indexHealth.fail(error) }

    /// Why this state can not be trusted any more: whoever decides or records asks at the end.
    var failure: LedgerError? { indexHealth.failure }

    /// Takes over the entry of what ``nextDue(by:)`` has just answered.
    mutating func record(_ entry: Entry, of due: DueEvent) {
        precondition(entry.number.rawValue == next, "entries must follow each other without a gap")
        apply(due)
        newestTime = entry.time
        next += 1
    }

    private static func told(_ due: DueEvent?) -> String {
        switch due {
        case nil: "an operation"
        case .expiry(let hold, let time)?: "the expiry of hold \(hold.number) at \(time)"
        case .limit(let event, let time, _)?: "an event of the limit \(event.name) at \(time)"
        }
    }
}

extension Actor {
    /// Whether it may be the same actor, as far as who acted was not taken out.
    fileprivate func isNotOther(than other: Actor) -> Bool {
        organisation == other.organisation && role == other.role
            && (person == other.person || person == .redacted || other.person == .redacted)
    }
}
