// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerText
import Rulebook

/// Guesses what someone meant.
enum Suggestions {
    /// A rejection with "did you mean" where something is close.
    ///
    /// - Parameters:
    ///   - rejection: What is wrong.
    ///   - names: What may have been meant, beside what the shipped lists and the rejection itself
    ///     name.
    /// - Returns: The rejection, with the guesses behind what was expected.
    static func completed(_ rejection: Rejection, names: [String] = []) -> Rejection {
        guard !rejection.expected.contains("did you mean") else { return rejection }
        let guesses = guesses(for: rejection, names)
        guard !guesses.isEmpty else { return rejection }
        var rejection = rejection
        let shown = guesses.prefix(4).map { "'\($0)'" }.joined(separator: " or ")
        rejection.expected += "; did you mean \(shown)?"
        return rejection
    }

    private static func guesses(for rejection: Rejection, _ names: [String]) -> [String] {
        switch rejection.code {
        case .unknownDevice: return allClose(to: rejection.found, in: shippedDevices)
        case .unknownCountry: return usualCodes[rejection.found].map { [$0] } ?? []
        case .malformedField where rejection.expected.contains("ISO 3166-1 alpha-2"):
            let countries = CountryTable.shipped.countries
            guard let name = closest(to: rejection.found, in: countries.map(\.name)) else {
                return usualCodes[rejection.found.uppercased()].map { [$0] } ?? []
            }
            return countries.filter { $0.name == name }.map(\.code.description)
        default: break
        }
        let list = "one of "
        guard names.isEmpty, rejection.expected.hasPrefix(list) else {
            return closest(to: rejection.found, in: names).map { [$0] } ?? []
        }
        let listed = rejection.expected.dropFirst(list.count).split(separator: ", ")
        return closest(to: rejection.found, in: listed.map(String.init)).map { [$0] } ?? []
    }

    /// Codes of countries that are used elsewhere.
    private static let usualCodes = ["UK": "GB", "EL": "GR"]

    private static var shippedDevices: [String] {
        let catalogue = try? DeviceCatalogue.load(
            bytes: ShippedFile.devices.bytes,
            fileName: ShippedFile.devices.fileName
        )
        return catalogue?.ratings.map(\.device.text) ?? []
    }

    /// The candidate that a text was probably meant to be, or `nil` if none is close.
    static func closest(to text: String, in candidates: [String]) -> String? {
        allClose(to: text, in: candidates).first
    }

    /// The candidates that a text may have been meant to be, none closer than another; those that
    /// are shorter come first.
    private static func allClose(to text: String, in candidates: [String]) -> [String] {
        let asked = plain(text)
        guard !asked.isEmpty else { return [] }
        let ranked = Set(candidates).map { candidate in
            let name = plain(candidate)
            // What was asked may be the beginning of a longer name: H100 of H100 SXM5.
            let isBeginning = asked.count >= 3 && name.starts(with: asked)
            return (name: candidate, distance: isBeginning ? 0 : editDistance(asked, name))
        }
        guard let best = ranked.map(\.distance).min(), best * 3 <= max(asked.count, 3) else {
            return []
        }
        return ranked.filter { $0.distance == best }.map(\.name)
            .sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
    }

    private static func plain(_ text: String) -> [UInt8] {
        text.lowercased().utf8.prefix(64).filter { !" -_".utf8.contains($0) }
    }
}
