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
            ),
            let device = closest(to: rejection.found, in: catalogue.ratings.map(\.device.text))
        else { return rejection }
        var rejection = rejection
        rejection.expected += "; did you mean '\(device)'?"
        return rejection
    }

    /// The candidate that a text was probably meant to be, or `nil` if none is close.
    static func closest(to text: String, in candidates: [String]) -> String? {
        let asked = plain(text)
        guard !asked.isEmpty else { return nil }
        let distances = candidates.map { candidate in
            let name = plain(candidate)
            // What was asked may be the beginning of a longer name: H100 of H100 SXM5.
            let isBeginning = asked.count >= 3 && name.starts(with: asked)
            return (candidate, isBeginning ? 0 : distance(asked, name), name.count)
        }
        guard let best = distances.min(by: { ($0.1, $0.2) < ($1.1, $1.2) }) else { return nil }
        return best.1 * 3 <= max(asked.count, 3) ? best.0 : nil
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
