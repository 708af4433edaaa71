// SPDX-License-Identifier: Apache-2.0

import Dispatch
import EntryLog
import LedgerModel
import Synchronization

/// An entry with the hashes by which its operation is found again.
struct HashedEntry: Sendable {
    var entry: Entry
    var indexing: Indexing

    init(_ entry: Entry, hasher: inout OperationHasher) throws(EntryLogError) {
        self.entry = entry
        guard case .operation(let record) = entry.content else {
            indexing = .done
            return
        }
        indexing = .hashes(
            OperationHashes(
                name: hasher.name(entry.actor.organisation, record.id),
                content: try hasher.content(record.action)))
    }
}

/// Reads and decodes the entries of a log on another thread, batch by batch, a few batches ahead
/// of whoever takes them.
final class EntryPipe: Sendable {
    private enum Piece: Sendable {
        case entries([HashedEntry])
        case end(EntryLogError?)
    }

    private struct State {
        var pieces: [Piece] = []
        var isAbandoned = false
    }

    private let state = Mutex(State())
    private let filled = DispatchSemaphore(value: 0)
    /// Counts the decoded batches that may still be put.
    ///
    /// It begins with 0 and is raised by hand: Dispatch traps when a semaphore goes away with less
    /// than it began with, as that of an abandoned pipe would.
    private let room = DispatchSemaphore(value: 0)
    /// How many decoded batches may wait.
    private static let roomCount = 4

    /// Begins to read.
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - first: The first entry that is read; a batch must begin with it.
    ///   - until: The first entry that is left out; `nil` to read to the newest.
    ///   - key: The key of the hashes by which operations are found again.
    init(
        reading log: any EntryLog, from first: EntryNumber, until: EntryNumber?, key: HashKey
    ) {
        for _ in 0..<Self.roomCount { room.signal() }
        DispatchQueue(label: "headroom.recovery").async {
            self.read(log, from: first, until: until, hasher: OperationHasher(key: key))
        }
    }

    /// The next batch's entries, or `nil` at the end.
    func next() throws(LedgerError) -> [HashedEntry]? {
        filled.wait()
        let piece = state.withLock { $0.pieces.removeFirst() }
        switch piece {
        case .entries(let entries):
            room.signal()
            return entries
        case .end(let error):
            // Whoever asks again after the end is told the same.
            put(piece)
            if let error { throw .log(error) }
            return nil
        }
    }

    /// Lets the reader stop early.
    func abandon() {
        state.withLock { $0.isAbandoned = true }
        room.signal()
    }

    private func put(_ piece: Piece) {
        state.withLock { $0.pieces.append(piece) }
        filled.signal()
    }

    private func read(
        _ log: any EntryLog, from first: EntryNumber, until: EntryNumber?, hasher: OperationHasher
    ) {
        var hasher = hasher
        do throws(EntryLogError) {
            try log.read(from: first) { header, bytes throws(EntryLogError) in
                room.wait()
                if state.withLock({ $0.isAbandoned }) { return .stop }
                var entries: [HashedEntry] = []
                entries.reserveCapacity(header.entryCount)
                try BatchReader.forEachEntry(in: bytes) { number, entry throws(EntryLogError) in
                    if let until, number >= until { return .stop }
                    entries.append(try HashedEntry(EntryCodec.decode(entry), hasher: &hasher))
                    return .next
                }
                put(.entries(entries))
                return until.map { header.next >= $0.rawValue } ?? false ? .stop : .next
            }
            put(.end(nil))
        } catch {
            put(.end(error))
        }
    }
}
