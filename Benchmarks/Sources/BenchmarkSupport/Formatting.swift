// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A number with a fixed count of decimals, with a point, whatever the locale.
public func shortened(_ number: Double, _ decimals: Int) -> String {
    String(format: "%.\(decimals)f", number)
}

/// A rate or a count with three significant digits and a prefix: `26.3 M`.
public func scaled(_ number: Double) -> String {
    for (factor, prefix) in [(1e9, " G"), (1e6, " M"), (1e3, " k")] where abs(number) >= factor {
        return significant(number / factor) + prefix
    }
    return significant(number)
}

/// A time in the unit that suits it: `1.05 ms`.
public func duration(nanoseconds: Double) -> String {
    for (factor, unit) in [(1e9, "s"), (1e6, "ms"), (1e3, "us")] where nanoseconds >= factor {
        return "\(significant(nanoseconds / factor)) \(unit)"
    }
    return "\(significant(nanoseconds)) ns"
}

/// A number with three significant digits.
func significant(_ number: Double) -> String {
    let size = abs(number)
    return shortened(number, size >= 99.95 || size == 0 ? 0 : size >= 9.995 ? 1 : 2)
}
