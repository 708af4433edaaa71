// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Testing

@Suite("A log is verified and folded in one pass")
struct VerifiedRecoveryTests {
    private let key = HashKey(first: 1, second: 2)

    /// A log with one batch that is large enough to be read on several cores, and small ones.
    private func log() throws -> InMemoryEntryLog {
        let stream = GeneratedStream(seed: 31, profile: .reservations, count: 2_000)
        let log = InMemoryEntryLog()
        let ledger = try makeLedger(log)
        _ = try ledger.submit(Array(stream.operations.prefix(1_500)))
        for operation in stream.operations.dropFirst(1_500) { _ = try ledger.submit([operation]) }
        ledger.close()
        #expect(try log.head().next > 1_000)
        return log
    }

    @Test("the state is that of the log alone, and the tree's edge the log's")
    func itIsTheSame() throws {
        let log = try log()
        var frontier = MerkleFrontier()
        let core = try LedgerCore.verified(
            from: log,
            secret: testSecret(),
            key: key,
            frontier: &frontier
        )
        #expect(try core.digest == LedgerCore.recovered(from: log, key: key).digest)
        #expect(try frontier == log.frontier())
        #expect(try frontier == log.verify(secret: testSecret()))
    }

    @Test("leaves that another secret salts do not give the roots")
    func anotherSecretIsFound() throws {
        let log = try log()
        let other = try #require(LedgerSecret(randomBytes: [UInt8](repeating: 9, count: 32)))
        var frontier = MerkleFrontier()
        var found: LedgerError?
        do throws(LedgerError) {
            _ = try LedgerCore.verified(from: log, secret: other, frontier: &frontier)
        } catch {
            found = error
        }
        guard case .log(.corrupt) = found else {
            Issue.record("the roots should not fit: \(String(describing: found))")
            return
        }
        #expect(frontier == MerkleFrontier())
    }
}
