// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerText

/// One row of an orders file with what became of it.
struct ImportedRow {
    /// What became of a row.
    enum Result {
        case recorded(Entry)
        case replayed(Entry)
        /// In a rehearsal: an order that an earlier row of the file asked already.
        case repeated(OperationIdentifier, Outcome)
        case rejected(Rejection)
    }

    /// The line of the file, from 1.
    var line: Int
    var result: Result
    /// Its bytes, if it was rejected and they were to be kept.
    var bytes: ArraySlice<UInt8> = []
}

/// Rows of an orders file on their way to the ledger.
struct ImportChunk: Sendable {
    /// A row: its line, and what is wrong with it unless it is an operation.
    private struct Row: Sendable {
        var line: Int
        var rejection: Rejection?
        /// Where its bytes stand in ``ImportChunk/bytes``.
        var range: Range<Int>
    }

    /// How many rows are submitted at once.
    static let maximumRowCount = 4_096

    private(set) var operations: [Operation] = []
    /// How much of the file had been read when the chunk was made.
    var readByteCount: UInt64 = 0
    private var rows: [Row] = []
    private var bytes: [UInt8] = []

    var isEmpty: Bool { rows.isEmpty }
    var isFull: Bool { rows.count >= Self.maximumRowCount }

    /// Adds a row.
    ///
    /// - Parameters:
    ///   - row: What was read.
    ///   - bytes: The row as it stands in the file, or nothing.
    mutating func append(_ row: OrderRow, _ bytes: ArraySlice<UInt8>) {
        if rows.isEmpty {
            rows.reserveCapacity(Self.maximumRowCount)
            operations.reserveCapacity(Self.maximumRowCount)
        }
        let begin = self.bytes.count
        self.bytes.append(contentsOf: bytes)
        let range = begin..<self.bytes.count
        switch row.result {
        case .success(let operation):
            rows.append(Row(line: row.line, rejection: nil, range: range))
            operations.append(operation)
        case .failure(let rejection):
            rows.append(Row(line: row.line, rejection: rejection, range: range))
        }
    }

    /// The rows with what became of their operations.
    func answered(_ results: [ImportedRow.Result]) -> [ImportedRow] {
        var next = results.startIndex
        return rows.map { row in
            let result: ImportedRow.Result
            if let rejection = row.rejection {
                result = .rejected(rejection)
            } else {
                result = results[next]
                next += 1
            }
            guard case .rejected = result else {
                return ImportedRow(line: row.line, result: result)
            }
            return ImportedRow(line: row.line, result: result, bytes: bytes[row.range])
        }
    }
}

/// How a file of orders is to be read.
struct OrderFile {
    /// At the start of the file.
    var reader: OrderReader
    /// What was read of it already.
    var beginning: [UInt8]
    /// Whether rows keep their bytes.
    var keepsBytes: Bool

    /// Reads the file to its end, a bounded number of rows and bytes at a time.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - take: Takes the next rows; false to read no more.
    /// - Throws: What is wrong with the file's header, why reading failed, or what `take` throws.
    func forEachChunk(
        of file: borrowing InputFile,
        _ take: (ImportChunk) throws -> Bool
    ) throws {
        var reader = reader
        var chunk = ImportChunk()
        var readByteCount: UInt64 = 0
        func hand(_ chunk: inout ImportChunk) throws -> Bool {
            defer { chunk = ImportChunk() }
            chunk.readByteCount = readByteCount
            return try chunk.isEmpty || take(chunk)
        }
        var block = beginning
        while true {
            if block.isEmpty { block = try file.read() }
            readByteCount += UInt64(block.count)
            let isOver = block.isEmpty
            if isOver { reader.finish() } else { reader.append(block) }
            block = []
            while let row = try reader.next() {
                chunk.append(row, keepsBytes ? reader.rowBytes : [])
                if chunk.isFull {
                    guard try hand(&chunk) else { return }
                }
            }
            // Whoever sends orders through a pipe may wait for the answers before it sends more; and
            // so no chunk has more than a block's bytes.
            guard try hand(&chunk), !isOver else { return }
        }
    }
}
