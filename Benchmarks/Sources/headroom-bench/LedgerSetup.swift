// SPDX-License-Identifier: Apache-2.0

import EntryLog
import Foundation
import LMDBEntryLog
import LedgerModel
import QuotaLedger
import Rulebook

/// The operations that a generated market begins with, and its orders as operations.
struct LedgerSetup {
    let workload: Workload

    private func identifier<T: LedgerIdentifier>(_ text: String) -> T { T(checked: text) }

    private func operation(_ id: String, _ action: Action) -> Operation {
        Operation(
            id: identifier(id),
            actor: Actor(
                organisation: identifier("BENCH"),
                person: identifier("bench"),
                role: .operator
            ),
            time: LedgerTime(startOf: CivilDate(year: 2025, month: 6, day: 2) ?? .earliest),
            action: action
        )
    }

    /// Creation, devices, the brief rulebook and the parties.
    func beginning() throws -> [Operation] {
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
        for party in workload.parties() {
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

    /// Every order as an operation, in chunks.
    func forEachChunk(of count: Int, _ body: ([Operation]) throws -> Void) rethrows {
        var chunk: [Operation] = []
        chunk.reserveCapacity(count)
        try workload.forEachOrder { order in
            guard let destination = CountryCode(order.destination) else { return }
            chunk.append(
                operation(
                    order.id,
                    .reserve(
                        Reservation(
                            consignee: identifier(order.consignee),
                            destination: destination,
                            lines: [
                                .devices(identifier(order.device), quantity: order.quantity)
                            ],
                            endUse: identifier(order.endUse)
                        )
                    )
                )
            )
            if chunk.count == count {
                try body(chunk)
                chunk.removeAll(keepingCapacity: true)
            }
        }
        if !chunk.isEmpty { try body(chunk) }
    }
}
