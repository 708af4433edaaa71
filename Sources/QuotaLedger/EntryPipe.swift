// SPDX-License-Identifier: Apache-2.0

import Dispatch
import EntryLog
import LedgerModel
import Synchronization

/// Reads and decodes the entries of a log on another thread, batch by batch, a few batches ahead
/// of whoever takes them.
final class EntryPipe: Sendable {
    private enum Piece: Sendable {
        case entries([Entry])
        case end(EntryLogError?)
    }

    private struct State {
        var pieces: [Piece] = []
        var isAbandoned = false
    }

    private let state = Mutex(State())
    private let filled = DispatchSemaphore(value: 0)
    /// How many decoded batches may wait.
    private let room = DispatchSemaphore(value: 4)

    /// Begins to read.
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - first: The first entry that is read; a batch must begin with it.
    ///   - until: The first entry that is left out; `nil` to read to the newest.
    init(reading log: any EntryLog, from first: EntryNumber, until: EntryNumber?) {
        DispatchQueue(label: "headroom.recovery").async {
            self.read(log, from: first, until: until)
        }
    }

    /// The next batch's entries, or `nil` at the end.
    func next() throws(LedgerError) -> [Entry]? {
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

    private func read(_ log: any EntryLog, from first: EntryNumber, until: EntryNumber?) {
        do throws(EntryLogError) {
            try log.read(from: first) { header, bytes throws(EntryLogError) in
                room.wait()
                if state.withLock({ $0.isAbandoned }) { return .stop }
                var entries: [Entry] = []
                entries.reserveCapacity(header.entryCount)
                try BatchReader.forEachEntry(in: bytes) { number, entry throws(EntryLogError) in
                    if let until, number >= until { return .stop }
                    entries.append(try EntryCodec.decode(entry))
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
