// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerReports
import LedgerTestSupport
import QuotaLedger
import Rulebook

/// A generated log up to an entry: what the oracle says of it, and the ledger's core.
struct ReportWorld: ~Copyable {
    let oracle: Oracle
    let entries: [Entry]
    let core: LedgerCore
    /// What reports of it are of.
    let scope: ReportScope

    /// Plays a stream and cuts its log off behind an entry; `nil` while no rulebook is in force.
    ///
    /// The cut never lies within what happens at one instant: the core would tell what is still to
    /// be written, and the oracle would not.
    init?(_ oracle: Oracle, near position: Int) throws {
        var end = position
        while end + 1 < oracle.entries.count, oracle.entries[end + 1].operation == nil,
            oracle.entries[end + 1].time == oracle.entries[end].time
        {
            end += 1
        }
        var core = LedgerCore(key: HashKey(first: 1, second: 2))
        for entry in oracle.entries[...end] { try core.replay(entry) }
        guard let scope = core.reportScope() else { return nil }
        self.oracle = oracle
        entries = Array(oracle.entries[...end])
        self.scope = scope
        self.core = core
    }

    /// The last entry.
    var last: EntryNumber { scope.through }

    /// What the entries add up to, ended at a moment.
    func charges(at moment: LedgerTime) -> ChargeFold {
        var fold = ChargeFold()
        for entry in entries { fold.take(entry) }
        fold.finish(at: moment)
        return fold
    }

    /// The uses of which there is any, as the oracle knows them.
    var uses: [LimitName: OracleUse] {
        (oracle.watchedUses(asOf: last) ?? [:]).filter { $0.value.used > 0 }
    }

    /// Every hold that was granted, with what the oracle says of it.
    var balances: [(entry: Entry, order: Reservation, decision: Decision, balance: HoldBalance)] {
        entries.compactMap { entry in
            guard let record = entry.operation, case .reserve(let order) = record.action,
                case .decided(let decision) = record.outcome, decision.isGranted,
                let balance = oracle.balance(of: entry.number, asOf: last)
            else { return nil }
            return (entry, order, decision, balance)
        }
    }

    /// Plays a stream to its end.
    static func oracle(_ profile: StreamProfile, seed: Int, count: Int = 130) -> Oracle {
        let stream = GeneratedStream(seed: UInt64(seed), profile: profile, count: count)
        var oracle = stream.makeOracle()
        for step in stream.steps { _ = oracle.apply(step.operation, now: step.now) }
        return oracle
    }
}

extension Entry {
    /// The operation that it is, if it is one.
    var operation: OperationRecord? {
        if case .operation(let record) = content { record } else { nil }
    }
}

extension ReportValue {
    /// The values of an array.
    var rows: [ReportValue] {
        if case .array(let rows) = self { rows } else { [] }
    }

    var number: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    var string: String? {
        switch self {
        case .text(let text), .decimal(let text): text
        default: nil
        }
    }
}
