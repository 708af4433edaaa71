// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// What was charged to limits and what became of it, added up from the entries of a log alone.
///
/// A second, plain way to the figures of the ledger, which keeps balances: here are only flows, by
/// what they count in and by the day of the decision. An entry that does not fit those before it is
/// noted.
public struct ChargeFold: EntryFold {
    /// What a charge counts in.
    enum Subject: Hashable {
        case country(CountryCode)
        case smallOrder(account: Int)
        case nationalVEU(PartyIdentifier, CountryCode)
        /// A mechanism without a window.
        case other(MechanismKind)
    }

    /// The charges of a subject on one day.
    struct Key: Hashable {
        var subject: Subject
        var day: CivilDate
    }

    /// What a group was granted towards a country.
    struct GroupKey: Hashable {
        var account: Int
        var country: CountryCode
    }

    /// A change of what a group has installed in a country.
    struct Move {
        var day: CivilDate
        var entry: EntryNumber
        var change: Int64
        /// Whether an attestation says so.
        var isAttested = false
    }

    /// A grant that can still change.
    struct Hold {
        var charges: Int
        var group: Int
        var open: Int64
        var out: Int64 = 0
        var isOpen = true
        var deadline: LedgerTime?
    }

    private(set) var charges = FlowTable<Key>()
    private(set) var groupCharges = FlowTable<GroupKey>()
    /// By account, then by country.
    private(set) var installed: [Int: [CountryCode: [Move]]] = [:]
    private(set) var holds: [EntryNumber: Hold] = [:]
    private(set) var groups = GroupFold()
    /// The entries that do not fit those before them.
    private(set) var contradictions: [EntryNumber] = []

    /// Makes a fold of a log without entries.
    public init() {}

    /// Takes the next entry in.
    public mutating func take(_ entry: Entry) {
        if let merger = groups.take(entry),
            let moves = installed.removeValue(forKey: merger.account)
        {
            for (country, moved) in moves {
                installed[merger.into, default: [:]][country, default: []] += moved
            }
        }
        switch entry.content {
        case .expiry(let expiry): expire(expiry, entry.number)
        case .limit: break
        case .operation(let record):
            switch (record.action, record.outcome) {
            case (.reserve(let reservation), .decided(let decision)) where decision.isGranted:
                grant(decision, reservation, entry)
            case (_, .moved(let move)) where move.refusal == nil: take(move, record.action, entry)
            case (.attestInstalled(let attestation), .attested(let gaps)):
                attest(attestation, gaps, entry.number)
            default: break
            }
        }
    }

    /// Ends with a moment not before the last entry: what falls due by then expires.
    public mutating func finish(at moment: LedgerTime) {
        let due = holds.filter { _, hold in
            hold.isOpen && (hold.deadline.map { $0 <= moment } ?? false)
        }
        for (number, hold) in due { close(number, as: .expired, hold.open) }
    }

    // MARK: - Grants

    private mutating func grant(_ decision: Decision, _ order: Reservation, _ entry: Entry) {
        let account = groups.account(of: order.consignee)
        let subject: Subject =
            switch decision.mechanism {
            case .country: .country(order.destination)
            case .smallOrder: .smallOrder(account: account)
            case .nationalVEU: .nationalVEU(order.consignee, order.destination)
            default: .other(decision.mechanism)
            }
        let hold = Hold(
            charges: charges.position(of: Key(subject: subject, day: entry.time.day)),
            group: groupCharges.position(
                of: GroupKey(account: account, country: order.destination)
            ),
            open: decision.granted.rawValue,
            deadline: order.deadline
        )
        if holds.updateValue(hold, forKey: entry.number) != nil {
            contradictions.append(entry.number)
        }
        add(hold.open, as: .granted, to: hold)
    }

    private mutating func add(
        _ amount: Int64,
        as flow: ChargeFlows.Kind,
        to hold: Hold
    ) {
        charges.add(amount, as: flow, at: hold.charges)
        groupCharges.add(amount, as: flow, at: hold.group)
    }

    // MARK: - After the grant

    private mutating func expire(_ expiry: HoldExpiry, _ entry: EntryNumber) {
        guard let hold = holds[expiry.hold], hold.isOpen, hold.open == expiry.freed.rawValue else {
            contradictions.append(entry)
            return
        }
        close(expiry.hold, as: .expired, hold.open)
    }

    /// Frees what is open of a hold; one of which nothing is out can change no more.
    private mutating func close(
        _ number: EntryNumber,
        as flow: ChargeFlows.Kind,
        _ freed: Int64
    ) {
        guard var hold = holds[number] else { return }
        add(freed, as: flow, to: hold)
        hold.open -= freed
        hold.isOpen = false
        holds[number] = hold.out == 0 ? nil : hold
    }

    private mutating func take(_ move: HoldMove, _ action: Action, _ entry: Entry) {
        guard var hold = holds[move.hold], hold.open == move.before.open.rawValue,
            hold.out == move.before.out.rawValue
        else {
            contradictions.append(entry.number)
            return
        }
        let amount = move.amount.rawValue
        switch action {
        case .ship(let shipment):
            add(amount, as: .shipped, to: hold)
            hold.open -= amount
            hold.out += amount
            hold.isOpen = hold.open > 0
            holds[move.hold] = hold
            install(amount, under: hold, entry)
            if shipment.isFinal {
                close(move.hold, as: .freed, hold.open)
            } else if !hold.isOpen, hold.out == 0 {
                holds[move.hold] = nil
            }
        case .release: close(move.hold, as: .released, hold.open)
        case .revoke: close(move.hold, as: .revoked, hold.open)
        case .extend(let extended): holds[move.hold]?.deadline = extended.deadline
        case .giveBack, .retire:
            add(amount, as: action.kind == .giveBack ? .returned : .retired, to: hold)
            hold.out -= amount
            holds[move.hold] = hold.out == 0 && !hold.isOpen ? nil : hold
            install(-amount, under: hold, entry)
        default: contradictions.append(entry.number)
        }
    }

    // MARK: - What is installed

    private mutating func install(_ change: Int64, under hold: Hold, _ entry: Entry) {
        guard change != 0 else { return }
        let key = groupCharges.rows[hold.group].key
        installed[groups.root(of: key.account), default: [:]][key.country, default: []].append(
            Move(day: entry.time.day, entry: entry.number, change: change)
        )
    }

    /// Notes by how much an attestation differs from what is known of the end of its day; a country
    /// that it does not name has nothing.
    private mutating func attest(
        _ attestation: InstalledAttestation,
        _ gaps: [InstalledGap],
        _ entry: EntryNumber
    ) {
        let account = groups.account(of: attestation.party)
        let moves = installed[account] ?? [:]
        var stated: [CountryCode: Int64] = [:]
        for country in moves.keys { stated[country] = 0 }
        for amount in attestation.amounts { stated[amount.country] = amount.amount.rawValue }
        var found: [InstalledGap] = []
        for (country, attested) in stated.sorted(by: { $0.key < $1.key }) {
            let known = (moves[country] ?? []).installed(through: attestation.asOf)
            guard known != attested else { continue }
            found.append(
                InstalledGap(
                    country: country,
                    known: TPP(rawValue: known),
                    attested: TPP(rawValue: attested)
                )
            )
            installed[account, default: [:]][country, default: []].append(
                Move(
                    day: attestation.asOf,
                    entry: entry,
                    change: attested - known,
                    isAttested: true
                )
            )
        }
        if found != gaps { contradictions.append(entry) }
    }
}

extension [ChargeFold.Move] {
    /// What is installed at the end of a day: the changes up to it in order of day, then of the log,
    /// held at 0 at each step.
    func installed(through day: CivilDate = .latest) -> Int64 {
        filter { $0.day <= day }.sorted { ($0.day, $0.entry) < ($1.day, $1.entry) }
            .reduce(Int64(0)) { Swift.max(0, $0 + $1.change) }
    }
}
