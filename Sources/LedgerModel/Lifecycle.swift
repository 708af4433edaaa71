// SPDX-License-Identifier: Apache-2.0

/// How much of a hold, or of what was shipped under it, an operation is about.
///
/// Counted in the TPP of the hold's own decision, whatever a device is rated at later.
public enum HoldPart: Hashable, Sendable {
    /// All that is left: of a hold what is open, of a shipment what is neither returned nor retired.
    case rest
    /// So many TPP, at least 1.
    case amount(TPP)
}

/// Ships goods under a hold.
public struct Shipment: Hashable, Sendable {
    /// The operation that reserved.
    public var hold: OperationReference
    /// How much is shipped.
    public var part: HoldPart
    /// Whether nothing more will be shipped: the rest of the hold is freed.
    public var isFinal: Bool

    /// Makes a shipment.
    public init(hold: OperationReference, part: HoldPart = .rest, isFinal: Bool = false) {
        self.hold = hold
        self.part = part
        self.isFinal = isFinal
    }
}

/// Gives up what is open of a hold.
public struct HoldRelease: Hashable, Sendable {
    /// The operation that reserved.
    public var hold: OperationReference

    /// Makes a release.
    public init(hold: OperationReference) { self.hold = hold }
}

/// Gives a hold more time.
public struct HoldExtension: Hashable, Sendable {
    /// The operation that reserved.
    public var hold: OperationReference
    /// The new deadline; must be later than the operation, and than the present deadline.
    public var deadline: LedgerTime

    /// Makes an extension.
    public init(hold: OperationReference, deadline: LedgerTime) {
        self.hold = hold
        self.deadline = deadline
    }
}

/// Goods that were shipped under a hold come back.
public struct GoodsReturn: Hashable, Sendable {
    /// The operation that reserved.
    public var hold: OperationReference
    /// How much comes back.
    public var part: HoldPart

    /// Makes a return.
    public init(hold: OperationReference, part: HoldPart = .rest) {
        self.hold = hold
        self.part = part
    }
}

/// Why shipped goods are no longer there, though nobody sent them back.
///
/// The numbers are permanent.
public enum RetirementCause: UInt8, Sendable, CaseIterable {
    /// Lost, stolen or destroyed.
    case loss = 1
    /// Failed for good.
    case failure = 2
    /// Disposed of.
    case disposal = 3
}

extension RetirementCause: LosslessStringConvertible {
    /// Reads a cause's word, such as `loss`.
    public init?(_ text: String) {
        guard let cause = RetirementCause.allCases.first(where: { $0.description == text })
        else { return nil }
        self = cause
    }

    /// The cause's word.
    public var description: String {
        switch self {
        case .loss: "loss"
        case .failure: "failure"
        case .disposal: "disposal"
        }
    }
}

/// Goods that were shipped under a hold are no longer there (attrition).
public struct Retirement: Hashable, Sendable {
    /// The operation that reserved.
    public var hold: OperationReference
    /// How much is gone.
    public var part: HoldPart
    /// Why.
    public var cause: RetirementCause

    /// Makes a retirement.
    public init(hold: OperationReference, part: HoldPart = .rest, cause: RetirementCause) {
        self.hold = hold
        self.part = part
        self.cause = cause
    }
}

/// An authority takes back what is open of a hold.
public struct Revocation: Hashable, Sendable {
    /// The operation that reserved.
    public var hold: OperationReference
    /// Why, in 1 to 200 bytes of text.
    public var reason: String

    /// Makes a revocation.
    public init(hold: OperationReference, reason: String) {
        self.hold = hold
        self.reason = reason
    }
}

/// What a correction is about.
public enum CorrectionTarget: Hashable, Sendable {
    /// The entry with this number, of any kind.
    case entry(EntryNumber)
    /// The entry of an operation.
    case operation(OperationReference)
}

/// Says that an earlier entry is wrong, and how; nothing is edited and no limit moves.
public struct Correction: Hashable, Sendable {
    /// The entry that is corrected.
    public var target: CorrectionTarget
    /// What is right, in 1 to 200 bytes of text.
    public var text: String

    /// Makes a correction.
    public init(target: CorrectionTarget, text: String) {
        self.target = target
        self.text = text
    }
}

/// How a hold stands, in the TPP of its decision.
///
/// What was granted is all four and what was freed together.
public struct HoldBalance: Hashable, Sendable {
    /// What is neither shipped nor freed.
    public var open: TPP
    /// What was shipped and is neither returned nor retired.
    public var out: TPP
    /// What was shipped and came back.
    public var returned: TPP
    /// What was shipped and is no longer there.
    public var retired: TPP

    /// Nothing at all, as of a reservation that was refused.
    public static let zero = HoldBalance(open: .zero)

    /// Makes a balance.
    public init(open: TPP, out: TPP = .zero, returned: TPP = .zero, retired: TPP = .zero) {
        self.open = open
        self.out = out
        self.returned = returned
        self.retired = retired
    }
}

/// What came of an operation on a hold, with its arithmetic.
public struct HoldMove: Hashable, Sendable {
    /// Why it was refused; `nil` if it took effect.
    public var refusal: Refusal?
    /// The entry of the reservation.
    public var hold: EntryNumber
    /// How the hold stood just before; ``HoldBalance/zero`` of a reservation that was refused.
    public var before: HoldBalance
    /// What was to be shipped, returned or retired, in TPP; 0 of the other operations.
    public var amount: TPP
    /// What became free: by a final shipment, a release or a revocation; 0 if it was refused.
    public var freed: TPP

    /// Makes a move.
    public init(
        refusal: Refusal? = nil,
        hold: EntryNumber,
        before: HoldBalance,
        amount: TPP = .zero,
        freed: TPP = .zero
    ) {
        self.refusal = refusal
        self.hold = hold
        self.before = before
        self.amount = amount
        self.freed = freed
    }
}

extension HoldMove {
    /// How the hold stands after the operation; `nil` if it was refused or moves nothing.
    public func after(_ action: Action) -> HoldBalance? {
        guard refusal == nil else { return nil }
        var after = before
        switch action {
        case .ship:
            after.open = after.open.less(amount).less(freed)
            after.out = after.out.adding(amount) ?? .maximumSum
        case .release, .revoke: after.open = after.open.less(freed)
        case .giveBack:
            after.out = after.out.less(amount)
            after.returned = after.returned.adding(amount) ?? .maximumSum
        case .retire:
            after.out = after.out.less(amount)
            after.retired = after.retired.adding(amount) ?? .maximumSum
        default: return nil
        }
        return after
    }
}

extension TPP {
    /// The difference, which the ledger's arithmetic keeps from falling below 0.
    fileprivate func less(_ other: TPP) -> TPP { max(subtracting(other) ?? .zero, .zero) }
}
