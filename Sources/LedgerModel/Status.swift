// SPDX-License-Identifier: Apache-2.0

/// A validated end user status (15 CFR 748.15).
public enum StatusKind: Hashable, Sendable {
    /// Universal VEU: the group may install abroad up to shares of its own base.
    case universal
    /// National VEU: the party has an allocation of its own in one country.
    case national(CountryCode)
}

/// Grants a status to a party for a range of days.
public struct StatusGrant: Hashable, Sendable {
    /// Universal, or National for a country.
    public var kind: StatusKind
    /// The party that holds it.
    public var party: PartyIdentifier
    /// On which days it holds.
    public var dates: DateRange

    /// Makes a grant.
    public init(kind: StatusKind, party: PartyIdentifier, dates: DateRange) {
        self.kind = kind
        self.party = party
        self.dates = dates
    }
}

/// What happens to a granted status.
public enum StatusStep: UInt8, Sendable, CaseIterable {
    /// It helps no more until it is reinstated.
    case suspend = 1
    /// It helps again.
    case reinstate = 2
    /// It is gone for good.
    case revoke = 3
}

/// Suspends, reinstates or revokes a status, from its entry on.
public struct StatusChange: Hashable, Sendable {
    /// The operation that granted the status.
    public var grant: OperationReference
    /// What happens to it.
    public var step: StatusStep
    /// Why, in 1 to 200 bytes of text.
    public var reason: String

    /// Makes a change.
    public init(grant: OperationReference, step: StatusStep, reason: String) {
        self.grant = grant
        self.step = step
        self.reason = reason
    }
}

/// Says that a party's security attestation is current (15 CFR part 748, Supplement 10, Part II).
public struct SecurityAttestation: Hashable, Sendable {
    /// The party that holds, or will hold, a status.
    public var party: PartyIdentifier
    /// On which days the attestation is current.
    public var dates: DateRange

    /// Makes an attestation.
    public init(party: PartyIdentifier, dates: DateRange) {
        self.party = party
        self.dates = dates
    }
}

/// What a group owns in one country.
public struct InstalledAmount: Hashable, Sendable {
    /// The country.
    public var country: CountryCode
    /// How much is installed there, at most ``TPP/maximumAmount``.
    public var amount: TPP

    /// Makes an amount.
    public init(country: CountryCode, amount: TPP) {
        self.country = country
        self.amount = amount
    }
}

/// What a group owned per country at the end of a past UTC day; countries not named are 0.
public struct InstalledAttestation: Hashable, Sendable {
    /// A party of the group.
    public var party: PartyIdentifier
    /// The day at whose end it was so; must lie before the day of the operation.
    public var asOf: CivilDate
    /// The amounts, in ascending order of country, each country once.
    public var amounts: [InstalledAmount]

    /// Makes an attestation; the amounts are put in order of country.
    public init(party: PartyIdentifier, asOf: CivilDate, amounts: [InstalledAmount]) {
        self.party = party
        self.asOf = asOf
        self.amounts = amounts.sorted { $0.country < $1.country }
    }
}

/// An agreement between governments about one country.
public struct AgreementSigning: Hashable, Sendable {
    /// The country whose allocation grows.
    public var country: CountryCode
    /// On which days it holds.
    public var dates: DateRange

    /// Makes a signing.
    public init(country: CountryCode, dates: DateRange) {
        self.country = country
        self.dates = dates
    }
}

/// Ends an agreement.
public struct AgreementEnd: Hashable, Sendable {
    /// The operation that signed it.
    public var agreement: OperationReference
    /// The first day on which it holds no more; not before the operation's own day.
    public var until: CivilDate

    /// Makes an end.
    public init(agreement: OperationReference, until: CivilDate) {
        self.agreement = agreement
        self.until = until
    }
}
