// SPDX-License-Identifier: Apache-2.0

import Foundation
import LedgerAudit
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Testing

/// What an audit says of entries: what it judged, or where they first differ.
func audit(_ entries: [Entry], epoch: UInt64? = 1) -> Result<AuditTally, AuditError> {
    var auditor = LedgerAuditor()
    do throws(AuditError) {
        for entry in entries { try auditor.judge(entry, epoch: epoch) }
        return .success(try auditor.finish())
    } catch {
        return .failure(error)
    }
}

/// The entries that the oracle writes for a stream.
func oracleEntries(of stream: GeneratedStream) -> [Entry] {
    var oracle = stream.makeOracle()
    for step in stream.steps { _ = oracle.apply(step.operation, now: step.now) }
    return oracle.entries
}

/// The entries that the ledger's core writes for a stream, decided in batches.
func ledgerEntries(of stream: GeneratedStream, batchCount: Int) throws -> [Entry] {
    var core = LedgerCore(key: HashKey(first: stream.seed, second: 7))
    var entries: [Entry] = []
    var rest = stream.steps[...]
    while let first = rest.first {
        // Operations that are decided together share a clock, or bring a time of their own.
        let batch = rest.prefix(batchCount).prefix {
            $0.now == first.now || $0.operation.time != nil
        }
        entries += try core.decide(batch.map(\.operation), now: first.now).entries
        rest = rest.dropFirst(batch.count)
    }
    return entries
}

@Suite("The audit agrees with the oracle and with the ledger") struct AgreementTests {
    @Test(arguments: StreamProfile.allCases, 0..<12)
    func everyLogOfTheOracleIsRight(profile: StreamProfile, seed: Int) {
        let stream = GeneratedStream(seed: UInt64(seed), profile: profile, count: 250)
        let entries = oracleEntries(of: stream)
        switch audit(entries) {
        case .failure(let error): Issue.record("seed \(seed), \(profile): \(error)")
        case .success(let tally):
            #expect(tally.entries == UInt64(entries.count), "seed \(seed), \(profile)")
            #expect(tally.eventsOutstanding == 0, "seed \(seed), \(profile)")
        }
    }

    @Test(arguments: StreamProfile.allCases, 500..<520)
    func everyLogOfTheLedgerIsRight(profile: StreamProfile, seed: Int) throws {
        let stream = GeneratedStream(seed: UInt64(seed), profile: profile, count: 300)
        let entries = try ledgerEntries(of: stream, batchCount: 1 + seed % 50)
        if case .failure(let error) = audit(entries) {
            Issue.record("seed \(seed), \(profile): \(error)")
        }
    }

    /// How many streams the long form runs: set by scripts/nightly.d/streams.
    private static let nightlyCount =
        ProcessInfo.processInfo.environment["HEADROOM_STREAMS"].flatMap(Int.init) ?? 0

    @Test(.enabled(if: nightlyCount > 0), arguments: StreamProfile.allCases)
    func everyLogOfTheLedgerIsRightInTheLongForm(profile: StreamProfile) throws {
        for seed in 200_000..<(200_000 + Self.nightlyCount) {
            let stream = GeneratedStream(seed: UInt64(seed), profile: profile, count: 300)
            let entries = try ledgerEntries(of: stream, batchCount: 64)
            if case .failure(let error) = audit(entries) {
                Issue.record("seed \(seed), \(profile): \(error)")
            }
        }
    }
}
