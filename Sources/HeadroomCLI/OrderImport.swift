// SPDX-License-Identifier: Apache-2.0

import Dispatch
import LedgerModel
import LedgerText
import QuotaLedger
import Synchronization

/// One row of an orders file with what became of it.
struct ImportedRow {
    /// What became of a row.
    enum Result {
        case answered(LedgerAnswer)
        case rejected(Rejection)
    }

    /// The line of the file, from 1.
    var line: Int
    var result: Result
}

/// Takes in a file of orders, chunk by chunk.
///
/// The caller's thread reads and parses; the ledger decides and writes meanwhile; what was answered
/// is handed on, in the order of the file, on a third thread. A bounded number of chunks is under
/// way, so memory does not grow with the file.
struct OrderImport {
    private let ledger: Ledger
    private let caller: Actor

    /// How many rows are submitted at once.
    static let chunkRowCount = 4_096
    /// How many chunks are under way at most: what the ledger has in flight, and as much again.
    static let maximumChunkCount = 12

    init(into ledger: Ledger, as caller: Actor) {
        self.ledger = ledger
        self.caller = caller
    }

    /// Reads the file to its end and waits until everything in it is answered.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - beginning: What was read of it already.
    ///   - take: Is given what became of a chunk's rows, in order; never called twice at once.
    /// - Throws: What is wrong with the file's header, or why the ledger or reading failed. What was
    ///   answered before that stays recorded.
    func run(
        _ file: borrowing InputFile,
        beginning: [UInt8],
        _ take: @escaping @Sendable ([ImportedRow]) throws -> Void
    ) throws {
        let flow = ImportFlow(ledger: ledger, take: take)
        do {
            try read(file, beginning, into: flow)
        } catch {
            flow.drain()
            // Why the flow was cut off is the reason behind whatever else failed.
            throw flow.failure ?? CommandFailure(any: error)
        }
        flow.drain()
        if let failure = flow.failure { throw failure }
    }

    private func read(
        _ file: borrowing InputFile,
        _ beginning: [UInt8],
        into flow: ImportFlow
    ) throws {
        var beginning = beginning
        var reader = OrderReader(caller: caller)
        var chunk = ImportChunk()
        var isOver = false
        while !isOver {
            let block = beginning.isEmpty ? try file.read() : beginning
            beginning = []
            isOver = block.isEmpty
            if isOver { reader.finish() } else { reader.append(block) }
            while let row = try reader.next() {
                chunk.append(row)
                guard chunk.rows.count == Self.chunkRowCount else { continue }
                guard flow.submit(chunk) else { return }
                chunk = ImportChunk()
            }
            // Whoever sends orders through a pipe may wait for the answers before it sends more.
            guard flow.submit(chunk) else { return }
            chunk = ImportChunk()
        }
    }
}

/// Rows on their way to the ledger.
struct ImportChunk: Sendable {
    /// A row: its line, and what is wrong with it unless it is an operation.
    struct Row: Sendable {
        var line: Int
        var rejection: Rejection?
    }

    private(set) var rows: [Row] = []
    private(set) var operations: [Operation] = []

    mutating func append(_ row: OrderRow) {
        if rows.isEmpty {
            rows.reserveCapacity(OrderImport.chunkRowCount)
            operations.reserveCapacity(OrderImport.chunkRowCount)
        }
        switch row.result {
        case .success(let operation):
            rows.append(Row(line: row.line, rejection: nil))
            operations.append(operation)
        case .failure(let rejection):
            rows.append(Row(line: row.line, rejection: rejection))
        }
    }

    /// The rows with the answers to their operations.
    func answered(_ answers: [LedgerAnswer]) -> [ImportedRow] {
        var next = answers.startIndex
        return rows.map { row in
            if let rejection = row.rejection {
                return ImportedRow(line: row.line, result: .rejected(rejection))
            }
            defer { next += 1 }
            if case .rejected(let rejection) = answers[next] {
                return ImportedRow(line: row.line, result: .rejected(rejection))
            }
            return ImportedRow(line: row.line, result: .answered(answers[next]))
        }
    }
}

/// The chunks under way between the reader, the ledger and whoever takes the answers.
final class ImportFlow: Sendable {
    private let ledger: Ledger
    private let take: @Sendable ([ImportedRow]) throws -> Void
    private let answers = DispatchQueue(label: "headroom.import.answers")
    private let room = DispatchSemaphore(value: OrderImport.maximumChunkCount)
    private let underWay = DispatchGroup()
    private let firstFailure = Mutex<CommandFailure?>(nil)

    init(ledger: Ledger, take: @escaping @Sendable ([ImportedRow]) throws -> Void) {
        self.ledger = ledger
        self.take = take
    }

    /// Why the import was cut off, if it was.
    var failure: CommandFailure? { firstFailure.withLock { $0 } }

    /// Hands a chunk to the ledger when there is room; false once the import is cut off.
    func submit(_ chunk: ImportChunk) -> Bool {
        guard !chunk.rows.isEmpty else { return failure == nil }
        room.wait()
        guard failure == nil else {
            room.signal()
            return false
        }
        underWay.enter()
        ledger.submit(chunk.operations, whenFull: .wait) { result in
            // Not on the ledger's thread: whoever takes the answers may have to wait.
            self.answers.async {
                self.finish(chunk, result)
                self.room.signal()
                self.underWay.leave()
            }
        }
        return true
    }

    /// Waits for the chunks under way.
    func drain() { underWay.wait() }

    private func finish(_ chunk: ImportChunk, _ result: Result<[LedgerAnswer], LedgerError>) {
        guard failure == nil else { return }
        do {
            try take(chunk.answered(try result.get()))
        } catch {
            let failure = CommandFailure(any: error)
            firstFailure.withLock { $0 = failure }
        }
    }
}
