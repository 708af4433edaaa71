// SPDX-License-Identifier: Apache-2.0

/// The form of a file of orders.
public enum OrderFormat: String, Sendable, CaseIterable {
    /// Comma-separated values; see docs/reference/orders-csv.md.
    case csv
    /// An object of JSON on each line; see docs/reference/orders-ndjson.md.
    case ndjson

    /// The format that a file's name tells, if it tells one.
    public init?(fileName: String) {
        let name = fileName.lowercased()
        if name.hasSuffix(".csv") {
            self = .csv
        } else if name.hasSuffix(".ndjson") || name.hasSuffix(".jsonl") {
            self = .ndjson
        } else {
            return nil
        }
    }

    /// The format that a file's first bytes tell: an object of JSON begins with a brace, and a header
    /// of CSV does not.
    ///
    /// `nil` if more bytes are needed to tell.
    public init?(beginning: [UInt8]) {
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        if beginning.count < mark.count, mark.starts(with: beginning) { return nil }
        let text = beginning.starts(with: mark) ? beginning.dropFirst(mark.count) : beginning[...]
        let first = text.first { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }
        guard let first else { return nil }
        self = first == UInt8(ascii: "{") ? .ndjson : .csv
    }
}
