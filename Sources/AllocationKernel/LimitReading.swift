// SPDX-License-Identifier: Apache-2.0

/// A limit as it stands while a claim tests it.
struct LimitReading {
    let limit: UInt32
    let used: Int64
    let ceiling: Int64
    /// What it allows, without the cut at the largest signed number.
    let allowance: UInt64
    let isShare: Bool

    /// Reads the limit of a test that lies in the words of a route.
    @inline(__always)
    init(
        at place: Int,
        in words: BufferView<UInt32>,
        cells: BufferView<Int64>,
        limits: BufferView<StoredLimit>
    ) {
        let word = words[place]
        limit = words[place + 2]
        used = cells[Int(word & RouteRecord.cellMask)]
        ceiling = cells[Int(words[place + 1])]
        isShare = word & RouteRecord.shareMark != 0
        allowance =
            isShare ? limits[Int(limit)].allowance(ceiling: ceiling) : ceiling.magnitude
    }

    /// How much more it has room for; 0 also where more is used than allowed.
    @inline(__always)
    var room: UInt64 { allowance > used.magnitude ? allowance - used.magnitude : 0 }

    @inline(__always)
    func record(alternative: UInt32) -> TestedLimit {
        TestedLimit(
            limit: LimitIndex(rawValue: limit),
            alternative: alternative,
            used: used,
            allowed: Int64(clamping: allowance),
            base: isShare ? ceiling : 0
        )
    }
}
