// SPDX-License-Identifier: Apache-2.0

import Foundation
import LedgerModel
import LedgerText

/// Reads what options hold; each throws a rejection that names the option.
enum OptionValues {
    static func identifier<Identifier: LedgerIdentifier>(
        _ text: String,
        _ option: String
    ) throws(Rejection) -> Identifier {
        guard let identifier = Identifier(text) else {
            throw malformed(option, text, identifierShape)
        }
        return identifier
    }

    static func country(_ text: String, _ option: String) throws(Rejection) -> CountryCode {
        guard let country = CountryCode(text) else {
            throw malformed(option, text, "two capital letters (ISO 3166-1 alpha-2), such as DE")
        }
        return country
    }

    static func date(_ text: String, _ option: String) throws(Rejection) -> CivilDate {
        guard let date = RFC3339.date(text) else {
            throw malformed(option, text, "a date of 1970 to 9999, such as 2025-01-13")
        }
        return date
    }

    static func dates(from: String, until: String?) throws(Rejection) -> DateRange {
        let first = try date(from, "--from")
        guard let until else {
            guard let range = DateRange(from: first, until: nil) else {
                throw malformed("--from", from, "a date")
            }
            return range
        }
        guard let range = DateRange(from: first, until: try date(until, "--until")) else {
            throw malformed("--until", until, "a date after --from, \(first)")
        }
        return range
    }

    /// Reads an instant.
    static func time(_ text: String, _ option: String) throws(Rejection) -> LedgerTime {
        guard let time = RFC3339.instant(text) else {
            throw malformed(
                option,
                text,
                "a time of 1970 to 9999, to the millisecond, such as 2025-01-13T09:30:00Z"
            )
        }
        return time
    }

    /// Reads an instant, or a date as the first millisecond of that day in UTC.
    static func timeOrDay(_ text: String, _ option: String) throws(Rejection) -> LedgerTime {
        if let time = RFC3339.startOfDay(text) { return time }
        return try time(text, option)
    }

    /// Reads an amount of TPP: digits and nothing else.
    static func tpp(
        _ text: some StringProtocol,
        _ option: String,
        allowingZero: Bool = false
    ) throws(Rejection) -> TPP {
        TPP(rawValue: try whole(text, option, allowingZero: allowingZero))
    }

    /// Reads a whole number: digits and nothing else.
    static func whole(
        _ text: some StringProtocol,
        _ option: String,
        allowingZero: Bool = false
    ) throws(Rejection) -> Int64 {
        let least = allowingZero ? "0 or more" : "above 0"
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw malformed(option, String(text), "a whole number \(least), in digits only")
        }
        guard let number = Int64(text) else {
            throw Rejection(
                .amountOverflow,
                field: option,
                found: String(text),
                expected: "at most \(Int64.max)"
            )
        }
        guard number > 0 || allowingZero else {
            throw malformed(option, String(text), "a whole number \(least), in digits only")
        }
        return number
    }

    /// Reads an amount of H100-equivalents.
    static func h100e(_ text: String, _ option: String) throws(Rejection) -> H100Equivalent {
        let isNumber = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        if isNumber, !text.isEmpty, H100Equivalent(text) == nil {
            throw Rejection(
                .amountOverflow,
                field: option,
                found: text,
                expected: "an order of at most \(TPP.maximumAmount)"
            )
        }
        guard let amount = H100Equivalent(text), amount.thousandths > 0 else {
            throw malformed(
                option,
                text,
                "a number above 0 in digits, with at most three decimals"
            )
        }
        return amount
    }

    /// Reads `NAME=NUMBER`, as `--line` and `--installed` take it.
    static func assignment(
        _ text: String,
        _ option: String,
        _ shape: String
    ) throws(Rejection) -> (name: String, number: String) {
        guard let sign = text.lastIndex(of: "=") else { throw malformed(option, text, shape) }
        return (String(text[..<sign]), String(text[text.index(after: sign)...]))
    }

    static func malformed(_ option: String, _ found: String, _ expected: String) -> Rejection {
        Rejection(.malformedField, field: option, found: found, expected: expected)
    }

    /// An operation id that nobody has used: 16 random hexadecimal digits.
    static func randomIdentifier() throws(Rejection) -> OperationIdentifier {
        var generator = SystemRandomNumberGenerator()
        return try identifier(hexadecimal(generator.next()), "--id")
    }
}

/// A number as 16 hexadecimal digits.
func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
}

/// The time now, in UTC and whole milliseconds.
func systemTime() -> LedgerTime {
    let milliseconds = (Date().timeIntervalSince1970 * 1_000).rounded(.down)
    return LedgerTime(millisecondsSince1970: Int64(clamping: Int(milliseconds))) ?? .earliest
}
