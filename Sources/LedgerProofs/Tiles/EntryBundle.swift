// SPDX-License-Identifier: Apache-2.0
public import EntryLog

/// A bundle of up to 256 entries as it is published (C2SP tlog-tiles, "Log entries"): of each a
/// big-endian `u16` length, then what its leaf is the hash of.
///
/// There is nothing of an entry's sections in it but what binds them.
public struct EntryBundle: Hashable, Sendable {
    /// What the leaves are the hashes of.
    public let inputs: [LeafInput]

    /// Reads a file's content, or `nil` if it is not one entry behind the other.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count % LeafInput.framedByteCount == 0 else { return nil }
        let span = bytes.span.rawBytes
        var inputs: [LeafInput] = []
        inputs.reserveCapacity(bytes.count / LeafInput.framedByteCount)
        for start in stride(from: 0, to: bytes.count, by: LeafInput.framedByteCount) {
            let length = Int(bytes[start]) << 8 | Int(bytes[start + 1])
            let end = start + LeafInput.framedByteCount
            guard length == LeafInput.byteCount,
                let input = LeafInput(span.extracting(start + 2..<end))
            else { return nil }
            inputs.append(input)
        }
        self.inputs = inputs
    }

    /// How many bytes the first entries of a bundle have.
    static func byteCount(_ width: Int) -> Int { width * LeafInput.framedByteCount }
}
