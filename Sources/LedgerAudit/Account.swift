// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// A change of what is installed in a country: as of a day, by an entry.
struct InstalledChange: Hashable, Sendable {
    var day: CivilDate
    var entry: EntryNumber
    var delta: Int64

    /// In order of day, then of the log.
    func isBefore(_ other: InstalledChange) -> Bool { (day, entry) < (other.day, other.entry) }
}

/// What a group has in one country.
struct Holding: Hashable, Sendable {
    let place: CountryPlace
    /// In order of day, then of the log.
    private(set) var changes: [InstalledChange] = []
    /// The changes summed, held at 0 at each step.
    private(set) var installed: Int64 = 0
    /// Every open hold of the group towards the country, by whatever mechanism.
    var open: Int64 = 0
    /// Whether anything was ever installed or attested there.
    var isKnown: Bool { !changes.isEmpty }

    init(_ place: CountryPlace) { self.place = place }

    mutating func add(_ change: InstalledChange) {
        guard let last = changes.last, change.isBefore(last) else {
            changes.append(change)
            installed = max(0, installed + change.delta)
            return
        }
        let position = changes.lastIndex { $0.isBefore(change) }.map { $0 + 1 } ?? 0
        changes.insert(change, at: position)
        installed = amount(through: .latest)
    }

    /// What was installed at the end of a day.
    func amount(through day: CivilDate) -> Int64 {
        var sum: Int64 = 0
        for change in changes where change.day <= day { sum = max(0, sum + change.delta) }
        return sum
    }

    /// Takes over another group's, of the same country.
    mutating func take(_ other: Holding) {
        changes = (changes + other.changes).sorted { $0.isBefore($1) }
        installed = amount(through: .latest)
        open += other.open
    }
}

/// What hangs on an ultimate parent: what its group was charged, holds and owns.
///
/// When the ultimate parent gets a parent, its account joins that of the new ultimate parent for
/// good, and whoever asks for the old one is sent on.
struct Account: Hashable, Sendable {
    let owner: PartyIndex
    /// The account that this one joined, or -1.
    var joined: AccountIndex = -1
    var smallOrders = ChargeBook()
    /// By country, in order of their places.
    private(set) var holdings: [Holding] = []
    /// The latest day that was attested.
    var attestedDay: CivilDate?

    init(owner: PartyIndex) { self.owner = owner }

    /// What is installed in all countries.
    var base: Int64 { holdings.reduce(0) { $0 + $1.installed } }

    /// Where a country's holding stands, or would stand.
    private func position(of place: CountryPlace) -> Int {
        var low = 0
        var high = holdings.count
        while low < high {
            let middle = (low + high) / 2
            if holdings[middle].place.rawValue < place.rawValue {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    func holding(in place: CountryPlace) -> Holding? {
        let position = position(of: place)
        guard position < holdings.count, holdings[position].place == place else { return nil }
        return holdings[position]
    }

    mutating func change(in place: CountryPlace, _ body: (inout Holding) -> Void) {
        let position = position(of: place)
        if position == holdings.count || holdings[position].place != place {
            holdings.insert(Holding(place), at: position)
        }
        body(&holdings[position])
    }

    /// Takes over all of another account.
    mutating func take(_ other: Account) {
        smallOrders.take(other.smallOrders)
        for holding in other.holdings { change(in: holding.place) { $0.take(holding) } }
        if let day = other.attestedDay { attestedDay = max(day, attestedDay ?? day) }
    }
}
