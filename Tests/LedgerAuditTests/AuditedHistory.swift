// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerAudit
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Rulebook
import Testing

/// A small history in which everything happens that someone might wish to hide.
struct AuditedHistory {
    /// The entries as the ledger wrote them.
    let entries: [Entry]

    /// The secret of every ledger in these tests.
    static func secret() throws -> LedgerSecret {
        try #require(LedgerSecret(randomBytes: (0..<32).map { UInt8($0) }))
    }

    /// Runs the history on a ledger under a rulebook.
    init(rulebook: [UInt8] = ShippedRulebook.brief.file.bytes) throws {
        let log = InMemoryEntryLog()
        let ledger = try Ledger.open(log, secret: Self.secret(), clock: { .earliest })
        for operation in Self.operations(rulebook) {
            let answers = try ledger.submit([operation])
            for case .rejected(let rejection) in answers { Issue.record("\(rejection)") }
        }
        ledger.close()
        entries = try Self.entries(of: log)
    }

    /// What is asked, in order.
    private static func operations(_ rulebook: [UInt8]) -> [Operation] {
        var made: [Operation] = []
        func add(
            _ id: String,
            by organisation: String = "BIS",
            _ year: Int,
            _ month: Int,
            _ day: Int,
            _ action: Action
        ) {
            let actor = Actor(
                organisation: OrganisationIdentifier(checked: organisation),
                person: PersonIdentifier(checked: "kim"),
                role: .operator
            )
            made.append(
                Operation(
                    id: OperationIdentifier(checked: id),
                    actor: actor,
                    time: .of(year, month, day, milliseconds: 36_000_000),
                    action: action
                )
            )
        }
        func order(
            _ id: String,
            _ year: Int,
            _ month: Int,
            _ day: Int,
            _ consignee: String,
            _ tpp: Int64,
            deadline: LedgerTime? = nil
        ) {
            let reservation = Reservation(
                consignee: PartyIdentifier(checked: consignee),
                destination: .of("AE"),
                lines: [.tpp(TPP(rawValue: tpp))],
                endUse: EndUseIdentifier(checked: "commercial"),
                deadline: deadline
            )
            add(id, by: "CHIPS", year, month, day, .reserve(reservation))
        }
        let creation = LedgerCreation(
            origin: OrganisationIdentifier(checked: "example.org"),
            mode: .binding,
            disclosure: .open
        )
        add("create", 2025, 1, 13, .createLedger(creation))
        add("devices", 2025, 1, 13, .adoptDevices(DeviceAdoption(bytes: ShippedFile.devices.bytes)))
        add("rulebook", 2025, 1, 13, .adoptRulebook(RulebookAdoption(bytes: rulebook)))
        for party in ["GULF", "DUNE"] {
            let record = PartyRecord(
                id: PartyIdentifier(checked: party),
                name: party,
                site: .of("AE"),
                headquarters: .of("AE")
            )
            add("party-\(party)", 2025, 1, 13, .party(record))
        }
        order("A1", 2025, 1, 20, "GULF", 400_000_000, deadline: .of(2025, 3, 1))
        order("A2", 2025, 1, 21, "DUNE", 300_000_000)
        order("A3", 2025, 1, 22, "GULF", 200_000_000)
        order("S1", 2025, 2, 3, "DUNE", 20_000_000)
        order("S2", 2025, 2, 4, "DUNE", 5_000_000)
        order("S3", 2025, 2, 5, "DUNE", 5_000_000)
        add("tick", 2025, 3, 2, .tick)
        order("A4", 2025, 3, 3, "GULF", 350_000_000)
        let signing = AgreementSigning(country: .of("AE"), dates: .of(.of(2025, 4, 1)))
        add("agreement", 2025, 3, 20, .signAgreement(signing))
        order("A5", 2025, 4, 2, "DUNE", 500_000_000)
        let end = AgreementEnd(
            agreement: OperationReference(id: OperationIdentifier(checked: "agreement")),
            until: .of(2025, 6, 1)
        )
        add("agreement-end", 2025, 6, 1, .endAgreement(end))
        order("A6", 2025, 6, 2, "GULF", 30_000_000)
        order("S4", 2026, 1, 2, "DUNE", 15_000_000)
        return made
    }

    // MARK: - Forging

    /// The entry of an operation.
    func number(of id: String) throws -> Int {
        try #require(
            entries.firstIndex {
                if case .operation(let record) = $0.content { record.id.text == id } else { false }
            }
        )
    }

    /// A log of entries with every checksum, link, leaf and root computed anew, as whoever has the
    /// folder can make it.
    static func log(of entries: [Entry]) throws -> InMemoryEntryLog {
        let log = InMemoryEntryLog()
        let head = try log.takeOver()
        var builder = BatchBuilder(secret: try secret(), frontier: try log.frontier())
        for entry in entries { try builder.append(entry) }
        _ = try log.append(builder.finish(previous: head), expecting: head)
        return log
    }

    static func entries(of log: any EntryLog) throws -> [Entry] {
        var entries: [Entry] = []
        try log.read(from: EntryNumber(rawValue: 0)) { _, batch throws(EntryLogError) in
            try BatchReader.forEachEntry(in: batch) { _, bytes throws(EntryLogError) in
                entries.append(try EntryCodec.decode(bytes))
                return .next
            }
            return .next
        }
        return entries
    }

    /// Gives entries the numbers of their places, and what names an entry its new number.
    static func renumbered(_ entries: [Entry]) -> [Entry] {
        var numbers: [EntryNumber: EntryNumber] = [:]
        for (place, entry) in entries.enumerated() where numbers[entry.number] == nil {
            numbers[entry.number] = EntryNumber(rawValue: UInt64(place))
        }
        func new(_ number: EntryNumber) -> EntryNumber { numbers[number] ?? number }
        return entries.enumerated().map { place, entry in
            var entry = entry
            entry.number = EntryNumber(rawValue: UInt64(place))
            entry.rulebook = entry.rulebook.map(new)
            switch entry.content {
            case .expiry(var expiry):
                expiry.hold = new(expiry.hold)
                entry.content = .expiry(expiry)
            case .operation(var record):
                if case .moved(var move) = record.outcome {
                    move.hold = new(move.hold)
                    record.outcome = .moved(move)
                }
                entry.content = .operation(record)
            case .limit: break
            }
            return entry
        }
    }
}

extension Entry {
    /// The record of an operation, to be edited.
    var record: OperationRecord? {
        get { if case .operation(let record) = content { record } else { nil } }
        set { if let newValue { content = .operation(newValue) } }
    }

    /// The decision of a reservation, to be edited.
    var decision: Decision? {
        get { if case .decided(let decision) = record?.outcome { decision } else { nil } }
        set { if let newValue { record?.outcome = .decided(newValue) } }
    }

    /// What a limit's event says.
    var event: LimitEvent? { if case .limit(let event) = content { event } else { nil } }
}
