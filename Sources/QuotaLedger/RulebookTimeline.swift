// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

/// A rulebook that was adopted.
///
/// A reference, as it is handed around with every decision and a rulebook has many parts.
final class AdoptedRulebook: Sendable {
    /// The entry that adopted it, or proposed it if it needed two people.
    let entry: EntryNumber
    /// From when on it is in force, unless a later start wins: the later of its effective day and
    /// its adoption.
    let start: LedgerTime
    let rulebook: Rulebook
    /// The file, byte for byte.
    let bytes: [UInt8]

    init(entry: EntryNumber, start: LedgerTime, rulebook: Rulebook, bytes: [UInt8]) {
        self.entry = entry
        self.start = start
        self.rulebook = rulebook
        self.bytes = bytes
    }
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

    /// The rulebook in force: the latest start wins, ties go to the later adoption.
    func inForce(at time: LedgerTime) -> AdoptedRulebook? {
        position(at: time).map { adopted[$0] }
    }

    /// The entry of the rulebook in force.
    ///
    /// Every entry asks for it, so nothing of the rulebook is copied.
    func adoption(at time: LedgerTime) -> EntryNumber? {
        position(at: time).map { adopted[$0].entry }
    }

    private func position(at time: LedgerTime) -> Int? {
        var best: Int?
        for position in adopted.indices where adopted[position].start <= time {
            if let current = best, adopted[position].start < adopted[current].start { continue }
            best = position
        }
        return best
    }
}
