// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// What a group owns per country: the moves that are known, in order of day and entry.
///
/// An attestation is a move too: the difference between what it states and what was known at the
/// end of its day. So a group that joins another one brings its moves along and nothing is lost.
struct InstalledBase: Sendable {
    struct Move: Sendable {
        var day: CivilDate
        var entry: EntryNumber
        var change: Int64
    }

    private(set) var movesByCountry: [CountryCode: [Move]] = [:]
    private(set) var latestAttestedDay: CivilDate?

    init() {}

    /// The moves as they were, of each country in order of day and entry.
    init(restoring movesByCountry: [CountryCode: [Move]], latestAttestedDay: CivilDate?) {
        self.movesByCountry = movesByCountry
        self.latestAttestedDay = latestAttestedDay
    }

    /// Whether an attestation as of a day comes too late: a later one is known.
    func isSuperseded(_ day: CivilDate) -> Bool { latestAttestedDay.map { day < $0 } ?? false }

    mutating func attest(_ attestation: InstalledAttestation, entry: EntryNumber) {
        var stated: [CountryCode: Int64] = [:]
        for amount in attestation.amounts { stated[amount.country] = amount.amount.rawValue }
        for country in Set(stated.keys).union(movesByCountry.keys) {
            let known = sum(movesByCountry[country] ?? [], through: attestation.asOf)
            insert(
                Move(
                    day: attestation.asOf,
                    entry: entry,
                    change: (stated[country] ?? 0) - known
                ),
                in: country
            )
        }
        latestAttestedDay = attestation.asOf
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
        sum(movesByCountry[country] ?? [], through: .latest)
    }

    /// The countries of which anything is known.
    var countries: some Sequence<CountryCode> { movesByCountry.keys }

    /// The base of every share: what is installed over all countries.
    var total: Int64 {
        var total: Int64 = 0
        for moves in movesByCountry.values { total += sum(moves, through: .latest) }
        return total
    }

    private func sum(_ moves: [Move], through day: CivilDate) -> Int64 {
        var sum: Int64 = 0
        for move in moves where move.day <= day { sum = max(0, sum + move.change) }
        return sum
    }

    private mutating func insert(_ move: Move, in country: CountryCode) {
        var moves = movesByCountry[country] ?? []
        let position =
            moves.lastIndex { ($0.day, $0.entry) <= (move.day, move.entry) }.map { $0 + 1 } ?? 0
        moves.insert(move, at: position)
        movesByCountry[country] = moves
    }
}
