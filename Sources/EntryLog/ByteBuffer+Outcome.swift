// SPDX-License-Identifier: Apache-2.0
import LedgerModel

/// What stands behind the refusal of an outcome, which the kind of the operation and the refusal
/// alone decide.
enum OutcomeShape {
    /// Nothing: accepted, or refused with no more to tell.
    case plain
    /// The decision of a reservation.
    case decision
    /// The arithmetic of an operation on a hold.
    case move
    /// The gaps of an attestation that took effect.
    case gaps
    /// The answer to a transfer of model weights.
    case determination

    init(of kind: ActionKind, _ refusal: Refusal?) {
        // Refused before anything is looked at.
        if refusal == .notPermitted || refusal == .needsApproval {
            self = .plain
            return
        }
        self =
            switch kind {
            case .reserve: .decision
            case .ship, .release, .extend, .giveBack, .retire, .revoke: .move
            case .attestInstalled: refusal == nil ? .gaps : .plain
            case .transferWeights: .determination
            case .createLedger, .party, .block, .grantStatus, .changeStatus, .attestSecurity,
                .signAgreement, .endAgreement, .adoptRulebook, .adoptDevices, .correct, .tick,
                .propose, .decideProposal, .redact, .legalHold, .rotateKey:
                .plain
            }
    }
}

/// How an answer to a transfer of model weights that is no refusal is told.
enum WeightsTag: UInt8 {
    case permitted = 1
    case notControlled = 2
}

/// What came of operations, as bytes: names in `own`, what others draw on too in `shared`.
extension ByteBuffer {
    mutating func appendOwn(
        _ outcome: Outcome,
        of action: Action,
        at number: EntryNumber
    ) throws(EntryLogError) {
        let refusal = outcome.refusal
        append(refusal?.rawValue ?? 0)
        switch (OutcomeShape(of: action.kind, refusal), outcome) {
        case (.plain, .accepted), (.plain, .refused), (.gaps, .attested): break
        case (.decision, .decided(let decision)): try appendOwn(decision)
        case (.move, .moved(let move)): try append(move, at: number)
        case (.determination, .determined(let determination)): append(determination)
        default: throw .notEncodable(what: "its outcome is not one of the operation's kind")
        }
    }

    mutating func appendShared(_ outcome: Outcome) throws(EntryLogError) {
        switch outcome {
        case .decided(let decision): try appendShared(decision)
        case .attested(let gaps): try append(gaps)
        case .accepted, .refused, .moved, .determined: break
        }
    }

    private mutating func append(
        _ move: HoldMove,
        at number: EntryNumber
    ) throws(EntryLogError) {
        try append(earlier: move.hold, before: number, "hold")
        try append(amount: move.before.open, "open part")
        try append(amount: move.before.out, "part shipped")
        try append(amount: move.before.returned, "part returned")
        try append(amount: move.before.retired, "part retired")
        // Of a refusal it is what was asked, however much that was.
        try append(quantity: move.amount.rawValue, "amount moved")
        try append(amount: move.freed, "amount freed")
    }

    private mutating func append(_ determination: WeightsDetermination) {
        switch determination {
        case .permitted: append(WeightsTag.permitted.rawValue)
        case .notControlled(let exemption):
            append(WeightsTag.notControlled.rawValue)
            append(exemption.rawValue)
        case .refused: break
        }
    }

    private mutating func append(_ gaps: [InstalledGap]) throws(EntryLogError) {
        guard let count = UInt16(exactly: gaps.count) else {
            throw .notEncodable(what: "there are more gaps than countries")
        }
        append(count)
        var last: CountryCode?
        for gap in gaps {
            if let last, gap.country <= last {
                throw .notEncodable(what: "the countries are not in ascending order")
            }
            guard gap.known != gap.attested else {
                throw .notEncodable(what: "a gap is none")
            }
            append(gap.country)
            try append(amount: gap.known, "amount known")
            try append(amount: gap.attested, "amount attested")
            last = gap.country
        }
    }
}

/// What came of operations, read back.
extension ByteReader {
    @_lifetime(self: copy self)
    @_lifetime(shared: copy shared)
    mutating func outcome(
        of action: Action,
        at number: EntryNumber,
        shared: inout ByteReader
    ) throws(EntryLogError) -> Outcome {
        let code: UInt16 = try self.number("refusal")
        let refusal = Refusal(rawValue: code)
        guard code == 0 || refusal != nil else {
            throw .unknownNumber(at: place, field: "refusal", number: UInt64(code))
        }
        switch OutcomeShape(of: action.kind, refusal) {
        case .plain: return refusal.map(Outcome.refused) ?? .accepted
        case .decision: return .decided(try decision(refusal, &shared))
        case .move: return .moved(try move(refusal, at: number))
        case .gaps: return .attested(try shared.gaps())
        case .determination: return .determined(try determination(refusal))
        }
    }

    @_lifetime(self: copy self)
    private mutating func move(
        _ refusal: Refusal?,
        at number: EntryNumber
    ) throws(EntryLogError) -> HoldMove {
        HoldMove(
            refusal: refusal,
            hold: try earlierEntry(before: number, "hold"),
            before: HoldBalance(
                open: try amount("open part"),
                out: try amount("part shipped"),
                returned: try amount("part returned"),
                retired: try amount("part retired")
            ),
            amount: TPP(rawValue: try quantity("amount moved")),
            freed: try amount("amount freed")
        )
    }

    @_lifetime(self: copy self)
    private mutating func determination(
        _ refusal: Refusal?
    ) throws(EntryLogError) -> WeightsDetermination {
        if let refusal { return .refused(refusal) }
        let tag: WeightsTag = try member("answer")
        switch tag {
        case .permitted: return .permitted
        case .notControlled: return .notControlled(try member("exemption"))
        }
    }

    @_lifetime(self: copy self)
    private mutating func gaps() throws(EntryLogError) -> [InstalledGap] {
        let count = Int(try number("number of gaps") as UInt16)
        var gaps: [InstalledGap] = []
        for _ in 0..<count {
            let gap = InstalledGap(
                country: try country("country"),
                known: try amount("amount known"),
                attested: try amount("amount attested")
            )
            if let last = gaps.last, gap.country <= last.country {
                throw malformed("the countries are not in ascending order")
            }
            guard gap.known != gap.attested else { throw malformed("a gap is none") }
            gaps.append(gap)
        }
        return gaps
    }
}
