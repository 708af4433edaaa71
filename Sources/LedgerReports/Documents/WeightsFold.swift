// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// The questions about model weights, and what they were answered.
public struct WeightsFold: EntryFold {
    /// A question with its answer.
    struct Asked {
        var entry: EntryNumber
        var time: LedgerTime
        var organisation: OrganisationIdentifier
        var transfer: WeightsTransfer
        var answer: WeightsDetermination
    }

    private(set) var asked: [Asked] = []

    /// Makes a fold of a log without entries.
    public init() {}

    /// Takes the next entry in.
    public mutating func take(_ entry: Entry) {
        guard case .operation(let record) = entry.content,
            case .transferWeights(let transfer) = record.action
        else { return }
        let answer: WeightsDetermination
        switch record.outcome {
        case .determined(let determination): answer = determination
        case .refused(let refusal): answer = .refused(refusal)
        default: return
        }
        asked.append(
            Asked(
                entry: entry.number,
                time: entry.time,
                organisation: entry.actor.organisation,
                transfer: transfer,
                answer: answer
            )
        )
    }
}
