// SPDX-License-Identifier: Apache-2.0
public import LedgerModel

/// What stands in front of a batch's entries: 112 bytes, fixed width.
///
/// Framing is storage: it enters no entry and no leaf. The hash of these bytes is the batch's
/// ``ChainHash``. It commits to the entries without hashing them again, because the header holds
/// the root of the tree after them. Since format 2 it leaves out what tells of the body's bytes, its
/// length and checksum: what is personal can be taken out of a batch and the chain stays.
public struct BatchHeader: Hashable, Sendable {
    /// The version of the batch's framing: 1 or ``formatVersion``.
    public let format: UInt16
    /// The number of its first entry.
    public var first: EntryNumber
    /// How many entries it has: 1 to ``maximumEntryCount``.
    public var entryCount: Int
    /// The epoch of the writer that appended it.
    public var epoch: UInt64
    /// How many bytes follow the header.
    public var bodyByteCount: Int
    /// The hash of the batch before, or ``ChainHash/genesis``.
    public var previous: ChainHash
    /// The root of the tree over all entries of the log up to the last of this batch.
    public var root: LedgerHash
    /// XXH64 of the body, seeded with XXH64 of the header's bytes in front of this field.
    public var checksum: UInt64

    /// How many bytes a header has.
    public static let byteCount = 112
    /// The most entries that a batch may have.
    public static let maximumEntryCount = 65_536
    /// The most bytes that may follow a header.
    public static let maximumBodyByteCount = 1 << 28
    /// The version of the framing that this code writes; it reads 1 too.
    public static let formatVersion: UInt16 = 2
    /// The first eight bytes of every batch: 0x89, then `HRBATCH` in ASCII.
    public static let magic: [UInt8] = [0x89, 0x48, 0x52, 0x42, 0x41, 0x54, 0x43, 0x48]

    /// ``magic`` as a little-endian word.
    private static let magicWord: UInt64 = 0x4843_5441_4252_4889

    /// Where the fields stand.
    private enum Offset {
        static let magic = 0
        static let formatVersion = 8
        static let reserved = 10
        static let entryCount = 12
        static let first = 16
        static let epoch = 24
        static let checksum = 104

        // The body's length stands behind what is hashed since format 2.
        static func bodyByteCount(_ format: UInt16) -> Int { format == 1 ? 32 : 96 }
        static func previous(_ format: UInt16) -> Int { format == 1 ? 40 : 32 }
        static func root(_ format: UInt16) -> Int { format == 1 ? 72 : 64 }
    }

    /// Makes a header; nothing is checked here.
    init(
        first: EntryNumber,
        entryCount: Int,
        epoch: UInt64,
        bodyByteCount: Int,
        previous: ChainHash,
        root: LedgerHash
    ) {
        format = BatchHeader.formatVersion
        self.first = first
        self.entryCount = entryCount
        self.epoch = epoch
        self.bodyByteCount = bodyByteCount
        self.previous = previous
        self.root = root
        checksum = 0
    }

    /// Reads the header of a batch, and checks that the batch is as long as it says.
    ///
    /// `expected` is where the batch was found, for messages. The checksum is not tested: see
    /// ``BatchReader``.
    public init(_ batch: RawSpan, expected: LogPlace = .bytes) throws(EntryLogError) {
        guard batch.byteCount >= BatchHeader.byteCount else {
            throw .corrupt(at: expected, what: "a batch has \(batch.byteCount) bytes")
        }
        guard batch.word(at: Offset.magic) == BatchHeader.magicWord else {
            throw .corrupt(at: expected, what: "it does not begin as a batch does")
        }
        let version: UInt16 = batch.number(at: Offset.formatVersion)
        first = EntryNumber(rawValue: batch.word(at: Offset.first))
        guard version <= BatchHeader.formatVersion else {
            throw .newerFormat(
                at: expected == .bytes ? .batch(first) : expected,
                found: UInt64(version),
                supported: UInt64(BatchHeader.formatVersion)
            )
        }
        guard version != 0, batch.number(at: Offset.reserved, as: UInt16.self) == 0 else {
            throw .corrupt(at: expected, what: "a field that must be 0 is not, or the other way")
        }
        format = version
        entryCount = Int(batch.number(at: Offset.entryCount, as: UInt32.self))
        epoch = batch.word(at: Offset.epoch)
        let body = batch.word(at: Offset.bodyByteCount(version))
        guard (1...BatchHeader.maximumEntryCount).contains(entryCount),
            !first.rawValue.addingReportingOverflow(UInt64(entryCount)).overflow,
            body <= UInt64(BatchHeader.maximumBodyByteCount),
            Int(body) == batch.byteCount - BatchHeader.byteCount
        else {
            throw .corrupt(at: expected, what: "its lengths do not fit its bytes")
        }
        bodyByteCount = Int(body)
        previous = ChainHash(LedgerHash(batch, at: Offset.previous(version)))
        root = LedgerHash(batch, at: Offset.root(version))
        checksum = batch.word(at: Offset.checksum)
    }

    /// The number of the entry after its last.
    public var next: UInt64 { first.rawValue + UInt64(entryCount) }

    /// The checksum that a batch's bytes, header included, should hold.
    static func checksum(of batch: RawSpan) -> UInt64 {
        xxHash64(
            batch.extracting(droppingFirst: byteCount),
            seed: xxHash64(batch.extracting(first: Offset.checksum))
        )
    }

    /// The chain hash of the batch with this header and these bytes.
    func chainHash(of batch: RawSpan) -> ChainHash {
        let count = format == 1 ? BatchHeader.byteCount : Offset.bodyByteCount(format)
        return ChainHash(sha256(batch.extracting(first: count)))
    }

    /// Writes the header over the first bytes of `batch`, whose body is in place, and returns it
    /// with its checksum.
    func write(over batch: inout ByteBuffer) -> BatchHeader {
        batch.overwrite(at: Offset.magic, BatchHeader.magicWord)
        batch.overwrite(at: Offset.formatVersion, format)
        batch.overwrite(at: Offset.reserved, UInt16(0))
        batch.overwrite(at: Offset.entryCount, UInt32(entryCount))
        batch.overwrite(at: Offset.first, first.rawValue)
        batch.overwrite(at: Offset.epoch, epoch)
        batch.overwrite(at: Offset.bodyByteCount(format), UInt64(bodyByteCount))
        batch.overwrite(at: Offset.previous(format), previous.value)
        batch.overwrite(at: Offset.root(format), root)
        var sealed = self
        sealed.checksum = BatchHeader.checksum(of: batch.bytes)
        batch.overwrite(at: Offset.checksum, sealed.checksum)
        return sealed
    }
}
