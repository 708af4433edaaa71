// SPDX-License-Identifier: Apache-2.0
import EntryLog
import LMDB
import LedgerModel

/// A walk over batches in order, in several read transactions.
struct BatchWalk {
    /// How many bytes of batches are given out before the transaction is renewed.
    private static let byteCountPerTransaction = 1 << 20

    private let start: EntryNumber
    /// The head after the last batch given out.
    private var last: LogHead?
    private(set) var isOver = false

    init(from start: EntryNumber) {
        self.start = start
    }

    /// Gives out the next batches, as many as one transaction should see.
    mutating func advance(
        _ store: LedgerStore,
        _ transaction: borrowing ReadTransaction,
        _ checked: CheckedBatches,
        _ body: (BatchHeader, RawSpan) throws(EntryLogError) -> ReadStep
    ) throws(EntryLogError) {
        guard let first = try firstKey(store, transaction) else {
            isOver = true
            return
        }
        var byteCount = 0
        var reachedEnd = true
        try transaction.scan(store.batches, from: first, failure: LedgerStore.wrap) {
            key,
            bytes throws(EntryLogError) in
            if let last { try requireKey(key, last.next) }
            let header = try checked.check(bytes, after: last)
            try requireKey(key, header.first.rawValue)
            guard header.next > start.rawValue else {
                throw .corrupt(at: .entry(start), what: "its batch is missing")
            }
            last = BatchReader.head(after: header, bytes)
            byteCount += bytes.byteCount
            let step = try body(header, bytes)
            isOver = step == .stop
            reachedEnd = !isOver && byteCount < BatchWalk.byteCountPerTransaction
            return reachedEnd ? .next : .stop
        }
        guard reachedEnd else { return }
        isOver = true
        let head = try store.head(transaction)
        guard (last?.next ?? start.rawValue) == head.next else {
            throw .corrupt(
                at: .batch(EntryNumber(rawValue: last?.next ?? start.rawValue)),
                what: "it is missing"
            )
        }
    }

    /// The key of the batch to go on with, or `nil` at the end.
    private func firstKey(
        _ store: LedgerStore,
        _ transaction: borrowing ReadTransaction
    ) throws(EntryLogError) -> UInt64? {
        let head = try store.head(transaction)
        if let last { return last.next < head.next ? last.next : nil }
        var found: UInt64?
        try transaction.scan(
            store.batches,
            from: start.rawValue,
            .descending,
            failure: LedgerStore.wrap
        ) { key, _ throws(EntryLogError) in
            found = key
            return .stop
        }
        guard let found else {
            throw .corrupt(at: .batch(EntryNumber(rawValue: 0)), what: "it is missing")
        }
        return found
    }

    private func requireKey(_ found: UInt64, _ expected: UInt64) throws(EntryLogError) {
        guard found == expected else {
            throw .corrupt(
                at: .batch(EntryNumber(rawValue: expected)),
                what: "the next is \(found)"
            )
        }
    }
}
