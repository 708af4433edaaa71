// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

/// A rulebook that was adopted.
struct AdoptedRulebook: Sendable {
    /// The entry that adopted it.
    var entry: EntryNumber
    /// From when on it is in force, unless a later start wins: the later of its effective day and
    /// its adoption.
    var start: LedgerTime
    var rulebook: Rulebook
    /// The file, byte for byte.
    var bytes: [UInt8]
}

/// The adopted rulebooks, and which of them is in force when.
struct RulebookTimeline: Sendable {
    private(set) var adopted: [AdoptedRulebook] = []

    /// Adopts a rulebook file.
    ///
    /// - Throws: ``RulebookError`` if the file is not valid.
    mutating func adopt(
        _ bytes: [UInt8],
        at time: LedgerTime,
        entry: EntryNumber
    ) throws(RulebookError) {
        let rulebook = try Rulebook.load(bytes: bytes, fileName: "rulebook")
        adopted.append(
            AdoptedRulebook(
                entry: entry,
                start: max(time, LedgerTime(startOf: rulebook.effective.value)),
                rulebook: rulebook,
                bytes: bytes
            )
        )
    }

    /// The rulebook in force: the latest start wins, ties go to the later entry.
    func inForce(at time: LedgerTime) -> AdoptedRulebook? {
        var best: AdoptedRulebook?
        for candidate in adopted where candidate.start <= time {
            if let current = best, candidate.start < current.start { continue }
            best = candidate
        }
        return best
    }
}
