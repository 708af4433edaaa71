// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import LedgerModel
import Rulebook

/// One generated order, in the columns of an orders file.
public struct GeneratedOrder: Hashable, Sendable {
    /// Its place among the orders, counted from 0.
    public var number: Int
    /// The party's id.
    public var consignee: String
    /// The country's code.
    public var destination: String
    /// The device's name in the shipped catalogue.
    public var device: String
    /// How many devices.
    public var quantity: Int64
    /// The end use.
    public var endUse: String

    /// The order's id: every order has its own.
    public var id: String {
        let digits = String(number)
        return "O" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}

/// Orders of a made-up market: parties in countries of every tier, in groups of four, small orders
/// and large ones, nine in ten towards the consignee's own country.
///
/// The same seed and counts give the same market on every machine.
public struct GeneratedMarket: Sendable {
    /// The first line of a file of orders.
    public static let orderHeader = "id,consignee,destination,device,quantity,end_use"
    /// The first line of a file of parties.
    public static let partyHeader = "id,name,site,headquarters,parent"

    /// The seed.
    public let seed: UInt64
    /// How many parties.
    public let partyCount: Int
    /// How many orders.
    public let orderCount: Int

    /// Describes a market; nothing is generated yet.
    public init(seed: UInt64, partyCount: Int, orderCount: Int) {
        self.seed = seed
        self.partyCount = partyCount
        self.orderCount = orderCount
    }

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
    public func parties() -> [(id: String, site: String, parent: String?)] {
        var generator = SeededGenerator(seed: seed)
        let countries = countries
        return (0..<partyCount).map { index in
            let site = countries[Int.random(in: 0..<countries.count, using: &generator)]
            return ("P\(index)", site, index % 4 == 0 ? nil : "P\(index - index % 4)")
        }
    }

    /// The orders one after the other; they go on behind ``orderCount`` too.
    public func orders() -> OrderStream {
        OrderStream(parties: parties(), countries: countries, seed: seed &+ 1)
    }

    /// Calls `body` with every order, in order.
    public func forEachOrder(_ body: (GeneratedOrder) throws -> Void) rethrows {
        var orders = orders()
        for _ in 0..<orderCount { try body(orders.next()) }
    }

    /// The orders of a market, without an end.
    public struct OrderStream: Sendable {
        private let parties: [(id: String, site: String, parent: String?)]
        private let countries: [String]
        private var generator: SeededGenerator
        private var number = 0

        init(
            parties: [(id: String, site: String, parent: String?)],
            countries: [String],
            seed: UInt64
        ) {
            self.parties = parties
            self.countries = countries
            generator = SeededGenerator(seed: seed)
        }

        /// The next order.
        public mutating func next() -> GeneratedOrder {
            let party = parties[Int.random(in: 0..<parties.count, using: &generator)]
            let isAtHome = Int.random(in: 0..<10, using: &generator) != 0
            let magnitude = Int.random(in: 0...10, using: &generator)
            let destination =
                isAtHome
                ? party.site : countries[Int.random(in: 0..<countries.count, using: &generator)]
            let devices = GeneratedMarket.devices
            let device = devices[Int.random(in: 0..<devices.count, using: &generator)]
            let quantity = Int64.random(in: 1...(1 << magnitude), using: &generator)
            let endUses = GeneratedMarket.endUses
            let endUse = endUses[Int.random(in: 0..<endUses.count, using: &generator)]
            defer { number += 1 }
            return GeneratedOrder(
                number: number,
                consignee: party.id,
                destination: destination,
                device: device,
                quantity: quantity,
                endUse: endUse
            )
        }
    }
}
