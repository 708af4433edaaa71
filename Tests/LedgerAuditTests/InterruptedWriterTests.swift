// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerAudit
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Testing

/// Writers that end between any two entries, also within the events of one operation, do nothing
/// that an audit may call wrong.
@Suite("A log that a writer left") struct InterruptedWriterTests {
    /// A log that was left after so many entries, and went on with the operations behind the one
    /// that was lost there.
    private func log(
        of stream: GeneratedStream,
        _ entries: [Entry],
        leftAfter count: Int
    ) throws -> InMemoryEntryLog {
        let log = try AuditedHistory.log(of: Array(entries[..<count]))
        let known = entries[..<count].count { $0.record != nil }
        let ledger = try Ledger.open(log, secret: AuditedHistory.secret(), clock: { .earliest })
        // Rejected and repeated operations leave no entry, so some that are known are asked again.
        for operation in stream.operations.dropFirst(known + 1) {
            _ = try ledger.submit([operation])
        }
        ledger.close()
        return log
    }

    @Test(arguments: [StreamProfile.lifeCycle, .breaches], 900..<902)
    func isRightWhereverItWasLeft(profile: StreamProfile, seed: Int) throws {
        let stream = GeneratedStream(seed: UInt64(seed), profile: profile, count: 150)
        let entries = oracleEntries(of: stream)
        // Everywhere around what happens by itself.
        let places = entries.indices.dropFirst().filter { place in
            entries[place].record == nil || entries[place - 1].record == nil
        }
        for place in places {
            let log = try log(of: stream, entries, leftAfter: place)
            do {
                _ = try AuditedLog(of: log, secret: AuditedHistory.secret())
            } catch {
                Issue.record("seed \(seed), \(profile), left after \(place): \(error)")
            }
        }
    }

    @Test func itsLastEventsAreToldToWaitForTheirOperation() throws {
        let history = try AuditedHistory()
        let expiry = try #require(
            history.entries.firstIndex { entry in
                if case .expiry = entry.content { true } else { false }
            }
        )
        let waiting = try audit(Array(history.entries[...expiry])).get()
        #expect(waiting.eventsWithoutOperation == 1)
        let crossed = try #require(history.entries.firstIndex { $0.event != nil })
        var auditor = LedgerAuditor()
        for entry in history.entries[..<crossed] { try auditor.judge(entry) }
        #expect(try auditor.finish().eventsOutstanding == 1)
    }

    @Test func anotherActorWithinOneEpochIsFound() throws {
        var entries = try AuditedHistory().entries
        let expiry = try #require(
            entries.firstIndex { entry in
                if case .expiry = entry.content { true } else { false }
            }
        )
        entries[expiry].actor.person = PersonIdentifier(checked: "eve")
        guard case .failure(.diverges(let divergence)) = audit(entries, epoch: 1) else {
            Issue.record("nothing was found")
            return
        }
        #expect(divergence.kind == .actor)
        // Without epochs nobody can tell it from an operation that was lost.
        #expect(throws: Never.self) { try audit(entries, epoch: nil).get() }
    }
}
