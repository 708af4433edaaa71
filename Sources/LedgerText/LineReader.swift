// SPDX-License-Identifier: Apache-2.0

/// Finds lines in bytes that arrive in pieces; where the pieces end makes no difference.
///
/// It holds at most one line and the piece being read. A byte order mark at the start is skipped.
struct LineReader: Sendable {
    /// What a call of ``next()`` found.
    enum Step {
        /// A line: it stands at ``range`` until the next call.
        case line
        /// A line of more than ``maximumLineByteCount`` bytes, which is skipped; its beginning
        /// stands at ``range``.
        case tooLong
        /// Nothing more until more bytes are appended, or nothing at all after ``finish()``.
        case needsInput
    }

    /// The most bytes that a line may have, its end included.
    static let maximumLineByteCount = CSVReader.maximumRecordByteCount

    /// The bytes not yet done with.
    private(set) var buffer: [UInt8] = []
    /// Where the current line stands in ``buffer``, without its end.
    private(set) var range = 0..<0
    /// The number of the current line, from 1.
    private(set) var number = 0
    /// Whether the current line has bytes that are not ASCII.
    private(set) var hasSuspectBytes = false

    /// Where the next line begins.
    private var position = 0
    /// How far the next line has been looked through.
    private var scanned = 0
    private var isInTooLongLine = false
    private var isFinished = false

    /// Takes the next piece of the input.
    mutating func append(_ bytes: ArraySlice<UInt8>) {
        if position > 0 {
            buffer.removeSubrange(0..<position)
            scanned -= position
            position = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// Says that the input ends here.
    mutating func finish() { isFinished = true }

    /// Goes on to the next line.
    mutating func next() -> Step {
        if isInTooLongLine, !skipTooLongLine() { return .needsInput }
        let limit = position + Self.maximumLineByteCount
        let end = min(buffer.count, limit)
        if scanned == position { hasSuspectBytes = false }
        if scan(to: end) { return line(to: scanned, after: scanned + 1) }
        if buffer.count > limit {
            isInTooLongLine = true
            _ = line(to: limit, after: position)
            return .tooLong
        }
        guard isFinished, position < end else { return .needsInput }
        return line(to: end, after: end)
    }

    /// Looks for the line's end; true if it is at ``scanned``.
    private mutating func scan(to end: Int) -> Bool {
        let (index, isSuspect) = LineReader.lineEnd(in: buffer.span, from: scanned, to: end)
        scanned = index
        hasSuspectBytes = hasSuspectBytes || isSuspect
        return index < end
    }

    /// Where the next line feed stands, or `end`, and whether bytes in front of it are not ASCII.
    private static func lineEnd(
        in bytes: Span<UInt8>,
        from start: Int,
        to end: Int
    ) -> (index: Int, isSuspect: Bool) {
        var all: UInt8 = 0
        for index in start..<end {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\n") { return (index, all >= 0x80) }
            all |= byte
        }
        return (end, all >= 0x80)
    }

    private mutating func line(to end: Int, after next: Int) -> Step {
        number += 1
        var start = position
        if number == 1, buffer[start..<end].starts(with: [0xef, 0xbb, 0xbf]) { start += 3 }
        let hasReturn = end > start && buffer[end - 1] == UInt8(ascii: "\r")
        range = start..<(hasReturn ? end - 1 : end)
        position = next
        scanned = next
        return .line
    }

    /// Goes on behind the line that is too long; false if its end has not come yet.
    private mutating func skipTooLongLine() -> Bool {
        let end = buffer[position...].firstIndex(of: UInt8(ascii: "\n"))
        position = end.map { $0 + 1 } ?? buffer.count
        scanned = position
        isInTooLongLine = end == nil
        return !isInTooLongLine
    }
}
