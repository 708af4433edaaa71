// SPDX-License-Identifier: Apache-2.0
import Foundation
import LMDB
import Testing

@Suite struct MaintenanceTests {
    private let scratch: Scratch
    private let environment: Environment
    private let numbers: Database<UInt64>

    init() throws {
        scratch = try Scratch()
        environment = try Environment(path: scratch.path, options: .quick)
        numbers = try environment.database(named: "numbers")
    }

    @Test(arguments: [true, false])
    func aCopyHasWhatIsCommitted(compacting: Bool) throws {
        try environment.withWriteTransaction { transaction throws(LMDBError) in
            for key: UInt64 in 0..<5_000 {
                try transaction.put([UInt8](repeating: 1, count: 100), for: key, in: numbers)
            }
        }
        try environment.withWriteTransaction { transaction throws(LMDBError) in
            try transaction.deleteAll(from: 1_000, in: numbers)
        }
        let target = try Scratch()
        try environment.copy(to: target.path, compacting: compacting)
        let copy = try Environment(path: target.path, options: .looking)
        let copied: Database<UInt64> = try copy.database(named: "numbers")
        let keys = try copy.withReadTransaction { transaction throws(LMDBError) in
            try transaction.contents(copied).map(\.0)
        }
        #expect(keys == Array(0..<1_000))
        #expect(
            try (copy.byteCountOnDisk() < environment.byteCountOnDisk() / 2) == compacting
        )
    }

    @Test func anEmptyEnvironmentCanBeCopied() throws {
        let (source, target) = (try Scratch(), try Scratch())
        let empty = try Environment(path: source.path)
        try empty.copy(to: target.path)
        let copy = try Environment(path: target.path)
        #expect(try copy.byteCountOnDisk() == 8_192)
    }

    @Test func aCopyOverwritesNothing() throws {
        let target = try Scratch()
        try target.replaceData(with: Data("precious".utf8))
        let error = lmdbError { () throws(LMDBError) in try environment.copy(to: target.path) }
        #expect(error?.code == EEXIST)
        #expect(error?.path == target.dataFile)
        #expect(try target.dataBytes() == Data("precious".utf8))
    }

    @Test func aCopyToNowhereIsNotFound() throws {
        let error = lmdbError { () throws(LMDBError) in
            try environment.copy(to: "\(scratch.path)/nowhere")
        }
        #expect(error?.isNotFound == true)
    }

    @Test func theLengthOnDiskIsTheFilesLength() throws {
        try environment.put([UInt8](repeating: 1, count: 100_000), for: 1, in: numbers)
        try environment.flush()
        #expect(try environment.byteCountOnDisk() == UInt64(scratch.dataBytes().count))
        #expect(try environment.byteCountOnDisk() > 100_000)
    }
}
