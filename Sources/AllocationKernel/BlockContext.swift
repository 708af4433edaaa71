// SPDX-License-Identifier: Apache-2.0

/// What all workers see of a batch while they decide it.
struct BlockContext: Sendable {
    let serial: SerialDecider
    /// For each cell, the one that stands for its group.
    let homes: BufferView<UInt32>
    /// For each cell, whether it is what a limit of an amount allows.
    let allowed: BufferView<Bool>
    /// For each cell, whether claims that test it are decided at the edge; see ``EdgeMark``.
    let edges: BufferView<UInt8>
    let hasEdges: Bool
    let ownerCount: Int
    /// The messages that a worker may send to one owner.
    let streamLength: Int

    var items: BufferView<AllocationBatch.StoredItem> { serial.items }
    var cells: BufferView<Int64> { serial.cells }
    var words: BufferView<UInt32> { serial.words }
    var limits: BufferView<StoredLimit> { serial.limits }
    var writer: AllocationResult.Writer { serial.writer }
    var maximumSum: Int64 { serial.maximumSum }

    /// Where the messages about cells at the edge go.
    var edgeOwner: Int { ownerCount }

    /// Who owns a cell that a word of a route names.
    ///
    /// Cells of one cache line have one owner, or the owners would take the line from each other.
    @inline(__always)
    func owner(ofCell word: UInt32) -> Int {
        let cell = word & RouteRecord.cellMask
        let home = word & RouteRecord.groupMark != 0 ? homes[Int(cell)] : cell
        let mixed = UInt64((home >> 3) &* 0x9E37_79B1)
        return Int(truncatingIfNeeded: mixed &* UInt64(ownerCount) >> 32)
    }

    /// Whether the limit of a cell may not hold for all that ask it.
    @inline(__always)
    func isEdge(_ word: UInt32) -> Bool {
        edges[Int(word & RouteRecord.cellMask)] != EdgeMark.none
    }
}

/// What is known of a cell's part in refusals.
enum EdgeMark {
    /// So far whoever asked had room.
    static var none: UInt8 { 0 }
    /// A claim may find no room.
    static var tight: UInt8 { 1 }
    /// A claim found no room since the marks were last looked through.
    static var refused: UInt8 { 2 }
}

/// A cell that a claim at the edge touches.
struct EdgeTouch {
    enum Purpose { case base, test, charge }

    let purpose: Purpose
    /// The cell, with the marks of a route's word.
    let word: UInt32
    /// The cell of the ceiling and the limit, of a test.
    let ceiling: UInt32
    let limit: UInt32
    let alternative: UInt32
    let isShare: Bool
}

extension BlockContext {
    /// All cells that a claim touches on any alternative that is open to it, in one fixed order: all
    /// that it tests, then all that it charges, as what it is given is charged when it has tested.
    @inline(__always)
    func forEachTouch(of item: AllocationBatch.StoredItem, _ body: (EdgeTouch) -> Void) {
        forEachOpenAlternative(of: item) { alternative, ordinal in
            forEachTest(of: alternative, ordinal, body)
        }
        forEachOpenAlternative(of: item) { alternative, ordinal in
            serial.forEachCharge(of: alternative) { word in
                body(
                    EdgeTouch(
                        purpose: .charge,
                        word: word,
                        ceiling: 0,
                        limit: 0,
                        alternative: ordinal,
                        isShare: false
                    )
                )
            }
        }
    }

    @inline(__always)
    private func forEachOpenAlternative(
        of item: AllocationBatch.StoredItem,
        _ body: (StoredAlternative, UInt32) -> Void
    ) {
        var place = Int(item.index) + 1
        for ordinal in 0..<RouteRecord.alternativeCount(words[Int(item.index)]) {
            let alternative = StoredAlternative(at: place, in: words)
            place = alternative.end
            if item.amount <= alternative.maximumAmount { body(alternative, ordinal) }
        }
    }

    /// The cells that an alternative tests; of a share first the base.
    @inline(__always)
    func forEachTest(
        of alternative: StoredAlternative,
        _ ordinal: UInt32,
        _ body: (EdgeTouch) -> Void
    ) {
        var place = alternative.tests
        while place < alternative.charges {
            let word = words[place]
            let ceiling = words[place + 1]
            let isShare = word & RouteRecord.shareMark != 0
            func touch(_ purpose: EdgeTouch.Purpose, _ word: UInt32) -> EdgeTouch {
                EdgeTouch(
                    purpose: purpose,
                    word: word,
                    ceiling: ceiling,
                    limit: words[place + 2],
                    alternative: ordinal,
                    isShare: isShare
                )
            }
            if isShare { body(touch(.base, ceiling | word & RouteRecord.groupMark)) }
            body(touch(.test, word))
            place += RouteRecord.testLength
        }
    }
}
