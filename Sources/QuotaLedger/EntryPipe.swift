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
    init(_ bytes: RawSpan, _ hasher: inout OperationHasher?) throws(EntryLogError) {
        var places = EntryPlaces()
        entry = try EntryCodec.decode(bytes, places: &places)
        guard case .operation(let record) = entry.content,
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

/// Entries of a log that follow each other, decoded on one thread.
struct DecodedPart: Sendable {
    var entries: [HashedEntry] = []
    /// The tree over their leaves, if the log is verified.
    var trees: PerfectTrees?

    /// Decodes a part of a batch up to the entry `until`.
    init(
        _ batch: RawSpan,
        _ part: BatchReader.Part,
        until: EntryNumber?,
        key: HashKey?,
        leaves leafHasher: LeafHasher?,
        rotationFault: RotationCheck?
    ) throws(EntryLogError) {
        var hasher = key.map(OperationHasher.init)
        var leaves: [LedgerHash] = []
        entries.reserveCapacity(part.entryCount)
        if leafHasher != nil { leaves.reserveCapacity(part.entryCount) }
        try BatchReader.forEachEntry(in: batch, part) { number, entry throws(EntryLogError) in
            if let until, number >= until { return .stop }
            entries.append(try HashedEntry(entry, &hasher))
            if let leafHasher { leaves.append(try leafHasher.leaf(of: entry)) }
            if let rotationFault, EntryCodec.isOfKind(.rotateKey, entry) {
                try Self.require(rotationFault, of: entries[entries.count - 1].entry)
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
    ///   - first: The first entry that is read; a batch must begin with it.
    ///   - until: The first entry that is left out; `nil` to read to the newest.
    ///   - key: The key of the hashes by which operations are found again; `nil` to hash nothing.
    ///   - verification: Of the whole log, if everything about it is to be checked as well.
    ///   - rotationFault: Checks the statements of rotations of the ledger's key.
    init(
        reading log: any EntryLog,
        from first: EntryNumber,
        until: EntryNumber?,
        key: HashKey?,
        verification: LogVerification? = nil,
        rotationFault: RotationCheck? = nil
    ) {
        for _ in 0..<Self.roomCount { room.signal() }
        DispatchQueue(label: "headroom.recovery").async {
            self.read(log, from: first, until: until, key: key, verification, rotationFault)
        }
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
        from first: EntryNumber,
        until: EntryNumber?,
        key: HashKey?,
        _ verification: LogVerification?,
        _ rotationFault: RotationCheck?
    ) {
        var verification = verification
        do throws(EntryLogError) {
            try log.read(from: first) { header, bytes throws(EntryLogError) in
                room.wait()
                if state.withLock({ $0.isAbandoned }) { return .stop }
                if let verification { _ = try verification.check(bytes) }
                let hasher = verification?.hasher
                let parts = try BatchReader.map(bytes) { bytes, part throws(EntryLogError) in
                    try DecodedPart(
                        bytes,
                        part,
                        until: until,
                        key: key,
                        leaves: hasher,
                        rotationFault: rotationFault
                    )
                }
                try verification?.take(header, bytes, parts.lazy.compactMap(\.trees))
                put(.entries(parts))
                return until.map { header.next >= $0.rawValue } ?? false ? .stop : .next
            }
            let frontier = try verification?.finish()
            state.withLock { $0.frontier = frontier }
            put(.end(nil))
        } catch {
            put(.end(error))
        }
    }
}
