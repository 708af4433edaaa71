// SPDX-License-Identifier: Apache-2.0

/// A type whose values are the keys of a database.
///
/// Keys are compared byte by byte, so the encoding must sort as the values do. A key has 1 to 511
/// bytes; what is longer or empty is refused with `MDB_BAD_VALSIZE`.
public protocol DatabaseKey: Equatable, Sendable {
    /// The key that these bytes encode, or `nil` if they encode none.
    init?(keyBytes: RawSpan)

    /// Lends the key's encoding for the length of the call.
    func withKeyBytes<Result>(_ body: (RawSpan) -> Result) -> Result
}

/// Numbers, as eight bytes, most significant first: they sort by value on every machine.
extension UInt64: DatabaseKey {
    /// The number in eight bytes; `nil` for any other count of bytes.
    public init?(keyBytes: RawSpan) {
        guard keyBytes.byteCount == 8 else { return nil }
        // Safe: the span has eight bytes, and any eight bytes are a number.
        self.init(bigEndian: unsafe keyBytes.unsafeLoadUnaligned(as: UInt64.self))
    }

    /// Lends the eight bytes.
    public func withKeyBytes<Result>(_ body: (RawSpan) -> Result) -> Result {
        let bytes = InlineArray<8, UInt8> { UInt8(truncatingIfNeeded: self >> (56 - 8 * $0)) }
        return body(unsafe bytes.span.bytes)
    }
}

/// Bytes as they are.
extension [UInt8]: DatabaseKey {
    /// A copy of the key; never `nil`.
    public init?(keyBytes: RawSpan) {
        self.init(copying: keyBytes)
    }

    /// Lends the bytes themselves.
    public func withKeyBytes<Result>(_ body: (RawSpan) -> Result) -> Result {
        body(unsafe span.bytes)
    }

    /// A copy of what the span shows.
    public init(copying bytes: RawSpan) {
        self = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
    }

    /// Appends a copy of what the span shows.
    public mutating func append(copying bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { unsafe append(contentsOf: $0) }
    }
}
