// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import BenchmarkWorkloads
import EntryLog
import Foundation
import LMDBEntryLog
import LedgerModel
import QuotaLedger
import StateStore

/// A ledger with a history, and beside it a bare log with the same bytes, to be measured in turns.
///
/// Every run adds to the history, so the stated length is where it begins.
final class LedgerTrial {
    static let bareLog = "bare log"

    let ledger: Ledger
    let sync: String
    let history: Int
    let operations: MarketOperations
    private let folder: String
    private let log: LMDBEntryLog
    private let bare: LMDBEntryLog
    private var orders: GeneratedMarket.OrderStream
    private var operationNumber = 0

    init(folder: String, sync: String, history: Int, market: GeneratedMarket) throws {
        self.folder = folder
        self.sync = sync
        self.history = history
        let manager = FileManager.default
        try? manager.removeItem(atPath: folder)
        try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
        log = try LMDBEntryLog.create(at: "\(folder)/log", secret: .forBenchmarks())
        let store = try LMDBStateStore(path: "\(folder)/state")
        ledger = try Ledger.open(
            log,
            secret: log.secret,
            snapshots: store,
            operations: OperationStorage(store),
            policy: SnapshotPolicy(entriesAtClose: nil)
        ) { .earliest }
        operations = MarketOperations(market)
        orders = market.orders()
        _ = try ledger.submit(operations.beginning())
        while try log.head().next < UInt64(history) {
            ProgressLine.terminal.show("history: \(try log.head().next) of \(history) entries")
            let left = history - Int(try log.head().next)
            var chunk: [LedgerModel.Operation] = []
            for _ in 0..<min(8_192, left) {
                if let order = operations.reservation(orders.next()) { chunk.append(order) }
            }
            _ = try ledger.submit(chunk)
        }
        ledger.drain()
        try log.copy(to: "\(folder)/bare")
        bare = try LMDBEntryLog.open(at: "\(folder)/bare", access: .readWrite)
    }

    /// Ends the trial and deletes its folder.
    func close() throws {
        ledger.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    /// New operations, in batches.
    func nextOperations(_ count: Int, batch: Int) -> [[LedgerModel.Operation]] {
        stride(from: 0, to: count, by: batch).map { first in
            (first..<min(first + batch, count)).compactMap { _ in
                operationNumber += 1
                return operations.reservation(orders.next(), id: "R\(operationNumber)")
            }
        }
    }

    // MARK: - Batches

    /// Rows for sizes of batches, each with its yardsticks.
    func batchRows(
        _ batches: [Int],
        orderCount: Int,
        _ plan: InterleavedRuns
    ) throws -> [BenchmarkRow] {
        let measured = batches.map { batch in
            BatchOfOrders(
                trial: self,
                batch: batch,
                orderCount: min(max(orderCount, batch), max(2_000, batch * 512)),
                warmUpCount: plan.warmUpCount
            )
        }
        let cases = measured.flatMap(\.cases)
        let runs = try plan.measure(cases, progress: .terminal)
        return measured.enumerated().flatMap { place, batch in
            batch.rows(Array(runs[place * 3..<place * 3 + 3]), sizes: batches)
        }
    }

    var parameters: [String: String] {
        ["sync": sync, "history": "\(history)", "parties": "\(operations.market.partyCount)"]
    }

    var namePrefix: String { "ledger.L1.sync-\(sync).history\(history)" }

    var seed: UInt64 { operations.market.seed }

    /// Where the log ends, before a run.
    struct Edge {
        var head: LogHead
        var frontier: MerkleFrontier
    }

    func edge() throws -> Edge {
        ledger.drain()
        return Edge(head: try log.head(), frontier: try log.frontier())
    }

    /// Takes the batches behind an edge out of the log, checked, with a digest of their decisions.
    func readBack(_ edge: Edge) throws -> (batches: [EncodedBatch], digest: DecisionDigest) {
        ledger.drain()
        var bytes: [[UInt8]] = []
        let first = EntryNumber(rawValue: edge.head.next)
        try log.read(from: first) { _, span throws(EntryLogError) in
            // Safe: the bytes are lent for the length of the call and copied.
            unsafe span.withUnsafeBytes { unsafe bytes.append(Array($0)) }
            return .next
        }
        var (head, frontier) = (edge.head, edge.frontier)
        var digest = DecisionDigest()
        let batches = try bytes.map { bytes in
            let batch = try EncodedBatch(
                verifying: bytes,
                after: head,
                frontier: frontier,
                secret: log.secret
            )
            (head, frontier) = (batch.head, batch.frontier)
            try digest.addDecisions(of: batch)
            return batch
        }
        return (batches, digest)
    }

    /// Appends batches to the bare log, and says how long each took.
    func appendBare(_ batches: [EncodedBatch], into latency: inout LatencyHistogram) throws {
        let clock = SystemClock()
        var head = try bare.head()
        for batch in batches {
            let start = clock.nanoseconds
            guard case .appended(let next) = try bare.append(batch, expecting: head) else {
                throw BenchmarkFailure("the bare log refused a batch")
            }
            latency.record(clock.nanoseconds - start)
            head = next
        }
    }

    /// Brings the bare log up to the ledger's, outside of any measurement.
    func catchUp() throws {
        let edge = Edge(head: try bare.head(), frontier: try bare.frontier())
        var ignored = LatencyHistogram()
        try appendBare(readBack(edge).batches, into: &ignored)
    }
}

extension DecisionDigest {
    /// Adds what came of each entry of a batch: granted, or the refusal.
    mutating func addDecisions(of batch: EncodedBatch) throws {
        var failure: EntryLogError?
        // Safe: bytes have no invalid values.
        try unsafe BatchReader.forEachEntry(in: batch.bytes.span.bytes) { _, bytes in
            do throws(EntryLogError) {
                let entry = try EntryCodec.decode(bytes)
                switch entry.content {
                case .operation(let record):
                    add(record.outcome.refusal.map { UInt64($0.rawValue) + 2 } ?? 1)
                case .expiry(let expiry): add(expiry.hold.rawValue)
                case .limit(let event): add(UInt64(bitPattern: event.used.rawValue))
                }
                return .next
            } catch {
                failure = error
                return .stop
            }
        }
        if let failure { throw failure }
    }
}
