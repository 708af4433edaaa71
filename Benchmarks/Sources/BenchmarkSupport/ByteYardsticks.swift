// SPDX-License-Identifier: Apache-2.0

/// Copies bytes from one block of memory to another: the least that any work on them costs.
public struct CopyYardstick: Sendable {
    private var source: [UInt8]
    private var target: [UInt8]

    /// Makes blocks of `byteCount` bytes, written once so that their pages are there.
    public init(byteCount: Int) {
        source = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0) }
        target = [UInt8](repeating: 0, count: byteCount)
    }

    /// Copies all of them `count` times; returns a byte of the copy, so that it has to be made.
    public mutating func copy(times count: Int = 1) -> UInt8 {
        var last: UInt8 = 0
        for turn in 0..<count {
            // Something differs each time, and something is read: no copy can be left out.
            source[turn % source.count] &+= 1
            // Safe: both blocks are of one size and lent for the length of the call.
            unsafe source.withUnsafeBytes { from in
                unsafe target.withUnsafeMutableBytes { to in unsafe to.copyMemory(from: from) }
            }
            last &+= target[turn % target.count]
        }
        return last
    }
}
