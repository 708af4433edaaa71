// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel

/// Why bytes are not a snapshot that can be used.
struct SnapshotFault: Error, Equatable, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}

/// Writes a snapshot: little-endian 64-bit words, so that everything in it is aligned.
struct SnapshotWriter {
    private(set) var words: [UInt64] = []

    mutating func reserveCapacity(_ wordCount: Int) { words.reserveCapacity(wordCount) }

    mutating func append(_ word: UInt64) { words.append(word.littleEndian) }

    mutating func append(_ number: Int64) { append(UInt64(bitPattern: number)) }

    mutating func append(count: Int) { append(UInt64(count)) }

    mutating func append(_ entry: EntryNumber) { append(entry.rawValue) }

    mutating func append(_ time: LedgerTime) { append(time.millisecondsSince1970) }

    mutating func append(_ day: CivilDate?) {
        append(day.map { UInt64($0.daysSince1970) } ?? .max)
    }

    mutating func append(_ range: DateRange) {
        append(range.from)
        append(range.until)
    }

    mutating func append(_ country: CountryCode) { append(UInt64(country.rawValue)) }

    mutating func append(_ isTrue: Bool) { append(isTrue ? 1 as UInt64 : 0) }

    mutating func append(_ hash: Hash128) {
        append(hash.low)
        append(hash.high)
    }

    /// Bytes after their number, filled up with zeros to whole words.
    mutating func append(bytes: some Collection<UInt8>) {
        append(count: bytes.count)
        var word: UInt64 = 0
        var shift: UInt64 = 0
        for byte in bytes {
            word |= UInt64(byte) << shift
            shift += 8
            guard shift == 64 else { continue }
            append(word)
            word = 0
            shift = 0
        }
        if shift > 0 { append(word) }
    }

    mutating func append(_ hash: LedgerHash) { append(bytes: hash.bytes) }

    /// XXH64 of everything so far.
    var checksum: UInt64 { xxHash64(words.span.rawBytes) }
}

/// Reads a snapshot from front to back and refuses whatever the writer would not write.
///
/// It never traps, whatever the bytes.
struct SnapshotReader {
    /// Read where they are: they are many, and each is read once.
    private let stored: [UInt8]
    private let wordCount: Int
    /// How many words were read.
    private(set) var offset = 0

    /// Takes bytes over that must be whole words, of which the last is the checksum of the others.
    init(_ bytes: [UInt8]) throws(SnapshotFault) {
        wordCount = bytes.count / 8
        stored = bytes
        guard wordCount > 0, bytes.count % 8 == 0 else {
            throw SnapshotFault("it has \(bytes.count) bytes")
        }
        let checksum = xxHash64(bytes.span.rawBytes.extracting(droppingLast: 8))
        guard checksum == word(at: wordCount - 1) else {
            throw SnapshotFault("its checksum does not fit its bytes")
        }
    }

    private func word(at index: Int) -> UInt64 {
        // Safe: the load checks its bounds, and any eight bytes are a number.
        UInt64(
            littleEndian: unsafe stored.span.rawBytes.unsafeLoadUnaligned(
                fromByteOffset: 8 * index,
                as: UInt64.self
            )
        )
    }

    /// How many words are left, without the checksum.
    private var leftCount: Int { wordCount - 1 - offset }

    /// Goes on with the operations, of which the last word but the checksum says where they begin.
    mutating func skipToOperations() throws(SnapshotFault) {
        let end = wordCount - 2
        guard end >= offset, word(at: end) <= UInt64(end - offset) else {
            throw SnapshotFault("its operations have another length than it says")
        }
        offset = end - Int(word(at: end))
    }

    func finish() throws(SnapshotFault) {
        guard leftCount == 0 else { throw SnapshotFault("there are words behind its end") }
    }

    mutating func word() throws(SnapshotFault) -> UInt64 {
        guard offset < wordCount - 1 else { throw SnapshotFault("it ends too early") }
        defer { offset += 1 }
        return word(at: offset)
    }

    /// A number of things that have at least so many words each.
    mutating func count(wordsEach: Int) throws(SnapshotFault) -> Int {
        let count = try word()
        guard count <= UInt64(leftCount / wordsEach) else {
            throw SnapshotFault("it counts more than it has")
        }
        return Int(count)
    }

    /// A position in a list of so many.
    mutating func position(below count: Int) throws(SnapshotFault) -> Int {
        let position = try word()
        guard position < UInt64(count) else { throw SnapshotFault("a position leads nowhere") }
        return Int(position)
    }

    /// An amount of 0 to `maximum`.
    mutating func amount(upTo maximum: Int64 = TPP.maximumSum.rawValue) throws(SnapshotFault)
        -> Int64
    {
        let amount = try word()
        guard amount <= UInt64(maximum) else { throw SnapshotFault("an amount is out of range") }
        return Int64(amount)
    }

    mutating func bool() throws(SnapshotFault) -> Bool {
        let word = try word()
        guard word <= 1 else { throw SnapshotFault("a truth value is neither 0 nor 1") }
        return word == 1
    }

    mutating func entry(below next: UInt64) throws(SnapshotFault) -> EntryNumber {
        let number = try word()
        guard number < next else { throw SnapshotFault("it names an entry behind its end") }
        return EntryNumber(rawValue: number)
    }

    mutating func time() throws(SnapshotFault) -> LedgerTime {
        let word = Int64(bitPattern: try word())
        guard let time = LedgerTime(millisecondsSince1970: word) else {
            throw SnapshotFault("a time is out of range")
        }
        return time
    }

    mutating func optionalDay() throws(SnapshotFault) -> CivilDate? {
        let word = try word()
        return word == .max ? nil : try Self.day(word)
    }

    mutating func day() throws(SnapshotFault) -> CivilDate { try Self.day(try word()) }

    mutating func range() throws(SnapshotFault) -> DateRange {
        guard let range = DateRange(from: try day(), until: try optionalDay()) else {
            throw SnapshotFault("a range of days is none")
        }
        return range
    }

    mutating func country() throws(SnapshotFault) -> CountryCode { try Self.country(try word()) }

    mutating func hash128() throws(SnapshotFault) -> Hash128 {
        Hash128(low: try word(), high: try word())
    }

    mutating func bytes() throws(SnapshotFault) -> [UInt8] {
        let count = try word()
        guard count <= UInt64(leftCount) * 8 else { throw SnapshotFault("it ends within bytes") }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(count))
        while bytes.count < Int(count) {
            var rest = try word()
            for _ in 0..<min(8, Int(count) - bytes.count) {
                bytes.append(UInt8(truncatingIfNeeded: rest))
                rest >>= 8
            }
            guard rest == 0 || bytes.count % 8 == 0 else {
                throw SnapshotFault("there is something behind bytes")
            }
        }
        return bytes
    }

    mutating func ledgerHash() throws(SnapshotFault) -> LedgerHash {
        guard let hash = LedgerHash(try bytes()) else {
            throw SnapshotFault("a hash has the wrong length")
        }
        return hash
    }

    mutating func text() throws(SnapshotFault) -> String {
        guard let text = String(validating: try bytes(), as: UTF8.self) else {
            throw SnapshotFault("a text is not UTF-8")
        }
        return text
    }

    mutating func identifier<Identifier: LedgerIdentifier>() throws(SnapshotFault) -> Identifier {
        guard let identifier = Identifier(try text()) else {
            throw SnapshotFault("an identifier is none")
        }
        return identifier
    }

    static func day(_ word: UInt64) throws(SnapshotFault) -> CivilDate {
        guard let days = Int32(exactly: word), let day = CivilDate(daysSince1970: days) else {
            throw SnapshotFault("a day is out of range")
        }
        return day
    }

    static func country(_ word: UInt64) throws(SnapshotFault) -> CountryCode {
        guard let code = UInt16(exactly: word), let country = CountryCode(rawValue: code) else {
            throw SnapshotFault("a country code is none")
        }
        return country
    }
}
