// SPDX-License-Identifier: Apache-2.0

/// Which tile of a tree, or which bundle of entries, and how wide (C2SP tlog-tiles).
///
/// A tile holds 256 hashes of one level, or fewer at the right edge: of level n the roots of the
/// perfect subtrees of 256^n leaves. A bundle holds what 256 leaves are the hashes of.
public struct TileCoordinate: Hashable, Sendable {
    /// What is in it.
    public enum Content: Hashable, Sendable {
        /// Hashes of a level, from 0.
        case hashes(level: Int)
        /// Entries.
        case entries
    }

    /// What is in it.
    public let content: Content
    /// How many of its kind are to the left of it.
    public let index: UInt64
    /// How many hashes or entries it has: 1 to ``fullWidth``.
    public let width: Int

    /// How many hashes or entries a tile has that is not at the right edge.
    public static let fullWidth = 256
    /// The logarithm of ``fullWidth``: how many levels of the tree are between two levels of tiles.
    static let height = 8
    /// The greatest level of tiles that a tree of 2^63 - 1 leaves has.
    static let maximumLevel = 7
    /// The folder of all tiles.
    static let folder = "tile"

    /// Makes a coordinate.
    public init(_ content: Content, index: UInt64, width: Int = fullWidth) {
        precondition((1...TileCoordinate.fullWidth).contains(width), "a tile has 1 to 256 hashes")
        self.content = content
        self.index = index
        self.width = width
    }

    /// Whether it is full.
    public var isFull: Bool { width == TileCoordinate.fullWidth }

    /// Where it lies: `tile/0/x001/x234/067`, or behind that `.p/` and the width.
    public var path: String { isFull ? fullPath : "\(partialFolder)/\(width)" }

    /// Where the tile lies once it is full.
    var fullPath: String {
        let place =
            switch content {
            case .hashes(let level): "\(level)"
            case .entries: "entries"
            }
        return "\(TileCoordinate.folder)/\(place)/\(TileCoordinate.groups(of: index))"
    }

    /// The folder in which it lies while it is not full.
    var partialFolder: String { fullPath + ".p" }

    /// The coordinate of the same tile, with another width.
    func withWidth(_ width: Int) -> TileCoordinate {
        TileCoordinate(content, index: index, width: width)
    }

    /// A number in groups of three digits, with an `x` before all but the last.
    private static func groups(of number: UInt64) -> String {
        var rest = number
        var text = threeDigits(rest % 1_000)
        rest /= 1_000
        while rest > 0 {
            text = "x\(threeDigits(rest % 1_000))/\(text)"
            rest /= 1_000
        }
        return text
    }

    private static func threeDigits(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 3 - digits.utf8.count) + digits
    }
}

/// How the tiles of a tree are laid out.
enum TileShape {
    /// How many hashes a level of tiles has in a tree of a size.
    static func count(level: Int, size: UInt64) -> UInt64 {
        size >> UInt64(TileCoordinate.height * level)
    }

    /// How many hashes the tile with an index has.
    static func width(level: Int, index: UInt64, size: UInt64) -> Int {
        let first = index << UInt64(TileCoordinate.height)
        let count = count(level: level, size: size)
        return count <= first ? 0 : Int(min(count - first, UInt64(TileCoordinate.fullWidth)))
    }

    /// The tiles of a level, as their indices, in which hashes come to be when a tree grows.
    static func changed(level: Int, from old: UInt64, to new: UInt64) -> Range<UInt64> {
        let (before, after) = (count(level: level, size: old), count(level: level, size: new))
        guard before < after else { return 0..<0 }
        let width = UInt64(TileCoordinate.fullWidth)
        return before / width..<(after - 1) / width + 1
    }
}
