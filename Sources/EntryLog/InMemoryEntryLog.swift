// SPDX-License-Identifier: Apache-2.0
public import LedgerModel
import Synchronization

/// A log in memory: every promise but the one to last.
///
/// For trying what-ifs and for tests. Any thread may use it.
public final class InMemoryEntryLog: EntryLog {
    private struct StoredBatch {
        var header: BatchHeader
        var bytes: [UInt8]
    }

    private struct State {
        var head = LogHead.genesis
        var frontier = MerkleFrontier()
        var batches: [StoredBatch] = []

        /// The index of the batch that holds an entry.
        func index(of number: EntryNumber) -> Int? {
            guard number.rawValue < head.next else { return nil }
            var range = 0..<batches.count
            while range.count > 1 {
                let middle = range.lowerBound + range.count / 2
                range =
                    batches[middle].header.first <= number
                    ? middle..<range.upperBound : range.lowerBound..<middle
            }
            return range.lowerBound
        }
    }

    private let state = Mutex(State())

    /// Makes an empty log.
    public init() {}

    /// Raises the epoch.
    public func takeOver() throws(EntryLogError) -> LogHead {
        state.withLock { state in
            state.head.epoch += 1
            return state.head
        }
    }

    /// Appends a batch if the log's head is `expecting`, and puts redacted ones in their place.
    public func append(
        _ batch: borrowing EncodedBatch,
        replacing redacted: [RedactedBatch],
        expecting: LogHead
    ) throws(EntryLogError) -> AppendOutcome {
        batch.requireFinished(with: expecting)
        let batch = copy batch
        return try state.withLock { state throws(EntryLogError) in
            if let refused = state.head.refusal(of: expecting) { return refused }
            var batches = state.batches
            for replacement in redacted {
                guard let index = state.index(of: replacement.header.first) else {
                    throw replacement.isOfNone
                }
                let stored = batches[index].bytes
                guard replacement.isOf(stored.span.rawBytes) else { throw replacement.isOfNone }
                batches[index] = StoredBatch(
                    header: replacement.header,
                    bytes: replacement.bytes
                )
            }
            batches.append(StoredBatch(header: batch.header, bytes: batch.bytes))
            state.head = batch.head
            state.frontier = batch.frontier
            state.batches = batches
            return .appended(state.head)
        }
    }

    /// The newest head.
    public func head() throws(EntryLogError) -> LogHead { state.withLock { $0.head } }

    /// The right edge of the tree.
    public func frontier() throws(EntryLogError) -> MerkleFrontier {
        state.withLock { $0.frontier }
    }

    /// Gives whole batches to `body`, in order, from the one that holds entry `number`.
    public func read(
        from number: EntryNumber,
        _ body: (BatchHeader, RawSpan) throws(EntryLogError) -> ReadStep
    ) throws(EntryLogError) {
        let (batches, start) = state.withLock { ($0.batches, $0.index(of: number)) }
        guard let start else { return }
        for batch in batches[start...] {
            guard case .next = try body(batch.header, batch.bytes.span.rawBytes) else { return }
        }
    }
}

extension LogHead {
    /// Why an append that expects another head is refused, or `nil` if it is this one.
    ///
    /// For stores: this is the log's head.
    public func refusal(of expected: LogHead) -> AppendOutcome? {
        #if PlantedBugs
            let isStale = expected.epoch != epoch && PlantedBug.active != .staleEpoch
        #else
            let isStale = expected.epoch != epoch
        #endif
        if isStale { return .fenced(self) }
        guard expected.next == next, expected.hash == hash else { return .gap(self) }
        return nil
    }
}

extension RedactedBatch {
    /// For stores: whether it can take the place of a batch, because the chain stays what it is.
    public func isOf(_ stored: RawSpan) -> Bool {
        do throws(EntryLogError) {
            let other = try BatchHeader(stored)
            return other.format == header.format && other.first == header.first
                && other.entryCount == header.entryCount
                && other.chainHash(of: stored) == header.chainHash(of: bytes.span.rawBytes)
        } catch {
            return false
        }
    }

    /// For stores: what is thrown if it can not.
    public var isOfNone: EntryLogError {
        .corrupt(at: .batch(header.first), what: "it is not the batch that was redacted")
    }
}

extension EncodedBatch {
    /// For stores: traps unless the batch was finished with this head.
    public borrowing func requireFinished(with head: LogHead) {
        precondition(
            header.first.rawValue == head.next && header.previous == head.hash
                && header.epoch == head.epoch,
            "a batch is appended to the head that it was finished with"
        )
    }
}
