// SPDX-License-Identifier: Apache-2.0

import Foundation
import QuotaLedger

/// What was measured of one way to keep an index.
struct Figures {
    var what: String
    var count = 0
    var putCPU = 0.0
    var putWall = 0.0
    var newLook = 0.0
    var knownLook = 0.0
    var memory = 0
    var disk = 0

    func print() {
        func perID(_ seconds: Double) -> String {
            String(format: "%.0f ns", seconds / Double(max(1, count)) * 1e9)
        }
        func each(_ seconds: Double) -> String {
            seconds > 0 ? String(format: "%.0f ns", seconds * 1e9) : ""
        }
        func size(_ bytes: Int) -> String { bytes > 0 ? "\(bytes >> 20) MiB" : "" }
        Swift.print(
            "| \(what) | \(count) | \(perID(putCPU)) | \(perID(putWall)) | \(each(newLook)) "
                + "| \(each(knownLook)) | \(size(memory)) | \(size(disk)) |"
        )
    }
}

/// The name of an operation: random bits that its number determines (SplitMix64).
func name(_ number: Int) -> Hash128 {
    func mix(_ seed: UInt64) -> UInt64 {
        var word = seed &* 0x9E37_79B9_7F4A_7C15
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
    return Hash128(low: mix(2 * UInt64(number) + 1), high: mix(2 * UInt64(number) + 2))
}

/// The hash of its content.
func content(_ number: Int) -> Hash128 { name(number + 1 << 40) }

/// The seconds of processor and of wall that a body takes.
func timed(_ body: () throws -> Void) rethrows -> (cpu: Double, wall: Double) {
    func cpu() -> Double {
        var usage = rusage()
        _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double {
            Double(time.tv_sec) + Double(time.tv_usec) / 1e6
        }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }
    let before = cpu()
    let start = ContinuousClock.now
    try body()
    return (cpu() - before, (ContinuousClock.now - start) / .seconds(1))
}

/// The seconds that one look takes, of numbers that a step spreads over `range`.
func timedLooks(_ lookCount: Int, in range: Range<Int>, _ look: (Int) throws -> Void) rethrows
    -> Double
{
    var number = range.lowerBound
    return try timed {
        for _ in 0..<lookCount {
            try look(number)
            number += 7_919_717
            if number >= range.upperBound {
                number = range.lowerBound + (number - range.lowerBound) % range.count
            }
        }
    }.cpu / Double(lookCount)
}

/// The memory of this process that is no file's, in bytes.
func privateMemory() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("RssAnon") }
    let kibibytes = line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) }
    return (kibibytes ?? 0) << 10
}

/// The bytes of a file.
func byteCount(of file: URL) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
    return (attributes?[.size] as? Int) ?? 0
}
