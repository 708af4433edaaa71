// SPDX-License-Identifier: Apache-2.0

import Foundation

/// An axis of a plot: what it shows, over which values, and where it has ticks.
public struct PlotAxis: Sendable {
    /// How values lie along an axis.
    public enum Scale: Sendable {
        /// Equal differences are equal lengths.
        case linear
        /// Equal ratios are equal lengths; values must be positive.
        case logarithmic
        /// Percentiles: each further nine has the same length.
        case nines
    }

    /// What it shows, with the unit.
    public var label: String
    /// How values lie along it.
    public var scale: Scale
    /// The least value.
    public var least: Double
    /// The greatest value.
    public var greatest: Double
    /// The values that have a tick, and its text.
    public var ticks: [(value: Double, text: String)]

    /// An axis from 0 to `greatest` or a little more, with ticks at round numbers.
    public static func linear(_ label: String, upTo greatest: Double) -> PlotAxis {
        let step = roundStep(max(greatest, .leastNormalMagnitude) / 6)
        let count = Int((greatest / step).rounded(.up))
        let decimals = max(0, Int((-log10(step)).rounded(.up)))
        return PlotAxis(
            label: label,
            scale: .linear,
            least: 0,
            greatest: Double(max(1, count)) * step,
            ticks: (0...max(1, count)).map {
                (Double($0) * step, shortened(Double($0) * step, decimals))
            }
        )
    }

    /// A logarithmic axis with ticks at the values that occur.
    public static func logarithmic(_ label: String, at values: [Double]) -> PlotAxis {
        let values = Set(values).sorted()
        let least = values.first ?? 1
        let greatest = values.last ?? 1
        return PlotAxis(
            label: label,
            scale: .logarithmic,
            least: least / 1.3,
            greatest: greatest * 1.3,
            ticks: values.map { ($0, grouped(Int($0))) }
        )
    }

    /// A logarithmic axis over whole decades, with a tick at each.
    public static func decades(_ label: String, from least: Double, to greatest: Double) -> PlotAxis
    {
        let first = Int(log10(max(least, .leastNormalMagnitude)).rounded(.down))
        let last = max(first + 1, Int(log10(max(greatest, .leastNormalMagnitude)).rounded(.up)))
        return PlotAxis(
            label: label,
            scale: .logarithmic,
            least: pow(10, Double(first)),
            greatest: pow(10, Double(last)),
            ticks: (first...last).map { decade in
                let value = pow(10, Double(decade))
                return (value, value < 1 ? "\(value)" : grouped(Int(value)))
            }
        )
    }

    /// A logarithmic axis over whole decades of nanoseconds, with ticks in units of time.
    public static func times(_ label: String, from least: Double, to greatest: Double) -> PlotAxis {
        let first = Int(log10(max(1, least)).rounded(.down))
        let last = max(first + 1, Int(log10(max(1, greatest)).rounded(.up)))
        let ticks = (first...last).map { decade in
            let value = pow(10, Double(decade))
            return (
                value,
                duration(nanoseconds: value).replacingOccurrences(of: ".00", with: "")
                    .replacingOccurrences(of: ".0", with: "")
            )
        }
        return PlotAxis(
            label: label,
            scale: .logarithmic,
            least: pow(10, Double(first)),
            greatest: pow(10, Double(last)),
            ticks: ticks
        )
    }

    /// An axis of percentiles from the median to 99.999.
    public static func percentiles(_ label: String) -> PlotAxis {
        PlotAxis(
            label: label,
            scale: .nines,
            least: 50,
            greatest: 99.999,
            ticks: [
                (50, "50"), (90, "90"), (99, "99"), (99.9, "99.9"), (99.99, "99.99"),
                (99.999, "99.999"),
            ]
        )
    }

    /// Where a value lies, from 0 at the axis's beginning to 1 at its end.
    func place(of value: Double) -> Double {
        let span = scaled(greatest) - scaled(least)
        return span == 0 ? 0.5 : (scaled(value) - scaled(least)) / span
    }

    private func scaled(_ value: Double) -> Double {
        switch scale {
        case .linear: value
        case .logarithmic: log10(max(value, .leastNormalMagnitude))
        case .nines: -log10(max(1 - value / 100, 1e-9))
        }
    }

    /// The next of 1, 2 and 5 times a power of ten.
    private static func roundStep(_ step: Double) -> Double {
        let power = pow(10, log10(step).rounded(.down))
        for factor in [1.0, 2, 5] where step <= factor * power * 1.000_001 {
            return factor * power
        }
        return 10 * power
    }

    /// A whole number with commas between groups of three digits.
    static func grouped(_ number: Int) -> String {
        var text = ""
        for (place, digit) in String(number).reversed().enumerated() {
            if place > 0, place % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }
}
