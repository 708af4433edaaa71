// SPDX-License-Identifier: Apache-2.0

import Benchmark
import LedgerModel
import LedgerText

/// Orders files and lines of JSON, as the bytes arrive.
func registerReaderBenchmarks() {
    Benchmark("Reader.orders.csv", configuration: configuration(counting: "rows", "bytes")) {
        benchmark in
        var reader = OrderReader(caller: SampleOrders.caller())
        var rows = 0
        benchmark.startMeasurement()
        reader.append(SampleOrders.text)
        reader.finish()
        while let row = try reader.next() {
            if row.problem == nil { rows += 1 }
        }
        benchmark.stopMeasurement()
        benchmark.measurement(count("rows"), rows)
        benchmark.measurement(count("bytes"), SampleOrders.text.count)
    }
    Benchmark("Reader.entries.json", configuration: configuration(counting: "events", "bytes")) {
        benchmark in
        var lines: [[UInt8]] = []
        for entry in try SampleOrders.entries() {
            var writer = JSONWriter()
            writer.value(entry)
            lines.append(writer.takeBytes())
        }
        var events = 0
        benchmark.startMeasurement()
        for line in lines {
            var reader = JSONReader(line)
            while try reader.next() != nil { events += 1 }
        }
        benchmark.stopMeasurement()
        benchmark.measurement(count("events"), events)
        benchmark.measurement(count("bytes"), lines.reduce(0) { $0 + $1.count })
    }
}
