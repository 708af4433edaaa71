// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import BenchmarkWorkloads
import LMDBEntryLog
import LedgerModel
import QuotaLedger
import Synchronization

/// A durable ledger to which a thread submits orders, batch after batch, and gauges of all countries'
/// limits to look at meanwhile.
final class BusyLedger: Sendable {
    private struct Source {
        var orders: GeneratedMarket.OrderStream
        var number = 0
    }

    let market: GeneratedMarket
    let gauges: [LimitGauge]
    private let ledger: Ledger
    private let operations: MarketOperations
    private let batch: Int
    /// Only the submitting thread takes it for long.
    private let source: Mutex<Source>
    private let thread = BusyThread()

    init(folder: String, market: GeneratedMarket, batch: Int) throws {
        self.market = market
        self.batch = batch
        operations = MarketOperations(market)
        let log = try LMDBEntryLog.create(at: folder, secret: .forBenchmarks())
        ledger = try Ledger.open(log, secret: log.secret) { .earliest }
        var source = Source(orders: market.orders())
        _ = try ledger.submit(operations.beginning())
        // One batch, so that countries have a use to be gauged.
        _ = try ledger.submit(Self.chunk(&source, operations, batch))
        self.source = Mutex(source)
        guard let report = try ledger.capReport() else {
            throw BenchmarkFailure("a ledger with a rulebook has a cap report")
        }
        gauges = try ledger.gauges(of: report.lines.map { .country($0.country) })
    }

    private static func chunk(
        _ source: inout Source,
        _ operations: MarketOperations,
        _ count: Int
    ) -> [Operation] {
        (0..<count).compactMap { _ in
            source.number += 1
            return operations.reservation(source.orders.next(), id: "G\(source.number)")
        }
    }

    /// Begins; returns when the first batch is durable.
    func start() {
        thread.start { [self] note in
            let count = try source.withLock { source in
                try ledger.submit(Self.chunk(&source, operations, batch)).count
            }
            note(count)
        }
    }

    /// Ends with the last batch that was submitted, and holds every gauge against the cap report.
    ///
    /// - Returns: How many durable decisions a second were made while it was wanted.
    func stop() throws -> Double {
        let rate = try thread.stop()
        guard let report = try ledger.capReport() else {
            throw BenchmarkFailure("a ledger with a rulebook has a cap report")
        }
        let lines = Dictionary(
            uniqueKeysWithValues: report.lines.map { (LimitName.country($0.country), $0.headroom) }
        )
        for gauge in gauges where gauge.headroom != lines[gauge.name] {
            throw BenchmarkFailure(
                "the gauge of \(gauge.name) shows \(gauge.headroom?.rawValue ?? -1) left, and the cap "
                    + "report \(lines[gauge.name]?.rawValue ?? -1)"
            )
        }
        return rate
    }

    /// Closes the ledger.
    func close() { ledger.close() }
}

/// Looks at gauges in turn, from any number of threads.
final class GaugeList: Sendable {
    private let gauges: [LimitGauge]
    /// What the looks found, so that none can be left out.
    private let fitCount = Atomic<Int>(0)
    private let nanoseconds = Atomic<Int>(0)

    init(_ gauges: [LimitGauge]) { self.gauges = gauges }

    /// How long the threads that looked have been on cores for it, since it was asked last.
    func takeNanoseconds() -> Int { nanoseconds.exchange(0, ordering: .acquiring) }

    /// Looks so many times, beginning at a gauge of the reader's own.
    func run(_ count: Int, from reader: Int) {
        let before = ThreadUsage.ownNanoseconds()
        var place = reader * 7 % gauges.count
        var found = 0
        for turn in 0..<count {
            if gauges[place].holds(TPP(rawValue: Int64(turn & 0xffff))) { found &+= 1 }
            place = place + 1 == gauges.count ? 0 : place + 1
        }
        // Relaxed: nobody reads it before the threads have met.
        fitCount.wrappingAdd(found, ordering: .relaxed)
        // Releasing: pairs with the exchange in `takeNanoseconds`.
        nanoseconds.wrappingAdd(Int(ThreadUsage.ownNanoseconds() - before), ordering: .releasing)
    }
}
