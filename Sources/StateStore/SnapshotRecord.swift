// SPDX-License-Identifier: Apache-2.0
import LedgerModel

/// What a store keeps beside a snapshot's pieces: 40 bytes, five little-endian words.
struct SnapshotRecord: Equatable {
    /// The version of the arrangement in the environment.
    static let formatVersion: UInt64 = 1
    /// The most bytes that a piece may have.
    static let maximumPieceByteCount = 1 << 26

    private static let wordCount = 5

    var next: EntryNumber
    var byteCount: Int
    var pieceByteCount: Int
    /// XXH64 of the snapshot.
    var checksum: UInt64

    /// How many pieces there are; the last may be shorter than the others.
    var pieceCount: Int { byteCount == 0 ? 0 : (byteCount - 1) / pieceByteCount + 1 }

    /// Which of the snapshot's bytes a piece has.
    func range(ofPiece piece: Int) -> Range<Int> {
        let start = piece * pieceByteCount
        return start..<min(start + pieceByteCount, byteCount)
    }

    init(next: EntryNumber, byteCount: Int, pieceByteCount: Int, checksum: UInt64) {
        self.next = next
        self.byteCount = byteCount
        self.pieceByteCount = pieceByteCount
        self.checksum = checksum
    }

    init(_ bytes: [UInt8]) throws(StateStoreError) {
        guard bytes.count == 8 * Self.wordCount else {
            throw .damaged(what: "the snapshot's record has \(bytes.count) bytes")
        }
        let words = (0..<Self.wordCount).map { index in
            bytes[8 * index..<8 * index + 8].reversed().reduce(UInt64(0)) {
                $0 << 8 | UInt64($1)
            }
        }
        guard words[0] <= Self.formatVersion else {
            throw .newerFormat(found: words[0], supported: Self.formatVersion)
        }
        guard words[0] != 0, let byteCount = Int(exactly: words[2]),
            let pieceByteCount = Int(exactly: words[3]),
            (1...Self.maximumPieceByteCount).contains(pieceByteCount)
        else { throw .damaged(what: "the snapshot's record is not one") }
        self.init(
            next: EntryNumber(rawValue: words[1]),
            byteCount: byteCount,
            pieceByteCount: pieceByteCount,
            checksum: words[4]
        )
    }

    var bytes: [UInt8] {
        [
            Self.formatVersion, next.rawValue, UInt64(byteCount), UInt64(pieceByteCount), checksum,
        ].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }
}
