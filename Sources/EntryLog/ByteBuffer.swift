// SPDX-License-Identifier: Apache-2.0

/// Bytes that grow at the end and keep their memory when they are emptied.
///
/// All numbers are written little-endian. A value of its own: copies are independent.
public struct ByteBuffer: Sendable {
    /// How many bytes are in it.
    public private(set) var byteCount = 0
    /// Longer than ``byteCount`` by the room that is left, so that an append is a plain store.
    private var storage: [UInt8]

    /// Makes an empty buffer with room for `capacity` bytes.
    public init(capacity: Int = 0) {
        storage = [UInt8](repeating: 0, count: capacity)
    }

    /// The bytes in it.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get { storage.span.rawBytes.extracting(first: byteCount) }
    }

    /// Forgets the bytes and keeps their memory.
    public mutating func removeAll() { byteCount = 0 }

    /// Forgets the bytes from `count` on.
    mutating func truncate(to count: Int) {
        precondition(count >= 0 && count <= byteCount, "a buffer is cut where it has bytes")
        byteCount = count
    }

    /// Gives the bytes away and leaves the buffer empty, without memory.
    mutating func takeBytes() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &storage)
        taken.removeLast(taken.count - byteCount)
        byteCount = 0
        return taken
    }

    /// Takes over the memory of bytes that nobody needs any more.
    mutating func recycle(_ bytes: consuming [UInt8]) {
        guard byteCount == 0, bytes.count > storage.count else { return }
        storage = bytes
    }

    @inline(__always)
    private mutating func makeRoom(for count: Int) {
        guard storage.count - byteCount < count else { return }
        grow(for: count)
    }

    @inline(never)
    private mutating func grow(for count: Int) {
        // Not by appending a repeated byte: without optimization that takes microseconds a byte under
        // the thread sanitizer.
        var grown = [UInt8](repeating: 0, count: max(byteCount + count, 2 * storage.count, 256))
        unsafe grown.withUnsafeMutableBytes { new in
            unsafe storage.withUnsafeBytes { unsafe new.copyMemory(from: $0) }
        }
        storage = grown
    }
}

extension ByteBuffer {
    /// Appends a number, little-endian.
    @inline(__always)
    mutating func append<Number: FixedWidthInteger & BitwiseCopyable>(_ number: Number) {
        let width = MemoryLayout<Number>.size
        makeRoom(for: width)
        store(number, at: byteCount)
        byteCount += width
    }

    /// Appends a hash.
    mutating func append(_ hash: LedgerHash) {
        append(hash.words.0)
        append(hash.words.1)
        append(hash.words.2)
        append(hash.words.3)
    }

    /// Appends bytes.
    mutating func append(_ bytes: RawSpan) {
        let count = bytes.byteCount
        makeRoom(for: count)
        let start = byteCount
        var target = storage.mutableSpan
        // Safe: bytes may hold anything, and the range is checked.
        unsafe bytes.withUnsafeBytes { source in
            unsafe target.withUnsafeMutableBytes { target in
                let place = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: target[start..<start + count]
                )
                unsafe place.copyMemory(from: source)
            }
        }
        byteCount += count
    }

    /// Appends `count` bytes to be filled in later.
    mutating func appendZeros(_ count: Int) {
        makeRoom(for: count)
        let start = byteCount
        var target = storage.mutableSpan
        for index in start..<start + count { target[index] = 0 }
        byteCount += count
    }

    /// Writes a number, little-endian, over bytes that are there.
    mutating func overwrite<Number: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int,
        _ number: Number
    ) {
        precondition(
            offset >= 0 && offset + MemoryLayout<Number>.size <= byteCount,
            "only bytes that are there are overwritten"
        )
        store(number, at: offset)
    }

    /// Writes a hash over bytes that are there.
    mutating func overwrite(at offset: Int, _ hash: LedgerHash) {
        overwrite(at: offset, hash.words.0)
        overwrite(at: offset + 8, hash.words.1)
        overwrite(at: offset + 16, hash.words.2)
        overwrite(at: offset + 24, hash.words.3)
    }

    /// Appends at most 255 bytes after their number.
    ///
    /// Most are a few: they are moved in words that may overlap, which is quicker than a call.
    mutating func appendCounted(_ bytes: RawSpan) {
        let count = bytes.byteCount
        makeRoom(for: 1 + count)
        let start = byteCount + 1
        var span = storage.mutableSpan
        // Safe: every offset is checked by the span, and bytes may hold anything.
        var target = unsafe span.mutableBytes
        target.storeBytes(of: UInt8(count), toByteOffset: start - 1, as: UInt8.self)
        if count >= 8 {
            for offset in stride(from: 0, to: count - 8, by: 8) {
                target.move(bytes, offset, to: start, as: UInt64.self)
            }
            target.move(bytes, count - 8, to: start, as: UInt64.self)
        } else if count >= 4 {
            target.move(bytes, 0, to: start, as: UInt32.self)
            target.move(bytes, count - 4, to: start, as: UInt32.self)
        } else if count > 0 {
            target.move(bytes, 0, to: start, as: UInt8.self)
            target.move(bytes, count / 2, to: start, as: UInt8.self)
            target.move(bytes, count - 1, to: start, as: UInt8.self)
        }
        byteCount = start + count
    }

    @inline(__always)
    private mutating func store<Number: FixedWidthInteger & BitwiseCopyable>(
        _ number: Number,
        at offset: Int
    ) {
        var span = storage.mutableSpan
        // Safe: the offset is checked by the span, and bytes may hold anything.
        var bytes = unsafe span.mutableBytes
        bytes.storeBytes(of: number.littleEndian, toByteOffset: offset, as: Number.self)
    }
}

extension MutableRawSpan {
    /// Copies a number as it is in memory, from an offset to the same one behind `start`.
    @inline(__always)
    fileprivate mutating func move<Number: FixedWidthInteger & BitwiseCopyable>(
        _ source: RawSpan,
        _ offset: Int,
        to start: Int,
        as type: Number.Type
    ) {
        let number = source.number(at: offset, as: type).littleEndian
        storeBytes(of: number, toByteOffset: start + offset, as: type)
    }
}
