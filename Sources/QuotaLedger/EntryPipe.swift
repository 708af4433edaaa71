// SPDX-License-Identifier: Apache-2.0

import Dispatch
import EntryLog
public import LedgerModel
import Synchronization

/// An entry with the hashes by which its operation is found again.
struct HashedEntry: Sendable {
    var entry: Entry
    var indexing: Indexing

    /// Hashes the operation of an entry that was not read from its bytes.
    init(_ entry: Entry, hasher: inout OperationHasher) throws(EntryLogError) {
        self.entry = entry
        guard case .operation(let record) = entry.content else {
            indexing = .done
            return
        }
        indexing = .hashes(
            OperationHashes(
                name: hasher.name(entry.actor.organisation, record.id),
                content: try hasher.content(record.action),
                hasText: record.action.freeText != nil
            )
        )
    }

    /// Decodes an entry, and hashes its operation's bytes as they stand in it; without a hasher nothing
    /// is hashed.
    init(
        _ bytes: RawSpan,
        _ hasher: inout OperationHasher?,
        hashesOrders: Bool
    ) throws(EntryLogError) {
        var places = EntryPlaces()
        entry = try EntryCodec.decode(bytes, places: &places)
        guard case .operation(let record) = entry.content,
            hashesOrders || !entry.content.isAboutHold,
            let name = hasher?.name(entry.actor.organisation, record.id),
            let content = places.isInline
                ? try hasher?.content(record.action)
                : hasher?.content(
                    bytes.extracting(places.content),
                    text: bytes.extracting(places.text)
                )
        else {
            indexing = .done
            return
        }
        indexing = .hashes(
            OperationHashes(
                name: name,
                content: content,
                hasText: record.action.freeText != nil,
                closedText: places.closedText
            )
        )
    }
}

/// What is read of a log, and what is worked out about each entry where it is decoded.
struct EntryReading: Sendable {
    /// The first entry that is read; a batch must begin with it.
    var first = EntryNumber(rawValue: 0)
    /// The first entry that is left out; `nil` to read to the newest.
    var until: EntryNumber?
    /// The key of the hashes by which operations are found again; `nil` to hash nothing.
    var key: HashKey?
    /// Whether orders, and what changes their holds, are hashed too.
    var hashesOrders = true
    /// Whether a state takes the entries over, and nobody else needs them.
    var isForState = false
    /// Checks the statements of rotations of the ledger's key.
    var rotationFault: RotationCheck?
}

/// Entries of a log that follow each other, decoded on one thread.
struct DecodedPart: Sendable {
    /// Each of them, unless they were read for a state.
    var entries: [HashedEntry] = []
    /// What a state takes over of them.
    var replayed = ReplayedPart()
    /// The tree over their leaves, if the log is verified.
    var trees: PerfectTrees?

    /// Decodes a part of a batch.
    init(
        _ batch: RawSpan,
        _ part: BatchReader.Part,
        _ reading: EntryReading,
        leaves leafHasher: LeafHasher?
    ) throws(EntryLogError) {
        var hasher = reading.key.map(OperationHasher.init)
        let names = OperationHasher(key: reading.key ?? HashKey(first: 0, second: 0))
        var leaves: [LedgerHash] = []
        if reading.isForState {
            replayed.reserveCapacity(part.entryCount)
        } else {
            entries.reserveCapacity(part.entryCount)
        }
        if leafHasher != nil { leaves.reserveCapacity(part.entryCount) }
        try BatchReader.forEachEntry(in: batch, part) { number, entry throws(EntryLogError) in
            if let until = reading.until, number >= until { return .stop }
            let hashed = try HashedEntry(entry, &hasher, hashesOrders: reading.hashesOrders)
            if reading.isForState {
                replayed.append(hashed, names)
            } else {
                entries.append(hashed)
            }
            if let leafHasher { leaves.append(try leafHasher.leaf(of: entry)) }
            if let rotationFault = reading.rotationFault,
                EntryCodec.isOfKind(.rotateKey, entry)
            {
                try Self.require(rotationFault, of: hashed.entry)
            }
            return .next
        }
        if leafHasher != nil { trees = PerfectTrees(leaves, first: part.first) }
    }

    /// Checks the statement of a rotation of the ledger's key.
    private static func require(
        _ rotationFault: RotationCheck,
        of entry: Entry
    ) throws(EntryLogError) {
        guard case .operation(let record) = entry.content,
            case .rotateKey(let rotation) = record.action,
            let fault = rotationFault(rotation, entry.number)
        else { return }
        throw .corrupt(at: .entry(entry.number), what: "its rotation of the key: \(fault)")
    }
}

/// What is wrong with the statement of a key's rotation, in the entry of a number.
///
/// `nil` if it is what both keys signed. Called on any thread.
public typealias RotationCheck = @Sendable (KeyRotation, EntryNumber) -> String?

/// Reads and decodes the entries of a log on other threads, batch by batch, a few batches ahead of
/// whoever takes them; large batches on all cores.
final class EntryPipe: Sendable {
    private enum Piece: Sendable {
        case entries([DecodedPart])
        case end(EntryLogError?)
    }

    private struct State {
        var pieces: [Piece] = []
        var isAbandoned = false
        /// The tree of the log, once all of it is read and verified.
        var frontier: MerkleFrontier?
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
    ///   - reading: What is read of it.
    ///   - verification: Of the whole log, if everything about it is to be checked as well.
    init(
        _ log: any EntryLog,
        _ reading: EntryReading,
        verification: LogVerification? = nil
    ) {
        for _ in 0..<Self.roomCount { room.signal() }
        DispatchQueue(label: "headroom.recovery").async { self.read(log, reading, verification) }
    }

    /// The tree of the log, once all of it was taken and verified.
    var frontier: MerkleFrontier? { state.withLock { $0.frontier } }

    /// The next batch's entries, or `nil` at the end.
    func next() throws(LedgerError) -> [DecodedPart]? {
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
        _ log: any EntryLog,
        _ reading: EntryReading,
        _ begun: LogVerification?
    ) {
        var verification = begun
        do throws(EntryLogError) {
            try log.read(from: reading.first) { header, bytes throws(EntryLogError) in
                room.wait()
                if state.withLock({ $0.isAbandoned }) { return .stop }
                if let verification { _ = try verification.check(bytes) }
                let hasher = verification?.hasher
                let parts = try BatchReader.map(bytes) { bytes, part throws(EntryLogError) in
                    try DecodedPart(bytes, part, reading, leaves: hasher)
                }
                try verification?.take(header, bytes, parts.lazy.compactMap(\.trees))
                put(.entries(parts))
                return reading.until.map { header.next >= $0.rawValue } ?? false ? .stop : .next
            }
            let frontier = try verification?.finish()
            state.withLock { $0.frontier = frontier }
            put(.end(nil))
        } catch {
            put(.end(error))
        }
    }
}
