// SPDX-License-Identifier: Apache-2.0

/// What a worker asks the owner of a cell to do on behalf of an item, and what it hears.
///
/// Messages to one owner lie in the order of their items, so the owner sees what each cell went
/// through in the order that counts.
struct BlockMessage: BitwiseCopyable, Sendable {
    /// The cell, and what is to be done with it.
    var cellAndMarks: UInt32
    /// Of a test, the cell of what is allowed or, of a share, the limit; of a claim at the edge, its
    /// place among those of its worker.
    var other: UInt32
    /// What is tested and charged; the owner replaces it by what the cell held just before.
    var amount: Int64

    /// The limit must hold for the amount.
    static var testMark: UInt32 { 0x8000_0000 }
    /// The amount is added to the cell.
    static var chargeMark: UInt32 { 0x4000_0000 }
    /// The limit is a share.
    static var shareMark: UInt32 { 0x2000_0000 }
    /// No cell is asked for: a claim at the edge begins, and the amount is its position.
    static var edgeMark: UInt32 { 0x1000_0000 }
    /// ``other`` is the cell of what is allowed, and the owner tells what it holds.
    static var ceilingMark: UInt32 { 0x0800_0000 }
    static var cellMask: UInt32 { 0x07FF_FFFF }

    @inline(__always)
    var cell: Int { Int(cellAndMarks & Self.cellMask) }
    @inline(__always)
    func has(_ mark: UInt32) -> Bool { cellAndMarks & mark != 0 }
}

/// What a message was for: it tells how its answer enters the record of its item.
struct BlockNote: BitwiseCopyable, Sendable {
    enum Purpose {
        /// The answer is what is used of a limit.
        static var test: UInt8 { 0 }
        /// The answer is the base of the share that the next note is for.
        static var base: UInt8 { 1 }
        /// The answer is not recorded.
        static var none: UInt8 { 2 }
    }

    var limit: UInt32
    var owner: UInt8
    var alternative: UInt8
    var purpose: UInt8
    var isShare: Bool
}

/// A claim whose outcome hangs on limits that may not hold.
struct EdgeClaim: BitwiseCopyable, Sendable {
    var position: Int
    /// Where the notes on its touches begin.
    var note: Int
    /// The last alternative that it reached; -1 if none was open to it.
    var reached: Int32 = -1
}
