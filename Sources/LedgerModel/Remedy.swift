// SPDX-License-Identifier: Apache-2.0

/// Something that would let a refused order through, found by trying it.
public struct Remedy: Hashable, Sendable {
    /// What is done or awaited.
    public enum Step: Hashable, Sendable {
        /// Less is asked; nothing else changes.
        case askLess
        /// Time passes, and nothing else happens.
        ///
        /// The limit is the first that stands in the way of the mechanism that grants in the end, by
        /// the name it has now; `nil` if that does not test one yet. There is at least one cause.
        case wait(limit: LimitName?, [WaitCause])
        /// A country signs an agreement that holds at once.
        case agreement(CountryCode)
        /// A status that does not help is made to.
        case status(StatusRepair)
        /// The group has so much more installed in the home country: the least that makes room for
        /// all of the order.
        case install(TPP, home: CountryCode)
    }

    /// What is done or awaited.
    public var step: Step
    /// When the order is then asked: at the decision's own time, or at the end of a wait, which is
    /// the first instant at which it is granted.
    public var time: LedgerTime
    /// The order that is granted then.
    ///
    /// It is the refused one, or the largest one below it that is granted: fewer devices of its
    /// only line, or less plain TPP in place of several lines or of H100e. It has no deadline where
    /// its own would have passed by then.
    public var reservation: Reservation
    /// Whether that is all of what was asked.
    public var isWhole: Bool
    /// What that order is answered then.
    public var decision: Decision

    /// Makes a remedy; nothing is checked here.
    public init(
        step: Step,
        time: LedgerTime,
        reservation: Reservation,
        isWhole: Bool,
        decision: Decision
    ) {
        self.step = step
        self.time = time
        self.reservation = reservation
        self.isWhole = isWhole
        self.decision = decision
    }
}

/// Why an order is granted after a wait that is refused before it.
///
/// Amounts of limits are about the one that ``Remedy/Step/wait(limit:_:)`` names.
public enum WaitCause: Hashable, Sendable {
    /// Another rulebook comes into force.
    case rulebook
    /// The deciding mechanism begins to apply to the order.
    case mechanism
    /// The order comes to weigh less, as a device is re-rated.
    case weight(from: TPP, to: TPP)
    /// The limit grows.
    case limit(from: TPP, to: TPP)
    /// Charges count no longer, as the window moves on.
    case window(TPP)
    /// Holds that count in the limit expire.
    case expiries(count: Int64, freed: TPP)
}

/// What has to happen for a status to help.
public struct StatusRepair: Hashable, Sendable {
    /// The entry by which the status is known.
    public var grant: EntryNumber
    /// Universal, or National for a country.
    public var kind: StatusKind
    /// The party that holds it.
    public var party: PartyIdentifier
    /// Whether it has ended, and is to be granted again.
    public var needsRenewal: Bool
    /// Whether it is suspended, and is to be reinstated.
    public var needsReinstatement: Bool
    /// Whether the holder's security attestation is not current.
    public var needsAttestation: Bool

    /// Makes a repair; nothing is checked here.
    public init(
        grant: EntryNumber,
        kind: StatusKind,
        party: PartyIdentifier,
        needsRenewal: Bool = false,
        needsReinstatement: Bool = false,
        needsAttestation: Bool = false
    ) {
        self.grant = grant
        self.kind = kind
        self.party = party
        self.needsRenewal = needsRenewal
        self.needsReinstatement = needsReinstatement
        self.needsAttestation = needsAttestation
    }
}
