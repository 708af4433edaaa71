// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Peers

@Suite struct VerdictTests {
    private func exactRun(_ workload: PeerWorkload, order: PeerRun.Order) -> PeerRun {
        var loop = PlainLoop(workload)
        let outcomes = loop.decideAll()
        return PeerRun(
            outcomes: outcomes,
            order: order,
            used: loop.used,
            time: Stopwatch().read()
        )
    }

    @Test(arguments: StreamCase.all)
    func thePlainLoopIsExact(_ stream: StreamCase) {
        let workload = stream.workload
        #expect(Verdict(exactRun(workload, order: .stream), workload).isExact)
        #expect(Verdict(exactRun(workload, order: .unknown), workload).isExact)
    }

    @Test func aRefusalThatHadRoomIsFound() {
        let workload = testStream(.uniform, .all, seed: 1)
        var run = exactRun(workload, order: .unknown)
        run.outcomes[10] = PeerOutcome.refused
        let route = workload.routes[Int(workload.claims[10].party)]
        for limit in [route.party, route.group, route.country] {
            run.used[Int(limit)] -= workload.claims[10].amount
        }
        #expect(Verdict(run, workload).falseRefusals == 1)
        run.order = .stream
        #expect(Verdict(run, workload).falseRefusals == 1)
        #expect(Verdict(run, workload).overAdmissions == 0)
    }

    @Test func aLimitThatIsExceededIsFound() {
        let workload = testStream(.draining, .all, seed: 1)
        var run = exactRun(workload, order: .unknown)
        let granted = run.outcomes.firstIndex(of: PeerOutcome.refused) ?? 0
        run.outcomes[granted] = 0
        #expect(Verdict(run, workload).overAdmissions > 0)
        #expect(Verdict(run, workload).otherDifferences > 0)
    }

    @Test func aLostUpdateIsFound() {
        let workload = testStream(.uniform, .first, seed: 1)
        var run = exactRun(workload, order: .unknown)
        run.used[workload.allowed.count - 1] -= 1
        #expect(Verdict(run, workload).otherDifferences == 1)
    }

    @Test func anOrderThatIsNoneIsFound() {
        let workload = testStream(.uniform, .all, seed: 1)
        var order = Array(workload.claims.indices)
        order[3] = 4
        #expect(!Verdict(exactRun(workload, order: .decided(order)), workload).isExact)
    }

    @Test func anotherLimitThanTheFirstIsFound() {
        let workload = testStream(.uniform, .first, seed: 1)
        var run = exactRun(workload, order: .stream)
        let position = run.outcomes.firstIndex(of: 0) ?? 0
        run.outcomes[position] = 1
        #expect(Verdict(run, workload).otherDifferences > 0)
    }
}
