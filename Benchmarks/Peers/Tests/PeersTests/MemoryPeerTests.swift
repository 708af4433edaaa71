// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Peers

@Suite struct MemoryPeerTests {
    @Test(arguments: StreamCase.all)
    func mutexDecidesAsThePlainLoop(_ stream: StreamCase) throws {
        let workload = stream.workload
        for threads in [1, 2, 4] {
            let run = try MutexPeer(threads: threads).run(workload)
            let verdict = Verdict(run, workload)
            #expect(verdict.isExact && verdict.isComparedOneByOne, "\(threads) threads")
        }
    }

    @Test(arguments: StreamCase.all)
    func actorDecidesAsThePlainLoop(_ stream: StreamCase) async {
        let workload = stream.workload
        for batch in [1, 64] {
            let run = await ActorPeer(tasks: 3, batchCount: batch).decideAll(workload)
            let verdict = Verdict(run, workload)
            #expect(verdict.isExact && verdict.isComparedOneByOne, "batch \(batch)")
        }
    }

    @Test(arguments: StreamCase.all)
    func kernelDecidesAsThePlainLoopWhateverTheBatch(_ stream: StreamCase) throws {
        let workload = stream.workload
        for batch in [1, 64, 1_000] {
            let verdict = Verdict(try KernelPeer(batchCount: batch).run(workload), workload)
            #expect(verdict.isExact && verdict.isComparedOneByOne, "batch \(batch)")
        }
    }

    @Test(arguments: StreamCase.all)
    func compareAndSwapOfOneThreadIsExact(_ stream: StreamCase) throws {
        let workload = stream.workload
        let verdict = Verdict(try CompareAndSwapPeer(threads: 1).run(workload), workload)
        #expect(verdict.isExact && verdict.isComparedOneByOne)
    }

    @Test(arguments: StreamCase.all)
    func compareAndSwapNeverAdmitsTooMuch(_ stream: StreamCase) throws {
        let workload = stream.workload
        let verdict = Verdict(try CompareAndSwapPeer(threads: 4).run(workload), workload)
        #expect(verdict.overAdmissions == 0)
        #expect(verdict.otherDifferences == 0)
        #expect(!verdict.isComparedOneByOne)
    }
}
