// SPDX-License-Identifier: Apache-2.0

import Benchmark
import EntryLog
import LedgerModel

/// The leaves of entries and the tree over them.
func registerTreeBenchmarks() {
    Benchmark("Tree.append", configuration: configuration(counting: "leaves", "edge.bytes")) {
        benchmark in
        let leaves = try hashed(SampleOrders.entries()).leaves
        var frontier = MerkleFrontier()
        benchmark.startMeasurement()
        for leaf in leaves { frontier.append(leaf) }
        benchmark.stopMeasurement()
        benchmark.measurement(count("leaves"), Int(frontier.size))
        benchmark.measurement(count("edge.bytes"), frontier.serialized.count)
    }
    Benchmark("Chunk.append", configuration: configuration(counting: "leaves", "bytes")) {
        benchmark in
        let entries = try SampleOrders.entries()
        benchmark.startMeasurement()
        let chunk = try hashed(entries)
        benchmark.stopMeasurement()
        benchmark.measurement(count("leaves"), chunk.entryCount)
        benchmark.measurement(count("bytes"), chunk.byteCount)
    }
    Benchmark("Chunk.hashTree", configuration: configuration(counting: "leaves")) { benchmark in
        var chunk = try hashed(SampleOrders.entries())
        benchmark.startMeasurement()
        chunk.hashTree()
        benchmark.stopMeasurement()
        benchmark.measurement(count("leaves"), chunk.entryCount)
    }
}

/// A chunk with the entries in it, without the tree.
private func hashed(_ entries: [Entry]) throws -> EncodedChunk {
    guard let first = entries.first else {
        throw SampleError(description: "the sample has no entries")
    }
    var chunk = EncodedChunk(first: first.number, secret: try SampleOrders.secret())
    for entry in entries { try chunk.append(entry) }
    return chunk
}
