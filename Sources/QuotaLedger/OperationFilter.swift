// SPDX-License-Identifier: Apache-2.0

/// Tells of most names that are not in a run that they are not: a Bloom filter in blocks of 256
/// bits, of which a name sets eight (Putze, Sanders and Singler, "Cache-, hash- and space-efficient
/// Bloom filters", 2007).
///
/// One look costs at most one cache line. Names are keyed hashes, so their bits are used as they
/// are.
struct OperationFilter: Sendable {
    typealias Block = SIMD4<UInt64>

    static let bitsEachOperation = 12

    private(set) var blocks: [Block]

    init(operationCount: Int) {
        blocks = Array(
            repeating: .zero,
            count: Self.blockCount(operationCount: operationCount)
        )
    }

    init(blocks: [Block]) {
        precondition(!blocks.isEmpty, "a filter has a block")
        self.blocks = blocks
    }

    static func blockCount(operationCount: Int) -> Int {
        operationCount * bitsEachOperation / 256 + 1
    }

    mutating func insert(_ name: Hash128) { blocks[position(of: name)] |= Self.bits(of: name) }

    /// Whether a name with these bits may be there.
    func mayContain(_ name: Hash128, bits: Block) -> Bool {
        blocks[position(of: name)] & bits == bits
    }

    /// Reads the blocks of names, so that they are in the caches when they are looked for.
    func bringNear(_ names: [Hash128]) -> UInt64 {
        names.reduce(0) { $0 &+ blocks[position(of: $1)][0] }
    }

    /// Two bits in each word of a block, one in each half.
    static func bits(of name: Hash128) -> Block {
        var bits = Block.zero
        for word in 0..<4 {
            let pair = name.high >> UInt64(10 * word)
            bits[word] = 1 << (pair & 31) | 1 << (32 | pair >> 5 & 31)
        }
        return bits
    }

    /// Which of so many blocks a name belongs to.
    static func position(of name: Hash128, among blockCount: Int) -> Int {
        Int(name.low.multipliedFullWidth(by: UInt64(blockCount)).high)
    }

    private func position(of name: Hash128) -> Int {
        Self.position(of: name, among: blocks.count)
    }
}
