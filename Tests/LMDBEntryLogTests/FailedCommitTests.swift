// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import Foundation
import LMDBEntryLog
import LedgerModel
import Testing

struct FailedCommitTests {
    /// In a process of its own: the limit on the size of files holds for the whole process.
    @Test func afterAFailedCommitTheLogRefusesEverythingUntilItIsReopened() async {
        await #expect(processExitsWith: .success) {
            let scratch = Scratch()
            try scratch.makeLedger(batches: [10])
            do {
                let log = try scratch.open()
                limitFiles(to: 1 << 20)
                require(isUnknown { try append(batches: [20_000], to: log) })
                limitFiles(to: .max)
                require(isUnknown { _ = try log.head() })
                require(isUnknown { _ = try log.frontier() })
                require(isUnknown { _ = try log.takeOver() })
                require(isUnknown { _ = try log.entry(EntryNumber(rawValue: 0)) })
            }
            let log = try scratch.open()
            require(try log.head().next == 10)
            require(try append(batches: [20_000], to: log).next == 20_010)
        }
    }
}

private func isUnknown(_ body: () throws -> Void) -> Bool {
    guard case .outcomeUnknown = logError(body) else { return false }
    return true
}

/// Ends the process, and with it the test, unless the condition holds.
///
/// The exit code tells the line.
private func require(_ condition: Bool, line: Int32 = #line) {
    if !condition { exit(line) }
}

private func limitFiles(to byteCount: UInt64) {
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit(rlim_cur: 0, rlim_max: 0)
    _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    limit.rlim_cur = min(rlim_t(byteCount), limit.rlim_max)
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
}
