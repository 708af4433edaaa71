// SPDX-License-Identifier: Apache-2.0
import Dispatch
public import LedgerModel
import Synchronization

/// Encodes and hashes entries that follow each other, on several cores at once if there are many.
///
/// What comes out is the same, byte for byte, however many workers there are: each chunk depends on
/// its own entries and their numbers alone. Used over and over, so that memory is used again; copies
/// share it. Any thread may use one.
public struct ChunkEncoder: Sendable {
    private let secret: LedgerSecret
    private let workerCount: Int
    private let chunkEntryCount: Int
    private let spare = ChunkPool()

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

    /// Encodes and hashes `count` entries to chunks, in order, asking for each by its index from 0 on
    /// any of the threads; blocks until all are done.
    ///
    /// Throws what ``EncodedChunk/append(_:)`` throws of the first entry that can not be encoded.
    public func chunks(
        first: EntryNumber,
        count: Int,
        _ entry: @Sendable (Int) -> Entry
    ) throws(EntryLogError) -> [EncodedChunk] {
        guard count > 0 else { return [] }
        let chunkCount = max(1, count / chunkEntryCount)
        let work = ChunkWork(
            spare.take(chunkCount) { EncodedChunk(first: first, secret: secret) }
        )
        Parallel.forEach(chunkCount, workerCount: workerCount) { index in
            let part = count * index / chunkCount..<count * (index + 1) / chunkCount
            work.perform(index) { chunk throws(EntryLogError) in
                chunk.restart(
                    at: EntryNumber(rawValue: first.rawValue + UInt64(part.lowerBound))
                )
                for index in part { try chunk.append(entry(index)) }
                chunk.hashTree()
            }
        }
        return try work.result()
    }

    /// Takes back the memory of a chunk that nobody needs any more.
    public func recycle(_ chunk: consuming EncodedChunk) { spare.give(chunk) }
}

/// Chunks that nobody needs, for their memory.
private final class ChunkPool: Sendable {
    private let chunks = Mutex<[EncodedChunk]>([])
    /// What is beyond the chunks of a few large batches is freed.
    private static let maximumCount = 256

    func take(_ count: Int, orMake make: () -> EncodedChunk) -> [EncodedChunk?] {
        var taken: [EncodedChunk?] = []
        taken.reserveCapacity(count)
        chunks.withLock { chunks in
            while taken.count < count, let chunk = chunks.popLast() { taken.append(chunk) }
        }
        while taken.count < count { taken.append(make()) }
        return taken
    }

    func give(_ chunk: consuming EncodedChunk) {
        let chunk = chunk
        chunks.withLock { chunks in
            if chunks.count < Self.maximumCount { chunks.append(chunk) }
        }
    }
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
