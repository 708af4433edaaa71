// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

/// A limit whose breaches and thresholds are watched.
///
/// Countries are those that a rulebook counted when the key was made.
enum WatchKey: Hashable, Sendable {
    case country(CountryCode)
    case national(NationalKey)
    case smallOrder(AccountIndex, year: Int32)
    case countryShare(AccountIndex, CountryCode)
    case outsideShare(AccountIndex)

    /// The account that the limit is of, if it is a group's.
    var account: AccountIndex? {
        switch self {
        case .country, .national: nil
        case .smallOrder(let account, _), .countryShare(let account, _),
            .outsideShare(let account):
            account
        }
    }
}

/// How a limit stood at the last look; one that is not kept stood at ``quiet``.
struct WatchState: Hashable, Sendable {
    var isInBreach = false
    /// The highest threshold, in percent, that held; 0 for none.
    var percent: UInt8 = 0

    static let quiet = WatchState()
}

/// Limits to be looked at when everything else of an instant is done.
struct PendingLook: Sendable {
    var time: LedgerTime
    var keys: Set<WatchKey> = []
    /// Groups of which every limit is looked at.
    var accounts: Set<AccountIndex> = []
    /// Whether every limit is looked at, small-order ones apart.
    var isFull = false
    /// Whether the small-order limits of all groups are looked at.
    var takesInSmallOrders = false
    /// Whose operation brought it about; `nil` where it was only the time.
    var actor: Actor?
}

/// What the ledger remembers of its limits between one look and the next.
///
/// A look is taken at each instant at which a hold expires or a day begins that can change a limit,
/// and after each operation that can.
struct LimitWatch: Sendable {
    /// The limits that did not stand at ``WatchState/quiet``.
    private(set) var states: [WatchKey: WatchState] = [:]
    /// The latest day whose beginning has been taken in.
    var day = CivilDate.earliest
    /// The rulebook in force, on that day.
    var moment: LegalMoment? {
        didSet { lowestPercent = moment?.rulebook.thresholds.percentages.first ?? 100 }
    }
    /// The lowest threshold of the rulebook in force.
    private(set) var lowestPercent: Int64 = 100
    /// The ultimate parents of the groups whose shares are watched on that day.
    var groups: Set<PartyIndex> = []
    /// The look to take when everything else of its instant is done.
    var pending: PendingLook?
    /// Events that are found and not yet written, the next one last.
    private(set) var outstanding: [LimitEvent] = []
    private(set) var outstandingTime = LedgerTime.earliest
    private(set) var outstandingActor: Actor?
    /// The days on which a list, an agreement, a status or a rulebook starts or ends, ascending.
    private var lawDays: [CivilDate] = []
    /// The next day that can change a limit, as far as it is known.
    var nextDay: NextDay = .unknown

    enum NextDay: Sendable {
        case unknown
        case none
        case day(CivilDate)
    }

    init() {}

    /// The watch as it was between two operations.
    init(restoring states: [WatchKey: WatchState], day: CivilDate) {
        self.states = states
        self.day = day
    }

    /// Whether nothing is left to be looked at or written.
    var isSettled: Bool { pending == nil && outstanding.isEmpty }

    func state(of key: WatchKey) -> WatchState { states[key] ?? .quiet }

    mutating func set(_ state: WatchState, of key: WatchKey) {
        states[key] = state == .quiet ? nil : state
    }

    /// Asks for a look at an instant, or adds to the one that is asked for already.
    mutating func look(at time: LedgerTime, _ add: (inout PendingLook) -> Void) {
        var look = pending ?? PendingLook(time: time)
        add(&look)
        pending = look
        nextDay = .unknown
    }

    mutating func found(_ events: [LimitEvent], at look: PendingLook) {
        outstanding = events.reversed()
        outstandingTime = look.time
        outstandingActor = look.actor
    }

    mutating func eventWritten() { outstanding.removeLast() }

    // MARK: - Days

    mutating func addLawDay(_ day: CivilDate?) {
        guard let day else { return }
        nextDay = .unknown
        let position = firstLawDay(after: day)
        if position > 0, lawDays[position - 1] == day { return }
        lawDays.insert(day, at: position)
    }

    mutating func addLawDays(_ dates: DateRange) {
        addLawDay(dates.from)
        addLawDay(dates.until)
    }

    /// The next day after the latest on which the law changes.
    var nextLawDay: CivilDate? {
        let position = firstLawDay(after: day)
        return position < lawDays.count ? lawDays[position] : nil
    }

    /// The days of a range on which the law changes, ascending.
    func lawDays(after first: CivilDate, through last: CivilDate) -> ArraySlice<CivilDate> {
        lawDays[firstLawDay(after: first)..<firstLawDay(after: max(first, last))]
    }

    private func firstLawDay(after day: CivilDate) -> Int {
        var low = 0
        var high = lawDays.count
        while low < high {
            let middle = (low + high) / 2
            if lawDays[middle] <= day { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
