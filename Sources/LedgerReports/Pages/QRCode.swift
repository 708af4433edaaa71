// SPDX-License-Identifier: Apache-2.0

/// A text as a QR code (ISO/IEC 18004, model 2): byte mode, error correction level M.
///
/// Level M, which a seventh of the code may be missing of, is what paper asks for. The version is
/// the smallest that holds the text, the mask the one with the least penalty, so the same text
/// gives the same code.
package struct QRCode: Hashable, Sendable {
    /// How many modules a side has.
    package let side: Int
    /// Row after row, whether a module is dark.
    private var modules: [Bool]
    /// Which modules have a place of their own, where no data stands.
    private var isFixed: [Bool]

    /// The most bytes that fit.
    package static let maximumByteCount = 2_331

    /// Makes the code of a text, or `nil` if it has more than ``maximumByteCount`` bytes of UTF-8.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let version = QRVersion.smallest(forByteCount: bytes.count) else { return nil }
        side = version.side
        modules = [Bool](repeating: false, count: side * side)
        isFixed = modules
        drawFixed(version)
        place(version.codewords(of: bytes))
        chooseMask()
    }

    /// Whether the module in a row, from above, and a column, from the left, is dark.
    package func isDark(row: Int, column: Int) -> Bool { modules[row * side + column] }

    private mutating func fix(row: Int, column: Int, _ isDark: Bool) {
        modules[row * side + column] = isDark
        isFixed[row * side + column] = true
    }

    // MARK: What stands in every code of the version

    private mutating func drawFixed(_ version: QRVersion) {
        for position in 0..<side {
            fix(row: 6, column: position, position % 2 == 0)
            fix(row: position, column: 6, position % 2 == 0)
        }
        for (row, column) in [(3, 3), (3, side - 4), (side - 4, 3)] {
            drawFinder(row: row, column: column)
        }
        let centers = version.alignmentCenters
        for row in centers {
            for column in centers {
                // Three corners have a finder.
                let isFirst = (row == 6, column == 6)
                let isLast = (row == centers.last, column == centers.last)
                if isFirst.0 && (isFirst.1 || isLast.1) || isLast.0 && isFirst.1 { continue }
                drawAlignment(row: row, column: column)
            }
        }
        drawFormat(mask: 0)
        drawVersion(version)
    }

    private mutating func drawFinder(row: Int, column: Int) {
        for down in -4...4 {
            for right in -4...4 {
                let (y, x) = (row + down, column + right)
                guard (0..<side).contains(y), (0..<side).contains(x) else { continue }
                let distance = max(abs(down), abs(right))
                fix(row: y, column: x, distance != 2 && distance != 4)
            }
        }
    }

    private mutating func drawAlignment(row: Int, column: Int) {
        for down in -2...2 {
            for right in -2...2 {
                fix(row: row + down, column: column + right, max(abs(down), abs(right)) != 1)
            }
        }
    }

    /// The level and the mask, twice, with their own error correction (BCH 15, 5).
    private mutating func drawFormat(mask: Int) {
        // Level M has the bits 00.
        let bits = bch(mask, generator: 0x537, checkBitCount: 10) ^ 0x5412
        func bit(_ index: Int) -> Bool { bits >> index & 1 == 1 }
        for index in 0...5 { fix(row: index, column: 8, bit(index)) }
        fix(row: 7, column: 8, bit(6))
        fix(row: 8, column: 8, bit(7))
        fix(row: 8, column: 7, bit(8))
        for index in 9...14 { fix(row: 8, column: 14 - index, bit(index)) }
        for index in 0...7 { fix(row: 8, column: side - 1 - index, bit(index)) }
        for index in 8...14 { fix(row: side - 15 + index, column: 8, bit(index)) }
        fix(row: side - 8, column: 8, true)
    }

    /// The version, twice, from version 7 on (BCH 18, 6).
    private mutating func drawVersion(_ version: QRVersion) {
        guard version.number >= 7 else { return }
        let bits = bch(version.number, generator: 0x1f25, checkBitCount: 12)
        for index in 0..<18 {
            let (far, near) = (side - 11 + index % 3, index / 3)
            fix(row: far, column: near, bits >> index & 1 == 1)
            fix(row: near, column: far, bits >> index & 1 == 1)
        }
    }

    // MARK: Data

    /// Puts bits in pairs of columns from the right, up and down in turn.
    private mutating func place(_ codewords: [UInt8]) {
        var index = 0
        var right = side - 1
        var goesUp = true
        while right >= 1 {
            // The column of the timing pattern is none.
            if right == 6 { right = 5 }
            for step in 0..<side {
                let row = goesUp ? side - 1 - step : step
                for column in [right, right - 1] where !isFixed[row * side + column] {
                    guard index < codewords.count * 8 else { continue }
                    modules[row * side + column] =
                        codewords[index / 8] >> (7 - index % 8) & 1 == 1
                    index += 1
                }
            }
            goesUp.toggle()
            right -= 2
        }
    }

    private mutating func chooseMask() {
        var best = (mask: 0, penalty: Int.max)
        for mask in 0..<8 {
            apply(mask: mask)
            drawFormat(mask: mask)
            let penalty = QRPenalty(modules, side: side).total
            if penalty < best.penalty { best = (mask, penalty) }
            apply(mask: mask)
        }
        apply(mask: best.mask)
        drawFormat(mask: best.mask)
    }

    /// Turns the data over where a mask says so; twice is as if not at all.
    private mutating func apply(mask: Int) {
        for row in 0..<side {
            for column in 0..<side where !isFixed[row * side + column] {
                let product = row * column
                let isTurned =
                    switch mask {
                    case 0: (row + column) % 2 == 0
                    case 1: row % 2 == 0
                    case 2: column % 3 == 0
                    case 3: (row + column) % 3 == 0
                    case 4: (row / 2 + column / 3) % 2 == 0
                    case 5: product % 2 + product % 3 == 0
                    case 6: (product % 2 + product % 3) % 2 == 0
                    default: ((row + column) % 2 + product % 3) % 2 == 0
                    }
                if isTurned { modules[row * side + column].toggle() }
            }
        }
    }
}

/// A number with its check bits behind it.
private func bch(_ number: Int, generator: Int, checkBitCount: Int) -> Int {
    var rest = number
    for _ in 0..<checkBitCount {
        rest = rest << 1 ^ (rest >> (checkBitCount - 1) & 1) * generator
    }
    return number << checkBitCount | rest
}
