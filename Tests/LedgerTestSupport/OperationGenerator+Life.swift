// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension OperationGenerator {
    /// What happens after grants, and what charges no limit.
    mutating func makeLife() -> Action {
        if oracle.facts.charges.isEmpty, random.chance(90) { return .reserve(makeReservation()) }
        switch random.below(100) {
        case 0..<30: return makeShipment()
        case 30..<38: return .release(HoldRelease(hold: makeHold()))
        case 38..<50: return makeExtension()
        case 50..<62:
            let (hold, out) = makeShippedHold()
            return .giveBack(GoodsReturn(hold: hold, part: makePart(of: out)))
        case 62..<71:
            let (hold, out) = makeShippedHold()
            let cause = random.pick(RetirementCause.allCases)
            return .retire(Retirement(hold: hold, part: makePart(of: out), cause: cause))
        case 71..<76: return .revoke(Revocation(hold: makeHold(), reason: makeReason()))
        case 76..<82: return makeCorrection()
        case 82..<88: return .transferWeights(makeTransfer())
        case 88..<93: return .tick
        case 93..<95: return makeProposal()
        default: return makeProposalDecision()
        }
    }

    // MARK: Holds

    /// The name of a reservation: of an open hold as a rule, or of a closed one, of a refused one,
    /// of something else.
    private mutating func makeHold() -> OperationReference {
        let open = oracle.facts.charges.filter(\.isOpen)
        guard !random.chance(10), !open.isEmpty else { return makeOtherHold() }
        return name(of: random.pick(open).entry)
    }

    private mutating func makeOtherHold() -> OperationReference {
        if random.chance(10) { return makeOddReference() }
        let reservations = oracle.entries.filter {
            guard case .operation(let record) = $0.content else { return false }
            return record.action.kind == .reserve
        }
        return reservations.isEmpty
            ? makeOddReference() : name(of: random.pick(reservations).number)
    }

    /// A hold under which something was shipped and is still there, as a rule, and how much.
    private mutating func makeShippedHold() -> (OperationReference, Int64) {
        let shipped = oracle.facts.charges.filter { $0.out > 0 }
        guard !random.chance(8), !shipped.isEmpty else { return (makeOtherHold(), 100) }
        let charge = random.pick(shipped)
        return (name(of: charge.entry), charge.out)
    }

    /// The name of the operation of an entry, with its organisation.
    private func name(of number: EntryNumber) -> OperationReference {
        let entry = oracle.entries[Int(number.rawValue)]
        guard case .operation(let record) = entry.content else {
            preconditionFailure("entry \(number) must be an operation's")
        }
        return OperationReference(organisation: entry.actor.organisation, id: record.id)
    }

    /// The name of any operation, or of none.
    mutating func makeOddReference() -> OperationReference {
        let operations = oracle.entries.filter {
            if case .operation = $0.content { true } else { false }
        }
        guard random.chance(50), !operations.isEmpty else {
            return OperationReference(id: OperationIdentifier(checked: "op-none"))
        }
        return name(of: random.pick(operations).number)
    }

    /// Exactly all of it, one more, one less, or a part of it.
    private mutating func makePart(of whole: Int64) -> HoldPart {
        if random.chance(30) { return .rest }
        let amount: Int64
        switch random.below(16) {
        case 0..<3: amount = whole
        case 3: amount = whole + 1
        case 4: amount = whole - 1
        case 5: amount = 1
        case 6..<9: amount = whole / 2
        case 9: amount = random.pick([0, -1, .max])
        default: amount = whole / Int64(2 + random.below(6)) + 1
        }
        return .amount(TPP(rawValue: amount < 1 && !random.chance(10) ? 1 : amount))
    }

    private mutating func makeShipment() -> Action {
        let withStatus = oracle.facts.charges.filter { $0.isOpen && $0.status != nil }
        if random.chance(10), !withStatus.isEmpty { return endStatus(of: random.pick(withStatus)) }
        let hold = makeHold()
        let charge = oracle.reservation(hold, Oracle.nobody.organisation).flatMap { entry in
            oracle.facts.charges.first { $0.entry == entry }
        }
        return .ship(
            Shipment(
                hold: hold,
                part: makePart(of: charge?.open ?? 100),
                isFinal: random.chance(20)
            )
        )
    }

    /// Stops the status that granted a hold, and lets a shipment under the hold follow.
    private mutating func endStatus(of charge: OracleFacts.Charge) -> Action {
        planned.append(.ship(Shipment(hold: name(of: charge.entry))))
        guard let key = charge.status, random.chance(80) else {
            let party = charge.party
            planned.append(.block(PartyBlock(party: party, isBlocked: false, reason: "all well")))
            return .block(PartyBlock(party: party, isBlocked: true, reason: "found out"))
        }
        let grant = OperationReference(organisation: key.organisation, id: key.id)
        let step = random.pick([StatusStep.suspend, .suspend, .revoke])
        return .changeStatus(StatusChange(grant: grant, step: step, reason: "found out"))
    }

    private mutating func makeExtension() -> Action {
        let dated = oracle.facts.charges.filter { $0.isOpen && $0.deadline != nil }
        var hold = makeHold()
        var deadline = makeDeadline() ?? clock.adding(milliseconds: 1_000)
        if !dated.isEmpty, random.chance(85) {
            let charge = random.pick(dated)
            hold = name(of: charge.entry)
            let present = charge.deadline ?? clock
            let offsets: [Int64] = [0, -1, 1, 1, 1_000, LedgerTime.millisecondsPerDay]
            if random.chance(60) { deadline = present.adding(milliseconds: random.pick(offsets)) }
            if random.chance(3) { deadline = clock }
        }
        return .extend(HoldExtension(hold: hold, deadline: deadline))
    }

    // MARK: Corrections, weights, proposals

    private mutating func makeCorrection() -> Action {
        let count = UInt64(oracle.entries.count)
        let target: CorrectionTarget
        switch random.below(10) {
        case 0: target = .entry(EntryNumber(rawValue: count))
        case 1..<4:
            let number = count > 0 ? UInt64(random.below(Int(count))) : 0
            target = .entry(EntryNumber(rawValue: number))
        default: target = .operation(random.chance(80) ? makeHold() : makeOddReference())
        }
        return .correct(Correction(target: target, text: makeReason()))
    }

    private mutating func makeTransfer() -> WeightsTransfer {
        let rule = oracle.rulebook(at: clock)?.weights ?? OracleRulebook.Weights()
        let edge = random.chance(30) ? max(1, rule.floor) : rule.threshold
        let above = edge == .max ? edge : edge + 1
        let operations = random.pick([edge, edge, edge, above, above, edge - 1, 0, .max, .max])
        return WeightsTransfer(
            model: random.chance(3) ? "" : "model \(random.below(9))",
            isPublished: random.chance(10),
            trainingOperations: operations,
            recipient: makeParty(),
            destination: makeDestination()
        )
    }

    /// A proposal that nobody asked for, now and then of something that can not be proposed.
    mutating func makeProposal() -> Action {
        let action = random.chance(15) ? Action.tick : makeLaw()
        return .propose(Proposal(action: action))
    }
}
