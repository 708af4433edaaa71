// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// Remembers the identifiers made from bytes, because files name the same few over and over.
///
/// Direct-mapped: a new identifier takes the place of another one with the same hash, so the cache
/// never grows and a file of all different names costs no more than no cache.
struct IdentifierCache<Identifier: LedgerIdentifier>: Sendable {
    /// The bytes of an identifier, eight to a word, filled up with NUL, which none of them holds.
    private struct Key: Equatable {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

        @inline(__always)
        static func == (left: Key, right: Key) -> Bool { left.words == right.words }
    }

    private struct Slot {
        var key = Key()
        var identifier: Identifier?
    }

    /// Longer identifiers are made anew each time.
    private static var maximumByteCount: Int { 32 }

    private var slots: [Slot]

    /// Makes a cache of a power of two of slots.
    init(slotCountLog2: Int) { slots = Array(repeating: Slot(), count: 1 << slotCountLog2) }

    /// The identifier that some bytes of a buffer spell, or `nil` if they do not have the shape.
    @inline(__always)
    mutating func identifier(_ buffer: [UInt8], _ range: Range<Int>) -> Identifier? {
        guard range.count <= Self.maximumByteCount else {
            return newIdentifier(buffer, range, Identifier.self)
        }
        let bytes = buffer.span
        var key = Key()
        key.words.0 = word(bytes, range.lowerBound, range.upperBound)
        var hash = mixed(0, key.words.0)
        if range.count > 8 {
            key.words.1 = word(bytes, range.lowerBound + 8, range.upperBound)
            hash = mixed(hash, key.words.1)
        }
        if range.count > 16 {
            key.words.2 = word(bytes, range.lowerBound + 16, range.upperBound)
            hash = mixed(hash, key.words.2)
        }
        if range.count > 24 {
            key.words.3 = word(bytes, range.lowerBound + 24, range.upperBound)
            hash = mixed(hash, key.words.3)
        }
        let index = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        if slots[index].key == key { return slots[index].identifier }
        guard let identifier = newIdentifier(buffer, range, Identifier.self) else { return nil }
        slots[index] = Slot(key: key, identifier: identifier)
        return identifier
    }

    @inline(__always)
    private func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word) &* 0x9e37_79b9_7f4a_7c15
        return product ^ product >> 32
    }

    /// Up to eight bytes from a position on, the first in the highest place that is used.
    @inline(__always)
    private func word(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> UInt64 {
        var packed: UInt64 = 0
        for index in start..<min(start + 8, end) { packed = packed << 8 | UInt64(bytes[index]) }
        return packed
    }
}

/// The identifier that some bytes of a buffer spell, or `nil` if they do not have the shape.
func newIdentifier<Identifier: LedgerIdentifier>(
    _ buffer: [UInt8],
    _ range: Range<Int>,
    _: Identifier.Type
) -> Identifier? {
    guard (1...64).contains(range.count), buffer[range.lowerBound] != 0x20,
        buffer[range.upperBound - 1] != 0x20
    else { return nil }
    let bytes = buffer.span
    for index in range where bytes[index] &- 0x20 > 0x5e { return nil }
    return Identifier(checked: String(decoding: buffer[range], as: UTF8.self))
}
