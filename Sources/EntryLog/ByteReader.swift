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

/// Reads canonical bytes from front to back and refuses whatever the encoder would not write.
struct ByteReader: ~Escapable {
    let bytes: RawSpan
    private(set) var offset = 0
    /// What is read, for messages.
    let place: LogPlace

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, place: LogPlace) {
        self.bytes = bytes
        self.place = place
    }

    /// How an error at this place begins.
    func malformed(_ what: String) -> EntryLogError { .corrupt(at: place, what: what) }

    var isAtEnd: Bool { offset == bytes.byteCount }

    /// Where the next `count` bytes begin; they are passed over.
    @_lifetime(self: copy self)
    mutating func pass(_ count: Int, _ field: StaticString) throws(EntryLogError) -> Int {
        guard count <= bytes.byteCount - offset else {
            throw malformed("it ends within the \(field)")
        }
        let start = offset
        offset += count
        return start
    }

    @_lifetime(self: copy self)
    mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
        _ field: StaticString
    ) throws(EntryLogError) -> Number {
        bytes.number(at: try pass(MemoryLayout<Number>.size, field))
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
        // Not `validating`, which is slower: ASCII is UTF-8. Safe: it is only read within the call.
        return unsafe part.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
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
    for offset in 0..<count {
        let byte: UInt8 = bytes.number(at: offset)
        guard byte >= 0x20, byte <= 0x7e else { return false }
    }
    return bytes.number(at: 0, as: UInt8.self) != 0x20
        && bytes.number(at: count - 1, as: UInt8.self) != 0x20
}
