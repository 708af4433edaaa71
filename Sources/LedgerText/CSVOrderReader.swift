// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// Reads orders from comma-separated values: a header that names the columns, then an order a row.
struct CSVOrderReader: Sendable {
    private var csv = CSVReader()
    private var rows: OrderRowReader?
    private var headerRejection: Rejection?
    private var isFinished = false
    private let caller: Actor
    private let mapping: OrderMapping

    init(caller: Actor, mapping: OrderMapping) {
        self.caller = caller
        self.mapping = mapping
    }

    /// Takes the next piece of the file.
    mutating func append(_ bytes: ArraySlice<UInt8>) { csv.append(bytes) }

    /// Says that the file ends here.
    mutating func finish() {
        csv.finish()
        isFinished = true
    }

    /// The bytes of the last row, or of the first line of what can not be read.
    var rowBytes: ArraySlice<UInt8> { csv.recordBytes }

    /// The next row, or `nil` if more bytes are needed or there are no more rows.
    ///
    /// Throws, at this call and all later ones, what is wrong with the header.
    mutating func next() throws(Rejection) -> OrderRow? {
        if rows == nil {
            guard try readHeader() else { return nil }
        }
        switch csv.next() {
        case .needsInput: return nil
        case .rejected(let rejection): return OrderRow(line: csv.line, result: .failure(rejection))
        case .record: return row()
        }
    }

    /// Reads the header; false if it has not come yet.
    private mutating func readHeader() throws(Rejection) -> Bool {
        if let headerRejection { throw headerRejection }
        do throws(Rejection) {
            switch csv.next() {
            case .needsInput where isFinished: throw OrderColumns.noHeader
            case .needsInput: return false
            case .rejected(var rejection):
                rejection.field = "header, " + rejection.field
                throw rejection
            case .record:
                let header = (0..<csv.fieldCount).map { csv.text(ofField: $0) }
                let columns = try OrderColumns(header: header, mapping: mapping)
                rows = OrderRowReader(columns: columns, caller: caller)
                csv.columnNames = header
                return true
            }
        } catch {
            headerRejection = error
            throw error
        }
    }

    private mutating func row() -> OrderRow {
        do throws(Rejection) {
            guard let operation = try rows?.operation(csv) else {
                preconditionFailure("the header must be read before a row is")
            }
            return OrderRow(line: csv.line, result: .success(operation))
        } catch {
            return OrderRow(line: csv.line, result: .failure(error))
        }
    }
}
