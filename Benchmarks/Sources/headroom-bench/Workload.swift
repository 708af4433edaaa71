// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

/// A generator of 64-bit numbers from a seed: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// One generated order, in the columns of an orders file.
struct GeneratedOrder {
    var number: Int
    var consignee: String
    var destination: String
    var device: String
    var quantity: Int64
    var endUse: String

    /// The order's id: every order has its own.
    var id: String {
        let digits = String(number)
        return "O" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}

/// Orders of a made-up market: parties in countries of every tier, in groups of four, small orders
/// and large ones, nine in ten towards the consignee's own country.
struct Workload {
    static let orderHeader = "id,consignee,destination,device,quantity,end_use"
    static let partyHeader = "id,name,site,headquarters,parent"

    let seed: UInt64
    let partyCount: Int
    let orderCount: Int

    private static let devices = [
        "H100 SXM5", "H200 SXM", "B200", "GB200", "GB300", "MI300X", "A100", "L40S", "L4", "H20",
    ]
    private static let endUses = [
        "cloud-services", "model-training", "inference", "research", "commercial",
    ]

    private var countries: [String] {
        CountryTable.shipped.countries.map(\.code.description)
    }

    /// The parties: id, site country, and the id of the group's head for three in four.
    func parties() -> [(id: String, site: String, parent: String?)] {
        var generator = SeededGenerator(seed: seed)
        let countries = countries
        return (0..<partyCount).map { index in
            let site = countries[Int.random(in: 0..<countries.count, using: &generator)]
            return ("P\(index)", site, index % 4 == 0 ? nil : "P\(index - index % 4)")
        }
    }

    /// Calls `body` with every order, in order.
    func forEachOrder(_ body: (GeneratedOrder) throws -> Void) rethrows {
        let parties = parties()
        let countries = countries
        var generator = SeededGenerator(seed: seed &+ 1)
        for number in 0..<orderCount {
            let party = parties[Int.random(in: 0..<parties.count, using: &generator)]
            let isAtHome = Int.random(in: 0..<10, using: &generator) != 0
            let magnitude = Int.random(in: 0...10, using: &generator)
            try body(
                GeneratedOrder(
                    number: number,
                    consignee: party.id,
                    destination: isAtHome
                        ? party.site
                        : countries[Int.random(in: 0..<countries.count, using: &generator)],
                    device: Self.devices[Int.random(in: 0..<Self.devices.count, using: &generator)],
                    quantity: Int64.random(in: 1...(1 << magnitude), using: &generator),
                    endUse: Self.endUses[Int.random(in: 0..<Self.endUses.count, using: &generator)]
                )
            )
        }
    }
}
