// SPDX-License-Identifier: Apache-2.0

/// Compare-and-swap on each limit in turn; if a later one does not hold, the earlier ones are taken
/// back.
///
/// No lock is taken, and no limit is ever exceeded, but between taking and taking back others see
/// less room than there is and are refused falsely.
public struct CompareAndSwapPeer: Peer {
    /// What it is.
    public let name = "CAS with undo"
    /// In memory.
    public let durability = Durability.none
    /// How many threads ask.
    public let clientCount: Int
    /// One claim at a time.
    public let batchCount = 1
    /// What the columns do not show.
    public let settings = "relaxed; words of groups and countries on cache lines of their own"

    /// Makes a peer with so many threads.
    public init(threads: Int) { clientCount = threads }

    /// Words of a shared limit lie a cache line apart; those of parties are dense.
    private struct Layout: Sendable {
        static let wordsPerLine = 8
        let partyCount: Int
        let limitCount: Int

        var wordCount: Int {
            partyCount + (limitCount - partyCount + 1) * Self.wordsPerLine
        }

        @inline(__always)
        func word(ofShared limit: Int32) -> Int {
            partyCount + (Int(limit) - partyCount + 1) * Self.wordsPerLine - 1
        }

        func word(of limit: Int) -> Int {
            limit < partyCount ? limit : word(ofShared: Int32(limit))
        }
    }

    /// Decides all claims on threads that share the stream.
    public func run(_ workload: PeerWorkload) throws(PeerError) -> PeerRun {
        let layout = Layout(
            partyCount: workload.partyCount,
            limitCount: workload.allowed.count
        )
        let words = AtomicWords(count: layout.wordCount)
        for (limit, used) in workload.usedBefore.enumerated() {
            words.store(used, at: layout.word(of: limit))
        }
        let board = OutcomeBoard(count: workload.claims.count)
        let cursor = ClaimCursor(count: workload.claims.count)
        let stopwatch = Stopwatch()
        onThreads(clientCount) { _ in
            while let piece = cursor.take() {
                for position in piece {
                    let claim = workload.claims[position]
                    let route = workload.routes[Int(claim.party)]
                    let outcome =
                        workload.rule == .all
                        ? Self.takeAll(claim.amount, route, words, workload.allowed, layout)
                        : Self.takeFirst(claim.amount, route, words, workload.allowed, layout)
                    board.write(outcome, at: position)
                }
            }
        }
        let time = stopwatch.read()
        return PeerRun(
            outcomes: board.allOutcomes(),
            // One thread decides in the order of the stream.
            order: clientCount == 1 ? .stream : .unknown,
            used: workload.allowed.indices.map { words.load(layout.word(of: $0)) },
            time: time
        )
    }

    @inline(__always)
    private static func takeAll(
        _ amount: Int64,
        _ route: LimitTriple,
        _ words: AtomicWords,
        _ allowed: [Int64],
        _ layout: Layout
    ) -> Int8 {
        let party = Int(route.party)
        guard words.add(amount, to: party, upTo: allowed[party]) else {
            return PeerOutcome.refused
        }
        let group = layout.word(ofShared: route.group)
        guard words.add(amount, to: group, upTo: allowed[Int(route.group)]) else {
            words.subtract(amount, from: party)
            return PeerOutcome.refused
        }
        let country = layout.word(ofShared: route.country)
        guard words.add(amount, to: country, upTo: allowed[Int(route.country)]) else {
            words.subtract(amount, from: group)
            words.subtract(amount, from: party)
            return PeerOutcome.refused
        }
        return 0
    }

    @inline(__always)
    private static func takeFirst(
        _ amount: Int64,
        _ route: LimitTriple,
        _ words: AtomicWords,
        _ allowed: [Int64],
        _ layout: Layout
    ) -> Int8 {
        let party = Int(route.party)
        if words.add(amount, to: party, upTo: allowed[party]) { return 0 }
        let group = layout.word(ofShared: route.group)
        if words.add(amount, to: group, upTo: allowed[Int(route.group)]) { return 1 }
        let country = layout.word(ofShared: route.country)
        let isTaken = words.add(amount, to: country, upTo: allowed[Int(route.country)])
        return isTaken ? 2 : PeerOutcome.refused
    }
}
