// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import LedgerModel
import Testing

/// The canonical bytes of an entry.
func encoded(_ entry: Entry) throws -> [UInt8] {
    var buffer = ByteBuffer()
    try EntryCodec.encode(entry, into: &buffer)
    return buffer.bytes.copied
}

/// An entry from its canonical bytes.
func decoded(_ bytes: [UInt8]) throws -> Entry {
    try EntryCodec.decode(bytes.span.rawBytes)
}

/// Lowercase hexadecimal digits.
func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// Bytes from hexadecimal digits.
func hexBytes(_ text: some StringProtocol) -> [UInt8] {
    let digits = text.compactMap { $0.hexDigitValue.map(UInt8.init) }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// The header of an entry's bytes.
func header(of bytes: [UInt8]) throws -> EntryHeader {
    try EntryHeader(bytes.span.rawBytes)
}

/// Checks a batch's bytes.
@discardableResult
func check(_ bytes: [UInt8], after head: LogHead? = nil) throws -> BatchHeader {
    try BatchReader.check(bytes.span.rawBytes, after: head)
}

extension SampleEntries {
    /// The sample with this name.
    static func named(_ name: String) throws -> Entry {
        try #require(golden.first { $0.name == name }?.entry)
    }
}
