// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// A party among those registered, by the order of their first registration.
typealias PartyIndex = Int32
/// An account among all that were ever opened.
typealias AccountIndex = Int32

/// A limit, named by numbers instead of texts.
enum LimitKey: Hashable, Sendable {
    case country(CountryPlace)
    case national(PartyIndex, CountryPlace)
    case smallOrder(AccountIndex, year: Int32)
    case countryShare(AccountIndex, CountryPlace)
    case outsideShare(AccountIndex)
}

/// How much of a limit is used and how much it allows, in TPP.
struct LimitUse: Hashable, Sendable {
    var used: Int64
    /// Of a share the whole part of p times the base over q.
    var limit: Int64
    /// The p of a share; 0 of what is none.
    var numerator: Int64 = 0
    /// The q of a share.
    var denominator: Int64 = 1
    /// What a share is of.
    var base: Int64 = 0

    init(used: Int64, limit: Int64) {
        self.used = used
        self.limit = limit
    }

    /// A share p/q of a base.
    init(used: Int64, numerator: Int64, denominator: Int64, base: Int64) {
        self.used = used
        self.numerator = numerator
        self.denominator = denominator
        self.base = base
        limit = Int64(clamping: Int128(numerator) * Int128(base) / Int128(denominator))
    }

    /// The most whole units, in TPP, that fit between what is used and what is allowed.
    ///
    /// Of a share too: with whole numbers (used + asked) x q <= p x base says the same as
    /// used + asked <= floor(p x base / q).
    func room(for asked: Int64, unit: Int64) -> Int64 {
        guard limit > used else { return 0 }
        let room = limit - used
        if room >= asked { return asked }
        return room / unit * unit
    }

    /// The least that, installed elsewhere, would let a grant of so much pass; of a share only.
    func roomByInstalling(for asked: Int64) -> Int64? {
        guard numerator > 0 else { return nil }
        let wanted = (Int128(used) + Int128(asked)) * Int128(denominator)
        let missing = wanted - Int128(numerator) * Int128(base)
        let (whole, rest) = missing.quotientAndRemainder(dividingBy: Int128(numerator))
        return Int64(clamping: rest > 0 ? whole + 1 : whole)
    }
}

/// How a limit stood when it was last looked at; one that is not kept stood at ``quiet``.
struct LimitStanding: Hashable, Sendable {
    var isInBreach = false
    /// The highest threshold that was reached, in percent; 0 for none.
    var percent: UInt8 = 0

    static let quiet = LimitStanding()
}
