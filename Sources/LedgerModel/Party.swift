// SPDX-License-Identifier: Apache-2.0

/// A party as an operation registers or changes it; the whole record, effective from its entry on.
public struct PartyRecord: Hashable, Sendable {
    /// The party's identifier.
    public var id: PartyIdentifier
    /// Its name: 1 to 200 bytes of text.
    public var name: String
    /// The country of its site.
    public var site: CountryCode
    /// The country of its headquarters.
    public var headquarters: CountryCode
    /// The party that owns it, if any.
    ///
    /// The end of the parent chain is the ultimate parent.
    public var parent: PartyIdentifier?

    /// Makes a record.
    public init(
        id: PartyIdentifier,
        name: String,
        site: CountryCode,
        headquarters: CountryCode,
        parent: PartyIdentifier? = nil
    ) {
        self.id = id
        self.name = name
        self.site = site
        self.headquarters = headquarters
        self.parent = parent
    }
}

/// Blocks a party (it is refused everything), or lifts its block.
public struct PartyBlock: Hashable, Sendable {
    /// The party.
    public var party: PartyIdentifier
    /// Whether it is blocked from this entry on.
    public var isBlocked: Bool
    /// Why, in 1 to 200 bytes of text.
    public var reason: String

    /// Makes a block or its lifting.
    public init(party: PartyIdentifier, isBlocked: Bool, reason: String) {
        self.party = party
        self.isBlocked = isBlocked
        self.reason = reason
    }
}
