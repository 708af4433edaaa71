// SPDX-License-Identifier: Apache-2.0

import AllocationKernel

extension AllocationTable {
    /// Decides items as one batch in new buffers, and copies the answers.
    mutating func decide(_ items: [AllocationBatch.Item]) -> [Decided] {
        var result = AllocationResult()
        return decide(items[...], reusing: &result)
    }

    /// Decides items as one batch into a result used before, and copies the answers.
    mutating func decide(
        _ items: ArraySlice<AllocationBatch.Item>,
        reusing result: inout AllocationResult
    ) -> [Decided] {
        var batch = AllocationBatch()
        for item in items { batch.append(item) }
        decide(batch, into: &result)
        return result.decided()
    }

    /// Adds an amount limit over two new cells.
    mutating func addAmountLimit(
        used: Int64 = 0,
        allowed: Int64
    ) -> (limit: LimitIndex, used: CellIndex, allowed: CellIndex) {
        let usedCell = addCell(used)
        let allowedCell = addCell(allowed)
        let limit = addLimit(.amount(used: usedCell, allowed: allowedCell))
        return (limit, usedCell, allowedCell)
    }

    /// Adds a share limit over two new cells.
    mutating func addShareLimit(
        used: Int64 = 0,
        base: Int64,
        numerator: Int64,
        denominator: Int64
    ) -> (limit: LimitIndex, used: CellIndex, base: CellIndex) {
        let usedCell = addCell(used)
        let baseCell = addCell(base)
        let limit = addLimit(
            .share(
                used: usedCell,
                base: baseCell,
                numerator: numerator,
                denominator: denominator
            )
        )
        return (limit, usedCell, baseCell)
    }
}

extension AllocationResult {
    /// The answers, copied.
    func decided() -> [Decided] {
        (0..<count).map {
            Decided(
                outcome: outcome(at: $0),
                tests: Array(tests(at: $0)),
                granted: granted(at: $0)
            )
        }
    }
}
