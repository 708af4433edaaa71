// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel

/// The entry of a decided reservation as a state takes it over: numbers and hashes, nothing that is
/// counted or freed.
///
/// It is made where the entry is decoded, as what takes entries over does so one after the other.
struct DecodedReservation: Sendable {
    /// The decision; its party is looked up under ``consignee``.
    var decided: DecidedReservation
    var consignee: Hash128
    /// By which its operation is found again; `nil` where orders are not remembered.
    var hashes: OperationHashes?
    /// The limits that it tested, among those of its part.
    var tests: Range<Int>
    /// Who asked, among the actors of its part.
    var actor: Int
    /// Whether something was taken out of the entry.
    var isRedacted: Bool
}

/// Entries of a log that follow each other, decoded on one thread for a state to take over.
struct ReplayedPart: Sendable {
    /// An entry of which everything is needed.
    struct Other: Sendable {
        /// How many of the part's reservations stand in front of it.
        var position: Int
        var entry: HashedEntry
    }

    private(set) var reservations: [DecodedReservation] = []
    private(set) var tests: [LimitTest] = []
    private(set) var actors: [Actor] = []
    private(set) var others: [Other] = []

    /// Takes in the next entry.
    mutating func append(_ hashed: HashedEntry, _ hasher: OperationHasher) {
        let entry = hashed.entry
        guard case .operation(let record) = entry.content,
            case .reserve(let reservation) = record.action,
            case .decided(let decision) = record.outcome
        else {
            others.append(Other(position: reservations.count, entry: hashed))
            return
        }
        var hashes: OperationHashes?
        if case .hashes(let found) = hashed.indexing { hashes = found }
        if actors.last != entry.actor { actors.append(entry.actor) }
        let firstTest = tests.count
        tests.append(contentsOf: decision.tests)
        reservations.append(
            DecodedReservation(
                decided: DecidedReservation(decision, on: reservation, of: entry),
                consignee: hasher.name(reservation.consignee),
                hashes: hashes,
                tests: firstTest..<tests.count,
                actor: actors.count - 1,
                isRedacted: entry.isRedacted
            )
        )
    }

    /// Makes room for a number of reservations.
    mutating func reserveCapacity(_ count: Int) {
        reservations.reserveCapacity(count)
        tests.reserveCapacity(count)
    }
}

extension LedgerState {
    /// Takes over a reservation that was read from a log.
    ///
    /// - Parameters:
    ///   - decoded: The reservation.
    ///   - known: Its consignee, if that was looked up already.
    ///   - part: Where it stands.
    ///   - isIndexed: Whether its operation is to be found again.
    /// - Throws: ``LedgerError`` if it does not fit the entries before it.
    mutating func record(
        _ decoded: DecodedReservation,
        from known: PartyIndex?,
        in part: ReplayedPart,
        isIndexed: Bool
    ) throws(LedgerError) {
        var decided = decoded.decided
        try checkOrder(decided.number, decided.time)
        if mayBeDue(by: decided.time), let due = nextDue(by: decided.time) {
            throw misplaced(decided.number, due)
        }
        if decided.refusal == nil {
            guard let party = known ?? parties.index(of: decoded.consignee) else {
                throw .corrupt(decided.number, "its consignee is not registered")
            }
            decided.party = party
        }
        try recordDecision(decided, tests: part.tests.span.extracting(decoded.tests))
        let actor = part.actors[decoded.actor]
        guide.takeAsking(actor.organisation)
        if isIndexed, let hashes = decoded.hashes {
            operations.insert(
                hashes.name,
                number: decided.number,
                content: hashes.content,
                kind: decided.refusal == nil ? .grantedReservation : .refusedReservation,
                hasText: hashes.hasText,
                closedText: hashes.closedText
            )
        }
        watch.pending?.actor = actor
        newestTime = decided.time
        next += 1
    }
}

extension LedgerCore {
    /// Takes over the entries of a part.
    mutating func replay(_ part: ReplayedPart) throws(LedgerError) {
        var position = 0
        for other in part.others {
            try replay(part, position..<other.position)
            position = other.position
            let hashed = other.entry
            let indexing = isForgotten(hashed.entry.number) ? .done : hashed.indexing
            try replay(hashed.entry, indexing: indexing)
        }
        try replay(part, position..<part.reservations.count)
    }

    private mutating func replay(
        _ part: ReplayedPart,
        _ range: Range<Int>
    ) throws(LedgerError) {
        guard !range.isEmpty else { return }
        for position in range {
            let ahead = (position - range.lowerBound) % Self.lookAheadCount
            if ahead == 0 {
                lookAhead(at: part.reservations, from: position, to: range.upperBound)
            }
            let reservation = part.reservations[position]
            let party = partiesAhead[ahead]
            try state.record(
                reservation,
                from: party == .nobody ? nil : party,
                in: part,
                isIndexed: !isForgotten(reservation.decided.number)
            )
            if reservation.isRedacted { closedForms.insert(reservation.decided.number) }
        }
        newestTime = state.newestTime
        stampDay = nil
    }

    /// Whether a planted bug forgets that an operation was answered.
    private func isForgotten(_ number: EntryNumber) -> Bool {
        #if PlantedBugs
            return PlantedBug.active == .lostIdempotencyRecord && number.rawValue % 5 == 4
        #else
            return false
        #endif
    }
}
