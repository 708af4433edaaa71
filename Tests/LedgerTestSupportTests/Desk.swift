// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport

/// An oracle with a ledger, a catalogue and a rulebook, and short words to ask it.
struct Desk {
    var oracle: Oracle
    var clock = LedgerTime.of(2025, 1, 13)
    var organisation = OrganisationIdentifier(checked: "acme")
    var person = PersonIdentifier(checked: "ann")
    var role = Role.operator
    private var counter = 0
    /// How many entries ``news()`` has told of.
    private var toldCount = 0

    /// Opens a ledger on 2025-01-13 and adopts the first of the rulebooks; `adopt` adopts others.
    init(
        _ rulebooks: OracleRulebook...,
        adopting: Bool = true,
        policy: LedgerPolicy = .standard
    ) {
        let files = Dictionary(uniqueKeysWithValues: rulebooks.map { (Desk.file($0), $0) })
        oracle = Oracle(
            rulebooks: files,
            devices: [
                Desk.usualDevices: OracleDevices.usual, Desk.revisedDevices: OracleDevices.revised,
            ],
            countries: OracleCountries.assigned
        )
        let settings = LedgerCreation(
            origin: OrganisationIdentifier(checked: "desk"),
            mode: .binding,
            disclosure: .open,
            policy: policy
        )
        apply(.createLedger(settings))
        guard adopting else { return }
        apply(.adoptDevices(DeviceAdoption(bytes: Desk.usualDevices)))
        if let first = rulebooks.first { adopt(first) }
    }

    static let usualDevices = Array("usual".utf8)
    static let revisedDevices = Array("revised".utf8)

    /// Bytes that stand for a rulebook here.
    static func file(_ rulebook: OracleRulebook) -> [UInt8] { Array(rulebook.name.utf8) }

    /// Who asks.
    var actor: Actor { Actor(organisation: organisation, person: person, role: role) }

    // MARK: Operations

    /// Applies an action at the clock; the answer.
    @discardableResult
    mutating func apply(_ action: Action, id: String? = nil, at time: LedgerTime? = nil)
        -> OracleAnswer
    {
        counter += 1
        let operation = Operation(
            id: OperationIdentifier(checked: id ?? "desk-\(counter)"),
            actor: actor,
            time: time,
            action: action
        )
        return oracle.apply(operation, now: clock)
    }

    /// Applies an action and says what came of it: `accepted`, a refusal's or a rejection's code.
    @discardableResult
    mutating func result(_ action: Action, id: String? = nil, at time: LedgerTime? = nil) -> String
    {
        switch apply(action, id: id, at: time) {
        case .replay(let entry): return "replay \(entry)"
        case .rejected(let code): return code.description
        case .entry(let entry):
            guard case .operation(let record) = entry.content else { return "event" }
            if let refusal = record.outcome.refusal { return refusal.description }
            switch record.outcome {
            case .decided(let decision): return "granted by \(decision.mechanism)"
            case .determined(.notControlled(let reason)): return "not controlled: \(reason)"
            case .determined: return "permitted"
            case .accepted, .refused, .moved, .attested: return "accepted"
            }
        }
    }

    mutating func adopt(_ rulebook: OracleRulebook) {
        apply(.adoptRulebook(RulebookAdoption(bytes: Desk.file(rulebook))))
    }

    @discardableResult
    mutating func party(
        _ id: String,
        site: String = "AE",
        headquarters: String = "AE",
        parent: String? = nil
    ) -> String {
        result(
            .party(
                PartyRecord(
                    id: .init(checked: id),
                    name: id,
                    site: .of(site),
                    headquarters: .of(headquarters),
                    parent: parent.map(PartyIdentifier.init(checked:))
                )
            )
        )
    }

    /// Grants a status from today on, with a security attestation unless told otherwise.
    @discardableResult
    mutating func status(
        _ kind: StatusKind,
        _ party: String,
        id: String? = nil,
        until: CivilDate? = nil,
        attested: Bool = true
    ) -> String {
        if attested { attest(party) }
        return result(
            .grantStatus(
                StatusGrant(
                    kind: kind,
                    party: PartyIdentifier(checked: party),
                    dates: .of(clock.day, until: until)
                )
            ),
            id: id
        )
    }

    mutating func attest(_ party: String, from: CivilDate? = nil, until: CivilDate? = nil) {
        apply(
            .attestSecurity(
                SecurityAttestation(
                    party: PartyIdentifier(checked: party),
                    dates: .of(from ?? clock.day, until: until)
                )
            )
        )
    }

    @discardableResult
    mutating func change(_ id: String, _ step: StatusStep, of organisation: String? = nil) -> String
    {
        result(
            .changeStatus(
                StatusChange(
                    grant: OperationReference(
                        organisation: organisation.map(OrganisationIdentifier.init(checked:)),
                        id: OperationIdentifier(checked: id)
                    ),
                    step: step,
                    reason: "because"
                )
            )
        )
    }

    @discardableResult
    mutating func installed(
        _ party: String,
        asOf: CivilDate? = nil,
        _ amounts: [String: Int64]
    ) -> String {
        result(
            .attestInstalled(
                InstalledAttestation(
                    party: PartyIdentifier(checked: party),
                    asOf: asOf ?? clock.day.adding(days: -1) ?? clock.day,
                    amounts: amounts.map {
                        InstalledAmount(country: .of($0.key), amount: TPP(rawValue: $0.value))
                    }
                )
            )
        )
    }

    mutating func block(_ party: String, _ isBlocked: Bool = true) {
        let party = PartyIdentifier(checked: party)
        apply(.block(PartyBlock(party: party, isBlocked: isBlocked, reason: "because")))
    }

    // MARK: Reservations

    static func order(
        _ lines: [ReservationLine],
        to destination: String = "AE",
        for party: String = "P",
        endUse: String = "commercial",
        deadline: LedgerTime? = nil
    ) -> Reservation {
        Reservation(
            consignee: PartyIdentifier(checked: party),
            destination: .of(destination),
            lines: lines,
            endUse: EndUseIdentifier(checked: endUse),
            deadline: deadline
        )
    }

    /// The decision of an order, or `nil` when it is rejected.
    @discardableResult
    mutating func reserve(
        _ lines: ReservationLine...,
        to destination: String = "AE",
        for party: String = "P",
        endUse: String = "commercial",
        deadline: LedgerTime? = nil,
        isUpTo: Bool = false,
        id: String? = nil
    ) -> Decision? {
        var order = Desk.order(
            lines,
            to: destination,
            for: party,
            endUse: endUse,
            deadline: deadline
        )
        order.isUpTo = isUpTo
        guard case .entry(let entry) = apply(.reserve(order), id: id),
            case .operation(let record) = entry.content,
            case .decided(let decision) = record.outcome
        else { return nil }
        return decision
    }

    /// The entries that no operation asked for, since the last call.
    mutating func news() -> [String] {
        defer { toldCount = oracle.entries.count }
        return oracle.entries[toldCount...].compactMap { entry in
            switch entry.content {
            case .operation: nil
            case .expiry(let expiry): "expired \(expiry.hold), \(expiry.freed.rawValue) free"
            case .limit(let event):
                "\(event.name) \(event.change.word) \(event.used.rawValue)/"
                    + "\(event.limit.rawValue)"
            }
        }
    }

    /// Used and limit, in TPP.
    func use(_ name: LimitName, asOf entry: UInt64? = nil) -> [Int64]? {
        oracle.use(of: name, asOf: entry.map(EntryNumber.init(rawValue:)))
            .map { [$0.used, $0.limit] }
    }
}

extension ReservationLine {
    static func tpp(_ amount: Int64) -> ReservationLine { .tpp(TPP(rawValue: amount)) }
    static func h100(_ quantity: Int64) -> ReservationLine { .device("H100 SXM5", quantity) }
    static func device(_ id: String, _ quantity: Int64) -> ReservationLine {
        .devices(DeviceIdentifier(checked: id), quantity: quantity)
    }
}

extension Decision {
    /// The decision in one line: `uveu granted 70000`, then `name used/limit left` of each test.
    var line: String {
        let answer = refusal.map { "refused \($0)" } ?? "granted"
        var parts = ["\(mechanism) \(answer) \(asked.rawValue)"]
        if isGranted, granted != asked { parts[0] += " in part \(granted.rawValue)" }
        for (index, test) in tests.enumerated() {
            let mark = index == bindingTest ? "*" : ""
            parts.append(
                "\(test.name)\(mark) \(test.used.rawValue)/\(test.limit.rawValue)"
                    + " \(test.left.rawValue)"
            )
        }
        if let roomByInstalling { parts.append("install \(roomByInstalling.rawValue)") }
        if attestationLapsed { parts.append("lapsed") }
        return parts.joined(separator: "; ")
    }
}

extension LimitChange {
    /// The change in one word, or two.
    var word: String {
        switch self {
        case .breached: "breached"
        case .cured: "cured"
        case .unwatched: "unwatched"
        case .crossed(let percent): "crossed \(percent)"
        }
    }
}
