// SPDX-License-Identifier: Apache-2.0

/// A cell of a table with its place.
struct CSVCell {
    let text: String
    let place: Place
}

/// A small strict table of comma-separated values (RFC 4180): a header, rows of as many cells.
///
/// Lines that begin with `#` before the header are comments. Line ends are LF or CRLF, a cell with
/// a comma, quote or line end stands in double quotes, a quote in it is doubled.
struct CSVTable {
    /// The largest file, in bytes: it has to fit an entry of the log.
    static let maximumByteCount = 60_000

    let rows: [[CSVCell]]

    /// Reads a file, or `nil`; `findings` then says why.
    init?(_ bytes: [UInt8], columns: [String], findings: FindingCollector) {
        guard bytes.count <= Self.maximumByteCount else {
            findings.add(
                "found \(bytes.count) bytes; expected at most \(Self.maximumByteCount)",
                at: .start
            )
            return nil
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            findings.add("found bytes that are not UTF-8; expected UTF-8 text", at: .start)
            return nil
        }
        var scanner = CSVScanner(text)
        guard let all = scanner.records(findings) else { return nil }
        guard let header = all.first else {
            findings.add("found no header; expected \(columns.joined(separator: ","))", at: .start)
            return nil
        }
        guard header.map(\.text) == columns else {
            findings.add(
                "found the header \(quoted(header.map(\.text).joined(separator: ","))); "
                    + "expected \(columns.joined(separator: ","))",
                at: header.first?.place ?? .start
            )
            return nil
        }
        rows = all.dropFirst().filter { row in
            if row.count == columns.count { return true }
            findings.add(
                "found \(row.count) cells; expected \(columns.count)",
                at: row.first?.place ?? .start
            )
            return false
        }
    }
}

private struct CSVScanner {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var place = Place.start

    init(_ text: String) {
        scalars = Array(text.unicodeScalars.drop { $0 == "\u{feff}" })
    }

    /// The header and the rows.
    mutating func records(_ findings: FindingCollector) -> [[CSVCell]]? {
        while peek == "#" { skipLine() }
        var records: [[CSVCell]] = []
        while peek != nil {
            var record: [CSVCell] = []
            var hasMore = true
            while hasMore {
                guard let cell = cell(findings) else { return nil }
                record.append(cell)
                hasMore = peek == ","
                if hasMore { advance() }
            }
            if peek == "\r" { advance() }
            guard peek == nil || peek == "\n" else {
                findings.add("found text after a closing quote; expected a comma", at: place)
                return nil
            }
            advance()
            records.append(record)
        }
        return records
    }

    private mutating func cell(_ findings: FindingCollector) -> CSVCell? {
        let start = place
        var text = String.UnicodeScalarView()
        guard peek == "\"" else {
            while let scalar = peek, scalar != ",", scalar != "\n", !isLineEnd {
                if scalar == "\"" {
                    findings.add("found a quote inside a cell; expected it in quotes", at: place)
                    return nil
                }
                text.append(scalar)
                advance()
            }
            return CSVCell(text: String(text), place: start)
        }
        advance()
        while let scalar = peek {
            advance()
            if scalar != "\"" {
                text.append(scalar)
            } else if peek == "\"" {
                text.append(scalar)
                advance()
            } else {
                return CSVCell(text: String(text), place: start)
            }
        }
        findings.add("found no closing quote; expected one", at: start)
        return nil
    }

    private var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private var isLineEnd: Bool {
        peek == "\r" && (index + 1 == scalars.count || scalars[index + 1] == "\n")
    }

    private mutating func skipLine() {
        while let scalar = peek, scalar != "\n" { advance() }
        advance()
    }

    private mutating func advance() {
        guard let scalar = peek else { return }
        index += 1
        place =
            scalar == "\n"
            ? Place(line: place.line + 1, column: 1)
            : Place(line: place.line, column: place.column + 1)
    }
}
