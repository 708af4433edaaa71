// SPDX-License-Identifier: Apache-2.0
public import LedgerModel
import Synchronization

extension BatchReader {
    /// Entries of a batch that follow each other: what one thread reads of it.
    public struct Part: Hashable, Sendable {
        /// The number of its first entry.
        public let first: EntryNumber
        /// How many entries it has.
        public let entryCount: Int
        /// Where the length of its first entry stands in the batch.
        let offset: Int
        /// Whether the batch ends behind it.
        let isLast: Bool
    }

    /// With fewer entries in a part, a fan-out (20 to 90 us) costs more than it saves.
    public static let leastPartEntryCount = 256

    /// Cuts a batch into parts of at least `entryCount` entries, or one if it has fewer.
    ///
    /// Looks at the lengths of the entries only. Where they do not fit the batch no part ends, so
    /// that whoever reads the parts in order meets what is wrong where ``forEachEntry(in:_:)`` does.
    /// O(entries).
    static func parts(
        of batch: RawSpan,
        atLeast entryCount: Int
    ) throws(EntryLogError) -> [Part] {
        let header = try BatchHeader(batch)
        let partCount = max(1, header.entryCount / entryCount)
        var parts: [Part] = []
        var begin = (index: 0, offset: BatchHeader.byteCount)
        var offset = begin.offset
        if partCount > 1 {
            for index in 0..<header.entryCount {
                if index == header.entryCount * (parts.count + 1) / partCount {
                    parts.append(part(of: header, from: begin, to: index))
                    begin = (index, offset)
                }
                guard batch.byteCount - offset >= ByteBuffer.frameByteCount else { break }
                offset += ByteBuffer.frameByteCount
                offset += Int(batch.number(at: offset - ByteBuffer.frameByteCount, as: UInt16.self))
                guard offset <= batch.byteCount else { break }
            }
        }
        parts.append(part(of: header, from: begin, to: header.entryCount))
        return parts
    }

    private static func part(
        of header: BatchHeader,
        from begin: (index: Int, offset: Int),
        to end: Int
    ) -> Part {
        Part(
            first: EntryNumber(rawValue: header.first.rawValue + UInt64(begin.index)),
            entryCount: end - begin.index,
            offset: begin.offset,
            isLast: end == header.entryCount
        )
    }

    /// Gives each entry's number and bytes of a part to `body`, as ``forEachEntry(in:_:)`` does of a
    /// batch.
    public static func forEachEntry(
        in batch: RawSpan,
        _ part: Part,
        _ body: (EntryNumber, RawSpan) throws(EntryLogError) -> ReadStep
    ) throws(EntryLogError) {
        var offset = part.offset
        for index in 0..<UInt64(part.entryCount) {
            let number = EntryNumber(rawValue: part.first.rawValue + index)
            guard batch.byteCount - offset >= ByteBuffer.frameByteCount else {
                throw try endsEarly(batch, before: number)
            }
            let count = Int(batch.number(at: offset, as: UInt16.self))
            offset += ByteBuffer.frameByteCount
            guard count >= EntryHeader.byteCount, batch.byteCount - offset >= count else {
                throw .corrupt(at: .entry(number), what: "its length does not fit its batch")
            }
            let entry = batch.extracting(offset..<offset + count)
            guard entry.word(at: EntryHeader.Offset.number) == number.rawValue else {
                throw .corrupt(at: .entry(number), what: "it holds another number")
            }
            guard case .next = try body(number, entry) else { return }
            offset += count
        }
        guard !part.isLast || offset == batch.byteCount else {
            throw .corrupt(
                at: .batch(try BatchHeader(batch).first),
                what: "there are bytes behind its last entry"
            )
        }
    }

    private static func endsEarly(
        _ batch: RawSpan,
        before number: EntryNumber
    ) throws(EntryLogError) -> EntryLogError {
        .corrupt(
            at: .batch(try BatchHeader(batch).first),
            what: "it ends before entry \(number)"
        )
    }

    /// Reads the parts of a batch on several cores at once, if it has many entries; blocks until all
    /// are read.
    ///
    /// - Parameters:
    ///   - batch: The batch, which ``check(_:after:)`` let pass.
    ///   - workerCount: The most threads that read, the caller's among them; there are never more
    ///     than cores.
    ///   - partEntryCount: How many entries a part has at least, if there are as many.
    ///   - body: Reads one part; called on any of the threads.
    /// - Returns: What `body` made of the parts, in order.
    /// - Throws: What `body` throws of the first part in order for which it does: what reading the
    ///   entries one after the other would throw.
    public static func map<Value: Sendable>(
        _ batch: RawSpan,
        workerCount: Int = 64,
        partEntryCount: Int = leastPartEntryCount,
        _ body: @Sendable (RawSpan, Part) throws(EntryLogError) -> Value
    ) throws(EntryLogError) -> [Value] {
        let parts = try parts(of: batch, atLeast: partEntryCount)
        if parts.count == 1 { return [try body(batch, parts[0])] }
        let results = Mutex([Result<Value, EntryLogError>?](repeating: nil, count: parts.count))
        Parallel.forEach(parts.count, workerCount: workerCount) { index in
            let result: Result<Value, EntryLogError>
            do throws(EntryLogError) {
                result = .success(try body(batch, parts[index]))
            } catch {
                result = .failure(error)
            }
            results.withLock { $0[index] = result }
        }
        var values: [Value] = []
        values.reserveCapacity(parts.count)
        for result in results.withLock({ $0 }) {
            if let result { values.append(try result.get()) }
        }
        return values
    }
}
