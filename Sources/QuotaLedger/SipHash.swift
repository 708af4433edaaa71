// SPDX-License-Identifier: Apache-2.0

/// The key of a keyed hash; whoever does not know it can not aim for collisions.
public struct HashKey: Hashable, Sendable {
    let first: UInt64
    let second: UInt64

    /// Makes a key from its two halves.
    public init(first: UInt64, second: UInt64) {
        self.first = first
        self.second = second
    }

    /// A key from the system's random number generator.
    public static func random() -> HashKey {
        HashKey(first: .random(in: .min ... .max), second: .random(in: .min ... .max))
    }
}

/// A 128-bit keyed hash.
package struct Hash128: Hashable, Sendable {
    package var low: UInt64
    package var high: UInt64

    package init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }
}

/// SipHash-2-4 with 128 bits of output (Aumasson and Bernstein, "SipHash: a fast short-input PRF",
/// 2012, and the reference implementation's 128-bit variant).
///
/// Bytes are taken in pieces; how they are cut does not matter.
struct SipHasher {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64
    private var tail: UInt64 = 0
    private var byteCount: UInt64 = 0

    init(key: HashKey) {
        v0 = 0x736f_6d65_7073_6575 ^ key.first
        v1 = 0x646f_7261_6e64_6f6d ^ key.second ^ 0xee
        v2 = 0x6c79_6765_6e65_7261 ^ key.first
        v3 = 0x7465_6462_7974_6573 ^ key.second
    }

    private mutating func round() {
        v0 &+= v1
        v1 = v1 << 13 | v1 >> 51
        v1 ^= v0
        v0 = v0 << 32 | v0 >> 32
        v2 &+= v3
        v3 = v3 << 16 | v3 >> 48
        v3 ^= v2
        v0 &+= v3
        v3 = v3 << 21 | v3 >> 43
        v3 ^= v0
        v2 &+= v1
        v1 = v1 << 17 | v1 >> 47
        v1 ^= v2
        v2 = v2 << 32 | v2 >> 32
    }

    private mutating func take(word: UInt64) {
        v3 ^= word
        round()
        round()
        v0 ^= word
    }

    mutating func append(_ byte: UInt8) {
        tail |= UInt64(byte) << (8 * (byteCount & 7))
        byteCount &+= 1
        if byteCount & 7 == 0 {
            take(word: tail)
            tail = 0
        }
    }

    /// Takes eight bytes at a time as far as it can.
    mutating func append(_ bytes: RawSpan) {
        // What waits in the tail goes in front of each word, which leaves as much in the tail.
        let waiting = 8 * (byteCount & 7)
        var offset = 0
        while bytes.byteCount - offset >= 8 {
            // Safe: any eight bytes are a number.
            let word = UInt64(
                littleEndian: unsafe bytes.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: offset,
                    as: UInt64.self
                )
            )
            take(word: tail | word << waiting)
            // A shift by 64 leaves nothing, as it should.
            tail = word >> (64 - waiting)
            byteCount &+= 8
            offset += 8
        }
        while offset < bytes.byteCount {
            append(unsafe bytes.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self))
            offset += 1
        }
    }

    mutating func finish() -> Hash128 {
        take(word: tail | byteCount << 56)
        v2 ^= 0xee
        for _ in 0..<4 { round() }
        let low = v0 ^ v1 ^ v2 ^ v3
        v1 ^= 0xdd
        for _ in 0..<4 { round() }
        return Hash128(low: low, high: v0 ^ v1 ^ v2 ^ v3)
    }
}
