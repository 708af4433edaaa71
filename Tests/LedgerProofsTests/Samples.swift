// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import LedgerProofs
import Testing

/// Bytes from hexadecimal digits.
func hexBytes(_ text: some StringProtocol) -> [UInt8] {
    let digits = text.compactMap { $0.hexDigitValue.map(UInt8.init) }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// SHA-256 of bytes.
func hash(_ bytes: [UInt8]) -> LedgerHash { sha256(bytes.span.rawBytes) }

/// Leaves that all differ.
func sampleLeaves(_ count: Int) -> [LedgerHash] {
    (0..<count).map {
        hash([UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8), 7])
    }
}

/// The root of leaves, RFC 6962, section 2.1, word for word.
func plainRoot(_ leaves: ArraySlice<LedgerHash>) -> LedgerHash {
    if leaves.isEmpty { return hash([]) }
    if leaves.count == 1 { return leaves[leaves.startIndex] }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    let left = plainRoot(leaves.prefix(split))
    let right = plainRoot(leaves.dropFirst(split))
    return hash([1] + left.bytes + right.bytes)
}

/// Every way in which bytes differ from others in one place: each bit of each byte, each byte left
/// out, each byte twice, and each beginning.
func alterations(of bytes: [UInt8]) -> [[UInt8]] {
    var altered: [[UInt8]] = []
    for index in bytes.indices {
        for bit in 0..<8 {
            var copy = bytes
            copy[index] ^= 1 << UInt8(bit)
            altered.append(copy)
        }
        altered.append(Array(bytes[..<index]) + bytes[(index + 1)...])
        altered.append(Array(bytes[...index]) + bytes[index...])
        altered.append(Array(bytes[..<index]))
    }
    // Taking out one of two neighbors that are the same is the same twice.
    return altered.filter { $0 != bytes }
}

/// Random bytes of a random length.
func randomBytes(_ random: inout SeededGenerator, atMost count: Int) -> [UInt8] {
    (0..<Int(random.next() % UInt64(count + 1))).map { _ in
        UInt8(truncatingIfNeeded: random.next())
    }
}

/// A key that is the same each time.
func sampleKey(
    _ name: String,
    _ algorithm: NoteAlgorithm = .ed25519,
    seed: UInt8 = 1
) throws -> NoteSigningKey {
    try NoteSigningKey(
        name: NoteKeyName(name),
        algorithm: algorithm,
        seed: (0..<32).map { $0 &+ seed }
    )
}
