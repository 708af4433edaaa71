// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

#if PlantedBugs
    import EntryLog
#endif

/// What an operation on a hold names.
enum NamedHold {
    /// A reservation that was refused.
    case refused(EntryNumber)
    /// A hold that can change no more: nothing of it is open or out.
    case past(EntryNumber)
    /// A hold that can still change.
    case standing(Hold)
}

/// A decided reservation, with what its names stand for.
struct DecidedReservation: Sendable {
    /// The entry of the decision.
    var number: EntryNumber
    var time: LedgerTime
    /// The consignee; of a refusal it does not matter.
    var party: PartyIndex
    var destination: CountryCode
    var deadline: LedgerTime?
    var refusal: Refusal?
    var mechanism: MechanismKind
    var asked: TPP
    var granted: TPP
}

extension DecidedReservation {
    /// What an entry says of a reservation, without the party that its consignee's name stands for.
    init(_ decision: Decision, on reservation: Reservation, of entry: Entry) {
        self.init(
            number: entry.number,
            time: entry.time,
            party: .nobody,
            destination: reservation.destination,
            deadline: reservation.deadline,
            refusal: decision.refusal,
            mechanism: decision.mechanism,
            asked: decision.asked,
            granted: decision.granted
        )
    }
}

extension LedgerState {
    /// The hold that a reference names; `nil` if it names no reservation.
    func hold(
        _ reference: OperationReference,
        by organisation: OrganisationIdentifier
    ) -> NamedHold? {
        guard let found = found(reference, by: organisation) else { return nil }
        switch found.kind {
        case .other: return nil
        case .refusedReservation: return .refused(found.number)
        case .grantedReservation:
            return holds[found.number].map(NamedHold.standing) ?? .past(found.number)
        }
    }

    // MARK: - Taking over

    /// Takes over a decision that is read from the log.
    mutating func recordDecision(
        _ decision: Decision,
        on reservation: Reservation,
        of entry: Entry
    ) throws(LedgerError) {
        var decided = DecidedReservation(decision, on: reservation, of: entry)
        if decision.isGranted { decided.party = try party(reservation.consignee, of: entry) }
        try recordDecision(decided, tests: decision.tests.span)
    }

    /// Takes over a decision; `tests` are the limits that it tested.
    mutating func recordDecision(
        _ decided: DecidedReservation,
        tests: Span<LimitTest>
    ) throws(LedgerError) {
        if let refusal = decided.refusal {
            tallies.addRefusal(refusal, by: decided.mechanism, of: decided.asked)
        } else {
            tallies.addGrant(by: decided.mechanism, of: decided.granted)
            try recordGrant(decided, tests: tests)
        }
    }

    private mutating func recordGrant(
        _ decided: DecidedReservation,
        tests: Span<LimitTest>
    ) throws(LedgerError) {
        let party = decided.party
        let account = parties.account(of: party)
        let amount = decided.granted.rawValue
        let day = decided.time.day
        try raiseBound(by: decided.granted, decided.number)
        switch decided.mechanism {
        case .smallOrder: smallOrders.updateOrTake(account) { $0.add(amount, on: day) }
        case .nationalVEU:
            let key = NationalKey(party: party, country: decided.destination)
            nationals[key, default: DayTotals()].add(amount, on: day)
        case .country: countries.updateOrTake(decided.destination) { $0.add(amount, on: day) }
        case .domestic, .allied, .universalVEU, .uncontrolled: break
        case .concern, .prohibited:
            throw .corrupt(decided.number, "\(decided.mechanism) grants nothing")
        }
        if amount > 0 {
            held.add(amount, to: HeldKey(account: account, country: decided.destination).word)
        }
        var hold = Hold(
            number: decided.number,
            open: amount,
            deadline: decided.deadline,
            mechanism: decided.mechanism,
            country: decided.destination,
            day: day,
            party: party,
            account: account
        )
        if decided.mechanism.needsStatus, let moment = watch.moment,
            let status = helpingStatus(
                of: decided.mechanism,
                party: party,
                destination: decided.destination,
                at: moment
            )
        {
            hold.status = status
        }
        holds.add(hold)
        if amount > 0, mayStandOut(hold, tests) { lookAtGrant(hold, tests, at: decided.time) }
    }

    /// Whether a grant reaches the lowest threshold of a limit, or counts in shares that are
    /// watched; false, as nearly always, is sure and costs little.
    private func mayStandOut(_ hold: Hold, _ tests: Span<LimitTest>) -> Bool {
        if !watch.groups.isEmpty, watch.groups.contains(parties.owner(of: hold.account)) {
            return true
        }
        let lowest = Int128(watch.lowestPercent)
        for index in tests.indices where tests[index].mechanism == hold.mechanism {
            let used = Int128(tests[index].used.rawValue) + Int128(hold.open)
            if used * 100 >= lowest * Int128(tests[index].limit.rawValue) { return true }
        }
        return false
    }

    /// Asks for a look at the limits that a grant may have taken past a threshold, or a share past
    /// what it allows.
    private mutating func lookAtGrant(
        _ hold: Hold,
        _ tests: Span<LimitTest>,
        at time: LedgerTime
    ) {
        guard let moment = watch.moment else { return }
        let country = moment.rulebook.countries.counted(hold.country)
        let thresholds = moment.rulebook.thresholds
        for index in tests.indices where tests[index].mechanism == hold.mechanism {
            let test = tests[index]
            let before = thresholds.reached(by: test.used.rawValue, of: test.limit.rawValue)
            let used = test.used.rawValue + hold.open
            guard thresholds.reached(by: used, of: test.limit.rawValue) > before else { continue }
            switch test.name {
            case .country: watch.look(at: time) { $0.keys.insert(.country(country)) }
            case .nationalVEU:
                let key = NationalKey(party: hold.party, country: country)
                watch.look(at: time) { $0.keys.insert(.national(key)) }
            case .countryShare:
                watch.look(at: time) { $0.keys.insert(.countryShare(hold.account, country)) }
            case .outsideShare: watch.look(at: time) { $0.keys.insert(.outsideShare(hold.account)) }
            case .smallOrder: break
            }
        }
        // A hold by another mechanism counts in the shares too, and was not tested against them.
        guard hold.mechanism != .universalVEU,
            watch.groups.contains(parties.owner(of: hold.account)),
            !moment.rulebook.isHomeOrAllied(hold.country, on: moment.day)
        else { return }
        watch.look(at: time) { look in
            look.keys.insert(.countryShare(hold.account, country))
            look.keys.insert(.outsideShare(hold.account))
        }
    }

    mutating func recordMove(
        _ move: HoldMove,
        by action: Action,
        of entry: Entry
    ) throws(LedgerError) {
        guard let hold = holds[move.hold], hold.balance == move.before else {
            throw .corrupt(entry.number, "hold \(move.hold) does not stand as it says")
        }
        let amount = move.amount.rawValue
        let freed = move.freed.rawValue
        switch action {
        case .ship(let shipment):
            guard hold.isOpen, amount >= 0, freed >= 0, amount <= hold.open,
                freed == (shipment.isFinal ? hold.open - amount : 0)
            else { throw .corrupt(entry.number, "its amounts do not fit hold \(move.hold)") }
            recordShipment(of: hold, amount, freed, isFinal: shipment.isFinal, entry)
        case .release, .revoke:
            guard hold.isOpen, freed == hold.open, amount == 0 else {
                throw .corrupt(entry.number, "its amounts do not fit hold \(move.hold)")
            }
            holds.update(hold.number) { hold in
                hold.open = 0
                hold.isOpen = false
            }
            free(freed, of: hold, at: entry.time)
            if case .release = action {
                tallies.releases.add(move.freed)
            } else {
                tallies.revocations.add(move.freed)
            }
        case .extend(let extended):
            guard hold.isOpen else { throw .corrupt(entry.number, "hold \(move.hold) is closed") }
            holds.update(hold.number) { $0.deadline = extended.deadline }
        case .giveBack, .retire:
            guard amount > 0, amount <= hold.out, freed == 0 else {
                throw .corrupt(entry.number, "its amounts do not fit hold \(move.hold)")
            }
            recordLoss(of: hold, amount, by: action, entry)
        default: throw .corrupt(entry.number, "its outcome is not one of its kind of operation")
        }
    }

    private mutating func recordShipment(
        of hold: Hold,
        _ amount: Int64,
        _ freed: Int64,
        isFinal: Bool,
        _ entry: Entry
    ) {
        holds.update(hold.number) { hold in
            hold.open -= amount + freed
            hold.shipped += amount
            hold.isOpen = hold.open > 0 && !isFinal
        }
        tallies.shipments.add(TPP(rawValue: amount))
        let account = parties.root(of: hold.account)
        if amount > 0 {
            takeHeld(amount, from: HeldKey(account: account, country: hold.country))
            installed[account, default: InstalledBase()]
                .move(amount, in: hold.country, on: entry.time.day, entry: entry.number)
        }
        if isFinal {
            tallies.finals.add(TPP(rawValue: freed))
            free(freed, of: hold, at: entry.time)
        }
        // The base has grown: shares that stood out may have come back.
        lookAtGroup(account, at: entry.time)
    }

    private mutating func recordLoss(
        of hold: Hold,
        _ amount: Int64,
        by action: Action,
        _ entry: Entry
    ) {
        let isReturn = action.kind == .giveBack
        func note(_ totals: inout DayTotals) {
            if isReturn {
                totals.giveBack(amount, on: hold.day)
            } else {
                totals.retire(amount, on: hold.day)
            }
        }
        holds.update(hold.number) { hold in
            if isReturn { hold.returned += amount } else { hold.retired += amount }
        }
        let account = parties.root(of: hold.account)
        switch hold.mechanism {
        case .smallOrder: smallOrders.update(account, note)
        case .nationalVEU:
            let key = NationalKey(party: hold.party, country: hold.country)
            if let index = nationals.index(forKey: key) { note(&nationals.values[index]) }
        case .country: countries.update(hold.country, note)
        default: break
        }
        if isReturn {
            tallies.returns.add(TPP(rawValue: amount))
        } else {
            tallies.retirements.add(TPP(rawValue: amount))
        }
        installed[account, default: InstalledBase()]
            .move(-amount, in: hold.country, on: entry.time.day, entry: entry.number)
        lookAtFall(of: hold, at: entry.time)
        lookAtGroup(account, at: entry.time)
    }

    /// Frees room that a hold took and nothing was shipped for, on all limits together.
    mutating func free(_ amount: Int64, of hold: Hold, at time: LedgerTime) {
        guard amount > 0 else { return }
        let account = parties.root(of: hold.account)
        switch hold.mechanism {
        case .smallOrder: smallOrders.update(account) { $0.subtract(amount, on: hold.day) }
        case .nationalVEU:
            nationals[NationalKey(party: hold.party, country: hold.country)]?
                .subtract(amount, on: hold.day)
        case .country:
            #if PlantedBugs
                if PlantedBug.active == .forgottenUndo { break }
            #endif
            countries.update(hold.country) { $0.subtract(amount, on: hold.day) }
        default: break
        }
        takeHeld(amount, from: HeldKey(account: account, country: hold.country))
        bound -= amount
        lookAtFall(of: hold, at: time)
    }

    private mutating func takeHeld(_ amount: Int64, from key: HeldKey) {
        guard held[key.word] != 0 else { return }
        held.add(-amount, to: key.word)
    }

    /// Asks for a look at the limits of which a hold uses less now, if they stood out: what falls
    /// crosses nothing upwards.
    private mutating func lookAtFall(of hold: Hold, at time: LedgerTime) {
        guard !watch.states.isEmpty, let moment = watch.moment else { return }
        let country = moment.rulebook.countries.counted(hold.country)
        let account = parties.root(of: hold.account)
        var keys: [WatchKey] = [.countryShare(account, country), .outsideShare(account)]
        switch hold.mechanism {
        case .smallOrder:
            keys.append(.smallOrder(account, year: Int32(clamping: hold.day.year)))
        case .nationalVEU:
            keys.append(.national(NationalKey(party: hold.party, country: country)))
        case .country: keys.append(.country(country))
        default: break
        }
        let standing = keys.filter { watch.states[$0] != nil }
        guard !standing.isEmpty else { return }
        watch.look(at: time) { $0.keys.formUnion(standing) }
    }
}

extension MechanismKind {
    /// Whether it grants by a status.
    fileprivate var needsStatus: Bool { self == .universalVEU || self == .nationalVEU }
}
