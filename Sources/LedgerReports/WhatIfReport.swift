// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import QuotaLedger
public import Rulebook

/// What another rulebook would make of a ledger.
public struct WhatIfReport: Sendable {
    /// Which question is answered.
    public enum Question: Hashable, Sendable {
        /// Had it been in force, instead of whichever was, from this day on; its effective day, if
        /// none is given or that is later.
        case instead(from: CivilDate?)
        /// Were it adopted now, at the end of the data, with the charges that there are.
        case adopted
    }

    /// A limit with how it stands and how it would stand; `nil` where it is not defined.
    public struct Change: Hashable, Sendable {
        /// Which limit.
        public var name: LimitName
        /// How it stands.
        public var before: LimitReading?
        /// How it would stand.
        public var after: LimitReading?

        /// Whether it is in breach, and whether it would be.
        public var breach: Breach? {
            switch (before?.isInBreach ?? false, after?.isInBreach ?? false) {
            case (false, false): nil
            case (false, true): .arises
            case (true, false): .ends
            case (true, true): .stays
            }
        }
    }

    /// What becomes of the breach of a limit.
    public enum Breach: String, Hashable, Sendable {
        /// It is in no breach, and would be.
        case arises
        /// It is in breach, and would not be.
        case ends
        /// It is in breach, and would be.
        case stays
    }

    /// The ledger's settings.
    public var creation: LedgerCreation
    /// The newest entry that is taken in.
    public var through: EntryNumber
    /// That entry's time.
    public var throughTime: LedgerTime
    /// The moment at which limits are compared.
    public var asOf: LedgerTime
    /// The rulebook in force then.
    public var present: Rulebook
    /// The entry that adopted it.
    public var adoption: EntryNumber
    /// The other one.
    public var other: Rulebook
    /// Which question is answered.
    public var question: Question
    /// What would become of the operations; `nil` where nothing is decided again.
    public var tally: ReadjudicationTally?
    /// Every limit of which anything is or would be used, in order of the names.
    public var limits: [Change]

    /// Makes a report.
    ///
    /// - Parameters:
    ///   - report: The cap report of the ledger as it is, for the moment of the comparison.
    ///   - other: The other rulebook.
    ///   - question: Which question is answered.
    ///   - tally: What would become of the operations; `nil` where nothing is decided again.
    ///   - before: The limits as they are, at that moment.
    ///   - after: The limits as they would be, at that moment.
    public init(
        of report: CapReport,
        under other: Rulebook,
        question: Question,
        tally: ReadjudicationTally?,
        before: [LimitReading],
        after: [LimitReading]
    ) {
        creation = report.creation
        through = report.through
        throughTime = report.throughTime
        asOf = report.asOf
        present = report.rulebook
        adoption = report.adoption
        self.other = other
        self.question = question
        self.tally = tally
        let old = Dictionary(uniqueKeysWithValues: before.map { ($0.name, $0) })
        let new = Dictionary(uniqueKeysWithValues: after.map { ($0.name, $0) })
        limits = Set(old.keys).union(new.keys).sorted()
            .map { Change(name: $0, before: old[$0], after: new[$0]) }
            .filter { $0.before?.used ?? .zero > .zero || $0.after?.used ?? .zero > .zero }
    }

    /// Whether anything at all would be otherwise.
    public var changesAnything: Bool {
        let moves = tally.map { tally in
            !tally.operations.isEmpty || tally.orders.keys.contains { $0 != .same }
        }
        return moves ?? false || limits.contains { $0.before != $0.after }
    }
}
