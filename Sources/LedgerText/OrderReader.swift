// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// One row of an orders file.
public struct OrderRow: Hashable, Sendable {
    /// The line of the file on which the row begins, from 1.
    public var line: Int
    /// The reservation it asks for, or what is wrong with it.
    public var result: Result<Operation, Rejection>

    /// Makes a row.
    public init(line: Int, result: Result<Operation, Rejection>) {
        self.line = line
        self.result = result
    }

    /// What is wrong with it in one line, with the number of its line.
    public var problem: String? {
        switch result {
        case .success: nil
        case .failure(let rejection): "line \(line): \(rejection)"
        }
    }
}

/// Reads orders from comma-separated values, row by row, as the bytes arrive.
///
/// The columns are described in docs/reference/orders-csv.md. A header that is not understood
/// rejects the file; a row that is not understood rejects the row and nothing else. Nothing is
/// looked up: whether parties, devices and countries exist is for the ledger to say.
///
/// A value, not to be shared between threads while it is read from.
public struct OrderReader: Sendable {
    private var csv = CSVReader()
    private var rows: OrderRowReader?
    private var headerRejection: Rejection?
    private var isFinished = false
    private let caller: Actor

    /// Makes a reader for the file of a caller, who acts wherever the file names nobody else.
    public init(caller: Actor) { self.caller = caller }

    /// Takes the next piece of the file.
    public mutating func append(_ bytes: [UInt8]) { csv.append(bytes) }

    /// Takes the next piece of the file.
    public mutating func append(_ bytes: ArraySlice<UInt8>) { csv.append(bytes) }

    /// Says that the file ends here.
    public mutating func finish() {
        csv.finish()
        isFinished = true
    }

    /// The next row, or `nil` if more bytes are needed; after ``finish()``, if there are no more
    /// rows.
    ///
    /// Throws, at this call and all later ones, what is wrong with the header.
    public mutating func next() throws(Rejection) -> OrderRow? {
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
                rows = OrderRowReader(columns: try OrderColumns(header: header), caller: caller)
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
