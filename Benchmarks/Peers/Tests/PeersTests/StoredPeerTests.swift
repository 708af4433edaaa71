// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Peers

/// Peers that keep files and need no server.
@Suite struct StoredPeerTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("peers-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    @Test(arguments: StreamCase.all)
    func sqliteDecidesAsThePlainLoop(_ stream: StreamCase) throws {
        let workload = stream.workload
        try withFolder { folder in
            for batch in [700, 8_192] {
                let run = try SQLitePeer(folder: folder, batchCount: batch).run(workload)
                let verdict = Verdict(run, workload)
                #expect(verdict.isExact && verdict.isComparedOneByOne, "batch \(batch)")
            }
        }
    }

    @Test func sqliteCommitsSingleClaims() throws {
        let workload = tightStream(.all, seed: 9, claims: 50)
        try withFolder { folder in
            let run = try SQLitePeer(folder: folder, batchCount: 1).run(workload)
            #expect(Verdict(run, workload).isExact)
            #expect(run.callNanoseconds?.count == 50)
        }
    }

    @Test(arguments: WorkloadName.allCases)
    func theLedgerDecidesAsThePlainLoop(_ name: WorkloadName) throws {
        let workload = testStream(name, .first, seed: 4, claims: 2_000)
        try withFolder { folder in
            for (clients, batch) in [(1, 500), (3, 128)] {
                let peer = LedgerPeer(folder: folder, clients: clients, batchCount: batch)
                let run = try peer.run(workload)
                let verdict = Verdict(run, workload)
                #expect(verdict.isExact && verdict.isComparedOneByOne, "\(clients) callers")
                #expect((run.bytesPerClaim ?? 0) > 50)
            }
        }
    }

    @Test func theLedgerTakesNoOtherRule() throws {
        let workload = testStream(.uniform, .all, seed: 4, claims: 10)
        try withFolder { folder in
            let peer = LedgerPeer(folder: folder, clients: 1, batchCount: 10)
            #expect(throws: PeerError.self) { () throws in _ = try peer.run(workload) }
        }
    }

    @Test func theFloorAppendsEveryBatch() throws {
        try withFolder { folder in
            let floor = LMDBFloor(folder: folder, batchCount: 64, bytesPerClaim: 100)
            let calls = try floor.run(claimCount: 200).callNanoseconds
            #expect(calls.count == 4)
        }
    }
}
