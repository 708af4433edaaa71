// SPDX-License-Identifier: Apache-2.0
import LedgerModel

/// The verification of a whole log, batch by batch: each batch's checksum and link, each leaf, each
/// root, and at the end the head.
///
/// Not for two threads at once.
public struct LogVerification: Sendable {
    /// Hashes entries to leaves, on any thread.
    public let hasher: LeafHasher
    /// The right edge of the tree over what was read.
    public private(set) var frontier = MerkleFrontier()
    private var last = LogHead.genesis
    private let newest: LogHead

    /// Begins to verify the log with this head and secret.
    public init(newest: LogHead, secret: LedgerSecret) {
        self.newest = newest
        hasher = LeafHasher(secret: secret)
    }

    /// Checks the next batch's checksum, and that it follows the one before.
    public func check(_ batch: RawSpan) throws(EntryLogError) -> BatchHeader {
        let header = try BatchReader.check(batch, after: last)
        guard frontier.size == header.first.rawValue else {
            throw .corrupt(at: .head, what: "the tree's edge does not end where the batch begins")
        }
        return header
    }

    /// Takes in the leaves of a batch that was checked, in order, and checks its root.
    public mutating func take(
        _ header: BatchHeader,
        _ batch: RawSpan,
        _ leaves: some Sequence<PerfectTrees>
    ) throws(EntryLogError) {
        for trees in leaves { frontier.append(trees) }
        try frontier.requireRoot(of: header)
        last = BatchReader.head(after: header, batch)
    }

    /// Returns the right edge of the tree, which reaches to the newest head at least.
    public func finish() throws(EntryLogError) -> MerkleFrontier {
        guard last.next > newest.next || (last.next == newest.next && last.hash == newest.hash)
        else { throw .corrupt(at: .head, what: "the last batch is not the one it tells of") }
        return frontier
    }
}

extension MerkleFrontier {
    /// Checks that a batch's root is that of the tree after its last entry.
    func requireRoot(of header: BatchHeader) throws(EntryLogError) {
        guard size == header.next, root == header.root else {
            throw .corrupt(
                at: .batch(header.first),
                what: "its root is not that of the tree up to its end"
            )
        }
    }
}

extension BatchReader {
    /// Checks that each entry of a batch is canonical and hashes it, on all cores.
    static func leaves(
        of batch: RawSpan,
        _ hasher: LeafHasher
    ) throws(EntryLogError) -> [PerfectTrees] {
        try map(batch) { batch, part throws(EntryLogError) in
            var leaves: [LedgerHash] = []
            leaves.reserveCapacity(part.entryCount)
            try forEachEntry(in: batch, part) { _, entry throws(EntryLogError) in
                _ = try EntryCodec.decode(entry)
                leaves.append(try hasher.leaf(of: entry))
                return .next
            }
            return PerfectTrees(leaves, first: part.first)
        }
    }
}
