// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// Reads comma-separated values (RFC 4180) as their bytes arrive.
///
/// Feed it with ``append(_:)-([UInt8])`` in pieces of any size, call ``next()`` until it asks for
/// more, and say ``finish()`` after the last piece. Where the pieces end makes no difference.
///
/// Beyond the RFC it takes a byte order mark at the start, LF as well as CRLF, a last line without
/// either, and UTF-8 in any field; it skips empty lines. Whatever else is not of the form (a stray
/// quote, text after a closing quote, a carriage return alone, NUL, broken UTF-8, a record of more
/// than ``maximumRecordByteCount`` bytes, the wrong number of fields) is rejected, record by
/// record. Reading goes on at the next record, or, where nobody can tell where a record ends because
/// its quotes or its fields do not add up, at the line after its first.
///
/// It holds at most one record and the piece being read. No step allocates per field.
public struct CSVReader: Sendable {
    /// What a call of ``next()`` found.
    public enum Step: Sendable, Equatable {
        /// A record: its fields can be read until the next call.
        case record
        /// A record that can not be read, which is skipped; ``line`` says where it began.
        case rejected(Rejection)
        /// Nothing more until more bytes are appended, or nothing at all after ``finish()``.
        case needsInput
    }

    /// The most bytes that a record may have, its line end included.
    public static let maximumRecordByteCount = 1 << 20

    /// The columns' names, for messages; once set, every record must have as many fields.
    public var columnNames: [String] = []

    /// The bytes not yet done with.
    private(set) var buffer: [UInt8] = []
    private var scanner = CSVScanner()
    private var isFinished = false
    /// The bytes of the current record, if it has doubled quotes: they are taken out in place.
    private var untouched: [UInt8] = []

    /// Makes a reader at the start of its input.
    public init() {}

    /// Takes the next piece of the input.
    public mutating func append(_ bytes: [UInt8]) {
        discardWhatIsRead()
        buffer.append(contentsOf: bytes)
    }

    /// Takes the next piece of the input.
    public mutating func append(_ bytes: ArraySlice<UInt8>) {
        discardWhatIsRead()
        buffer.append(contentsOf: bytes)
    }

    /// Says that the input ends here.
    public mutating func finish() { isFinished = true }

    /// Goes on to the next record.
    public mutating func next() -> Step {
        if !untouched.isEmpty { untouched.removeAll(keepingCapacity: true) }
        while true {
            switch scanner.scan(buffer, isFinished: isFinished) {
            case .needsInput: return .needsInput
            case .problem(let problem): return .rejected(rejection(problem))
            case .record where scanner.isBlank: continue
            case .record:
                if let rejection = examine() { return .rejected(rejection) }
                return .record
            }
        }
    }

    /// The line on which the record, or what was rejected, began, from 1; read it before the next
    /// call.
    public var line: Int { scanner.recordLine }

    /// How many fields the current record has.
    public var fieldCount: Int { scanner.fieldCount }

    /// The bytes of a field of the current record, without its quotes.
    public func bytes(ofField index: Int) -> ArraySlice<UInt8> { buffer[range(ofField: index)] }

    /// The text of a field of the current record.
    public func text(ofField index: Int) -> String {
        String(decoding: bytes(ofField: index), as: UTF8.self)
    }

    /// The bytes of the current record as they stand in the input, without the line end; of what was
    /// rejected, those of its first line, or as many as a record may have.
    public var recordBytes: ArraySlice<UInt8> {
        if scanner.hasDoubledQuotes, !untouched.isEmpty { return untouched[...] }
        return buffer[scanner.rangeOfRecord(in: buffer)]
    }

    /// Where the bytes of a field of the current record stand in ``buffer``.
    @inline(__always)
    func range(ofField index: Int) -> Range<Int> { scanner.range(ofField: index) }
}

extension CSVReader {
    /// Drops what comes before the current record, so that the buffer holds one record at most.
    private mutating func discardWhatIsRead() {
        let count = scanner.forgetWhatIsRead()
        if count > 0 { buffer.removeSubrange(0..<count) }
    }

    /// Looks at a complete record again: how many fields it has, what its bytes are, and which of
    /// its fields need their doubled quotes taken out.
    private mutating func examine() -> Rejection? {
        if !columnNames.isEmpty, fieldCount != columnNames.count {
            // Over several lines this is more likely a quote too many than a row.
            scanner.giveUpRecordOfSeveralLines()
            return wrongFieldCount()
        }
        if scanner.hasSuspectBytes, let rejection = examineBytes() { return rejection }
        if scanner.hasDoubledQuotes {
            untouched.append(contentsOf: buffer[scanner.rangeOfRecord(in: buffer)])
            for index in 0..<fieldCount where scanner.hasDoubledQuotes(inField: index) {
                removeDoubledQuotes(ofField: index)
            }
        }
        return nil
    }

    private func examineBytes() -> Rejection? {
        let bytes = buffer.span
        for index in 0..<fieldCount {
            let range = range(ofField: index)
            let invalid = firstInvalidUTF8(in: bytes, from: range.lowerBound, to: range.upperBound)
            let nul = buffer[range].firstIndex(of: 0)
            guard let bad = [invalid, nul].compactMap(\.self).min() else { continue }
            return Rejection(
                .malformedInput,
                field: columnName(index),
                found: "\(shownByte(bytes[bad])) as byte \(bad - range.lowerBound + 1)",
                expected: nul == bad ? "text without NUL" : "UTF-8"
            )
        }
        return nil
    }

    private func wrongFieldCount() -> Rejection {
        let missing =
            fieldCount < columnNames.count
            ? "; the first that is missing is \(columnNames[fieldCount])" : ""
        return Rejection(
            .malformedInput,
            field: "row",
            found: fieldCount == 1 ? "1 field" : "\(fieldCount) fields",
            expected: "\(columnNames.count) fields, one for each column" + missing
        )
    }

    private mutating func removeDoubledQuotes(ofField index: Int) {
        let range = range(ofField: index)
        var target = range.lowerBound
        var source = range.lowerBound
        while source < range.upperBound {
            let byte = buffer[source]
            buffer[target] = byte
            target += 1
            source += byte == UInt8(ascii: "\"") ? 2 : 1
        }
        scanner.shortenField(index, to: target - range.lowerBound)
    }

    private func rejection(_ problem: CSVScanner.Problem) -> Rejection {
        let column = columnName(scanner.fieldCount)
        let (field, found, expected): (String, String, String) =
            switch problem {
            case .strayQuote:
                (column, "a quote inside a field", "quotes around the whole field")
            case .textAfterQuote(let byte):
                (
                    column, "\(shownText([byte])) after the closing quote",
                    "a comma or the end of the line there; a quote inside quotes is written twice"
                )
            case .loneReturn:
                (column, "a carriage return alone", "lines that end in LF or CRLF")
            case .tooLong:
                (
                    "row", "more than \(grouped(CSVReader.maximumRecordByteCount)) bytes",
                    "a shorter row"
                )
            case .openQuoteTooLong:
                (
                    column, "an opening quote",
                    "a closing quote within \(grouped(CSVReader.maximumRecordByteCount)) bytes"
                )
            case .openQuoteAtEnd:
                (column, "an opening quote", "a closing quote before the end of the file")
            }
        return Rejection(.malformedInput, field: field, found: found, expected: expected)
    }

    /// The name of a column, or its position where the names are not known.
    private func columnName(_ index: Int) -> String {
        index < columnNames.count ? columnNames[index] : "column \(index + 1)"
    }
}
