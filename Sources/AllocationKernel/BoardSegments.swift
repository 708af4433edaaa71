// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Words that anybody may read while one thread writes and adds to them.
///
/// They lie in segments that double in size and never move, so a reader needs no lock and no count
/// of readers; a segment lives as long as the board.
@safe
final class BoardSegments: @unchecked Sendable {
    private typealias Word = Atomic<Int64>

    /// The words of the first segment, and its logarithm.
    private static var firstLength: UInt { 1 << firstBits }
    private static var firstBits: Int { 10 }
    /// Enough for every limit that 32 bits can name.
    private static var segmentCount: Int { 33 - firstBits }

    private let starts: UnsafeMutablePointer<Atomic<UnsafeMutablePointer<Word>?>>

    init() {
        unsafe starts = .allocate(capacity: Self.segmentCount)
        for segment in 0..<Self.segmentCount {
            unsafe (starts + segment).initialize(to: Atomic(nil))
        }
    }

    deinit {
        for segment in 0..<Self.segmentCount {
            if let words = unsafe starts[segment].load(ordering: .relaxed) {
                unsafe words.deinitialize(count: Int(Self.length(of: segment)))
                unsafe words.deallocate()
            }
        }
        unsafe starts.deinitialize(count: Self.segmentCount)
        unsafe starts.deallocate()
    }

    /// What a word holds; -1 where nothing was written yet.
    @inline(__always)
    func read(_ index: UInt32) -> Int64 {
        let (segment, offset) = Self.place(of: index)
        guard let words = unsafe starts[segment].load(ordering: .acquiring) else { return -1 }
        return unsafe words[offset].load(ordering: .relaxed)
    }

    /// Writes a word; one thread at a time.
    func write(_ value: Int64, to index: UInt32) {
        let (segment, offset) = Self.place(of: index)
        if let words = unsafe starts[segment].load(ordering: .relaxed) {
            unsafe words[offset].store(value, ordering: .relaxed)
            return
        }
        let length = Int(Self.length(of: segment))
        let words = UnsafeMutablePointer<Word>.allocate(capacity: length)
        for place in 0..<length {
            unsafe (words + place).initialize(to: Atomic(place == offset ? value : -1))
        }
        unsafe starts[segment].store(words, ordering: .releasing)
    }

    private static func length(of segment: Int) -> UInt { firstLength << UInt(segment) }

    /// Segment s holds the words from (2^s - 1) * firstLength on.
    @inline(__always)
    private static func place(of index: UInt32) -> (segment: Int, offset: Int) {
        let shifted = UInt(index) + firstLength
        let segment = UInt.bitWidth - 1 - shifted.leadingZeroBitCount - firstBits
        return (segment, Int(shifted - firstLength << UInt(segment)))
    }
}
