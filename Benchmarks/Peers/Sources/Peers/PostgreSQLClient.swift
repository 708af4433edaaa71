// SPDX-License-Identifier: Apache-2.0

/// One connection that decides pieces of a stream.
///
/// One thread at a time.
final class PostgreSQLClient {
    /// How long each call took, where each call is one claim.
    private(set) var nanoseconds: [UInt64] = []

    private let connection: PostgreSQLConnection
    private let form: PostgreSQLPeer.Form
    private let workload: PeerWorkload
    private let board: OutcomeBoard
    private var parameters = PostgreSQLParameters()
    private var slots = SlotTable()

    /// How many statements of a pipeline are sent before those in front of them are answered.
    private static let statementsAhead = 128

    init(
        _ connectionText: String,
        _ form: PostgreSQLPeer.Form,
        _ workload: PeerWorkload,
        _ board: OutcomeBoard
    ) throws(PeerError) {
        connection = try PostgreSQLConnection(connectionText)
        self.form = form
        self.workload = workload
        self.board = board
        try connection.execute("SET search_path = peer")
        let rule = workload.rule == .all ? "all" : "first"
        switch form {
        case .call, .pipeline:
            try connection.prepare("reserve", "SELECT reserve_\(rule)($1, $2, $3, $4, $5)")
            try connection.prepare("begin", "BEGIN")
            try connection.prepare("commit", "COMMIT")
            if form == .pipeline { try connection.enterPipeline() }
        case .set:
            try connection.prepare("batch", "SELECT reserve_batch_\(rule)($1, $2, $3, $4, $5, $6)")
        case .windows:
            try connection.prepare("batch", "SELECT reserve_batch_windows($1, $2, $3, $4, $5, $6)")
        }
    }

    func decide(_ piece: Range<Int>) throws(PeerError) {
        switch form {
        case .call: try call(piece)
        case .pipeline: try pipeline(piece)
        case .set, .windows: try batch(piece)
        }
    }

    private func call(_ piece: Range<Int>) throws(PeerError) {
        for position in piece {
            let before = Stopwatch.nanoseconds()
            fill(position)
            let result = try connection.call("reserve", parameters)
            let outcome = try PostgreSQLValue.small(result.bytes())
            board.write(Int8(truncatingIfNeeded: outcome), at: position)
            nanoseconds.append(Stopwatch.nanoseconds() - before)
        }
    }

    private func pipeline(_ piece: Range<Int>) throws(PeerError) {
        parameters.removeAll()
        try connection.send("begin", parameters)
        var awaited = piece.lowerBound
        var isBegun = false
        for position in piece {
            fill(position)
            try connection.send("reserve", parameters)
            guard (position - piece.lowerBound + 1) % Self.statementsAhead == 0 else { continue }
            try connection.flush()
            if !isBegun {
                _ = try connection.receive()
                isBegun = true
            }
            // One block of statements stays ahead of what is awaited.
            let ready = max(awaited, position + 1 - Self.statementsAhead)
            try receive(awaited..<ready)
            awaited = ready
        }
        parameters.removeAll()
        try connection.send("commit", parameters)
        try connection.synchronize()
        if !isBegun { _ = try connection.receive() }
        try receive(awaited..<piece.upperBound)
        _ = try connection.receive()
        try connection.receiveSynchronization()
    }

    private func receive(_ positions: Range<Int>) throws(PeerError) {
        for position in positions {
            let outcome = try PostgreSQLValue.small(try connection.receive().bytes())
            board.write(Int8(truncatingIfNeeded: outcome), at: position)
        }
    }

    private func fill(_ position: Int) {
        let claim = workload.claims[position]
        let route = workload.routes[Int(claim.party)]
        parameters.removeAll()
        parameters.append(Int64(position))
        parameters.append(route.party)
        parameters.append(route.group)
        parameters.append(route.country)
        parameters.append(claim.amount)
    }

    private func batch(_ piece: Range<Int>) throws(PeerError) {
        slots.fill(workload, piece)
        parameters.removeAll()
        parameters.append(Int64(piece.lowerBound))
        parameters.append(slots.limits)
        parameters.append(slots.parties)
        parameters.append(slots.groups)
        parameters.append(slots.countries)
        parameters.append(slots.amounts)
        let result = try connection.call("batch", parameters)
        let outcomes = try PostgreSQLValue.smallArray(result.bytes())
        guard outcomes.count == piece.count else {
            throw PeerError("PostgreSQL decided \(outcomes.count) of \(piece.count) claims")
        }
        for (position, outcome) in zip(piece, outcomes) {
            board.write(Int8(truncatingIfNeeded: outcome), at: position)
        }
    }
}

/// The limits of a batch in ascending order, each once, and where in that list each claim's are,
/// counted from 1.
struct SlotTable {
    private(set) var limits: [Int32] = []
    private(set) var parties: [Int32] = []
    private(set) var groups: [Int32] = []
    private(set) var countries: [Int32] = []
    private(set) var amounts: [Int64] = []
    private var slotOfLimit: [Int32] = []

    mutating func fill(_ workload: PeerWorkload, _ piece: Range<Int>) {
        if slotOfLimit.count != workload.allowed.count {
            slotOfLimit = [Int32](repeating: 0, count: workload.allowed.count)
        }
        limits.removeAll(keepingCapacity: true)
        for claim in workload.claims[piece] {
            let route = workload.routes[Int(claim.party)]
            for limit in [route.party, route.group, route.country]
            where slotOfLimit[Int(limit)] == 0 {
                slotOfLimit[Int(limit)] = 1
                limits.append(limit)
            }
        }
        limits.sort()
        for (slot, limit) in limits.enumerated() { slotOfLimit[Int(limit)] = Int32(slot + 1) }
        parties.removeAll(keepingCapacity: true)
        groups.removeAll(keepingCapacity: true)
        countries.removeAll(keepingCapacity: true)
        amounts.removeAll(keepingCapacity: true)
        for claim in workload.claims[piece] {
            let route = workload.routes[Int(claim.party)]
            parties.append(slotOfLimit[Int(route.party)])
            groups.append(slotOfLimit[Int(route.group)])
            countries.append(slotOfLimit[Int(route.country)])
            amounts.append(claim.amount)
        }
        for limit in limits { slotOfLimit[Int(limit)] = 0 }
    }
}
