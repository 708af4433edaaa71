// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import Testing

/// A use of the kernel that is a bug of its caller.
enum Misuse: String, CaseIterable, Codable, Sendable {
    case negativeMaximumSum, excessiveMaximumSum
    case negativeCell, excessiveCell, negativeSetValue, excessiveSetValue
    case readOfUnknownCell, setOfUnknownCell
    case amountUsedUnknown, amountAllowedUnknown, shareUsedUnknown, shareBaseUnknown
    case negativeNumerator, zeroDenominator
    case fiveAlternatives, fiveLimits, nineCharges, negativeMaximumAmount
    case unknownLimit, unknownCharge, doubleCharge
    case negativeAmount, unknownRoute, routeFromBeforeRemoval, adjustmentOfUnknownCell
    case adjustmentBelowZero, adjustmentAboveMaximumSum, adjustmentBeyondTheIntegers

    /// What the process says before it ends.
    var message: String {
        switch self {
        case .negativeMaximumSum, .excessiveMaximumSum: "the maximum sum must lie in 0...2^62"
        case .negativeCell, .negativeSetValue: "a cell must not fall below 0"
        case .excessiveCell, .excessiveSetValue: "a cell must not rise above the maximum sum"
        case .readOfUnknownCell, .setOfUnknownCell, .amountUsedUnknown, .amountAllowedUnknown,
            .shareUsedUnknown, .shareBaseUnknown, .unknownCharge:
            "a cell must be one of the table"
        case .negativeNumerator: "the numerator of a share must not be negative"
        case .zeroDenominator: "the denominator of a share must be positive"
        case .fiveAlternatives: "a route must have at most 4 alternatives"
        case .fiveLimits: "an alternative must test at most 4 limits"
        case .nineCharges: "an alternative must charge at most 8 cells"
        case .negativeMaximumAmount: "the maximum amount of an alternative must not be negative"
        case .unknownLimit: "a limit must be one of the table"
        case .doubleCharge: "an alternative must charge a cell only once"
        case .negativeAmount: "the amount of a claim must not be negative"
        case .unknownRoute, .routeFromBeforeRemoval: "a claim's route must be one of the table"
        case .adjustmentOfUnknownCell: "an adjusted cell must be one of the table"
        case .adjustmentBelowZero: "an adjustment must not take a cell below 0"
        case .adjustmentAboveMaximumSum, .adjustmentBeyondTheIntegers:
            "an adjustment must not take a cell above the maximum sum"
        }
    }

    /// Commits it; with `mistaken` false, does the nearest thing that is allowed.
    func commit(mistaken: Bool = true) {
        let step: Int64 = mistaken ? 1 : 0
        let count = mistaken ? 1 : 0
        var table = AllocationTable(maximumSum: maximumSum(step))
        let cells = (0..<9).map { _ in table.addCell(100) }
        let cell = cells[0]
        let wrongCell = CellIndex(rawValue: mistaken ? 9 : 8)
        let limit = table.addLimit(.amount(used: cell, allowed: cell))
        let wrongLimit = LimitIndex(rawValue: mistaken ? 1 : 0)
        var alternative = AllocationTable.Alternative()
        switch self {
        case .negativeMaximumSum, .excessiveMaximumSum: break
        case .negativeCell: _ = table.addCell(-step)
        case .excessiveCell: _ = table.addCell(table.maximumSum + step)
        case .negativeSetValue: table.setValue(-step, of: cell)
        case .excessiveSetValue: table.setValue(table.maximumSum + step, of: cell)
        case .readOfUnknownCell: _ = table.value(of: wrongCell)
        case .setOfUnknownCell: table.setValue(1, of: wrongCell)
        case .amountUsedUnknown: _ = table.addLimit(.amount(used: wrongCell, allowed: cell))
        case .amountAllowedUnknown: _ = table.addLimit(.amount(used: cell, allowed: wrongCell))
        case .shareUsedUnknown:
            _ = table.addLimit(.share(used: wrongCell, base: cell, numerator: 1, denominator: 2))
        case .shareBaseUnknown:
            _ = table.addLimit(.share(used: cell, base: wrongCell, numerator: 1, denominator: 2))
        case .negativeNumerator:
            _ = table.addLimit(.share(used: cell, base: cell, numerator: -step, denominator: 2))
        case .zeroDenominator:
            _ = table.addLimit(
                .share(used: cell, base: cell, numerator: 1, denominator: 1 - step)
            )
        case .fiveAlternatives:
            _ = table.addRoute(Array(repeating: alternative, count: 4 + count))
        case .fiveLimits:
            alternative.limits = Array(repeating: limit, count: 4 + count)
            _ = table.addRoute([alternative])
        case .nineCharges:
            alternative.charges = Array(cells.prefix(8 + count))
            _ = table.addRoute([alternative])
        case .negativeMaximumAmount:
            alternative.maximumAmount = -step
            _ = table.addRoute([alternative])
        case .unknownLimit:
            alternative.limits = [wrongLimit]
            _ = table.addRoute([alternative])
        case .unknownCharge:
            alternative.charges = [wrongCell]
            _ = table.addRoute([alternative])
        case .doubleCharge:
            alternative.charges = [cell, cells[1], mistaken ? cell : cells[2]]
            _ = table.addRoute([alternative])
        default: commitInBatch(&table, mistaken: mistaken)
        }
    }

    private func maximumSum(_ step: Int64) -> Int64 {
        switch self {
        case .excessiveMaximumSum: (1 << 62) + step
        case .negativeMaximumSum: step == 0 ? 100 : -step
        default: 1_000
        }
    }

    private func commitInBatch(_ table: inout AllocationTable, mistaken: Bool) {
        let step: Int64 = mistaken ? 1 : 0
        let cell = CellIndex(rawValue: 0)
        let route = table.addRoute([])
        switch self {
        case .negativeAmount: _ = table.decide([.claim(route: route, amount: -step)])
        case .unknownRoute:
            let wrongRoute = RouteIndex(rawValue: mistaken ? 1 : 0)
            _ = table.decide([.claim(route: wrongRoute, amount: 1)])
        case .routeFromBeforeRemoval:
            if mistaken { table.removeAllRoutes() }
            _ = table.decide([.claim(route: route, amount: 1)])
        case .adjustmentOfUnknownCell:
            let wrongCell = CellIndex(rawValue: mistaken ? 9 : 8)
            _ = table.decide([.adjust(cell: wrongCell, by: 1)])
        case .adjustmentBelowZero: _ = table.decide([.adjust(cell: cell, by: -100 - step)])
        case .adjustmentAboveMaximumSum: _ = table.decide([.adjust(cell: cell, by: 900 + step)])
        case .adjustmentBeyondTheIntegers:
            _ = table.decide([.adjust(cell: cell, by: mistaken ? .max : 900)])
        default: break
        }
    }
}

@Suite struct PreconditionTests {
    @Test(arguments: Misuse.allCases)
    func misuseEndsTheProcessAndSaysWhatMustHold(misuse: Misuse) async throws {
        let result = await #expect(
            processExitsWith: .failure,
            observing: [\.standardErrorContent]
        ) { [misuse] in
            misuse.commit()
        }
        #if DEBUG
            // Optimized code traps without its message.
            let said = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
            #expect(said.contains(misuse.message))
        #endif
    }

    @Test(arguments: Misuse.allCases)
    func nearestAllowedUseGoesThrough(misuse: Misuse) {
        misuse.commit(mistaken: false)
    }
}
