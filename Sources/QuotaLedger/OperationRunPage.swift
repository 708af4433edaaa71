// SPDX-License-Identifier: Apache-2.0

import EntryLog
import StateStore

/// The pages of a run: a checksum of what follows, then little-endian words.
///
/// First the operations in order of their names, then, as plain words, the first name of each of
/// those pages (its high half) and the filter.
enum OperationRunPage {
    static let operationsEach = 101
    static let plainWordsEach = 508

    /// A page of words, with its checksum in front.
    ///
    /// Where the page belongs counts: one that is somewhere else is damaged too.
    static func sealed(_ words: [UInt64], _ page: UInt32, of run: UInt32) -> [UInt64] {
        let seed = UInt64(run) << 32 | UInt64(page)
        return [xxHash64(words.span.rawBytes, seed: seed).littleEndian] + words
    }

    /// Whether bytes are the page that they are taken for.
    static func isWhole(_ bytes: RawSpan, _ page: UInt32, of run: UInt32) -> Bool {
        guard bytes.byteCount >= 8, bytes.byteCount % 8 == 0 else { return false }
        let seed = UInt64(run) << 32 | UInt64(page)
        return xxHash64(bytes.extracting(droppingFirst: 8), seed: seed) == word(0, of: bytes)
    }

    /// How many operations a whole page has.
    static func operationCount(_ bytes: RawSpan) -> Int {
        (bytes.byteCount - 8) / (8 * IndexedOperation.wordCount)
    }

    /// The name of an operation of a page.
    static func name(_ index: Int, of bytes: RawSpan) -> Hash128 {
        let first = 1 + index * IndexedOperation.wordCount
        return Hash128(low: word(first + 1, of: bytes), high: word(first, of: bytes))
    }

    /// An operation of a page; `nil` if its words are none.
    static func operation(_ index: Int, of bytes: RawSpan) -> IndexedOperation? {
        let first = 1 + index * IndexedOperation.wordCount
        return IndexedOperation(
            name: name(index, of: bytes),
            content: Hash128(low: word(first + 2, of: bytes), high: word(first + 3, of: bytes)),
            checking: word(first + 4, of: bytes)
        )
    }

    /// Appends an operation to the words of a page.
    static func append(_ operation: IndexedOperation, to words: inout [UInt64]) {
        words.append(operation.name.high.littleEndian)
        words.append(operation.name.low.littleEndian)
        words.append(operation.content.low.littleEndian)
        words.append(operation.content.high.littleEndian)
        words.append(operation.mark.littleEndian)
    }

    /// A word of a page, whose bounds are checked.
    static func word(_ index: Int, of bytes: RawSpan) -> UInt64 {
        // Safe: the load checks its bounds, and any eight bytes are a number.
        UInt64(
            littleEndian: unsafe bytes.unsafeLoadUnaligned(
                fromByteOffset: 8 * index,
                as: UInt64.self
            )
        )
    }
}
