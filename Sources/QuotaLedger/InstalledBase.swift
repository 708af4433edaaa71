// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// What a group owns per country: the moves that are known, in order of day and entry.
///
/// An attestation is a move too: the difference between what it states and what was known at the
/// end of its day. So a group that joins another one brings its moves along and nothing is lost.
/// What is installed after each move is kept with it, so the newest is known at once and a move of
/// today costs O(1).
struct InstalledBase: Sendable {
    struct Move: Sendable {
        var day: CivilDate
        var entry: EntryNumber
        var change: Int64
        /// What is installed in the country after it: never below 0.
        var installed: Int64 = 0
    }

    private(set) var movesByCountry: [CountryCode: [Move]] = [:]
    private(set) var latestAttestedDay: CivilDate?
    /// The base of every share: what is installed over all countries.
    private(set) var total: Int64 = 0

    init() {}

    /// The moves as they were, of each country in order of day and entry.
    init(restoring movesByCountry: [CountryCode: [Move]], latestAttestedDay: CivilDate?) {
        self.latestAttestedDay = latestAttestedDay
        self.movesByCountry = movesByCountry.mapValues { moves in
            var reckoned = moves
            reckoned.reckon(from: 0)
            return reckoned
        }
        total = self.movesByCountry.values.reduce(0) { $0 + ($1.last?.installed ?? 0) }
    }

    /// Whether an attestation as of a day comes too late: a later one is known.
    func isSuperseded(_ day: CivilDate) -> Bool { latestAttestedDay.map { day < $0 } ?? false }

    /// The countries for which an attestation says something else than is known at the end of its
    /// day.
    func gaps(of attestation: InstalledAttestation) -> [InstalledGap] {
        var stated: [CountryCode: Int64] = [:]
        for amount in attestation.amounts { stated[amount.country] = amount.amount.rawValue }
        return Set(stated.keys).union(movesByCountry.keys).sorted().compactMap { country in
            let known = installed(in: country, through: attestation.asOf)
            let attested = stated[country] ?? 0
            guard known != attested else { return nil }
            return InstalledGap(
                country: country,
                known: TPP(rawValue: known),
                attested: TPP(rawValue: attested)
            )
        }
    }

    mutating func attest(_ gaps: [InstalledGap], asOf day: CivilDate, entry: EntryNumber) {
        for gap in gaps {
            insert(
                Move(day: day, entry: entry, change: gap.attested.rawValue - gap.known.rawValue),
                in: gap.country
            )
        }
        latestAttestedDay = day
    }

    /// Notes what was shipped to a country, or, below 0, what came back or is gone.
    mutating func move(
        _ change: Int64,
        in country: CountryCode,
        on day: CivilDate,
        entry: EntryNumber
    ) {
        insert(Move(day: day, entry: entry, change: change), in: country)
    }

    mutating func merge(_ other: InstalledBase) {
        for (country, moves) in other.movesByCountry {
            for move in moves { insert(move, in: country) }
        }
        latestAttestedDay =
            switch (latestAttestedDay, other.latestAttestedDay) {
            case (let one?, let two?): max(one, two)
            case (let one, let two): one ?? two
            }
    }

    /// What is installed in a country.
    func installed(in country: CountryCode) -> Int64 {
        movesByCountry[country]?.last?.installed ?? 0
    }

    /// The countries of which anything is known.
    var countries: some Sequence<CountryCode> { movesByCountry.keys }

    /// The first day of which anything is known.
    var firstDay: CivilDate? { movesByCountry.values.compactMap(\.first?.day).min() }

    /// What was installed in a country at the end of a day.
    func installed(in country: CountryCode, through day: CivilDate) -> Int64 {
        movesByCountry[country]?.last { $0.day <= day }?.installed ?? 0
    }

    /// The entries that changed what is known as of a day, in order.
    func entries(on day: CivilDate) -> [EntryNumber] {
        Set(movesByCountry.values.joined().filter { $0.day == day }.map(\.entry)).sorted()
    }

    private mutating func insert(_ move: Move, in country: CountryCode) {
        total += movesByCountry[country, default: []].insertInOrder(move)
    }
}

extension [InstalledBase.Move] {
    /// Puts a move where its day and entry belong, brings what is installed after it and the later
    /// ones up to date, and returns by how much the newest amount changes.
    ///
    /// O(later moves).
    fileprivate mutating func insertInOrder(_ move: InstalledBase.Move) -> Int64 {
        let before = last?.installed ?? 0
        var position = count
        while position > 0,
            (self[position - 1].day, self[position - 1].entry) > (move.day, move.entry)
        {
            position -= 1
        }
        insert(move, at: position)
        reckon(from: position)
        return (last?.installed ?? 0) - before
    }

    fileprivate mutating func reckon(from first: Int) {
        var sum = first > 0 ? self[first - 1].installed : 0
        for position in first..<count {
            sum = Swift.max(0, sum + self[position].change)
            self[position].installed = sum
        }
    }
}
