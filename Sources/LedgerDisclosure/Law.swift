// SPDX-License-Identifier: Apache-2.0
import LedgerModel

/// What an entry is to others that rest on it.
extension Entry {
    /// The ledger's settings, if this is the entry that creates it.
    var creation: LedgerCreation? {
        guard case .operation(let record) = content,
            case .createLedger(let creation) = record.action
        else { return nil }
        return creation
    }

    /// The rulebook that it adopts or, as an approved proposal does, holds; not whether it did.
    var adoptedRulebook: RulebookAdoption? {
        guard case .operation(let record) = content else { return nil }
        switch record.action {
        case .adoptRulebook(let adoption): return adoption
        case .propose(let proposal):
            guard case .adoptRulebook(let adoption) = proposal.action else { return nil }
            return adoption
        default: return nil
        }
    }
}
