// SPDX-License-Identifier: Apache-2.0

/// Which limits change when a cell does: the limits of each cell, in lists threaded through them.
struct LimitDependents: ~Copyable, Sendable {
    /// The newest link of each cell, counted from 1; 0 ends a list.
    private var newest = AlignedBuffer<UInt32>()
    /// Two links a limit: by the cell of what is used and by that of its ceiling.
    private var earlier = AlignedBuffer<UInt32>()
    /// For each cell, the round in which it was looked at last.
    private var looks = AlignedBuffer<UInt32>()
    private var round: UInt32 = 0

    /// Takes note of the next limit.
    mutating func add(_ limit: StoredLimit, cellCount: Int) {
        if newest.count < cellCount { newest.resize(cellCount, filler: 0) }
        for cell in [limit.used, limit.ceiling] {
            earlier.append(newest[Int(cell)])
            newest[Int(cell)] = UInt32(earlier.count)
        }
    }

    /// Begins a round in which each cell is looked at once.
    mutating func begin(cellCount: Int) {
        if newest.count < cellCount { newest.resize(cellCount, filler: 0) }
        if looks.count < cellCount { looks.resize(cellCount, filler: 0) }
        round &+= 1
        guard round == 0 else { return }
        for cell in 0..<looks.count { looks[cell] = 0 }
        round = 1
    }

    mutating func isFirstLook(at cell: UInt32) -> Bool {
        defer { looks[Int(cell)] = round }
        return looks[Int(cell)] != round
    }

    func forEachLimit(of cell: UInt32, _ body: (UInt32) -> Void) {
        var link = newest[Int(cell)]
        while link != 0 {
            body((link - 1) / 2)
            link = earlier[Int(link - 1)]
        }
    }
}
