// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

/// What reservations look up by name under one rulebook on one day.
struct MomentCatalogue: Sendable {
    struct Device: Sendable {
        var tpp: TPP
        var isControlled: Bool
    }

    struct EndUse: Sendable {
        var code: EndUseIdentifier
        var isProhibited: Bool
        /// Why an order without a controlled line is refused, if it is: of a consignee that is not
        /// blocked, and of one that is.
        var refusal: Refusal?
        var refusalOfBlocked: Refusal?
    }

    /// The devices that were asked for, by the hashes of their names.
    private var devicePositions = NameTable()
    private var devices: [Device] = []
    /// The end uses of the rulebook in force, by the hashes of their codes.
    private var endUsePositions = NameTable()
    private(set) var endUses: [EndUse] = []
    /// The factor of the rulebook in force; `nil` while there is none.
    var tppPerH100e: Int64?
    var smallOrderLimit: TPP?
    /// How the Universal VEU statuses of a group stand, by its ultimate parent.
    var standings: [PartyIndex: StatusStanding] = [:]
    private var tiers = DenseRegister<CountryCode, CountryTier>(vacant: .capped)

    private var day: CivilDate?
    private var adopted: AdoptedRulebook?
    private var deviceEdition: UInt64 = 0

    init() {}

    /// Whether it is still true for a moment and an edition of the devices, apart from how statuses
    /// stand.
    func isTrue(for moment: LegalMoment, deviceEdition: UInt64) -> Bool {
        day == moment.day && adopted === moment.adopted && self.deviceEdition == deviceEdition
    }

    init(of moment: LegalMoment, deviceEdition: UInt64, hasher: OperationHasher) {
        day = moment.day
        adopted = moment.adopted
        self.deviceEdition = deviceEdition
        let rulebook = moment.adopted.rulebook
        for endUse in rulebook.endUses {
            endUsePositions.insert(hasher.name(endUse.code), position: endUses.count)
            func refusal(isBlocked: Bool) -> Refusal? {
                rulebook.refusalOfUncontrolledOrder(
                    endUse: endUse.code,
                    isConsigneeBlocked: isBlocked
                )
            }
            endUses.append(
                EndUse(
                    code: endUse.code,
                    isProhibited: endUse.isProhibited,
                    refusal: refusal(isBlocked: false),
                    refusalOfBlocked: refusal(isBlocked: true)
                )
            )
        }
        tppPerH100e = rulebook.tppPerH100e.value
        smallOrderLimit = rulebook.mechanism(.smallOrder)?.limit?.limit(on: moment.day)
    }

    func device(_ name: Hash128) -> Device? { devicePositions[name].map { devices[$0] } }

    mutating func add(_ device: Device, name: Hash128) {
        devicePositions.insert(name, position: devices.count)
        devices.append(device)
    }

    /// The position of an end use that the rulebook lists.
    func endUse(_ name: Hash128) -> Int? { endUsePositions[name] }

    /// The tier of a country, which is worked out once.
    mutating func tier(of country: CountryCode, at moment: LegalMoment) -> CountryTier {
        if let known = tiers[country] { return known }
        let tier = moment.adopted.rulebook.tier(of: country, on: moment.day)
        tiers.updateValue(tier, forKey: country)
        return tier
    }
}
