// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import Rulebook

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
    /// A rulebook that stands in for whichever is in force, from its start on; `nil` in a ledger as
    /// it is.
    private var replacement: AdoptedRulebook?
    /// The replacement in the place of each adopted rulebook, so that entries name the same
    /// adoptions; empty without one.
    private(set) var substitutes: [AdoptedRulebook] = []

    init() {}

    /// A timeline in which another rulebook is in force wherever one is, for the question what would
    /// have been.
    ///
    /// - Parameters:
    ///   - bytes: Its file.
    ///   - start: The first day on which it stands in; not before its effective day in any case.
    /// - Throws: ``RulebookError`` if the file is not valid.
    init(replacedBy bytes: [UInt8], from start: CivilDate) throws(RulebookError) {
        let rulebook = try Rulebook.load(bytes: bytes, fileName: "rulebook")
        replacement = AdoptedRulebook(
            entry: EntryNumber(rawValue: 0),
            start: LedgerTime(startOf: max(start, rulebook.effective.value)),
            rulebook: rulebook,
            bytes: bytes
        )
    }

    /// Adopts a rulebook file.
    ///
    /// - Throws: ``RulebookError`` if the file is not valid.
    mutating func adopt(
        _ bytes: [UInt8],
        at time: LedgerTime,
        entry: EntryNumber
    ) throws(RulebookError) {
        let rulebook = try Rulebook.load(bytes: bytes, fileName: "rulebook")
        let start = max(time, LedgerTime(startOf: rulebook.effective.value))
        adopted.append(
            AdoptedRulebook(entry: entry, start: start, rulebook: rulebook, bytes: bytes)
        )
        guard let replacement else { return }
        substitutes.append(
            AdoptedRulebook(
                entry: entry,
                start: max(start, replacement.start),
                rulebook: replacement.rulebook,
                bytes: replacement.bytes
            )
        )
    }

    /// The rulebook in force: the latest start wins, ties go to the later adoption.
    func inForce(at time: LedgerTime) -> AdoptedRulebook? {
        position(at: time).map { position in
            guard let replacement, replacement.start <= time else { return adopted[position] }
            return substitutes[position]
        }
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

/// An adoption of a rulebook that took effect.
public struct RulebookAdopting: Hashable, Sendable {
    /// The entry that adopted it, or proposed it if it needed two people.
    public var entry: EntryNumber
    /// When it was adopted.
    public var time: LedgerTime
    /// The file, byte for byte.
    public var bytes: [UInt8]

    /// Makes an adoption.
    public init(entry: EntryNumber, time: LedgerTime, bytes: [UInt8]) {
        self.entry = entry
        self.time = time
        self.bytes = bytes
    }

    /// The rulebook in force at a time, of those that a ledger adopted: what
    /// ``LedgerCore/rulebook(at:)`` says, without the state of a ledger.
    ///
    /// - Parameters:
    ///   - time: The time.
    ///   - adoptions: All adoptions of the ledger, in order.
    /// - Returns: The rulebook; `nil` where none is in force.
    /// - Throws: ``RulebookError`` if a file is not valid.
    public static func rulebook(
        at time: LedgerTime,
        of adoptions: [RulebookAdopting]
    ) throws(RulebookError) -> Rulebook? {
        var timeline = RulebookTimeline()
        for adoption in adoptions {
            try timeline.adopt(adoption.bytes, at: adoption.time, entry: adoption.entry)
        }
        return timeline.inForce(at: time)?.rulebook
    }
}
