// SPDX-License-Identifier: Apache-2.0

/// A month and a day, in any year.
public struct MonthDay: Hashable, Sendable, CustomStringConvertible {
    /// The month, 1 to 12.
    public let month: Int
    /// The day, 1 to 31; 29 February is not among them.
    public let day: Int

    /// The month and the day, such as `02-01`.
    public var description: String {
        (month < 10 ? "0" : "") + "\(month)-" + (day < 10 ? "0" : "") + "\(day)"
    }
}

/// What a watched ratio says.
public enum WatchedKind: String, Hashable, Sendable, CaseIterable {
    /// How much of its base a group keeps at home, at least.
    case homeShare = "home-share"
}

/// Whom a watched ratio is about.
public enum WatchedGroups: String, Hashable, Sendable, CaseIterable {
    /// Groups whose ultimate parent is headquartered at home.
    case headquarteredAtHome = "headquartered-at-home"
}

/// A ratio that reports show on its days; it refuses nothing and writes no entry.
public struct WatchedRatio: Hashable, Sendable {
    /// What it says.
    public let kind: WatchedKind
    /// Whom it is about.
    public let groups: WatchedGroups
    /// The p of the least share p/q.
    public let numerator: Int64
    /// The q of the least share p/q.
    public let denominator: Int64
    /// The days of each year on which it is reported.
    public let days: [MonthDay]
    /// Where it comes from.
    public let citation: String
}

/// A kind of limit whose thresholds are watched.
public enum WatchedLimit: String, Hashable, Sendable, CaseIterable {
    /// The allocation of a country.
    case country
    /// The allocation of a National VEU in a country.
    case nationalVEU = "nveu"
    /// A Universal VEU's shares.
    case share
}

/// When crossing part of a limit upwards is an entry.
public struct ThresholdRule: Hashable, Sendable {
    /// The percentages, ascending.
    public let percentages: [Int64]
    /// Of which limits.
    public let limits: Set<WatchedLimit>
    /// Where they come from.
    public let citation: String
}
