// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BenchmarkSupport
import BenchmarkWorkloads
import EntryLog
import LedgerModel
import QuotaLedger

/// The steps between a decision and a batch, and back, one by one: what each costs an entry.
struct EncodingBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encoding",
        abstract: "Encode, hash, decode and verify the entries of generated orders in memory."
    )

    @OptionGroup var options: MarketOptions

    @Option(help: "Only the steps whose names begin so.")
    var step = ""

    func run() throws {
        let capture = EnvironmentCapture()
        let secret = try Self.secret()
        let entries = try decided()
        let log = try Self.written(entries, secret: secret)
        var rows: [BenchmarkRow] = []
        for (name, body) in steps(entries, log, secret) where name.hasPrefix(step) {
            var runs: [RunMeasurement] = []
            for _ in 0..<options.output.runs { runs.append(try RunMeasurement.of(body).1) }
            rows.append(options.row(name, workload: "orders", unit: "entries", runs: runs))
        }
        try options.output.publish("encoding", capture: capture, rows: rows)
    }

    /// The entries of the workload: those that begin the ledger, and one of each order at least.
    private func decided() throws -> [Entry] {
        let setup = MarketOperations(options.market)
        var core = LedgerCore(key: HashKey(first: 1, second: 2))
        var entries = try core.decide(setup.beginning(), now: .earliest).entries
        try setup.forEachChunk(of: 8_192) { chunk in
            entries += try core.decide(chunk, now: .earliest).entries
        }
        return entries
    }

    private static func secret() throws -> LedgerSecret {
        guard let secret = LedgerSecret(randomBytes: (0..<32).map { UInt8($0) }) else {
            throw ValidationError("32 bytes should be a secret")
        }
        return secret
    }

    /// A log of the entries in batches of 8,192.
    private static func written(
        _ entries: [Entry],
        secret: LedgerSecret
    ) throws -> InMemoryEntryLog {
        let log = InMemoryEntryLog()
        var head = try log.takeOver()
        var builder = BatchBuilder(secret: secret, frontier: MerkleFrontier())
        for start in stride(from: 0, to: entries.count, by: 8_192) {
            for entry in entries[start..<min(start + 8_192, entries.count)] {
                try builder.append(entry)
            }
            head = try log.append(builder.finish(previous: head), expecting: head).head
        }
        return log
    }

    private func steps(
        _ entries: [Entry],
        _ log: InMemoryEntryLog,
        _ secret: LedgerSecret
    ) -> [(String, () throws -> Void)] {
        [
            ("bytes alone", { try Self.encode(entries) }),
            ("bytes, leaves", { try Self.encodeChunks(entries, secret) }),
            ("bytes, leaves, tree, checksum", { _ = try Self.written(entries, secret: secret) }),
            ("the same in chunks, on all cores", { try Self.write(entries, secret) }),
            ("checksum, decode", { try Self.decode(log) }),
            ("verify: checksum, decode, leaves, tree", { _ = try log.verify(secret: secret) }),
            (
                "verify and recover the state",
                {
                    var frontier = MerkleFrontier()
                    _ = try LedgerCore.verified(from: log, secret: secret, frontier: &frontier)
                }
            ),
            ("recover the state", { _ = try LedgerCore.recovered(from: log) }),
        ]
    }

    private static func encode(_ entries: [Entry]) throws {
        var buffer = ByteBuffer(capacity: 1 << 16)
        for entry in entries {
            buffer.removeAll()
            try EntryCodec.encode(entry, into: &buffer)
        }
    }

    private static func encodeChunks(_ entries: [Entry], _ secret: LedgerSecret) throws {
        var chunk = EncodedChunk(first: EntryNumber(rawValue: 0), secret: secret)
        for start in stride(from: 0, to: entries.count, by: 4_096) {
            chunk.restart(at: entries[start].number)
            for entry in entries[start..<min(start + 4_096, entries.count)] {
                try chunk.append(entry)
            }
        }
    }

    private static func write(_ entries: [Entry], _ secret: LedgerSecret) throws {
        let encoder = ChunkEncoder(secret: secret)
        var builder = BatchBuilder(secret: secret, frontier: MerkleFrontier())
        var head = LogHead.genesis
        for start in stride(from: 0, to: entries.count, by: 8_192) {
            let chunks = try encoder.chunks(
                first: entries[start].number,
                count: min(8_192, entries.count - start)
            ) { entries[start + $0] }
            for chunk in chunks {
                try builder.append(chunk)
                encoder.recycle(chunk)
            }
            let batch = builder.finish(previous: head)
            head = batch.head
            builder.recycle(batch)
        }
    }

    private static func decode(_ log: InMemoryEntryLog) throws {
        try log.read(from: EntryNumber(rawValue: 0)) { _, bytes throws(EntryLogError) in
            _ = try BatchReader.check(bytes)
            try BatchReader.forEachEntry(in: bytes) { _, entry throws(EntryLogError) in
                _ = try EntryCodec.decode(entry)
                return .next
            }
            return .next
        }
    }
}
