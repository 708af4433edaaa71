// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import QuotaLedger

/// What the ledger's answers say about a workload, by the ledger's own numbers.
struct LedgerReading {
    /// The outcome of each claim.
    private(set) var outcomes: [Int8] = []
    /// The positions in the order of the entries.
    private(set) var order: [Int] = []
    /// What was used of each limit after the last entry that tested it.
    private(set) var used: [Int64]

    init(
        _ answers: [LedgerAnswer?],
        _ workload: PeerWorkload,
        _ operations: LedgerOperations
    ) throws(PeerError) {
        used = workload.usedBefore
        var decisions: [(number: UInt64, position: Int, decision: Decision)] = []
        for (position, answer) in answers.enumerated() {
            guard case .recorded(let entry) = answer, case .operation(let record) = entry.content,
                case .decided(let decision) = record.outcome
            else { throw PeerError("claim \(position) was answered by no decision") }
            decisions.append((entry.number.rawValue, position, decision))
            outcomes.append(try Self.outcome(decision))
        }
        decisions.sort { $0.number < $1.number }
        order = decisions.map(\.position)
        for (_, _, decision) in decisions {
            for test in decision.tests {
                let isCharged = decision.isGranted && test.mechanism == decision.mechanism
                let charge = isCharged ? decision.granted.rawValue : 0
                used[try operations.limit(test.name)] = test.used.rawValue + charge
            }
        }
    }

    private static func outcome(_ decision: Decision) throws(PeerError) -> Int8 {
        guard decision.isGranted else { return PeerOutcome.refused }
        switch decision.mechanism {
        case .nationalVEU: return 0
        case .smallOrder: return 1
        case .country: return 2
        default: throw PeerError("\(decision.mechanism) is no mechanism of the workload")
        }
    }
}
