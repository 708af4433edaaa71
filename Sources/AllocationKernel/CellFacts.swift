// SPDX-License-Identifier: Apache-2.0

/// What is known of cells besides what they hold: which limits make one depend on another.
///
/// A share compares two cells that both move, so one worker has to own both. Cells that shares
/// connect are a **group**, and a group is owned as a whole.
struct CellFacts: ~Copyable, Sendable {
    /// For each cell, the cell that stands for its group; itself for most.
    private(set) var homes = AlignedBuffer<UInt32>()
    /// For each cell, whether it is what a limit of an amount allows.
    private(set) var allowed = AlignedBuffer<Bool>()
    /// For each cell, whether a route may name it.
    private var routed = AlignedBuffer<Bool>()
    /// The cells of groups of more than one, by the cell that stands for them.
    private var members: [UInt32: [UInt32]] = [:]

    mutating func addCell() {
        homes.append(UInt32(homes.count))
        allowed.append(false)
        routed.append(false)
    }

    /// Takes note that a route names a cell.
    mutating func noteRoute(_ cell: UInt32) { routed[Int(cell)] = true }

    func isAllowed(_ cell: UInt32) -> Bool { allowed[Int(cell)] }

    func groupMark(of cell: UInt32) -> UInt32 {
        members[homes[Int(cell)]] == nil ? 0 : RouteRecord.groupMark
    }

    /// All cells of the group of a cell.
    func group(of cell: UInt32) -> [UInt32] { members[homes[Int(cell)]] ?? [cell] }

    /// Takes note of a limit; says whether a route that was made before has to be marked anew.
    mutating func note(_ limit: StoredLimit) -> Bool {
        guard limit.isShare else {
            defer { allowed[Int(limit.ceiling)] = true }
            return !allowed[Int(limit.ceiling)] && routed[Int(limit.ceiling)]
        }
        let kept = homes[Int(limit.ceiling)]
        let dissolved = homes[Int(limit.used)]
        guard kept != dissolved else { return false }
        // The larger group keeps its home: a cell changes homes O(log n) times.
        let (large, small) = (group(of: kept), group(of: dissolved))
        let (home, gone) = large.count >= small.count ? (kept, dissolved) : (dissolved, kept)
        let becomeGrouped = [large, small].filter { $0.count == 1 }
        for cell in group(of: gone) { homes[Int(cell)] = home }
        members[gone] = nil
        members[home] = large + small
        return becomeGrouped.contains { routed[Int($0[0])] }
    }
}
