// SPDX-License-Identifier: Apache-2.0

/// How far something long has come, in a line for a terminal.
///
/// `[#########.....................]  31 %  1,234,567 orders  312,500/s  0:09 left`
public struct ProgressText: Hashable, Sendable {
    /// What is counted, in the plural.
    public var noun: String
    /// How many columns the line may take; what does not fit is left out, the bar first.
    public var width: Int

    private static let barWidth = 30

    /// Makes a text.
    public init(noun: String, width: Int) {
        self.noun = noun
        self.width = width
    }

    /// The line at a moment.
    ///
    /// - Parameters:
    ///   - count: How many are done.
    ///   - share: Which part of all is done, from 0 to 1; `nil` if nobody knows.
    ///   - milliseconds: How long that took.
    /// - Returns: The line, without a line feed.
    public func line(count: UInt64, share: Double?, milliseconds: UInt64) -> String {
        let share = share.map { min(max($0, 0), 1) }
        var parts = ["\(grouped(count)) \(noun)"]
        if milliseconds > 0 {
            let rate = Double(count) * 1_000 / Double(milliseconds)
            parts.append("\(grouped(UInt64(rate.rounded())))/s")
        }
        if let share {
            let percent = String(Int(share * 100))
            let padding = String(repeating: " ", count: max(0, 3 - percent.utf8.count))
            parts.insert("\(padding)\(percent) %", at: 0)
            // Too early, a guess would jump about.
            if share > 0, milliseconds >= 1_000 {
                let left = Double(milliseconds) * (1 - share) / share / 1_000
                parts.append("\(ProgressText.clock(UInt64(left.rounded(.up)))) left")
            }
            parts.insert(ProgressText.bar(share), at: 0)
            if joined(parts).utf8.count > width { parts.removeFirst() }
        }
        while parts.count > 1, joined(parts).utf8.count > width { parts.removeLast() }
        return String(joined(parts).prefix(width))
    }

    private func joined(_ parts: [String]) -> String { parts.joined(separator: "  ") }

    private static func bar(_ share: Double) -> String {
        let done = Int(share * Double(barWidth))
        return "[" + String(repeating: "#", count: done)
            + String(repeating: ".", count: barWidth - done) + "]"
    }

    /// Seconds as `0:09` or `1:02:03`.
    private static func clock(_ seconds: UInt64) -> String {
        func twoDigits(_ number: UInt64) -> String { (number < 10 ? "0" : "") + "\(number)" }
        let minutes = seconds / 60
        let rest = twoDigits(seconds % 60)
        guard minutes >= 60 else { return "\(minutes):\(rest)" }
        return "\(minutes / 60):\(twoDigits(minutes % 60)):\(rest)"
    }
}
