// SPDX-License-Identifier: Apache-2.0
import Dispatch
public import LedgerModel
import Synchronization

/// Encodes and hashes entries that follow each other, on several cores at once if there are many.
///
/// What comes out is the same, byte for byte, however many workers there are: each chunk depends on
/// its own entries and their numbers alone. Used over and over, so that memory is used again. Not
/// for two threads at once.
public struct ChunkEncoder: Sendable {
    private let secret: LedgerSecret
    private let workerCount: Int
    private let chunkEntryCount: Int
    private var spare: [EncodedChunk] = []

    /// With fewer entries in a chunk, a fan-out (20 to 90 us) costs more than it saves.
    ///
    /// However large its entries, a chunk of twice as many fits a batch.
    public static let leastEntryCount = 256

    /// Makes an encoder for the ledger that has this secret.
    ///
    /// - Parameters:
    ///   - secret: The ledger's secret, which salts the leaves.
    ///   - workerCount: The most threads that work on it, the caller's among them; there are never
    ///     more than cores.
    ///   - chunkEntryCount: How many entries a chunk has at least, if there are as many.
    public init(
        secret: LedgerSecret,
        workerCount: Int = 64,
        chunkEntryCount: Int = ChunkEncoder.leastEntryCount
    ) {
        precondition(workerCount > 0 && chunkEntryCount > 0, "someone has something to do")
        self.secret = secret
        self.workerCount = workerCount
        self.chunkEntryCount = chunkEntryCount
    }

    /// Encodes and hashes entries to chunks, in order; blocks until all are done.
    ///
    /// Throws what ``EncodedChunk/append(_:)`` throws of the first entry that can not be encoded.
    public mutating func chunks(
        of entries: ArraySlice<Entry>
    ) throws(EntryLogError) -> [EncodedChunk] {
        guard let first = entries.first else { return [] }
        let count = max(1, entries.count / chunkEntryCount)
        let bounds = (0...count).map { entries.startIndex + entries.count * $0 / count }
        var slots: [EncodedChunk?] = []
        slots.reserveCapacity(count)
        for _ in 0..<count {
            slots.append(spare.popLast() ?? EncodedChunk(first: first.number, secret: secret))
        }
        let work = ChunkWork(consume slots)
        Parallel.forEach(count, workerCount: workerCount) { index in
            work.perform(index) { chunk throws(EntryLogError) in
                try chunk.fill(with: entries[bounds[index]..<bounds[index + 1]])
            }
        }
        return try work.result()
    }

    /// Takes back the memory of a chunk that nobody needs any more.
    public mutating func recycle(_ chunk: consuming EncodedChunk) { spare.append(chunk) }
}

/// Chunks that several threads fill, each of them one thread.
private final class ChunkWork: Sendable {
    private struct State {
        var chunks: [EncodedChunk?]
        /// The first chunk that could not be filled, and why.
        var failure: (index: Int, error: EntryLogError)?
    }

    private let state: Mutex<State>

    init(_ chunks: consuming [EncodedChunk?]) { state = Mutex(State(chunks: chunks)) }

    /// Takes a chunk out, so that its memory is the caller's alone, fills it and puts it back.
    func perform(_ index: Int, _ fill: (inout EncodedChunk) throws(EntryLogError) -> Void) {
        guard var chunk = state.withLock({ $0.chunks[index].take() }) else { return }
        do throws(EntryLogError) {
            try fill(&chunk)
            state.withLock { $0.chunks[index] = chunk }
        } catch {
            state.withLock { state in
                guard index < state.failure?.index ?? .max else { return }
                state.failure = (index, error)
            }
        }
    }

    func result() throws(EntryLogError) -> [EncodedChunk] {
        let (chunks, failure) = state.withLock { state in
            var chunks: [EncodedChunk?] = []
            swap(&chunks, &state.chunks)
            return (chunks, state.failure)
        }
        if let failure { throw failure.error }
        return chunks.compactMap { $0 }
    }
}

extension EncodedChunk {
    /// Begins again with these entries, of which there must be one, and hashes their tree.
    fileprivate mutating func fill(with entries: ArraySlice<Entry>) throws(EntryLogError) {
        restart(at: entries[entries.startIndex].number)
        for index in entries.indices { try append(entries[index]) }
        hashTree()
    }
}
