// SPDX-License-Identifier: Apache-2.0
public import LedgerModel

/// Checks batches and walks through their entries.
public enum BatchReader {
    /// Checks a batch's framing and checksum and, with `previous`, that it follows that head.
    ///
    /// Reads every byte once (XXH64) and hashes the header only. That the entries are those of the
    /// tree is checked by ``verify(_:after:frontier:hasher:)``.
    ///
    /// - Parameters:
    ///   - batch: The batch.
    ///   - previous: The head that it must follow; `nil` for any.
    ///   - isKnown: Says of a header whether its checksum was compared a moment ago with these bytes;
    ///     then it is not again.
    /// - Returns: The batch's header.
    /// - Throws: ``EntryLogError`` if it is not a whole batch, or does not follow.
    public static func check(
        _ batch: RawSpan,
        after previous: LogHead? = nil,
        isKnown: (BatchHeader) -> Bool = { _ in false }
    ) throws(EntryLogError) -> BatchHeader {
        let place = previous.map { LogPlace.batch(EntryNumber(rawValue: $0.next)) } ?? .bytes
        let header = try BatchHeader(batch, expected: place)
        guard isKnown(header) || header.checksum == BatchHeader.checksum(of: batch) else {
            throw .corrupt(at: .batch(header.first), what: "its checksum does not fit its bytes")
        }
        guard let previous else { return header }
        guard header.first.rawValue == previous.next, header.previous == previous.hash else {
            throw .corrupt(at: place, what: "it does not follow the batch before it")
        }
        guard header.epoch >= previous.epoch else {
            throw .corrupt(at: place, what: "its epoch lies before that of the batch before it")
        }
        return header
    }

    /// The head of a log whose last batch this is, as far as the batch knows: a later take-over
    /// has a later epoch.
    public static func head(after header: BatchHeader, _ batch: RawSpan) -> LogHead {
        LogHead(
            next: header.next,
            hash: header.chainHash(of: batch),
            epoch: header.epoch
        )
    }

    /// Gives each entry's number and bytes to `body`, in order, until it says stop.
    ///
    /// Checks lengths and numbers, so that a batch that ``check(_:after:)`` let pass can not lead
    /// astray; the entries are not decoded. If it is not stopped it also checks that nothing is
    /// left.
    public static func forEachEntry(
        in batch: RawSpan,
        _ body: (EntryNumber, RawSpan) throws(EntryLogError) -> ReadStep
    ) throws(EntryLogError) {
        for part in try parts(of: batch, atLeast: .max) {
            try forEachEntry(in: batch, part, body)
        }
    }

    /// Checks everything about a batch: what ``check(_:after:)`` does, that each entry is canonical,
    /// and, by hashing all of them, that its root is that of the tree.
    ///
    /// `frontier` is the tree's right edge in front of the batch, and behind it on return; if this
    /// throws, what is in it has no meaning. Many entries are hashed on all cores; blocks meanwhile.
    public static func verify(
        _ batch: RawSpan,
        after previous: LogHead,
        frontier: inout MerkleFrontier,
        hasher: LeafHasher
    ) throws(EntryLogError) -> BatchHeader {
        let header = try check(batch, after: previous)
        guard frontier.size == header.first.rawValue else {
            throw .corrupt(at: .head, what: "the tree's edge does not end where the batch begins")
        }
        for trees in try leaves(of: batch, hasher) { frontier.append(trees) }
        try frontier.requireRoot(of: header)
        return header
    }
}
