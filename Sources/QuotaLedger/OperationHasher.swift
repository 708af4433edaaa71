// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel

/// The hashes by which an operation is found again: of its name, and of its content.
struct OperationHashes: Sendable {
    var name: Hash128
    var content: Hash128
    /// Whether what is asked has a free text, which may be taken out one day.
    var hasText = false
    /// Of an entry whose text was taken out: what stands in its place.
    ///
    /// The content is then hashed without the text.
    var closedText: LedgerHash?
}

/// Hashes operations, with memory that is used over and over.
///
/// Not for two threads at once.
struct OperationHasher: Sendable {
    let key: HashKey
    private var buffer = ByteBuffer(capacity: 512)

    init(key: HashKey) { self.key = key }

    /// The hash of an operation's name.
    func name(_ organisation: OrganisationIdentifier, _ id: OperationIdentifier) -> Hash128 {
        var hasher = SipHasher(key: key)
        hasher.append(organisation.text.utf8.span.rawBytes)
        // A byte that no identifier holds: two names never run into one another.
        hasher.append(0)
        hasher.append(id.text.utf8.span.rawBytes)
        return hasher.finish()
    }

    /// The hash of a name that stands alone: of a party, a device, an end use.
    func name(_ identifier: some LedgerIdentifier) -> Hash128 {
        var hasher = SipHasher(key: key)
        hasher.append(identifier.text.utf8.span.rawBytes)
        return hasher.finish()
    }

    /// The hash of what is asked, without who asks, when and under which id.
    ///
    /// - Throws: `EntryLogError` if no entry could hold it.
    mutating func content(_ action: Action) throws(EntryLogError) -> Hash128 {
        try content(action, text: action.freeText)
    }

    /// The hash of what is asked without its free text, of which another hash is left in a redacted
    /// entry.
    mutating func contentWithoutText(_ action: Action) throws(EntryLogError) -> Hash128 {
        try content(action, text: nil)
    }

    private mutating func content(
        _ action: Action,
        text: String?
    ) throws(EntryLogError) -> Hash128 {
        buffer.removeAll()
        try ActionCodec.appendApart(action, to: &buffer)
        return content(buffer.bytes, text: (text ?? "").utf8.span.rawBytes)
    }

    /// The same hash, given the canonical bytes of what is asked, and of its free text.
    func content(_ bytes: RawSpan, text: RawSpan) -> Hash128 {
        var hasher = SipHasher(key: key)
        hasher.append(bytes)
        hasher.append(text)
        return hasher.finish()
    }
}
