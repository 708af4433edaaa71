// SPDX-License-Identifier: Apache-2.0

import Dispatch
import EntryLog
import LedgerModel
import Synchronization

/// A batch whose bytes were verified, decoded.
struct VerifiedBatch: Sendable {
    var epoch: UInt64
    var parts: [Part]

    struct Part: Sendable {
        let entries: [Entry]
        /// Of each entry.
        let names: [EntryNames]
        let trees: PerfectTrees

        init(
            _ batch: RawSpan,
            _ part: BatchReader.Part,
            _ hasher: LeafHasher,
            _ namer: NameHasher
        ) throws(EntryLogError) {
            var leaves: [LedgerHash] = []
            var entries: [Entry] = []
            var names: [EntryNames] = []
            var namer = namer
            leaves.reserveCapacity(part.entryCount)
            entries.reserveCapacity(part.entryCount)
            names.reserveCapacity(part.entryCount)
            try BatchReader.forEachEntry(in: batch, part) { _, bytes throws(EntryLogError) in
                let entry = try EntryCodec.decode(bytes)
                names.append(namer.names(of: entry))
                entries.append(entry)
                leaves.append(try hasher.leaf(of: bytes))
                return .next
            }
            self.entries = entries
            self.names = names
            trees = PerfectTrees(leaves, first: part.first)
        }
    }
}

/// Reads, verifies and decodes a log on other threads, a few batches ahead of whoever takes them.
final class AuditPipe: Sendable {
    private enum Piece: Sendable {
        case batch(VerifiedBatch)
        case end(EntryLogError?)
    }

    private struct State {
        var pieces: [Piece] = []
        var isAbandoned = false
        /// Batches that were judged.
        var spent: [VerifiedBatch] = []
        var frontier: MerkleFrontier?
    }

    private let state = Mutex(State())
    private let filled = DispatchSemaphore(value: 0)
    /// Counts the batches that may still be put; raised by hand, as Dispatch traps when a semaphore
    /// goes away with less than it began with.
    private let room = DispatchSemaphore(value: 0)
    /// How many decoded batches may wait.
    private static let roomCount = 4

    private let namer: NameHasher

    init(reading log: any EntryLog, _ verification: LogVerification, _ namer: NameHasher) {
        self.namer = namer
        for _ in 0..<Self.roomCount { room.signal() }
        DispatchQueue(label: "headroom.audit").async { self.read(log, verification) }
    }

    /// The tree of the log, once all of it was taken.
    var frontier: MerkleFrontier? { state.withLock { $0.frontier } }

    /// The next batch, or `nil` at the end; not to be asked again after that.
    func next() throws(AuditError) -> VerifiedBatch? {
        filled.wait()
        switch state.withLock({ $0.pieces.removeFirst() }) {
        case .batch(let batch):
            room.signal()
            return batch
        case .end(let error):
            if let error { throw .log(LogFault(error: error)) }
            return nil
        }
    }

    /// Lets the reader stop early.
    func abandon() {
        state.withLock { $0.isAbandoned = true }
        room.signal()
    }

    /// Takes back a batch that was judged: giving its memory back is a tenth of the judge's work,
    /// and the reader does it.
    func takeBack(_ batch: consuming VerifiedBatch) {
        let batch = batch
        state.withLock { $0.spent.append(batch) }
    }

    private func put(_ piece: Piece) {
        state.withLock { $0.pieces.append(piece) }
        filled.signal()
    }

    private func read(_ log: any EntryLog, _ begun: LogVerification) {
        var verification = begun
        do throws(EntryLogError) {
            try log.read(from: EntryNumber(rawValue: 0)) { _, bytes throws(EntryLogError) in
                room.wait()
                var spent: [VerifiedBatch] = []
                let isAbandoned = state.withLock { state in
                    swap(&spent, &state.spent)
                    return state.isAbandoned
                }
                if isAbandoned { return .stop }
                spent.removeAll()
                let header = try verification.check(bytes)
                let hasher = verification.hasher
                // One part of a batch on this core while the batch before is judged on another.
                let parts = try BatchReader.map(bytes) {
                    [namer] bytes, part throws(EntryLogError) in
                    try VerifiedBatch.Part(bytes, part, hasher, namer)
                }
                try verification.take(header, bytes, parts.lazy.map(\.trees))
                put(.batch(VerifiedBatch(epoch: header.epoch, parts: parts)))
                return .next
            }
            let frontier = try verification.finish()
            state.withLock { $0.frontier = frontier }
            put(.end(nil))
        } catch {
            put(.end(error))
        }
    }
}
