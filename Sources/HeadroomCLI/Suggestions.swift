// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

/// Guesses what someone meant.
enum Suggestions {
    /// A rejection with "did you mean" where the shipped lists have something close.
    static func completed(_ rejection: Rejection) -> Rejection {
        guard case .unknownDevice = rejection.code,
            let catalogue = try? DeviceCatalogue.load(
                bytes: ShippedFile.devices.bytes,
                fileName: ShippedFile.devices.fileName
            )
        else { return rejection }
        let devices = allClose(to: rejection.found, in: catalogue.ratings.map(\.device.text))
        guard !devices.isEmpty else { return rejection }
        var rejection = rejection
        let names = devices.prefix(4).map { "'\($0)'" }.joined(separator: " or ")
        rejection.expected += "; did you mean \(names)?"
        return rejection
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
            return (name: candidate, distance: isBeginning ? 0 : distance(asked, name))
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

    /// The edit distance (Levenshtein).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (index, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let change = diagonal + (byte == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(change, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
