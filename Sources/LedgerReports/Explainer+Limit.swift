// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

/// What happens to limits: breaches, cures, and thresholds.
extension Explainer {
    /// An event in one sentence; to whom bands are shown, without numbers.
    func sentence(for event: LimitEvent) -> String {
        let limit = capitalized(subject(of: event.name))
        let shown = disclosure == .open
        let numbers = "\(both(event.used, .up)) used of \(both(event.limit, .down))"
        return switch event.change {
        case .breached:
            "\(limit) came into breach: \(shown ? numbers : "more is used than it allows")."
        case .cured:
            "\(limit) is no longer in breach: "
                + "\(shown ? numbers : "no more is used than it allows")."
        case .unwatched:
            "\(limit) was in breach and is no longer watched: it is not defined any more."
        case .crossed(let percent):
            "\(limit) reached \(percent) %" + (shown ? ": \(numbers)." : ".")
        }
    }

    func facts(of event: LimitEvent) -> [Explanation.Fact] {
        guard disclosure == .open, event.change != .unwatched else { return [] }
        return [
            Explanation.Fact("used", both(event.used, .up)),
            Explanation.Fact("limit", both(event.limit, .down)),
        ]
    }

    /// Where a limit comes from.
    func source(of name: LimitName, testedBy mechanism: MechanismKind) -> Explanation.Fact? {
        guard let rule = rulebook?.mechanism(mechanism) else { return nil }
        let citation =
            switch name {
            case .country, .smallOrder, .nationalVEU: rule.limit?.citation
            case .countryShare: rule.shares.first { $0.scope == .country }?.citation
            case .outsideShare: rule.shares.first { $0.scope == .allOutside }?.citation
            }
        return citation.map { Explanation.Fact("\(name)", $0) }
    }
}

extension LimitName {
    /// The mechanism whose limit it is.
    var mechanism: MechanismKind {
        switch self {
        case .country: .country
        case .smallOrder: .smallOrder
        case .nationalVEU: .nationalVEU
        case .countryShare, .outsideShare: .universalVEU
        }
    }
}
