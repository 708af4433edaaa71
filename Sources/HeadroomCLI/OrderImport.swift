// SPDX-License-Identifier: Apache-2.0

import Dispatch
import LedgerModel
import QuotaLedger
import Synchronization

/// Takes in a file of orders, chunk by chunk.
///
/// The caller's thread reads and parses; the ledger decides and writes meanwhile; what was answered
/// is handed on, in the order of the file, on a third thread. A bounded number of chunks is under
/// way, so memory does not grow with the file.
struct OrderImport {
    /// Is given what became of a chunk's rows, and how much of the file had been read by then.
    typealias Taking = @Sendable ([ImportedRow], _ readByteCount: UInt64) throws -> Void

    private let ledger: Ledger

    /// How many chunks are under way at most: what the ledger has in flight, and as much again.
    static let maximumChunkCount = 12

    init(into ledger: Ledger) { self.ledger = ledger }

    /// Reads the file to its end and waits until everything in it is answered.
    ///
    /// - Parameters:
    ///   - input: The file.
    ///   - file: How it is to be read.
    ///   - take: Is given what became of each chunk, in order; never called twice at once.
    /// - Throws: What is wrong with the file's header, or why the ledger or reading failed. What was
    ///   answered before that stays recorded.
    func run(
        _ input: borrowing InputFile,
        as file: OrderFile,
        _ take: @escaping Taking
    ) throws {
        let flow = ImportFlow(ledger: ledger, take: take)
        do {
            try file.forEachChunk(of: input) { flow.submit($0) }
        } catch {
            flow.drain()
            // Why the flow was cut off is the reason behind whatever else failed.
            throw flow.failure ?? CommandFailure(any: error)
        }
        flow.drain()
        if let failure = flow.failure { throw failure }
    }
}

/// The chunks under way between the reader, the ledger and whoever takes the answers.
final class ImportFlow: Sendable {
    private let ledger: Ledger
    private let take: OrderImport.Taking
    private let answers = DispatchQueue(label: "headroom.import.answers")
    private let room = DispatchSemaphore(value: OrderImport.maximumChunkCount)
    private let underWay = DispatchGroup()
    private let firstFailure = Mutex<CommandFailure?>(nil)

    init(ledger: Ledger, take: @escaping OrderImport.Taking) {
        self.ledger = ledger
        self.take = take
    }

    /// Why the import was cut off, if it was.
    var failure: CommandFailure? { firstFailure.withLock { $0 } }

    /// Hands a chunk to the ledger when there is room; false once the import is cut off.
    func submit(_ chunk: ImportChunk) -> Bool {
        ledger.waitForOperationStorage()
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
            try take(chunk.answered(try result.get().map(\.row)), chunk.readByteCount)
        } catch {
            let failure = CommandFailure(any: error)
            firstFailure.withLock { $0 = failure }
        }
    }
}

/// Says what the orders of a file would be answered, chunk by chunk; nothing is written.
struct OrderRehearsal: ~Copyable {
    private var rehearsal: Rehearsal

    init(_ rehearsal: consuming Rehearsal) { self.rehearsal = rehearsal }

    /// Reads the file to its end; what is said of ``OrderImport/run(_:as:_:)`` holds here too.
    mutating func run(
        _ input: borrowing InputFile,
        as file: OrderFile,
        _ take: OrderImport.Taking
    ) throws {
        try file.forEachChunk(of: input) { chunk in
            let answers = try rehearsal.answers(to: chunk.operations, now: systemTime())
            let results = zip(chunk.operations, answers).map { $1.row(of: $0) }
            try take(chunk.answered(results), chunk.readByteCount)
            return true
        }
    }
}

extension LedgerAnswer {
    /// What became of a row.
    fileprivate var row: ImportedRow.Result {
        switch self {
        case .recorded(let entry): .recorded(entry)
        case .replayed(let entry): .replayed(entry)
        case .rejected(let rejection): .rejected(rejection)
        }
    }
}

extension RehearsedAnswer {
    /// What would become of a row.
    fileprivate func row(of operation: Operation) -> ImportedRow.Result {
        switch self {
        case .recorded(let entry): .recorded(entry)
        case .replayed(let entry): .replayed(entry)
        case .repeated(let outcome): .repeated(operation.id, outcome)
        case .rejected(let rejection): .rejected(rejection)
        }
    }
}
