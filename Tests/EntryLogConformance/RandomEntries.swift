// SPDX-License-Identifier: Apache-2.0
public import LedgerModel

/// Random numbers that are the same for the same seed (SplitMix64, Steele, Lea and Flood 2014).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Makes a generator.
    public init(seed: UInt64) { state = seed }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}

/// Makes entries of every kind, with values up to the edges of what may be written.
public struct RandomEntries: Sendable {
    var random: SeededGenerator
    private var next: UInt64

    /// Makes a source that begins with the entry `first`.
    public init(seed: UInt64, first: UInt64 = 0) {
        random = SeededGenerator(seed: seed)
        next = first
    }

    /// The next entry.
    public mutating func entry() -> Entry {
        let number = EntryNumber(rawValue: next)
        next += 1
        return Entry(
            number: number,
            time: time(),
            actor: actor(),
            rulebook: maybe { EntryNumber(rawValue: $0.below(number.rawValue + 1)) },
            content: content(of: number)
        )
    }

    private mutating func content(of number: EntryNumber) -> EntryContent {
        if number.rawValue > 0, oneIn(12) { return expiry(number) }
        return oneIn(8) ? .limit(limitEvent()) : operation(number)
    }

    private mutating func expiry(_ number: EntryNumber) -> EntryContent {
        .expiry(
            HoldExpiry(hold: EntryNumber(rawValue: below(number.rawValue)), freed: amount())
        )
    }

    private mutating func limitEvent() -> LimitEvent {
        let change: LimitChange =
            switch below(4) {
            case 0: .breached
            case 1: .cured
            case 2: .unwatched
            default: .crossed(percent: UInt8(1 + below(100)))
            }
        return LimitEvent(
            name: limitName(),
            change: change,
            used: change == .unwatched ? .zero : amount(),
            limit: change == .unwatched ? .zero : amount()
        )
    }

    private mutating func operation(_ number: EntryNumber) -> EntryContent {
        let action = action(before: number)
        return .operation(
            OperationRecord(
                id: identifier(),
                action: action,
                outcome: outcome(of: action.kind, number)
            )
        )
    }
}

/// What comes of operations.
extension RandomEntries {
    private mutating func outcome(of kind: ActionKind, _ number: EntryNumber) -> Outcome {
        if oneIn(8) { return .refused(oneIn(2) ? .notPermitted : .needsApproval) }
        switch kind {
        case .reserve: return .decided(decision())
        case .ship, .release, .extend, .giveBack, .retire, .revoke:
            // There is no earlier entry that could be a hold.
            guard number.rawValue > 0 else { return .refused(.notPermitted) }
            return .moved(move(number))
        case .attestInstalled: return oneIn(3) ? .refused(member()) : .attested(gaps())
        case .transferWeights: return .determined(determination())
        default: return oneIn(3) ? .refused(member()) : .accepted
        }
    }

    /// Why something is refused about which there is more to tell.
    private mutating func refusal() -> Refusal {
        let refusal: Refusal = member()
        return refusal == .notPermitted || refusal == .needsApproval ? .limitReached : refusal
    }

    private mutating func decision() -> Decision {
        let tests = (0..<below(oneIn(20) ? 254 : 5)).map { _ in
            LimitTest(
                mechanism: member(),
                name: limitName(),
                used: amount(),
                limit: amount(),
                left: amount()
            )
        }
        return Decision(
            refusal: maybe { $0.refusal() },
            mechanism: member(),
            asked: amount(),
            granted: amount(),
            tests: tests,
            bindingTest: tests.isEmpty ? nil : maybe { Int($0.below(UInt64(tests.count))) },
            roomByInstalling: maybe { $0.amount() },
            attestationLapsed: oneIn(2)
        )
    }

    private mutating func move(_ number: EntryNumber) -> HoldMove {
        HoldMove(
            refusal: maybe { $0.refusal() },
            hold: EntryNumber(rawValue: below(number.rawValue)),
            before: HoldBalance(
                open: amount(),
                out: amount(),
                returned: amount(),
                retired: amount()
            ),
            amount: oneIn(10) ? TPP(rawValue: .max) : amount(),
            freed: amount()
        )
    }

    private mutating func gaps() -> [InstalledGap] {
        Set((0..<below(oneIn(10) ? 600 : 4)).map { _ in country() }).sorted().map {
            let known = amount()
            let attested = amount()
            let apart = known == .zero ? TPP(rawValue: 1) : .zero
            return InstalledGap(
                country: $0,
                known: known,
                attested: attested == known ? apart : attested
            )
        }
    }

    private mutating func determination() -> WeightsDetermination {
        switch below(3) {
        case 0: .permitted
        case 1: .notControlled(member())
        default: .refused(refusal())
        }
    }
}
