// SPDX-License-Identifier: Apache-2.0

import Benchmark
import EntryLog
import LedgerModel

/// The bytes of decided reservations, there and back.
func registerCodecBenchmarks() {
    Benchmark("Codec.encode", configuration: configuration(counting: "entries", "bytes")) {
        benchmark in
        let entries = try SampleOrders.entries()
        var buffer = ByteBuffer(capacity: 1 << 16)
        var bytes = 0
        benchmark.startMeasurement()
        for entry in entries {
            buffer.removeAll()
            try EntryCodec.encode(entry, into: &buffer)
            bytes += buffer.byteCount
        }
        benchmark.stopMeasurement()
        benchmark.measurement(count("entries"), entries.count)
        benchmark.measurement(count("bytes"), bytes)
    }
    Benchmark("Codec.decode", configuration: configuration(counting: "entries")) { benchmark in
        let entries = try SampleOrders.entries()
        var buffers: [ByteBuffer] = []
        for entry in entries {
            var buffer = ByteBuffer(capacity: 512)
            try EntryCodec.encode(entry, into: &buffer)
            buffers.append(buffer)
        }
        var same = 0
        benchmark.startMeasurement()
        for (place, buffer) in buffers.enumerated() {
            if try EntryCodec.decode(buffer.bytes).number == entries[place].number { same += 1 }
        }
        benchmark.stopMeasurement()
        benchmark.measurement(count("entries"), same)
    }
}
