// SPDX-License-Identifier: Apache-2.0

/// A SHA-256 value: of a leaf, of a node or root of the tree, of a batch header.
public struct LedgerHash: Hashable, Sendable {
    /// The 32 bytes as four little-endian words: comparing and copying them needs no memory.
    let words: (UInt64, UInt64, UInt64, UInt64)

    /// How many bytes it has.
    public static let byteCount = 32
    /// 32 zero bytes, where there is nothing yet to hash.
    public static let zero = LedgerHash(words: (0, 0, 0, 0))

    init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

    /// The SHA-256 of some bytes, by what hashes entries.
    public init(sha256Of bytes: [UInt8]) { self = sha256(bytes.span.rawBytes) }

    /// Makes a value from exactly 32 bytes, or `nil`.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == LedgerHash.byteCount else { return nil }
        self.init(bytes.span.rawBytes, at: 0)
    }

    /// The 32 bytes from `offset` on, which must be there.
    init(_ bytes: RawSpan, at offset: Int) {
        words = (
            bytes.word(at: offset), bytes.word(at: offset + 8), bytes.word(at: offset + 16),
            bytes.word(at: offset + 24)
        )
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        var buffer = ByteBuffer(capacity: LedgerHash.byteCount)
        buffer.append(self)
        return buffer.takeBytes()
    }

    /// Whether the bytes are the same.
    public static func == (left: LedgerHash, right: LedgerHash) -> Bool {
        left.words == right.words
    }

    /// Mixes the bytes into `hasher`; the first eight tell values apart.
    public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

extension LedgerHash: CustomStringConvertible {
    /// The bytes as 64 lowercase hexadecimal digits.
    public var description: String {
        var text = ""
        for byte in bytes {
            text += byte < 16 ? "0" : ""
            text += String(byte, radix: 16)
        }
        return text
    }
}

/// The hash of a batch header; each batch holds that of the batch before.
///
/// A type of its own, so that it is never taken for a root.
public struct ChainHash: Hashable, Sendable, CustomStringConvertible {
    /// The SHA-256 value.
    public let value: LedgerHash

    /// What the first batch holds as the hash of the batch before it.
    public static let genesis = ChainHash(.zero)

    /// Makes a chain hash.
    public init(_ value: LedgerHash) { self.value = value }

    /// The bytes as hexadecimal digits.
    public var description: String { value.description }
}
