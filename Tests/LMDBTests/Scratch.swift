// SPDX-License-Identifier: Apache-2.0
import Foundation
import LMDB

/// A directory for one test, removed with its contents when the value goes away.
final class Scratch {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("lmdb-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var dataFile: String { "\(path)/data.mdb" }

    func dataBytes() throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: dataFile))
    }

    func replaceData(with bytes: Data) throws {
        try bytes.write(to: URL(fileURLWithPath: dataFile))
    }
}

/// Random numbers that a seed determines (SplitMix64, Steele, Lea and Flood 2014).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// An error that is not storage's.
enum OwnError: Error, Equatable {
    case storage(LMDBError)
    case unwanted
}

extension EnvironmentOptions {
    /// Small, and without waiting for the disk.
    static let quick = EnvironmentOptions(mapByteCount: 64 << 20, synchronization: .none)
    static let looking = EnvironmentOptions(access: .readOnly)
}

/// The error that `body` throws.
func lmdbError(_ body: () throws(LMDBError) -> Void) -> LMDBError? {
    do throws(LMDBError) {
        try body()
        return nil
    } catch {
        return error
    }
}

extension ReadTransaction {
    /// Everything in the database, in order.
    func contents<Key>(_ database: Database<Key>) throws(LMDBError) -> [(Key, [UInt8])] {
        var entries: [(Key, [UInt8])] = []
        try scan(database) { key, value in
            entries.append((key, [UInt8](copying: value)))
            return .next
        }
        return entries
    }
}
