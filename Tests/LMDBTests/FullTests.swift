// SPDX-License-Identifier: Apache-2.0
import Foundation
import LMDB
import Testing

/// What happens when there is no room.
@Suite struct FullTests {
    @Test func aFullMapLeavesWhatWasThereAndALargerOneGoesOn() throws {
        let scratch = try Scratch()
        let small = EnvironmentOptions(mapByteCount: 256 << 10, synchronization: .none)
        do {
            let environment = try Environment(path: scratch.path, options: small)
            let numbers: Database<UInt64> = try environment.database()
            try environment.put([1], for: 0, in: numbers)
            let error = lmdbError { () throws(LMDBError) in
                try environment.withWriteTransaction { transaction throws(LMDBError) in
                    for key: UInt64 in 1...10_000 {
                        try transaction.put(
                            [UInt8](repeating: 1, count: 200),
                            for: key,
                            in: numbers
                        )
                    }
                }
            }
            #expect(error?.isMapFull == true)
            #expect(error?.operation == .put)
            #expect(error?.isOutcomeUnknown == false)
            #expect(error?.description.contains("larger map") == true)
            // Nothing of it remains, and what fits still goes in.
            #expect(try environment.keyCount(numbers) == 1)
            try environment.put([2], for: 1, in: numbers)
        }
        let environment = try Environment(path: scratch.path, options: .quick)
        let numbers: Database<UInt64> = try environment.database()
        try environment.withWriteTransaction { transaction throws(LMDBError) in
            for key: UInt64 in 1...10_000 {
                try transaction.put([UInt8](repeating: 1, count: 200), for: key, in: numbers)
            }
        }
        #expect(try environment.keyCount(numbers) == 10_001)
    }

    @Test func aBodyThatHidesAFullMapDoesNotCommit() throws {
        let scratch = try Scratch()
        let small = EnvironmentOptions(mapByteCount: 256 << 10, synchronization: .none)
        let environment = try Environment(path: scratch.path, options: small)
        let numbers: Database<UInt64> = try environment.database()
        let error = lmdbError { () throws(LMDBError) in
            try environment.withWriteTransaction { transaction throws(LMDBError) in
                try transaction.put([1], for: 1, in: numbers)
                let hidden = lmdbError { () throws(LMDBError) in
                    try transaction.put(
                        [UInt8](repeating: 1, count: 1 << 20),
                        for: 2,
                        in: numbers
                    )
                }
                #expect(hidden?.isMapFull == true)
            }
        }
        #expect(error?.operation == .commit)
        #expect(error?.isOutcomeUnknown == false)
        #expect(try environment.keyCount(numbers) == 0)
        try environment.put([1], for: 1, in: numbers)
    }

    @Test func aFullDiskPoisonsUntilReopened() async {
        await #expect(processExitsWith: .success) {
            try fillTheDisk()
        }
    }

    @Test func aCopyThatDoesNotFitIsRemoved() async {
        await #expect(processExitsWith: .success) {
            try copyToAFullDisk()
        }
    }
}

/// Limits the length of this process's files, which to `pwrite` is much like a full disk.
private func limitFiles(to byteCount: UInt64) {
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit(rlim_cur: 0, rlim_max: 0)
    _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    limit.rlim_cur = min(rlim_t(byteCount), limit.rlim_max)
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
}

/// Ends the process, and with it the test, unless the condition holds.
///
/// The exit code tells the line.
private func require(_ condition: Bool, line: Int32 = #line) {
    if !condition { exit(line) }
}

private func fillTheDisk() throws {
    let scratch = try Scratch()
    do {
        let environment = try Environment(path: scratch.path)
        let numbers: Database<UInt64> = try environment.database()
        try environment.put([1], for: 0, in: numbers)
        limitFiles(to: 1 << 20)
        let error = lmdbError { () throws(LMDBError) in
            try environment.put([UInt8](repeating: 1, count: 8 << 20), for: 1, in: numbers)
        }
        require(error?.operation == .commit)
        require(error?.isDiskFull == true)
        require(error?.isOutcomeUnknown == true)
        require(error?.description.contains("close, reopen and compare") == true)
        limitFiles(to: .max)
        // Even though there is room again, only reopening helps.
        let next = lmdbError { () throws(LMDBError) in
            try environment.put([2], for: 1, in: numbers)
        }
        require(next?.cause == .poisoned)
        require(next?.isOutcomeUnknown == true)
        require(lmdbError(environment.flush)?.cause == .poisoned)
        let opening = lmdbError { () throws(LMDBError) in
            _ = try environment.database(named: "other", keys: UInt64.self)
        }
        require(opening?.cause == .poisoned)
        require(try environment.keyCount(numbers) == 1)
    }
    let environment = try Environment(path: scratch.path)
    let numbers: Database<UInt64> = try environment.database()
    require(try environment.keyCount(numbers) == 1)
    try environment.put([2], for: 1, in: numbers)
    require(try environment.keyCount(numbers) == 2)
}

private func copyToAFullDisk() throws {
    let (scratch, target) = (try Scratch(), try Scratch())
    let environment = try Environment(path: scratch.path)
    let numbers: Database<UInt64> = try environment.database()
    try environment.put([UInt8](repeating: 1, count: 8 << 20), for: 1, in: numbers)
    limitFiles(to: 1 << 20)
    let error = lmdbError { () throws(LMDBError) in try environment.copy(to: target.path) }
    require(error?.operation == .copy)
    require(error?.isDiskFull == true)
    require(!FileManager.default.fileExists(atPath: target.dataFile))
}

extension Environment {
    fileprivate func keyCount(_ numbers: Database<UInt64>) throws(LMDBError) -> Int {
        try withReadTransaction { transaction throws(LMDBError) in
            try transaction.count(in: numbers)
        }
    }
}
