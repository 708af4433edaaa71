// SPDX-License-Identifier: Apache-2.0

/// The right edge of the Merkle tree over all leaves so far: enough to append to it and to tell
/// its root (RFC 6962, section 2.1; RFC 9162, section 2.1).
///
/// It holds one hash for each bit set in ``size``: the roots of the perfect trees that the leaves
/// fall into, the largest first.
public struct MerkleFrontier: Hashable, Sendable {
    /// How many leaves the tree has.
    public private(set) var size: UInt64
    /// The roots of the perfect trees, the largest first.
    package private(set) var peaks: [LedgerHash]

    /// The tree without leaves.
    public init() {
        size = 0
        peaks = []
    }

    /// Appends a leaf, given its hash.
    ///
    /// Amortized O(1): one node hash a leaf.
    public mutating func append(_ leaf: LedgerHash) { append(leaf, level: 0) }

    /// Appends leaves that were hashed up to perfect trees, as those that begin here.
    mutating func append(_ trees: borrowing PerfectTrees) {
        for (level, hash) in trees.roots { append(hash, level: level) }
    }

    /// Appends a perfect tree of 2^level leaves, which must begin at a multiple of its size.
    private mutating func append(_ root: LedgerHash, level: Int) {
        precondition(size & (1 << UInt64(level) - 1) == 0, "a perfect tree stands where it fits")
        var node = root
        var carry = size >> UInt64(level)
        while carry & 1 == 1, let left = peaks.popLast() {
            node = MerkleFrontier.node(left, node)
            carry >>= 1
        }
        peaks.append(node)
        size += 1 << UInt64(level)
    }

    /// The root; that of the empty tree is SHA-256 of nothing.
    ///
    /// O(log size) node hashes.
    public var root: LedgerHash {
        guard var root = peaks.last else { return sha256(RawSpan()) }
        for peak in peaks.dropLast().reversed() { root = MerkleFrontier.node(peak, root) }
        return root
    }

    /// SHA-256(0x01, left, right).
    package static func node(_ left: LedgerHash, _ right: LedgerHash) -> LedgerHash {
        // The last byte of the first word is the node's 0x01.
        let input: InlineArray<9, UInt64> = [
            UInt64(0x01 << 56).littleEndian,
            left.words.0.littleEndian, left.words.1.littleEndian,
            left.words.2.littleEndian, left.words.3.littleEndian,
            right.words.0.littleEndian, right.words.1.littleEndian,
            right.words.2.littleEndian, right.words.3.littleEndian,
        ]
        return sha256(input.span.rawBytes.extracting(7..<72))
    }
}

extension MerkleFrontier {
    /// The size in 8 bytes, then the hashes, the largest tree's first.
    public var serialized: [UInt8] {
        var buffer = ByteBuffer(capacity: 8 + peaks.count * LedgerHash.byteCount)
        buffer.append(size)
        for peak in peaks { buffer.append(peak) }
        return buffer.takeBytes()
    }

    /// Restores what ``serialized`` gave; throws `corrupt` if the length does not fit the size.
    ///
    /// Whether it is the right edge of a given log, only the root tells.
    public init(serialized: [UInt8]) throws(EntryLogError) {
        let bytes = serialized.span.rawBytes
        guard bytes.byteCount >= 8 else {
            throw .corrupt(at: .head, what: "the tree's edge has \(bytes.byteCount) bytes")
        }
        size = bytes.word(at: 0)
        guard bytes.byteCount == 8 + size.nonzeroBitCount * LedgerHash.byteCount else {
            throw .corrupt(
                at: .head,
                what: "the tree's edge does not fit a tree of \(size) leaves"
            )
        }
        peaks = []
        for index in 0..<size.nonzeroBitCount {
            peaks.append(LedgerHash(bytes, at: 8 + index * LedgerHash.byteCount))
        }
    }
}
