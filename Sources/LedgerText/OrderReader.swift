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

/// Reads orders from a file, row by row, as the bytes arrive.
///
/// The formats are described in docs/reference/orders-csv.md and docs/reference/orders-ndjson.md.
/// A header of CSV that is not understood rejects the file; a row that is not understood rejects the
/// row and nothing else. Nothing is looked up: whether parties, devices and countries exist is for
/// the ledger to say. The same orders give the same operations in either format.
///
/// It holds at most one row and the piece being read. A value, not to be shared between threads
/// while it is read from.
public struct OrderReader: Sendable {
    // One of the two is there; kept apart, so that neither is copied when it goes on.
    private var csv: CSVOrderReader?
    private var json: JSONOrderReader?

    /// Makes a reader at the start of a file.
    ///
    /// - Parameters:
    ///   - caller: Who acts wherever the file names nobody else.
    ///   - format: The form of the file.
    ///   - mapping: What its columns or keys are called.
    /// - Throws: What is wrong with the mapping: it names a field that the format does not have.
    public init(
        caller: Actor,
        format: OrderFormat,
        mapping: OrderMapping = .none
    ) throws(Rejection) {
        switch format {
        case .csv:
            try mapping.check(.columns)
            csv = CSVOrderReader(caller: caller, mapping: mapping)
        case .ndjson:
            try mapping.check(.keys)
            json = JSONOrderReader(caller: caller, mapping: mapping)
        }
    }

    /// Makes a reader for a file of comma-separated values, whose columns have the fields' names.
    public init(caller: Actor) { csv = CSVOrderReader(caller: caller, mapping: .none) }

    /// Takes the next piece of the file.
    public mutating func append(_ bytes: [UInt8]) { append(bytes[...]) }

    /// Takes the next piece of the file.
    public mutating func append(_ bytes: ArraySlice<UInt8>) {
        csv?.append(bytes)
        json?.append(bytes)
    }

    /// Says that the file ends here.
    public mutating func finish() {
        csv?.finish()
        json?.finish()
    }

    /// The next row, or `nil` if more bytes are needed; after ``finish()``, if there are no more
    /// rows.
    ///
    /// Throws, at this call and all later ones, what is wrong with the header of CSV.
    public mutating func next() throws(Rejection) -> OrderRow? {
        json != nil ? json?.next() : try csv?.next()
    }

    /// The bytes of the last row as they stand in the file, without its line end; of a row that can
    /// not be read, those of its first line, or the beginning of one that is too long.
    ///
    /// Read it before anything else is called.
    public var rowBytes: ArraySlice<UInt8> { csv?.rowBytes ?? json?.rowBytes ?? [] }
}
