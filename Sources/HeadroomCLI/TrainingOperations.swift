// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// Reads a number of training operations exactly: no floating point, whatever the notation.
enum TrainingOperations {
    /// Reads digits, also in groups; a power, `10^26`; or a decimal with an exponent, `2.5e26`.
    static func number(_ text: String, _ option: String) throws(Rejection) -> UInt128 {
        let parsed: UInt128?
        do throws(Overflow) {
            parsed = try number(text)
        } catch {
            throw Rejection(
                .amountOverflow,
                field: option,
                found: text,
                expected: "at most 2^128 - 1"
            )
        }
        guard let parsed else {
            throw OptionValues.malformed(
                option,
                text,
                "a whole number, such as 10^26, 3e26 or 300_000_000_000_000_000_000_000_000"
            )
        }
        return parsed
    }

    /// A number of the right form that is too large.
    private struct Overflow: Error {}

    private static func number(_ text: String) throws(Overflow) -> UInt128? {
        if let power = try power(text) { return power }
        if let scientific = try scientific(text) { return scientific }
        return try plain(text)
    }

    private static func power(_ text: String) throws(Overflow) -> UInt128? {
        let parts = text.split(separator: "^", omittingEmptySubsequences: false)
        guard parts.count == 2, let base = try digits(parts[0]), let exponent = try digits(parts[1])
        else { return nil }
        var number: UInt128 = 1
        // Of 0 and 1 every power is known.
        for _ in 0..<(base > 1 ? min(exponent, 129) : min(exponent, 1)) {
            number = try product(number, base)
        }
        return number
    }

    private static func scientific(_ text: String) throws(Overflow) -> UInt128? {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        guard parts.count == 2, var exponent = try digits(parts[1]) else { return nil }
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard mantissa.count <= 2, let whole = mantissa.first, !whole.isEmpty else { return nil }
        var significant = String(whole)
        if mantissa.count == 2 {
            let decimals = mantissa[1]
            guard !decimals.isEmpty, decimals.utf8.count <= exponent else { return nil }
            significant += decimals
            exponent -= UInt128(decimals.utf8.count)
        }
        guard var number = try digits(significant[...]) else { return nil }
        for _ in 0..<(number > 0 ? min(exponent, 39) : 0) { number = try product(number, 10) }
        return number
    }

    /// Digits, with commas or underscores between them.
    private static func plain(_ text: String) throws(Overflow) -> UInt128? {
        let groups = text.split(omittingEmptySubsequences: false) { $0 == "," || $0 == "_" }
        guard groups.allSatisfy({ !$0.isEmpty }) else { return nil }
        return try digits(groups.joined()[...])
    }

    private static func digits(_ text: Substring) throws(Overflow) -> UInt128? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        guard let number = UInt128(text) else { throw Overflow() }
        return number
    }

    private static func product(_ left: UInt128, _ right: UInt128) throws(Overflow) -> UInt128 {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        guard !overflow else { throw Overflow() }
        return product
    }
}
