// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Rulebook
import Testing

/// A ledger with two orders, whose persons and references are known by nothing else.
struct RedactionScene {
    static let now = LedgerTime.of(2025, 3, 1)
    /// Neither stands anywhere but where it belongs.
    static let person = "zq-jane-doe"
    static let reference = "zq-for-jane-doe"

    let log: any EntryLog
    var ledger: Ledger
    /// The entry of the order with a reference, and of the one without.
    var order = EntryNumber(rawValue: 0)
    var plainOrder = EntryNumber(rawValue: 0)

    init(_ log: any EntryLog = InMemoryEntryLog()) throws {
        self.log = log
        ledger = try Self.open(log)
        try accepted("init", .createLedger(Self.creation))
        try accepted("rules", .adoptRulebook(Self.rulebook))
        for id in ["falcon", "heron"] {
            try accepted(
                "party-\(id)",
                .party(
                    PartyRecord(
                        id: PartyIdentifier(checked: id),
                        name: id,
                        site: Self.country("AE"),
                        headquarters: Self.country("AE")
                    )
                )
            )
        }
        order = try number(ask(Self.order("o-1", for: "falcon", reference: Self.reference)))
        plainOrder = try number(ask(Self.order("o-2", for: "heron", reference: nil)))
    }

    /// Opens a log that is there, whose orders are in these entries.
    init(over log: any EntryLog, order: EntryNumber, plainOrder: EntryNumber) throws {
        self.log = log
        self.order = order
        self.plainOrder = plainOrder
        ledger = try Self.open(log)
    }

    static func open(_ log: any EntryLog) throws -> Ledger {
        try Ledger.open(log, secret: testSecret(), clock: { Self.now })
    }

    mutating func reopen() throws {
        ledger.close()
        ledger = try Self.open(log)
    }

    static let creation = LedgerCreation(
        origin: OrganisationIdentifier(checked: "test"),
        mode: .advisory,
        disclosure: .open
    )
    static let rulebook = RulebookAdoption(bytes: ShippedRulebook.brief.file.bytes)

    static func country(_ text: String) -> CountryCode {
        guard let country = CountryCode(text) else { preconditionFailure("two capital letters") }
        return country
    }

    static func actor(
        _ person: String,
        _ organisation: String = "state",
        _ role: Role = .operator
    ) -> Actor {
        Actor(
            organisation: OrganisationIdentifier(checked: organisation),
            person: PersonIdentifier(checked: person),
            role: role
        )
    }

    static func order(
        _ id: String,
        for party: String,
        reference: String?,
        by person: String = person
    ) -> Operation {
        Operation(
            id: OperationIdentifier(checked: id),
            actor: actor(person, "acme", .vendor),
            action: .reserve(
                Reservation(
                    consignee: PartyIdentifier(checked: party),
                    destination: country("AE"),
                    lines: [.tpp(TPP(rawValue: 100_000_000))],
                    endUse: EndUseIdentifier(checked: "cloud-services"),
                    reference: reference
                )
            )
        )
    }

    func ask(_ operation: Operation) throws -> LedgerAnswer {
        try #require(try ledger.submit([operation]).first)
    }

    @discardableResult
    func ask(_ id: String, _ action: Action, by actor: Actor = actor("ann")) throws -> Outcome {
        let operation = Operation(
            id: OperationIdentifier(checked: id),
            actor: actor,
            action: action
        )
        guard case .operation(let record)? = try ask(operation).entry?.content else {
            throw Missing()
        }
        return record.outcome
    }

    private struct Missing: Error {}

    func accepted(_ id: String, _ action: Action) throws {
        #expect(try ask(id, action) == .accepted, "\(id)")
    }

    func number(_ answer: LedgerAnswer) throws -> EntryNumber { try #require(answer.entry).number }

    func propose(_ id: String, _ entries: [EntryNumber]) throws {
        let redaction = Redaction(entries: entries, reason: "request 12")
        try accepted(id, .propose(Proposal(action: .redact(redaction))))
    }

    func approve(_ id: String, as name: String, by person: String = "bob") throws -> Outcome {
        let reference = OperationReference(id: OperationIdentifier(checked: id))
        return try ask(
            name,
            .decideProposal(ProposalDecision(proposal: reference, step: .approve)),
            by: Self.actor(person)
        )
    }

    func redact(_ entries: [EntryNumber]) throws {
        try propose("e-1", entries)
        #expect(try approve("e-1", as: "e-2") == .accepted)
    }

    func hold(_ id: String, _ step: LegalHoldStep) throws {
        try accepted(id, .legalHold(LegalHold(step: step, reason: "case 7")))
    }

    /// Whether words stand in the bytes of a batch.
    func stands(_ text: String) throws -> Bool {
        var found = false
        try log.read(from: EntryNumber(rawValue: 0)) { _, bytes in
            let text = Array(text.utf8)
            found = found || bytes.copied.contains(sequence: text)
            return .next
        }
        return found
    }
}

extension [UInt8] {
    func contains(sequence: [UInt8]) -> Bool {
        count >= sequence.count
            && (0...count - sequence.count).contains { self[$0...].starts(with: sequence) }
    }
}
