// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// Reads orders from lines of JSON (NDJSON) as their bytes arrive: an object on each line.
///
/// A line that is not understood is rejected and nothing else. It holds at most one line and the
/// piece being read.
struct JSONOrderReader: Sendable {
    private var lines = LineReader()
    private var objects: OrderObjectReader

    init(caller: Actor, mapping: OrderMapping) {
        objects = OrderObjectReader(caller: caller, mapping: mapping)
    }

    /// Takes the next piece of the file.
    mutating func append(_ bytes: ArraySlice<UInt8>) { lines.append(bytes) }

    /// Says that the file ends here.
    mutating func finish() { lines.finish() }

    /// The bytes of the last row, without its line end; of one that is too long, its beginning.
    var rowBytes: ArraySlice<UInt8> { lines.buffer[lines.range] }

    /// The next row, or `nil` if more bytes are needed or there are no more rows.
    mutating func next() -> OrderRow? {
        while true {
            switch lines.next() {
            case .needsInput: return nil
            case .tooLong: return OrderRow(line: lines.number, result: .failure(Self.tooLong))
            case .line where isBlank: continue
            case .line: return row()
            }
        }
    }

    private var isBlank: Bool {
        let bytes = lines.buffer.span
        for index in lines.range where ![0x20, 0x09, 0x0d].contains(bytes[index]) { return false }
        return true
    }

    private mutating func row() -> OrderRow {
        do throws(Rejection) {
            try checkUTF8()
            let operation = try objects.operation(lines.buffer, at: lines.range)
            return OrderRow(line: lines.number, result: .success(operation))
        } catch {
            return OrderRow(line: lines.number, result: .failure(error))
        }
    }

    private func checkUTF8() throws(Rejection) {
        guard lines.hasSuspectBytes else { return }
        let range = lines.range
        let bad = firstInvalidUTF8(
            in: lines.buffer.span,
            from: range.lowerBound,
            to: range.upperBound
        )
        guard let bad else { return }
        throw Rejection(
            .malformedInput,
            field: "json",
            found: "\(shownByte(lines.buffer[bad])) as byte \(bad - range.lowerBound + 1)",
            expected: "UTF-8"
        )
    }

    private static let tooLong = Rejection(
        .malformedInput,
        field: "line",
        found: "more than \(grouped(LineReader.maximumLineByteCount)) bytes",
        expected: "a shorter line"
    )
}
