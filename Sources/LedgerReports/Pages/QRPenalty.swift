// SPDX-License-Identifier: Apache-2.0

/// How hard a QR code is to read (ISO/IEC 18004, 7.8.3): the mask with the least is taken.
struct QRPenalty {
    private let modules: [Bool]
    private let side: Int

    init(_ modules: [Bool], side: Int) {
        self.modules = modules
        self.side = side
    }

    var total: Int {
        var total = squares + balance
        for line in 0..<side {
            total += penalty(ofLine: (0..<side).map { modules[line * side + $0] })
            total += penalty(ofLine: (0..<side).map { modules[$0 * side + line] })
        }
        return total
    }

    /// Runs of one color, and what looks like a finder.
    private func penalty(ofLine line: [Bool]) -> Int {
        var penalty = 0
        var runLength = 0
        var window = 0
        for (index, isDark) in line.enumerated() {
            runLength = index > 0 && isDark == line[index - 1] ? runLength + 1 : 1
            if runLength == 5 { penalty += 3 } else if runLength > 5 { penalty += 1 }
            window = (window << 1 | (isDark ? 1 : 0)) & 0x7ff
            if index >= 10, window == 0b101_1101_0000 || window == 0b000_0101_1101 {
                penalty += 40
            }
        }
        return penalty
    }

    /// Squares of two by two in one color.
    private var squares: Int {
        var penalty = 0
        for row in 0..<side - 1 {
            for column in 0..<side - 1 {
                let start = row * side + column
                let color = modules[start]
                if modules[start + 1] == color, modules[start + side] == color,
                    modules[start + side + 1] == color
                {
                    penalty += 3
                }
            }
        }
        return penalty
    }

    /// How far the dark modules are from being half of all, in steps of five percent.
    private var balance: Int {
        let dark = modules.count { $0 }
        return abs(dark * 20 - modules.count * 10) / modules.count * 10
    }
}
