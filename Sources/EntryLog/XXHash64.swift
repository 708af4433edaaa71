// SPDX-License-Identifier: Apache-2.0

/// XXH64, a fast checksum of 64 bits (the xxHash specification, version 0.1.1, by Yann Collet).
///
/// It finds accidents, not attacks: those are found by the tree.
public func xxHash64(_ bytes: RawSpan, seed: UInt64 = 0) -> UInt64 {
    // Safe: the buffer is read within its bounds, which every load checks below.
    unsafe bytes.withUnsafeBytes { unsafe XXHash64.checksum($0, seed: seed) }
}

private enum XXHash64 {
    static let prime1: UInt64 = 0x9e37_79b1_85eb_ca87
    static let prime2: UInt64 = 0xc2b2_ae3d_27d4_eb4f
    static let prime3: UInt64 = 0x1656_67b1_9e37_79f9
    static let prime4: UInt64 = 0x85eb_ca77_c2b2_ae63
    static let prime5: UInt64 = 0x27d4_eb2f_1656_67c5

    static func checksum(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
        let count = bytes.count
        var offset = 0
        var sum: UInt64
        if count >= 32 {
            var lane1 = seed &+ prime1 &+ prime2
            var lane2 = seed &+ prime2
            var lane3 = seed
            var lane4 = seed &- prime1
            while offset <= count - 32 {
                lane1 = round(lane1, unsafe word(bytes, offset))
                lane2 = round(lane2, unsafe word(bytes, offset + 8))
                lane3 = round(lane3, unsafe word(bytes, offset + 16))
                lane4 = round(lane4, unsafe word(bytes, offset + 24))
                offset += 32
            }
            sum =
                rotate(lane1, 1) &+ rotate(lane2, 7) &+ rotate(lane3, 12) &+ rotate(lane4, 18)
            sum = merge(merge(merge(merge(sum, lane1), lane2), lane3), lane4)
        } else {
            sum = seed &+ prime5
        }
        sum &+= UInt64(count)
        while offset <= count - 8 {
            sum ^= round(0, unsafe word(bytes, offset))
            sum = rotate(sum, 27) &* prime1 &+ prime4
            offset += 8
        }
        if offset <= count - 4 {
            let half = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
            sum ^= UInt64(UInt32(littleEndian: half)) &* prime1
            sum = rotate(sum, 23) &* prime2 &+ prime3
            offset += 4
        }
        while offset < count {
            sum ^= UInt64(unsafe bytes[offset]) &* prime5
            sum = rotate(sum, 11) &* prime1
            offset += 1
        }
        return avalanche(sum)
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    private static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
        value << count | value >> (64 - count)
    }

    private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
        rotate(lane &+ input &* prime2, 31) &* prime1
    }

    private static func merge(_ sum: UInt64, _ lane: UInt64) -> UInt64 {
        (sum ^ round(0, lane)) &* prime1 &+ prime4
    }

    private static func avalanche(_ sum: UInt64) -> UInt64 {
        var sum = (sum ^ sum >> 33) &* prime2
        sum = (sum ^ sum >> 29) &* prime3
        return sum ^ sum >> 32
    }
}
