// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LMDBEntryLog
import LedgerModel
import QuotaLedger
import StateStore
import Synchronization

/// Headroom's ledger: rulebook, entries with salted leaves, the tree, the index of ids and LMDB.
///
/// Making the operations is in the time.
public struct LedgerPeer: Peer {
    /// What it is.
    public let name = "Headroom ledger"
    /// Each batch is synced before its answers are given.
    public let durability = Durability.synced
    /// How many callers ask, each of them waiting for its answers.
    public let clientCount: Int
    /// How many claims a caller submits at once.
    public let batchCount: Int
    /// What the columns do not show.
    public let settings = "LMDB, salted leaves, tree, id index on disk"

    private let folder: String

    /// Makes a peer that keeps its files in a folder of its own, which it empties.
    public init(folder: String, clients: Int, batchCount: Int) {
        self.folder = folder
        clientCount = clients
        self.batchCount = batchCount
    }

    /// Decides all claims by callers that share the stream.
    public func run(_ workload: PeerWorkload) throws(PeerError) -> PeerRun {
        let operations = try LedgerOperations(workload)
        let log = try openLog()
        let ledger = try open(log, for: operations)
        defer { ledger.close() }
        log.restart()
        let answers = AnswerBook(count: workload.claims.count)
        let cursor = ClaimCursor(count: workload.claims.count, piece: batchCount)
        let failure = Mutex<LedgerError?>(nil)
        let nanoseconds = Mutex<[UInt64]>([])
        let stopwatch = Stopwatch()
        onThreads(clientCount) { _ in
            var times: [UInt64] = []
            do throws(LedgerError) {
                while let piece = cursor.take() {
                    let before = Stopwatch.nanoseconds()
                    answers.put(
                        try ledger.submit(operations.reservations(piece)),
                        at: piece.lowerBound
                    )
                    if batchCount == 1 { times.append(Stopwatch.nanoseconds() - before) }
                }
            } catch {
                failure.withLock { $0 = error }
            }
            nanoseconds.withLock { $0 += times }
        }
        let time = stopwatch.read()
        if let error = failure.withLock({ $0 }) { throw PeerError("the ledger: \(error)") }
        let reading = try LedgerReading(answers.all(), workload, operations)
        return PeerRun(
            outcomes: reading.outcomes,
            order: .decided(reading.order),
            used: reading.used,
            time: time,
            callNanoseconds: batchCount == 1 ? nanoseconds.withLock { $0 } : nil,
            bytesPerClaim: Double(log.appendedByteCount) / Double(workload.claims.count)
        )
    }

    private static func secret() throws(PeerError) -> LedgerSecret {
        guard let secret = LedgerSecret(randomBytes: (0..<32).map { UInt8($0) }) else {
            throw PeerError("32 bytes should be a secret")
        }
        return secret
    }

    private func openLog() throws(PeerError) -> MeasuredLog {
        try emptyFolder(folder)
        do {
            return MeasuredLog(try LMDBEntryLog.create(at: folder + "/log", secret: Self.secret()))
        } catch {
            throw PeerError("the log can not be made: \(error)")
        }
    }

    private func open(
        _ log: MeasuredLog,
        for operations: LedgerOperations
    ) throws(PeerError) -> Ledger {
        let beginning = try operations.beginning()
        do {
            let store = try LMDBStateStore(path: folder + "/state")
            let ledger = try Ledger.open(
                log,
                secret: try Self.secret(),
                snapshots: store,
                operations: OperationStorage(store),
                policy: SnapshotPolicy(entriesAtClose: nil)
            ) { LedgerOperations.time }
            for start in stride(from: 0, to: beginning.count, by: 8_192) {
                let part = Array(beginning[start..<min(start + 8_192, beginning.count)])
                for answer in try ledger.submit(part) {
                    guard case .recorded(let entry) = answer, Self.isAccepted(entry) else {
                        throw PeerError("the ledger did not take its beginning: \(answer)")
                    }
                }
            }
            return ledger
        } catch {
            throw PeerError("the ledger can not be opened: \(error)")
        }
    }

    private static func isAccepted(_ entry: Entry) -> Bool {
        guard case .operation(let record) = entry.content else { return false }
        return record.outcome.refusal == nil
    }
}

/// The answers of all callers, by the position of the claim.
///
/// Safe to use from any thread.
private final class AnswerBook: Sendable {
    private let answers: Mutex<[LedgerAnswer?]>

    init(count: Int) { answers = Mutex([LedgerAnswer?](repeating: nil, count: count)) }

    func put(_ given: [LedgerAnswer], at position: Int) {
        answers.withLock { answers in
            for (offset, answer) in given.enumerated() { answers[position + offset] = answer }
        }
    }

    func all() -> [LedgerAnswer?] { answers.withLock { $0 } }
}
