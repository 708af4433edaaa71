// SPDX-License-Identifier: Apache-2.0

import LedgerModel

// What a rulebook says about the time after a grant, about limits that fill up, and about weights.

extension OracleRulebook {
    /// What `prohibited` looks at.
    public enum Prohibition: String, Hashable, Sendable, CaseIterable {
        /// The end use is prohibited.
        case endUse = "end-use"
        /// The consignee is blocked.
        case consigneeBlocked = "consignee-blocked"
    }

    /// Goods that were shipped, are no longer there, and free room.
    public enum Credit: String, Hashable, Sendable, CaseIterable {
        /// What came back.
        case returned
        /// What was lost, failed or was disposed of.
        case retired
    }

    /// A kind of limit whose thresholds are entries.
    public enum WatchedKind: String, Hashable, Sendable, CaseIterable {
        /// The allocation of a country.
        case country
        /// The allocation of a National VEU.
        case nationalVEU = "nveu"
        /// A share of a Universal VEU, in one country or outside.
        case share
    }

    /// When reaching part of a limit is an entry.
    public struct Thresholds: Hashable, Sendable {
        /// The percentages, ascending.
        public var percents: [UInt8] = [80, 90, 95, 100]
        /// Of which limits; small orders have none.
        public var kinds: Set<WatchedKind> = Set(WatchedKind.allCases)

        /// The highest percentage that a use has reached; `nil` for none, and of a limit that is
        /// not listed.
        func reached(by use: OracleUse, of name: LimitName) -> UInt8? {
            let isListed =
                switch name {
                case .country: kinds.contains(.country)
                case .nationalVEU: kinds.contains(.nationalVEU)
                case .countryShare, .outsideShare: kinds.contains(.share)
                case .smallOrder: false
                }
            guard isListed, use.used > 0 else { return nil }
            let hundredfold = Int128(use.used) * 100
            return percents.last { hundredfold >= Int128($0) * Int128(use.limit) }
        }
    }

    /// What stands against a transfer of controlled weights.
    public enum WeightsCondition: String, Hashable, Sendable, CaseIterable {
        /// The destination is of concern.
        case destinationOfConcern = "destination-of-concern"
        /// The recipient's site is of concern.
        case recipientOfConcern = "recipient-of-concern"
        /// The recipient is blocked.
        case recipientBlocked = "recipient-blocked"
        /// The headquarters of the recipient, or of its ultimate parent, is not home or allied.
        case headquartersNotHomeOrAllied = "headquarters-not-home-or-allied"
        /// The recipient's security attestation is not current.
        case storageNotAttested = "storage-not-attested"
    }

    /// Which model weights may go where; those published may always.
    public struct Weights: Hashable, Sendable {
        /// From this many training operations on weights are controlled (ECCN 4E091).
        public var threshold: UInt128 = 100_000_000_000_000_000_000_000_000
        /// Below this many they are not.
        public var floor: UInt128 = 0
        /// What stands against a transfer.
        public var refusedWhen: Set<WeightsCondition> = Set(WeightsCondition.allCases)
    }
}
