// SPDX-License-Identifier: Apache-2.0

/// An array in pieces, for values without references of which there are millions.
///
/// An array that grows moves all of itself, and one that is changed while a copy of it is about, as
/// that of a snapshot is, copies all of itself: a hundred megabytes, for which everybody waits. Of
/// this one nothing moves, and only the pieces that change are copied.
package struct ChunkedArray<Element: Sendable>: Sendable {
    /// How many elements a piece has, as a power of 2.
    private static var chunkBits: Int { 8 }
    private static var chunkCount: Int { 1 << chunkBits }

    private var chunks: [[Element]] = []
    package private(set) var count = 0

    /// Makes an array without elements.
    package init() {}

    /// Makes an array of some elements.
    package init(_ elements: some Sequence<Element>) {
        for element in elements { append(element) }
    }

    package subscript(position: Int) -> Element {
        get { chunks[position >> Self.chunkBits][position & (Self.chunkCount - 1)] }
        set { chunks[position >> Self.chunkBits][position & (Self.chunkCount - 1)] = newValue }
    }

    package mutating func append(_ element: Element) {
        if count & (Self.chunkCount - 1) == 0 {
            var chunk: [Element] = []
            chunk.reserveCapacity(Self.chunkCount)
            chunks.append(chunk)
        }
        chunks[count >> Self.chunkBits].append(element)
        count += 1
    }

    /// Makes room for the list of the pieces; the pieces themselves are made when they are needed.
    package mutating func reserveCapacity(_ elementCount: Int) {
        chunks.reserveCapacity((elementCount + Self.chunkCount - 1) >> Self.chunkBits)
    }
}
