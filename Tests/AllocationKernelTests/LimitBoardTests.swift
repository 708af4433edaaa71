// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import Dispatch
import Synchronization
import Testing

@Suite struct LimitBoardTests {
    @Test func nothingHoldsBeforeItIsPublished() {
        let board = LimitBoard()
        let never = LimitIndex(rawValue: .max)
        #expect(!board.holds(0, never))
        #expect(board.room(of: LimitIndex(rawValue: 0)) == -1)
    }

    @Test func segmentsMeetWithoutGapOrOverlap() {
        let board = LimitBoard()
        let limits: [UInt32] = [0, 1_023, 1_024, 3_071, 3_072, 7_167, 7_168, 1_000_000]
        board.publish(
            limits.map { LimitRoom(limit: LimitIndex(rawValue: $0), room: Int64($0)) }
        )
        for limit in limits {
            #expect(board.room(of: LimitIndex(rawValue: limit)) == Int64(limit))
        }
    }

    @Test func firstFitIsWhatAClaimWouldTake() {
        var table = AllocationTable()
        let small = table.addAmountLimit(used: 95, allowed: 100)
        let share = table.addShareLimit(used: 0, base: 1_000, numerator: 7, denominator: 100)
        let alternatives: [AllocationTable.Alternative] = [
            .init(limits: [small.limit], charges: [small.used], maximumAmount: 50),
            .init(limits: [share.limit], charges: [share.used]),
        ]
        let board = LimitBoard()
        table.publish(to: board)
        #expect(board.firstFit(5, alternatives) == 0)
        #expect(board.firstFit(6, alternatives) == 1)
        #expect(board.firstFit(70, alternatives) == 1)
        #expect(board.firstFit(71, alternatives) == nil)
    }

    /// After each batch the board shows what a fresh board of the whole table shows, and a claim
    /// for a limit's room would be the largest that the limit holds.
    @Test func changedRoomsAreAllThatChanged() {
        for seed in UInt64(0)..<300 {
            let scenario = Scenario(seed: seed)
            var table = scenario.makeTable()
            var result = AllocationResult()
            let board = LimitBoard()
            table.publish(to: board)
            var rest = scenario.items[...]
            while !rest.isEmpty {
                var batch = AllocationBatch()
                for item in rest.prefix(9) { batch.append(item) }
                rest = rest.dropFirst(9)
                table.decide(batch, into: &result)
                table.publish(batch, result, to: board)
                let whole = LimitBoard()
                table.publish(to: whole)
                for limit in scenario.limits.indices {
                    let index = LimitIndex(rawValue: UInt32(limit))
                    #expect(board.room(of: index) == whole.room(of: index), "seed \(seed)")
                }
            }
        }
    }

    /// Readers see the room fall and never rise, and nothing but rooms that stood between batches.
    @Test func readersSeeMomentsBetweenBatches() {
        var table = AllocationTable()
        let total: Int64 = 200_000
        let limit = table.addAmountLimit(allowed: total)
        let route = table.addRoute([.init(limits: [limit.limit], charges: [limit.used])])
        let board = LimitBoard()
        table.publish(to: board)
        let isOver = Atomic<Bool>(false)
        let wrong = Atomic<Int>(0)
        let group = DispatchGroup()
        for _ in 0..<3 {
            DispatchQueue.global().async(group: group) {
                var last = total
                while !isOver.load(ordering: .relaxed) {
                    let room = board.room(of: limit.limit)
                    if room > last || room % 100 != 0 { wrong.wrappingAdd(1, ordering: .relaxed) }
                    last = room
                }
            }
        }
        var result = AllocationResult()
        var batch = AllocationBatch()
        for _ in 0..<100 { batch.append(.claim(route: route, amount: 1)) }
        for _ in 0..<2_000 {
            table.decide(batch, into: &result)
            table.publish(batch, result, to: board)
        }
        isOver.store(true, ordering: .relaxed)
        group.wait()
        #expect(wrong.load(ordering: .relaxed) == 0)
        #expect(board.room(of: limit.limit) == 0)
    }
}
