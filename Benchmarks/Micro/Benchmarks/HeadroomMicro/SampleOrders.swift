// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import LedgerText
import QuotaLedger
import Rulebook

/// What is wrong with the sample itself.
struct SampleError: Error, CustomStringConvertible {
    var description: String
}

/// Orders of one party within its own country, as text and as decided entries.
enum SampleOrders {
    static let count = 4_096

    /// An orders file.
    static let text: [UInt8] = {
        var text = "id,consignee,destination,device,quantity,end_use\n"
        for number in 0..<count {
            text += "order-\(number),P1,US,H100 SXM5,\(number % 64 + 1),commercial\n"
        }
        return Array(text.utf8)
    }()

    /// The reservations, each decided.
    static func entries() throws -> [Entry] {
        let setup = try beginning()
        var core = LedgerCore(key: HashKey(first: 1, second: 2))
        _ = try core.decide(setup, now: .earliest)
        return try core.decide(orders(), now: .earliest).entries
    }

    /// A secret for salts that do not vary.
    static func secret() throws -> LedgerSecret {
        guard let secret = LedgerSecret(randomBytes: (0..<32).map { UInt8($0) }) else {
            throw SampleError(description: "32 bytes should be a secret")
        }
        return secret
    }

    static func caller() -> Actor {
        Actor(
            organisation: identifier("BENCH"),
            person: identifier("bench"),
            role: .operator
        )
    }

    private static func orders() throws -> [Operation] {
        var reader = OrderReader(caller: caller())
        reader.append(text)
        reader.finish()
        var operations: [Operation] = []
        while let row = try reader.next() { operations.append(try row.result.get()) }
        return operations
    }

    private static func beginning() throws -> [Operation] {
        guard let home = CountryCode("US"),
            let rulebook = ShippedRulebook.all.first(where: { $0.name == "diffusion-2025-brief" })
        else { throw SampleError(description: "the rulebook or the country is missing") }
        return [
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
            operation("rulebook", .adoptRulebook(RulebookAdoption(bytes: rulebook.file.bytes))),
            operation(
                "party",
                .party(
                    PartyRecord(
                        id: identifier("P1"),
                        name: "Party P1",
                        site: home,
                        headquarters: home,
                        parent: nil
                    )
                )
            ),
        ]
    }

    private static func operation(_ id: String, _ action: Action) -> Operation {
        Operation(
            id: identifier(id),
            actor: caller(),
            time: LedgerTime(startOf: CivilDate(year: 2025, month: 6, day: 2) ?? .earliest),
            action: action
        )
    }

    private static func identifier<T: LedgerIdentifier>(_ text: String) -> T { T(checked: text) }
}
