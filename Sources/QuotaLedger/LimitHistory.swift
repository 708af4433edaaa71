// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// What was used of a limit and how much it allowed, over time.
///
/// It has as many points as can be seen in a chart, whatever the length of the log: where there
/// were more, every stretch keeps its first and last point and those of the least and the most that
/// was used and allowed (the M4 aggregation: Jugel, Jerzak, Hackenbroich, Markl, "M4: A
/// Visualization-Oriented Time Series Data Aggregation", PVLDB 7, 2014). No maximum is lost.
public struct LimitHistory: Hashable, Sendable {
    /// How a limit stood from an instant until the next point's.
    public struct Point: Hashable, Sendable {
        /// From when on.
        public var time: LedgerTime
        /// What was used.
        public var used: TPP
        /// How much was allowed.
        public var limit: TPP

        /// Makes a point.
        public init(time: LedgerTime, used: TPP, limit: TPP) {
            self.time = time
            self.used = used
            self.limit = limit
        }
    }

    /// A stretch of time in which more was used than allowed.
    public struct Breach: Hashable, Sendable {
        /// Its first instant.
        public var from: LedgerTime
        /// The first instant at which it was over; `nil` if it is not.
        public var until: LedgerTime?

        /// Makes a breach.
        public init(from: LedgerTime, until: LedgerTime?) {
            self.from = from
            self.until = until
        }
    }

    /// Which limit.
    public var name: LimitName
    /// How it stood, in order of time; empty if it was never defined.
    ///
    /// The last point is that of the moment for which the history is told.
    public var points: [Point]
    /// When it was in breach, in order of time; stretches too near to be told apart are one.
    public var breaches: [Breach]

    /// Makes a history; nothing is checked here.
    public init(name: LimitName, points: [Point], breaches: [Breach] = []) {
        self.name = name
        self.points = points
        self.breaches = breaches
    }
}

/// A history that is being written, point by point, in bounded memory.
///
/// Time is cut into stretches of equal length; when there are too many, two and two become one.
/// Adding is O(1), amortised.
package struct LimitTrace: Sendable {
    /// The most stretches that are kept.
    package static let maximumStretchCount = 360

    let name: LimitName
    private let maximumStretchCount: Int
    private var stretchMilliseconds: Int64 = 1
    private var stretches: [Stretch] = []
    private var breaches: [LimitHistory.Breach] = []
    private var latest: LimitHistory.Point?

    /// The points of a stretch of time that are kept, in order.
    private struct Stretch: Sendable {
        var number: Int64
        var points: [LimitHistory.Point]

        /// Leaves out what can not be seen: all but the first, the last and the extremes.
        mutating func thin() {
            guard points.count > 6 else { return }
            var kept: Set<Int> = [0, points.count - 1]
            for column in [\LimitHistory.Point.used, \LimitHistory.Point.limit] {
                let order: (Int, Int) -> Bool = { [points] left, right in
                    points[left][keyPath: column] < points[right][keyPath: column]
                }
                if let least = points.indices.min(by: order) { kept.insert(least) }
                if let most = points.indices.max(by: order) { kept.insert(most) }
            }
            points = kept.sorted().map { points[$0] }
        }
    }

    package init(name: LimitName, maximumStretchCount: Int = LimitTrace.maximumStretchCount) {
        self.name = name
        self.maximumStretchCount = maximumStretchCount
    }

    /// Whether the limit was ever defined.
    var hasBegun: Bool { latest != nil }

    /// Adds how the limit stands from an instant on, not before the one added last.
    package mutating func add(_ point: LimitHistory.Point) {
        if let latest, latest.used == point.used, latest.limit == point.limit { return }
        latest = point
        put(point)
        let isInBreach = point.used > point.limit
        if isInBreach, breaches.last.map({ $0.until != nil }) ?? true {
            beginBreach(at: point.time)
        } else if !isInBreach, let last = breaches.last, last.until == nil {
            breaches[breaches.count - 1].until = point.time
        }
    }

    /// The history up to a moment, not before the instant added last.
    package func history(until moment: LedgerTime) -> LimitHistory {
        var points = stretches.flatMap(\.points)
        if let last = points.last, last.time < moment {
            points.append(.init(time: moment, used: last.used, limit: last.limit))
        }
        return LimitHistory(name: name, points: points, breaches: breaches)
    }

    private mutating func put(_ point: LimitHistory.Point) {
        let number = point.time.millisecondsSince1970 / stretchMilliseconds
        if stretches.last?.number == number {
            stretches[stretches.count - 1].points.append(point)
            // Twice as many as stay, so that thinning is rare.
            if stretches[stretches.count - 1].points.count > 24 {
                stretches[stretches.count - 1].thin()
            }
            return
        }
        if !stretches.isEmpty { stretches[stretches.count - 1].thin() }
        stretches.append(Stretch(number: number, points: [point]))
        while stretches.count > maximumStretchCount { halve() }
    }

    /// Makes one stretch of two.
    private mutating func halve() {
        stretchMilliseconds *= 2
        var merged: [Stretch] = []
        for stretch in stretches {
            let number = stretch.number / 2
            if merged.last?.number == number {
                merged[merged.count - 1].points += stretch.points
                merged[merged.count - 1].thin()
            } else {
                merged.append(Stretch(number: number, points: stretch.points))
            }
        }
        stretches = merged
    }

    private mutating func beginBreach(at time: LedgerTime) {
        if let last = breaches.last, let until = last.until,
            time.millisecondsSince1970 - until.millisecondsSince1970 < stretchMilliseconds
        {
            breaches[breaches.count - 1].until = nil
        } else {
            breaches.append(.init(from: time, until: nil))
        }
    }
}
