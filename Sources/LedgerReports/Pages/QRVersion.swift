// SPDX-License-Identifier: Apache-2.0

/// One of the 40 sizes of QR codes, at error correction level M.
struct QRVersion {
    /// From 1 to 40.
    let number: Int

    /// How many error correction codewords a block has, by version (ISO/IEC 18004, table 9).
    private static let checkCounts: [Int] = [
        10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
        26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
    ]
    /// How many blocks there are, by version (the same table).
    private static let blockCounts: [Int] = [
        1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16,
        17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
    ]

    /// The smallest version that holds so many bytes, if one does.
    static func smallest(forByteCount count: Int) -> QRVersion? {
        (1...40).lazy.map(QRVersion.init).first {
            4 + $0.lengthBitCount + 8 * count <= 8 * $0.dataCount
        }
    }

    var side: Int { 17 + 4 * number }

    /// Where the alignment patterns have their centers, in rows as in columns.
    var alignmentCenters: [Int] {
        guard number > 1 else { return [] }
        let count = number / 7 + 2
        let step = (number * 8 + count * 3 + 5) / (count * 4 - 4) * 2
        return [6] + (0..<(count - 1)).map { side - 7 - $0 * step }.reversed()
    }

    /// How many bits tell the number of bytes.
    private var lengthBitCount: Int { number < 10 ? 8 : 16 }
    private var checkCount: Int { Self.checkCounts[number - 1] }
    private var blockCount: Int { Self.blockCounts[number - 1] }

    /// How many codewords the version has.
    private var totalCount: Int {
        var bits = (16 * number + 128) * number + 64
        if number >= 2 {
            let count = number / 7 + 2
            bits -= (25 * count - 10) * count - 55
            if number >= 7 { bits -= 36 }
        }
        return bits / 8
    }

    private var dataCount: Int { totalCount - checkCount * blockCount }

    /// The codewords of bytes in byte mode, with their error correction, in the order in which they
    /// are placed.
    func codewords(of bytes: [UInt8]) -> [UInt8] {
        let (blocks, checks) = blocks(of: data(of: bytes))
        var interleaved: [UInt8] = []
        interleaved.reserveCapacity(totalCount)
        for part in [blocks, checks] {
            for index in 0..<(part.map(\.count).max() ?? 0) {
                for block in part where index < block.count { interleaved.append(block[index]) }
            }
        }
        return interleaved
    }

    /// Mode, length, bytes, the end, and what fills the rest.
    private func data(of bytes: [UInt8]) -> [UInt8] {
        var bits: [Bool] = []
        func append(_ value: Int, _ count: Int, to bits: inout [Bool]) {
            for index in (0..<count).reversed() { bits.append(value >> index & 1 == 1) }
        }
        append(0b0100, 4, to: &bits)
        append(bytes.count, lengthBitCount, to: &bits)
        for byte in bytes { append(Int(byte), 8, to: &bits) }
        append(0, min(4, 8 * dataCount - bits.count), to: &bits)
        append(0, (8 - bits.count % 8) % 8, to: &bits)
        var data: [UInt8] = []
        for start in stride(from: 0, to: bits.count, by: 8) {
            data.append(bits[start..<start + 8].reduce(0) { $0 << 1 | ($1 ? 1 : 0) })
        }
        var filler: UInt8 = 0xec
        while data.count < dataCount {
            data.append(filler)
            filler ^= 0xec ^ 0x11
        }
        return data
    }

    /// The data in blocks, the shorter ones first, and the error correction of each.
    private func blocks(of data: [UInt8]) -> (blocks: [[UInt8]], checks: [[UInt8]]) {
        let correction = ReedSolomon(checkCount: checkCount)
        let shortCount = blockCount - totalCount % blockCount
        let shortLength = totalCount / blockCount - checkCount
        var rest = data[...]
        var blocks: [[UInt8]] = []
        for index in 0..<blockCount {
            let length = shortLength + (index < shortCount ? 0 : 1)
            blocks.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return (blocks, blocks.map(correction.checks))
    }
}

/// Error correction over the field of 256 elements that QR codes use (polynomial 0x11d).
struct ReedSolomon {
    /// The generator without its first coefficient, which is 1; the highest power first.
    private let generator: [UInt8]

    init(checkCount: Int) {
        var generator = [UInt8](repeating: 0, count: checkCount - 1) + [1]
        var root: UInt8 = 1
        for _ in 0..<checkCount {
            for index in generator.indices {
                generator[index] = Self.product(generator[index], root)
                if index + 1 < generator.count { generator[index] ^= generator[index + 1] }
            }
            root = Self.product(root, 2)
        }
        self.generator = generator
    }

    /// The codewords that stand behind a block of data.
    func checks(of data: [UInt8]) -> [UInt8] {
        var rest = [UInt8](repeating: 0, count: generator.count)
        for byte in data {
            let factor = byte ^ rest.removeFirst()
            rest.append(0)
            for index in rest.indices { rest[index] ^= Self.product(generator[index], factor) }
        }
        return rest
    }

    private static func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var product: UInt8 = 0
        for index in (0..<8).reversed() {
            product = product << 1 ^ (product >> 7) &* 0x1d
            product ^= (right >> index & 1) &* left
        }
        return product
    }
}
