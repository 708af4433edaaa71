// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// A performance density in whole hundredths: TPP over the applicable die area in mm2
/// (15 CFR part 774, ECCN 3A090, technical notes).
public struct PerformanceDensity: Hashable, Sendable, Comparable {
    /// The number of hundredths.
    public let hundredths: Int64

    /// Makes a density from hundredths.
    public init(hundredths: Int64) { self.hundredths = hundredths }

    /// Whether one density is below another.
    public static func < (left: PerformanceDensity, right: PerformanceDensity) -> Bool {
        left.hundredths < right.hundredths
    }
}

extension PerformanceDensity: LosslessStringConvertible {
    /// Reads a decimal number with at most two decimals, such as `5.92`, below ten million.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, (1...7).contains(whole.count) else {
            return nil
        }
        let decimals = parts.count == 2 ? Array(parts[1]) : []
        guard parts.count == 1 || (1...2).contains(decimals.count) else { return nil }
        var value: Int64 = 0
        for byte in Array(whole) + decimals {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        for _ in decimals.count..<2 { value *= 10 }
        self.init(hundredths: value)
    }

    /// The density with two decimals, such as `5.92`.
    public var description: String {
        let (whole, part) = hundredths.quotientAndRemainder(dividingBy: 100)
        return "\(whole)." + (part < 10 ? "0\(part)" : "\(part)")
    }
}

/// How a device counts whose performance density nobody has published.
public enum UnknownDensity: String, Hashable, Sendable, CaseIterable {
    /// As if its density were below the threshold.
    case notControlled = "not-controlled"
    /// As if its density reached the threshold.
    case controlled
}

/// Which devices count (15 CFR part 774, ECCN 3A090.a).
public struct ControlRule: Hashable, Sendable {
    /// From this TPP on a device for data centers counts, whatever its density.
    public let threshold: TPP
    /// From this TPP on it counts when it is as dense as ``density``.
    public let denseThreshold: TPP
    /// The least density that counts together with ``denseThreshold``.
    public let density: PerformanceDensity
    /// How an unknown density counts.
    public let unknownDensity: UnknownDensity
    /// Where the thresholds come from.
    public let citation: String

    /// Whether a device counts against limits.
    ///
    /// - Parameters:
    ///   - tpp: The device's TPP.
    ///   - density: Its performance density, or `nil` when unknown.
    ///   - isForDataCenters: Whether it is made for data centers; nothing else counts.
    /// - Returns: Whether it counts.
    public func isControlled(
        tpp: TPP,
        density: PerformanceDensity?,
        isForDataCenters: Bool
    ) -> Bool {
        guard isForDataCenters else { return false }
        if tpp >= threshold { return true }
        guard tpp >= denseThreshold else { return false }
        guard let density else { return unknownDensity == .controlled }
        return density >= self.density
    }
}
