// SPDX-License-Identifier: Apache-2.0

/// The wire format of Redis, version 2 of its protocol: commands out.
public enum RESP {
    /// Appends a command: an array of bulk strings.
    public static func append(_ words: [String], to bytes: inout [UInt8]) {
        appendHeader(UInt8(ascii: "*"), words.count, to: &bytes)
        for word in words { appendWord(word.utf8, to: &bytes) }
    }

    /// Appends the head of a command of so many words; the words follow.
    public static func appendCommandHeader(wordCount: Int, to bytes: inout [UInt8]) {
        appendHeader(UInt8(ascii: "*"), wordCount, to: &bytes)
    }

    /// Appends one word of a command: a bulk string.
    public static func appendWord(
        _ word: some Collection<UInt8>,
        to bytes: inout [UInt8]
    ) {
        appendHeader(UInt8(ascii: "$"), word.count, to: &bytes)
        bytes.append(contentsOf: word)
        appendLineEnd(to: &bytes)
    }

    /// Appends a number in decimal, without a frame.
    public static func appendDecimal(_ number: Int, to bytes: inout [UInt8]) {
        var rest = number.magnitude
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        let start = bytes.count
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }

    private static func appendHeader(_ kind: UInt8, _ count: Int, to bytes: inout [UInt8]) {
        bytes.append(kind)
        appendDecimal(count, to: &bytes)
        appendLineEnd(to: &bytes)
    }

    private static func appendLineEnd(to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\r"))
        bytes.append(UInt8(ascii: "\n"))
    }
}

/// A reply of Redis.
public enum RESPReply: Equatable, Sendable {
    /// A status such as OK.
    case status(String)
    /// An error.
    case error(String)
    /// A whole number.
    case number(Int64)
    /// A string, or nothing.
    case text(String?)
    /// Several replies, or nothing.
    case list([RESPReply]?)
}

/// Reads replies out of bytes that come piece by piece.
public struct RESPParser: Sendable {
    private var bytes: [UInt8] = []
    private var start = 0

    /// Makes a parser that was given nothing yet.
    public init() {}

    /// Adds what was received.
    public mutating func receive(_ received: some Sequence<UInt8>) {
        if start > 0 {
            bytes.removeSubrange(..<start)
            start = 0
        }
        bytes.append(contentsOf: received)
    }

    /// The next whole reply, or `nil` if more bytes are needed.
    ///
    /// - Throws: ``PeerError`` if the bytes are no reply.
    public mutating func next() throws(PeerError) -> RESPReply? {
        var place = start
        guard let reply = try reply(at: &place) else { return nil }
        start = place
        return reply
    }

    private func reply(at place: inout Int) throws(PeerError) -> RESPReply? {
        guard place < bytes.count else { return nil }
        let kind = bytes[place]
        place += 1
        guard let line = line(at: &place) else { return nil }
        switch kind {
        case UInt8(ascii: "+"): return .status(String(decoding: line, as: UTF8.self))
        case UInt8(ascii: "-"): return .error(String(decoding: line, as: UTF8.self))
        case UInt8(ascii: ":"): return .number(try number(line))
        case UInt8(ascii: "$"):
            let count = Int(try number(line))
            if count < 0 { return .text(nil) }
            guard bytes.count - place >= count + 2 else { return nil }
            let text = String(decoding: bytes[place..<place + count], as: UTF8.self)
            place += count + 2
            return .text(text)
        case UInt8(ascii: "*"):
            let count = Int(try number(line))
            if count < 0 { return .list(nil) }
            var replies: [RESPReply] = []
            for _ in 0..<count {
                guard let reply = try reply(at: &place) else { return nil }
                replies.append(reply)
            }
            return .list(replies)
        default: throw PeerError("Redis sent a reply of unknown kind \(kind)")
        }
    }

    /// The bytes up to the next line end, which is passed.
    private func line(at place: inout Int) -> ArraySlice<UInt8>? {
        guard let end = bytes[place...].firstIndex(of: UInt8(ascii: "\r")), end + 1 < bytes.count
        else { return nil }
        let line = bytes[place..<end]
        place = end + 2
        return line
    }

    private func number(_ digits: ArraySlice<UInt8>) throws(PeerError) -> Int64 {
        var value: Int64 = 0
        let isNegative = digits.first == UInt8(ascii: "-")
        for digit in isNegative ? digits.dropFirst() : digits {
            let worth = Int64(digit) - Int64(UInt8(ascii: "0"))
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            guard 0 <= worth, worth <= 9, !isTooLarge, product <= Int64.max - worth else {
                throw PeerError("Redis sent a number that is none")
            }
            value = product + worth
        }
        return isNegative ? -value : value
    }
}
