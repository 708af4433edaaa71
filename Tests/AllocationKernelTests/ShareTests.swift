// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import Testing

/// A share whose first refused claim lies one unit above `allowed`.
struct ShareCase: Sendable, CustomTestStringConvertible {
    let base: Int64
    let numerator: Int64
    let denominator: Int64
    let allowed: Int64

    var testDescription: String { "\(numerator)/\(denominator) of \(base)" }

    static let all: [ShareCase] = [
        .init(base: 100, numerator: 7, denominator: 100, allowed: 7),
        .init(base: 99, numerator: 7, denominator: 100, allowed: 6),
        .init(base: 1, numerator: 1, denominator: 1, allowed: 1),
        .init(base: 0, numerator: 7, denominator: 100, allowed: 0),
        .init(base: 1_000, numerator: 0, denominator: 5, allowed: 0),
        .init(base: 10, numerator: 3, denominator: 2, allowed: 15),
        // 7 x 2^62 and more need more than 64 bits.
        .init(base: 1 << 62, numerator: 7, denominator: 100, allowed: 322_818_021_289_917_153),
        .init(base: 1 << 62, numerator: 1, denominator: 3, allowed: 1_537_228_672_809_129_301),
        .init(base: 1 << 62, numerator: .max - 1, denominator: .max, allowed: (1 << 62) - 1),
        .init(base: 1 << 62, numerator: .max, denominator: .max, allowed: 1 << 62),
        .init(base: (1 << 62) - 1, numerator: 1 << 62, denominator: .max, allowed: (1 << 61) - 1),
    ]
}

@Suite struct ShareTests {
    @Test(arguments: ShareCase.all)
    func shareTakesItsWholePartAndNoUnitMore(share: ShareCase) {
        var table = AllocationTable()
        let (limit, used, _) = table.addShareLimit(
            base: share.base,
            numerator: share.numerator,
            denominator: share.denominator
        )
        let route = table.addRoute([.init(limits: [limit], charges: [used])])
        let decided = table.decide([
            .claim(route: route, amount: share.allowed + 1),
            .claim(route: route, amount: share.allowed),
            .claim(route: route, amount: 1),
        ])
        #expect(decided.map(\.outcome) == [.refused, .taken(alternative: 0), .refused])
        #expect(decided.flatMap(\.tests).map(\.used) == [0, 0, share.allowed])
        #expect(decided.flatMap(\.tests).allSatisfy { $0.allowed == share.allowed })
        #expect(decided.flatMap(\.tests).allSatisfy { $0.base == share.base })
    }

    @Test func shareThatAllowsMoreThanAWordShowsTheWordsEndAndStaysExact() {
        var table = AllocationTable()
        let sum = table.maximumSum
        // Allows 2^63, one more than a signed word can show.
        let double = table.addShareLimit(used: sum, base: sum, numerator: 2, denominator: 1)
        // Allows more than 2^64, so whatever can be asked.
        let boundless = table.addShareLimit(used: sum, base: sum, numerator: .max, denominator: 1)
        let doubled = table.addRoute([.init(limits: [double.limit])])
        let unbounded = table.addRoute([.init(limits: [boundless.limit])])
        let decided = table.decide([
            .claim(route: doubled, amount: sum), .claim(route: doubled, amount: sum + 1),
            .claim(route: unbounded, amount: .max),
        ])
        let taken = AllocationOutcome.taken(alternative: 0)
        #expect(decided.map(\.outcome) == [taken, .refused, taken])
        #expect(decided.flatMap(\.tests).allSatisfy { $0.allowed == .max })
    }

    @Test func shareFollowsItsBase() {
        var table = AllocationTable()
        let share = table.addShareLimit(base: 99, numerator: 1, denominator: 10)
        let route = table.addRoute([.init(limits: [share.limit], charges: [share.used])])
        let decided = table.decide([
            .claim(route: route, amount: 10), .adjust(cell: share.base, by: 1),
            .claim(route: route, amount: 10), .adjust(cell: share.base, by: -100),
            .claim(route: route, amount: 0),
        ])
        #expect(
            decided.map(\.outcome)
                == [.refused, .adjusted, .taken(alternative: 0), .adjusted, .refused]
        )
        #expect(decided.flatMap(\.tests).map(\.base) == [99, 100, 0])
        #expect(decided.flatMap(\.tests).map(\.allowed) == [9, 10, 0])
    }

    @Test func claimThatChargesTheBaseDoesNotRaiseItsOwnShare() {
        var table = AllocationTable()
        let share = table.addShareLimit(base: 10, numerator: 1, denominator: 2)
        let route = table.addRoute([
            .init(limits: [share.limit], charges: [share.used, share.base])
        ])
        let decided = table.decide([
            .claim(route: route, amount: 6), .claim(route: route, amount: 5),
            .claim(route: route, amount: 3), .claim(route: route, amount: 2),
        ])
        let taken = AllocationOutcome.taken(alternative: 0)
        #expect(decided.map(\.outcome) == [.refused, taken, .refused, taken])
        #expect(decided.flatMap(\.tests).map(\.allowed) == [5, 5, 7, 7])
    }
}
