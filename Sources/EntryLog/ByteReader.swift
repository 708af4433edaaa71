// SPDX-License-Identifier: Apache-2.0
import LedgerModel

extension Span where Element: FixedWidthInteger & BitwiseCopyable {
    /// The bytes of the numbers, as they are in memory.
    package var rawBytes: RawSpan {
        // Safe: integers have no padding.
        @_lifetime(copy self)
        get { unsafe bytes }
    }
}

extension RawSpan {
    /// The little-endian number at `offset`, which must be within the span.
    func number<Number: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int,
        as type: Number.Type = Number.self
    ) -> Number {
        // Safe: any bytes are a number, and the range is checked.
        Number(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: Number.self))
    }

    /// The little-endian 64-bit number at `offset`, which must be within the span.
    func word(at offset: Int) -> UInt64 { number(at: offset) }

    /// A copy.
    package var copied: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }
}

/// Where the free text of an operation is, for who reads its content.
enum FreeText {
    /// Among the other fields.
    case inline
    /// It was read before.
    case apart(String)
    /// There is none, or it was taken.
    case none
}

/// Reads canonical bytes from front to back and refuses whatever the encoder would not write.
struct ByteReader: ~Escapable {
    let bytes: RawSpan
    private(set) var offset = 0
    /// What is read, for messages.
    let place: LogPlace
    /// Where the free text of an operation is.
    private var apartText = FreeText.inline

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, place: LogPlace) {
        self.bytes = bytes
        self.place = place
    }

    /// A reader of bytes whose free text, if they need one, was read elsewhere.
    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, place: LogPlace, text: String?) {
        self.init(bytes, place: place)
        apartText = text.map(FreeText.apart) ?? .none
    }

    /// How an error at this place begins.
    @inline(never)
    func malformed(_ what: String) -> EntryLogError { .corrupt(at: place, what: what) }

    /// Whether nothing is left, of the text that was read elsewhere neither.
    var isAtEnd: Bool {
        if case .apart = apartText { return false }
        return offset == bytes.byteCount
    }

    /// Where the next `count` bytes begin; they are passed over.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func pass(_ count: Int, _ field: StaticString) throws(EntryLogError) -> Int {
        guard count <= bytes.byteCount - offset else {
            throw malformed("it ends within the \(field)")
        }
        let start = offset
        offset += count
        return start
    }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
        _ field: StaticString
    ) throws(EntryLogError) -> Number {
        let start = try pass(MemoryLayout<Number>.size, field)
        return bytes.number(at: start)
    }

    @_lifetime(self: copy self)
    mutating func byte(_ field: StaticString) throws(EntryLogError) -> UInt8 {
        try number(field)
    }

    /// Bytes of a text after their number; 0 stands for none.
    @_lifetime(self: copy self)
    private mutating func counted(_ field: StaticString) throws(EntryLogError) -> Range<Int> {
        let count = Int(try byte(field))
        let start = try pass(count, field)
        return start..<start + count
    }

    /// The text of an identifier, or `nil` for none.
    @_lifetime(self: copy self)
    mutating func identifierText(_ field: StaticString) throws(EntryLogError) -> String? {
        let range = try counted(field)
        guard !range.isEmpty else { return nil }
        let part = bytes.extracting(range)
        guard isIdentifierShape(part) else {
            throw malformed("the \(field) is not \(identifierShape)")
        }
        // Not `decoding` or `validating`, which are slower: ASCII is UTF-8. Safe: there is room for
        // as many bytes as are copied.
        return unsafe String(unsafeUninitializedCapacity: range.count) { target in
            unsafe part.withUnsafeBytes {
                unsafe UnsafeMutableRawBufferPointer(target).copyMemory(from: $0)
            }
            return range.count
        }
    }

    @_lifetime(self: copy self)
    mutating func identifier<Identifier: LedgerIdentifier>(
        _ field: StaticString
    ) throws(EntryLogError) -> Identifier {
        guard let text = try identifierText(field) else { throw malformed("there is no \(field)") }
        return Identifier(checked: text)
    }

    /// Free text, or `nil` for none.
    @_lifetime(self: copy self)
    mutating func optionalText(_ field: StaticString) throws(EntryLogError) -> String? {
        let range = try counted(field)
        guard !range.isEmpty else { return nil }
        guard range.count <= Reservation.maximumTextByteCount else {
            throw malformed("the \(field) has \(range.count) bytes")
        }
        return try text(range, field)
    }

    /// The free text of an operation, or `nil` for none.
    @_lifetime(self: copy self)
    mutating func optionalFreeText(_ field: StaticString) throws(EntryLogError) -> String? {
        switch apartText {
        case .inline: return try optionalText(field)
        case .none: return nil
        case .apart(let text):
            apartText = .none
            return text
        }
    }

    /// The free text of an operation that must have one.
    @_lifetime(self: copy self)
    mutating func freeText(_ field: StaticString) throws(EntryLogError) -> String {
        guard let text = try optionalFreeText(field) else {
            throw malformed("there is no \(field)")
        }
        return text
    }

    @_lifetime(self: copy self)
    mutating func text(_ field: StaticString) throws(EntryLogError) -> String {
        guard let text = try optionalText(field) else { throw malformed("there is no \(field)") }
        return text
    }

    private func text(_ range: Range<Int>, _ field: StaticString) throws(EntryLogError) -> String {
        let part = bytes.extracting(range)
        // Safe: the buffer is only read within the call.
        let text = unsafe part.withUnsafeBytes { unsafe String(validating: $0, as: UTF8.self) }
        guard let text else { throw malformed("the \(field) is not UTF-8") }
        return text
    }
}

/// Whether bytes are 1 to 64 printable ASCII characters without a blank at either end.
func isIdentifierShape(_ bytes: RawSpan) -> Bool {
    let count = bytes.byteCount
    guard count >= 1, count <= 64 else { return false }
    let first: UInt8 = bytes.number(at: 0)
    let last: UInt8 = bytes.number(at: count - 1)
    var strange: UInt64
    if count >= 8 {
        // The last eight bytes may have been looked at before.
        strange = notPrintable(bytes.word(at: count - 8))
        var offset = 0
        while offset < count - 8 {
            strange |= notPrintable(bytes.word(at: offset))
            offset += 8
        }
    } else if count >= 4 {
        let begin: UInt32 = bytes.number(at: 0)
        let end: UInt32 = bytes.number(at: count - 4)
        strange = notPrintable(UInt64(begin) | UInt64(end) << 32)
    } else {
        let middle: UInt8 = bytes.number(at: count / 2)
        let three = UInt64(first) | UInt64(middle) << 8 | UInt64(last) << 16
        strange = notPrintable(three | 0x2020_2020_2000_0000)
    }
    return strange == 0 && first != 0x20 && last != 0x20
}

/// Not 0 if one of eight bytes is not printable ASCII, 0x20 to 0x7e.
@inline(__always)
func notPrintable(_ word: UInt64) -> UInt64 {
    let highBits: UInt64 = 0x8080_8080_8080_8080
    // Of bytes below 0x80: adding 1 sets the high bit of 0x7f alone, adding 0x60 that of 0x20 and
    // above; no sum carries into the next byte. Bytes from 0x80 on are told by their own high bit.
    let low = word & ~highBits
    let isDelete = low &+ 0x0101_0101_0101_0101
    let isAboveControl = low &+ 0x6060_6060_6060_6060
    return (word | isDelete | ~isAboveControl) & highBits
}
