// SPDX-License-Identifier: Apache-2.0

public import EntryLog
public import LedgerModel
import Rulebook

extension LedgerCore {
    /// Reads how limits stood over time: a log from its beginning, in one pass.
    ///
    /// Memory is that of a ledger's state without the operations it remembers, and a bounded number
    /// of points a limit.
    ///
    /// - Parameters:
    ///   - limits: The limits; of one that is never defined the history is empty. Shares are read
    ///     while they are watched.
    ///   - log: The log; it may be open for reading only.
    ///   - until: The first entry that is left out; `nil` to read to the newest.
    ///   - moment: The moment at which the histories end, with what is due by then; the newest
    ///     entry's time if that is later, or if there is none.
    ///   - progress: Is told now and then how many entries were read.
    /// - Returns: The histories, in the order of the limits.
    /// - Throws: ``LedgerError`` if the log fails or its entries do not fit together.
    public static func histories(
        of limits: [LimitName],
        from log: any EntryLog,
        until: EntryNumber? = nil,
        asOf moment: LedgerTime? = nil,
        progress: (UInt64) -> Void = { _ in }
    ) throws(LedgerError) -> [LimitHistory] {
        let key = HashKey.random()
        let pipe = EntryPipe(log, EntryReading(until: until, key: key, hashesOrders: false))
        defer { pipe.abandon() }
        var reader = HistoryReader(limits, key: key)
        while let parts = try pipe.next() {
            for part in parts {
                for hashed in part.entries { try reader.take(hashed) }
            }
            progress(reader.count)
        }
        return reader.histories(asOf: moment)
    }
}

/// Takes the entries of a log in and notes how some limits stand.
struct HistoryReader {
    private var state: LedgerState
    private var traces: [LimitTrace]
    /// The day up to whose beginning everything is noted.
    private var day: CivilDate = .earliest

    init(
        _ limits: [LimitName],
        key: HashKey,
        maximumStretchCount: Int = LimitTrace.maximumStretchCount
    ) {
        state = LedgerState(key: key)
        state.remembersOrders = false
        traces = limits.map { LimitTrace(name: $0, maximumStretchCount: maximumStretchCount) }
    }

    /// How many entries were taken in.
    var count: UInt64 { state.next }

    /// Takes the next entry in.
    mutating func take(_ hashed: HashedEntry) throws(LedgerError) {
        let entry = hashed.entry
        let isNewDay = day < entry.time.day
        if isNewDay { noteDays(through: entry.time.day, of: state) }
        let before = entry.content.movedHold.flatMap { state.holds[$0] }
        try state.record(entry, indexing: hashed.indexing)
        switch entry.content {
        case .limit: break
        case .expiry: if let before { note(at: entry.time, about: before) }
        case .operation(let record):
            if record.outcome.refusal != nil { break }
            if case .reserve = record.action {
                if let hold = state.holds[entry.number] { note(at: entry.time, about: hold) }
            } else if let before {
                note(at: entry.time, about: before)
            } else if case .tick = record.action {
                break
            } else {
                note(at: entry.time)
            }
        }
        // Who is watched can change with the day.
        if isNewDay { note(at: entry.time) }
    }

    /// The histories up to a moment, with what is due by then.
    mutating func histories(asOf moment: LedgerTime?) -> [LimitHistory] {
        let end = max(moment ?? state.newestTime, state.newestTime)
        while let due = state.nextDue(by: end) {
            noteDays(through: due.time.day, of: state)
            state.apply(due)
            note(at: due.time)
        }
        noteDays(through: end.day, of: state)
        note(at: end)
        return traces.map { $0.history(until: end) }
    }

    /// Notes how the limits stand at an instant: all, or those that a hold can count in.
    private mutating func note(at time: LedgerTime, about hold: Hold? = nil) {
        guard let adopted = state.rulebooks.inForce(at: time) else { return }
        let moment = LegalMoment(day: time.day, adopted: adopted)
        for position in traces.indices {
            if let hold, !traces[position].concerns(hold, adopted.rulebook) { continue }
            let key = state.watchKey(of: traces[position].name)
            let reading = key.flatMap { state.reading(of: $0, at: moment) }
            guard reading != nil || traces[position].hasBegun else { continue }
            traces[position].add(
                LimitHistory.Point(
                    time: time,
                    used: TPP(rawValue: reading?.used ?? 0),
                    limit: TPP(rawValue: reading?.limit ?? 0)
                )
            )
        }
    }

    /// Notes what changed by itself at the beginnings of days: windows, law that began or ended.
    ///
    /// No entry says so.
    private mutating func noteDays(through last: CivilDate, of state: LedgerState) {
        guard day < last else { return }
        var days = Set(state.watch.lawDays(after: day, through: last))
        if let adopted = state.rulebooks.inForce(at: LedgerTime(startOf: day)) {
            let moment = LegalMoment(day: day, adopted: adopted)
            for trace in traces {
                guard let key = state.watchKey(of: trace.name) else { continue }
                days.formUnion(state.windowDays(of: key, after: day, through: last, at: moment))
            }
        }
        for changed in days.sorted() { note(at: LedgerTime(startOf: changed)) }
        day = last
    }
}

extension LimitTrace {
    /// Whether a hold can be charged to the limit, or counts in it; true may be wrong.
    fileprivate func concerns(_ hold: Hold, _ rulebook: Rulebook) -> Bool {
        switch name {
        case .country(let country):
            hold.mechanism == .country && rulebook.countries.counted(hold.country) == country
        case .nationalVEU: hold.mechanism == .nationalVEU
        case .smallOrder: hold.mechanism == .smallOrder
        case .countryShare, .outsideShare: true
        }
    }
}

extension EntryContent {
    /// The hold that it changes, if it changes one.
    fileprivate var movedHold: EntryNumber? {
        switch self {
        case .expiry(let expiry): expiry.hold
        case .operation(let record):
            if case .moved(let move) = record.outcome { move.hold } else { nil }
        case .limit: nil
        }
    }

    /// Whether it grants, refuses or changes a hold.
    var isAboutHold: Bool {
        if movedHold != nil { return true }
        guard case .operation(let record) = self, case .reserve = record.action else {
            return false
        }
        return true
    }
}

extension LedgerState {
    /// The key of a limit as far as its party is known; `nil` of one that nobody can have used yet,
    /// and of a group that has joined another.
    func watchKey(of name: LimitName) -> WatchKey? {
        func account(of group: PartyIdentifier) -> AccountIndex? {
            // A member's account is its ultimate parent's, which has limits of its own name.
            parties.index(of: group).flatMap { index in
                parties.ultimateParent(of: index) == index
                    ? parties.existingAccount(of: index) : nil
            }
        }
        return switch name {
        case .country(let country): .country(country)
        case .nationalVEU(let party, let country):
            parties.index(of: party)
                .map { .national(NationalKey(party: $0, country: country)) }
        case .smallOrder(let group, let year):
            account(of: group).map { .smallOrder($0, year: year) }
        case .countryShare(let group, let country):
            account(of: group).map { .countryShare($0, country) }
        case .outsideShare(let group): account(of: group).map { .outsideShare($0) }
        }
    }

    /// The days of a range at whose beginning the window of a limit moves.
    fileprivate func windowDays(
        of key: WatchKey,
        after first: CivilDate,
        through last: CivilDate,
        at moment: LegalMoment
    ) -> [CivilDate] {
        let window: WindowRule
        switch limit(of: key, at: moment) {
        case .country(let rule, _)?, .nationalVEU(let rule, _)?, .smallOrder(let rule, _)?:
            window = rule.window
        case .countryShare?, .outsideShare?, nil: return []
        }
        let days: [CivilDate]
        switch window {
        case .period(let from, let until, _): days = [from, until]
        case .calendarYear:
            guard first.year < last.year else { return [] }
            days = (first.year + 1...last.year)
                .compactMap { CivilDate(year: $0, month: 1, day: 1) }
        case .schedule(let steps): days = steps.map(\.from)
        case .allTime: return []
        case .rolling(let months, _):
            days = charges(of: key, at: moment)
                .flatMap { charges in charges.totals.compactMap { $0.day.adding(months: months) } }
        }
        return days.filter { first < $0 && $0 <= last }
    }
}
