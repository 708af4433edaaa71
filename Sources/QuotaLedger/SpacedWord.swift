// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A word that several threads write, on a cache line of its own.
///
/// Whatever the alignment, no other word is within 56 bytes in front of it or behind it, so no line
/// of 64 bytes holds it together with another.
struct SpacedWord: ~Copyable, Sendable {
    private let before = InlineArray<7, UInt64>(repeating: 0)
    let word: Atomic<UInt64>
    private let after = InlineArray<7, UInt64>(repeating: 0)

    init(_ value: UInt64) { word = Atomic(value) }
}
