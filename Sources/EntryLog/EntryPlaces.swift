// SPDX-License-Identifier: Apache-2.0

/// Where an operation's content stands in an entry's bytes, as ``EntryCodec/decode(_:places:)`` found
/// it.
public struct EntryPlaces: Hashable, Sendable {
    /// The content: the number of the kind, then its fields; without the free text unless
    /// ``isInline``.
    public internal(set) var content = 0..<0
    /// The free text, without its length; empty if there is none, or it was taken out.
    public internal(set) var text = 0..<0
    /// Whether the free text stands within the content, as in entries of version 2.
    public internal(set) var isInline = false
    /// What stands in the place of a text that was taken out.
    public internal(set) var closedText: LedgerHash?

    /// Nothing found yet.
    public init() {}
}
