// SPDX-License-Identifier: Apache-2.0
import Foundation
import LMDB
import Testing

/// What two processes, and users without permission, may do.
@Suite struct ProcessTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func makeReadable() throws {
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755],
            ofItemAtPath: scratch.path
        )
        let environment = try Environment(
            path: scratch.path,
            options: EnvironmentOptions(fileMode: 0o644)
        )
        let numbers: Database<UInt64> = try environment.database()
        try environment.put([1], for: 1, in: numbers)
    }

    @Test func aSecondWritingProcessIsToldWhoIsInAtOnce() async throws {
        let environment = try Environment(path: scratch.path)
        let path = scratch.path
        let holder = getpid()
        await #expect(processExitsWith: .success) {
            [path = path as String, holder = holder as Int32] in
            let error = openForWriting(path)
            guard error?.cause == .locked(processIdentifier: holder), error?.isLocked == true,
                error?.description.contains("process \(holder) has it open") == true
            else { exit(2) }
        }
        #expect(environment.path == path)
    }

    @Test func aReadingProcessWorksBesideAWriter() async throws {
        let environment = try Environment(path: scratch.path)
        let numbers = try openNumbers(environment)
        try environment.put([1], for: 1, in: numbers)
        let path = scratch.path
        await #expect(processExitsWith: .success) { [path = path as String] in
            guard firstValue(path) == [1] else { exit(2) }
        }
        try environment.put([2], for: 2, in: numbers)
    }

    @Test func theLockEndsWithItsProcessHoweverItEnds() async throws {
        let path = scratch.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let environment = try Environment(path: path)
            let numbers: Database<UInt64> = try openNumbers(environment)
            try environment.put([1], for: 1, in: numbers)
            kill(getpid(), SIGKILL)
        }
        #expect(openForWriting(path) == nil)
        #expect(firstValue(path) == [1])
    }

    @Test func aReaderWithoutAPlaceInTheTableKeepsWritersOut() throws {
        _ = try Environment(path: scratch.path)
        // What such a reader holds, see the next test.
        let descriptor = unsafe open("\(scratch.path)/writer.lock", O_RDONLY | O_CLOEXEC)
        #expect(descriptor >= 0)
        #expect(flock(descriptor, LOCK_SH | LOCK_NB) == 0)
        #expect(openForWriting(scratch.path)?.cause == .locked(processIdentifier: nil))
        close(descriptor)
        #expect(openForWriting(scratch.path) == nil)
    }

    @Test(.enabled(if: geteuid() == 0, "only the superuser can become somebody else"))
    func whoMayNotWriteMayStillRead() async throws {
        try makeReadable()
        let path = scratch.path
        await #expect(processExitsWith: .success) { [path = path as String] in
            guard setuid(65_534) == 0 else { exit(2) }
            guard openForWriting(path)?.isPermissionDenied == true else { exit(3) }
            guard firstValue(path) == [1] else { exit(4) }
            // While it reads, it holds the shared lock.
            let environment = try Environment(path: path, options: .looking)
            let descriptor = unsafe open("\(path)/writer.lock", O_RDONLY | O_CLOEXEC)
            guard flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else { exit(5) }
            guard environment.path == path else { exit(6) }
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only the superuser can become somebody else"))
    func whoMayNotWriteIsToldOfAWriter() async throws {
        try makeReadable()
        let environment = try Environment(path: scratch.path)
        let path = scratch.path
        let holder = getpid()
        await #expect(processExitsWith: .success) {
            [path = path as String, holder = holder as Int32] in
            guard setuid(65_534) == 0 else { exit(2) }
            let error = lmdbError { () throws(LMDBError) in
                _ = try Environment(path: path, options: .looking)
            }
            guard error?.cause == .locked(processIdentifier: holder) else { exit(3) }
        }
        #expect(environment.path == path)
    }

    @Test(.enabled(if: geteuid() == 0, "only the superuser can become somebody else"))
    func whoMayNotReadIsToldSo() async throws {
        try makeReadable()
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600],
            ofItemAtPath: scratch.dataFile
        )
        let path = scratch.path
        await #expect(processExitsWith: .success) { [path = path as String] in
            guard setuid(65_534) == 0 else { exit(2) }
            let error = lmdbError { () throws(LMDBError) in
                _ = try Environment(path: path, options: .looking)
            }
            guard error?.isPermissionDenied == true, error?.path == "\(path)/data.mdb",
                error?.description.contains("owner and the mode") == true
            else { exit(3) }
        }
    }
}

private func openForWriting(_ path: String) -> LMDBError? {
    lmdbError { () throws(LMDBError) in _ = try Environment(path: path) }
}

/// The value of key 1, read in an environment of its own.
private func firstValue(_ path: String) -> [UInt8]? {
    guard let environment = try? Environment(path: path, options: .looking),
        let numbers = try? openNumbers(environment)
    else { return nil }
    return try? environment.withReadTransaction { transaction throws(LMDBError) in
        try transaction.value(for: 1, in: numbers)
    }
}

private func openNumbers(_ environment: Environment) throws(LMDBError) -> Database<UInt64> {
    try environment.database()
}

extension Environment {
    /// One value in a transaction of its own.
    func put(
        _ value: [UInt8],
        for key: UInt64,
        in numbers: Database<UInt64>
    ) throws(LMDBError) {
        try withWriteTransaction { transaction throws(LMDBError) in
            try transaction.put(value, for: key, in: numbers)
        }
    }
}
