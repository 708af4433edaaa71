// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
import Rulebook

/// The operations that a generated market begins with, and its orders as operations.
public struct MarketOperations: Sendable {
    /// The market.
    public let market: GeneratedMarket
    /// A party at home that belongs to nobody else.
    private let homeParty: String?

    /// Makes the operations of a market.
    public init(_ market: GeneratedMarket) {
        self.market = market
        homeParty = market.parties().first { $0.site == "US" && $0.parent == nil }?.id
    }

    private func identifier<T: LedgerIdentifier>(_ text: String) -> T { T(checked: text) }

    private func operation(
        _ id: String,
        _ action: Action,
        at time: LedgerTime? = nil
    ) -> Operation {
        let start = LedgerTime(startOf: CivilDate(year: 2025, month: 6, day: 2) ?? .earliest)
        return Operation(
            id: identifier(id),
            actor: Actor(
                organisation: identifier("BENCH"),
                person: identifier("bench"),
                role: .operator
            ),
            time: time ?? start,
            action: action
        )
    }

    /// An order within the home country, which every rulebook grants.
    ///
    /// - Throws: ``WorkloadError`` if the market has no party at home.
    public func homeOrder(
        _ id: String,
        at time: LedgerTime?,
        deadline: LedgerTime?
    ) throws -> Operation {
        guard let home = CountryCode("US"), let homeParty else {
            throw WorkloadError("the market has no party at home; it needs more parties")
        }
        let reservation = Reservation(
            consignee: identifier(homeParty),
            destination: home,
            lines: [.devices(identifier("H100 SXM5"), quantity: 1)],
            endUse: identifier("commercial"),
            deadline: deadline
        )
        return operation(id, .reserve(reservation), at: time)
    }

    /// An operation that brings a time and nothing else.
    public func tick(_ id: String, at time: LedgerTime) -> Operation {
        operation(id, .tick, at: time)
    }

    /// Creation, devices, the brief rulebook and the parties.
    public func beginning() -> [Operation] {
        var operations = [
            operation(
                "create",
                .createLedger(
                    LedgerCreation(
                        origin: identifier("bench"),
                        mode: .advisory,
                        disclosure: .open
                    )
                )
            ),
            operation("devices", .adoptDevices(DeviceAdoption(bytes: ShippedFile.devices.bytes))),
        ]
        for rulebook in ShippedRulebook.all where rulebook.name == "diffusion-2025-brief" {
            operations.append(
                operation(
                    "rulebook",
                    .adoptRulebook(RulebookAdoption(bytes: rulebook.file.bytes))
                )
            )
        }
        for party in market.parties() {
            guard let site = CountryCode(party.site) else { continue }
            operations.append(
                operation(
                    "party-\(party.id)",
                    .party(
                        PartyRecord(
                            id: identifier(party.id),
                            name: "Party \(party.id)",
                            site: site,
                            headquarters: site,
                            parent: party.parent.map { identifier($0) }
                        )
                    )
                )
            )
        }
        return operations
    }

    /// A reservation of an order, under its own id or another.
    public func reservation(_ order: GeneratedOrder, id: String? = nil) -> Operation? {
        guard let destination = CountryCode(order.destination) else { return nil }
        return operation(
            id ?? order.id,
            .reserve(
                Reservation(
                    consignee: identifier(order.consignee),
                    destination: destination,
                    lines: [.devices(identifier(order.device), quantity: order.quantity)],
                    endUse: identifier(order.endUse)
                )
            )
        )
    }

    /// Every order as an operation, in chunks.
    public func forEachChunk(of count: Int, _ body: ([Operation]) throws -> Void) rethrows {
        var chunk: [Operation] = []
        chunk.reserveCapacity(count)
        try market.forEachOrder { order in
            guard let operation = reservation(order) else { return }
            chunk.append(operation)
            if chunk.count == count {
                try body(chunk)
                chunk.removeAll(keepingCapacity: true)
            }
        }
        if !chunk.isEmpty { try body(chunk) }
    }
}

/// A workload that can not be made as asked.
public struct WorkloadError: Error, Hashable, CustomStringConvertible {
    /// What is wrong, in a line.
    public var description: String

    /// Makes an error.
    public init(_ description: String) { self.description = description }
}
