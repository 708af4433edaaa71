// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Redis: one Lua script for each claim, so many claims sent before the first reply is awaited.
///
/// Every claim is recorded, granted or not.
public struct RedisPeer: Peer {
    /// What it is.
    public let name = "Redis, Lua"
    /// What appendfsync is.
    public let durability: Durability
    /// How many connections ask.
    public let clientCount: Int
    /// How many claims are in a pipeline.
    public let batchCount: Int
    /// What the columns do not show.
    public let settings: String

    private let socketPath: String
    private let server: ServerProcesses

    /// Makes a peer that talks to a server over its Unix socket.
    ///
    /// With ``Durability/synced`` appendfsync is always, else everysec.
    public init(
        socketPath: String,
        server: ServerProcesses,
        version: String,
        durability: Durability,
        clients: Int,
        pipeline: Int
    ) {
        self.socketPath = socketPath
        self.server = server
        self.durability = durability
        clientCount = clients
        batchCount = pipeline
        let policy = durability == .synced ? "always" : "everysec"
        settings = "\(version); appendonly yes, appendfsync \(policy), Unix socket"
    }

    /// The script for ``PeerRule/all``.
    ///
    /// `MGET` reads the three limits at once; the answer holds the
    /// outcome and how many claims were decided, so that the order is known.
    public static let scriptForAll = """
        local limits = redis.call('MGET', KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6])
        local amount = tonumber(ARGV[1])
        local outcome = -1
        if limits[1] + amount <= tonumber(limits[2]) and limits[3] + amount <= tonumber(limits[4])
            and limits[5] + amount <= tonumber(limits[6]) then
            redis.call('INCRBY', KEYS[1], ARGV[1])
            redis.call('INCRBY', KEYS[3], ARGV[1])
            redis.call('INCRBY', KEYS[5], ARGV[1])
            outcome = 0
        end
        local count = redis.call('RPUSH', KEYS[7], ARGV[2] .. outcome)
        return count * 4 + outcome + 1
        """

    /// The script for ``PeerRule/first``.
    public static let scriptForFirst = """
        local limits = redis.call('MGET', KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6])
        local amount = tonumber(ARGV[1])
        local outcome = -1
        for place = 0, 2 do
            if limits[2 * place + 1] + amount <= tonumber(limits[2 * place + 2]) then
                redis.call('INCRBY', KEYS[2 * place + 1], ARGV[1])
                outcome = place
                break
            end
        end
        local count = redis.call('RPUSH', KEYS[7], ARGV[2] .. outcome)
        return count * 4 + outcome + 1
        """

    /// The server's version, in words.
    public static func version(_ socketPath: String) throws(PeerError) -> String {
        let connection = try RedisConnection(socketPath: socketPath)
        guard case .text(let text?) = try connection.call("INFO", "server"),
            let line = text.split(whereSeparator: \.isNewline)
                .first(where: { $0.hasPrefix("redis_version:") })
        else { throw PeerError("Redis does not tell its version") }
        return "Redis " + line.dropFirst("redis_version:".count)
    }

    /// Decides all claims by connections that share the stream.
    public func run(_ workload: PeerWorkload) throws(PeerError) -> PeerRun {
        let first = try RedisConnection(socketPath: socketPath)
        let digest = try prepare(workload, first)
        let board = OutcomeBoard(count: workload.claims.count)
        let cursor = ClaimCursor(count: workload.claims.count, piece: batchCount)
        let failure = Mutex<PeerError?>(nil)
        let nanoseconds = Mutex<[UInt64]>([])
        let serverBefore = server.cpuSeconds()
        let stopwatch = Stopwatch()
        onThreads(clientCount) { _ in
            do throws(PeerError) {
                let times = try decide(workload, digest, cursor, board)
                nanoseconds.withLock { $0 += times }
            } catch {
                failure.withLock { $0 = error }
            }
        }
        let time = stopwatch.read()
        let serverSeconds = server.cpuSeconds() - serverBefore
        if let error = failure.withLock({ $0 }) { throw error }
        return PeerRun(
            outcomes: board.allOutcomes(),
            order: board.order(),
            used: try used(first, count: workload.allowed.count),
            time: time,
            serverSeconds: serverSeconds,
            callNanoseconds: batchCount == 1 ? nanoseconds.withLock { $0 } : nil
        )
    }

    private func decide(
        _ workload: PeerWorkload,
        _ digest: String,
        _ cursor: ClaimCursor,
        _ board: OutcomeBoard
    ) throws(PeerError) -> [UInt64] {
        let connection = try RedisConnection(socketPath: socketPath)
        var request: [UInt8] = []
        var nanoseconds: [UInt64] = []
        let script = Array(digest.utf8)
        while let piece = cursor.take() {
            let before = Stopwatch.nanoseconds()
            request.removeAll(keepingCapacity: true)
            for position in piece { Self.append(position, workload, script, to: &request) }
            try connection.send(request)
            for position in piece {
                guard case .number(let answer) = try connection.receive(), answer >= 4 else {
                    throw PeerError("Redis answered a script with something else than a number")
                }
                board.write(
                    Int8(answer % 4) - 1,
                    turn: UInt32(truncatingIfNeeded: answer / 4 - 1),
                    at: position
                )
            }
            if batchCount == 1 { nanoseconds.append(Stopwatch.nanoseconds() - before) }
        }
        return nanoseconds
    }

    private static func append(
        _ position: Int,
        _ workload: PeerWorkload,
        _ script: [UInt8],
        to request: inout [UInt8]
    ) {
        let claim = workload.claims[position]
        let route = workload.routes[Int(claim.party)]
        RESP.appendCommandHeader(wordCount: 12, to: &request)
        RESP.appendWord("EVALSHA".utf8, to: &request)
        RESP.appendWord(script, to: &request)
        RESP.appendWord("7".utf8, to: &request)
        for limit in [route.party, route.group, route.country] {
            RESP.appendWord("u\(limit)".utf8, to: &request)
            RESP.appendWord("a\(limit)".utf8, to: &request)
        }
        RESP.appendWord("reservations".utf8, to: &request)
        RESP.appendWord("\(claim.amount)".utf8, to: &request)
        RESP.appendWord("\(position):\(claim.party):\(claim.amount):".utf8, to: &request)
    }

    /// Empties the server, puts the limits in, and loads the script; returns its digest.
    private func prepare(
        _ workload: PeerWorkload,
        _ connection: RedisConnection
    ) throws(PeerError) -> String {
        try connection.call("CONFIG", "SET", "appendfsync", "everysec")
        try connection.call("FLUSHALL", "SYNC")
        for start in stride(from: 0, to: workload.allowed.count, by: 1_000) {
            var words = ["MSET"]
            for limit in start..<min(start + 1_000, workload.allowed.count) {
                words += [
                    "u\(limit)", "\(workload.usedBefore[limit])", "a\(limit)",
                    "\(workload.allowed[limit])",
                ]
            }
            var request: [UInt8] = []
            RESP.append(words, to: &request)
            try connection.send(request)
            _ = try connection.receive()
        }
        // With `always` the next write syncs all that was written before it.
        try connection.call("CONFIG", "SET", "appendfsync", "always")
        try connection.call("SET", "ready", "1")
        let policy = durability == .synced ? "always" : "everysec"
        try connection.call("CONFIG", "SET", "appendfsync", policy)
        let script = workload.rule == .all ? Self.scriptForAll : Self.scriptForFirst
        guard case .text(let digest?) = try connection.call("SCRIPT", "LOAD", script) else {
            throw PeerError("Redis did not load the script")
        }
        return digest
    }

    private func used(
        _ connection: RedisConnection,
        count: Int
    ) throws(PeerError) -> [Int64] {
        var used: [Int64] = []
        for start in stride(from: 0, to: count, by: 1_000) {
            var request: [UInt8] = []
            let limits = start..<min(start + 1_000, count)
            RESP.append(["MGET"] + limits.map { "u\($0)" }, to: &request)
            try connection.send(request)
            guard case .list(let values?) = try connection.receive() else {
                throw PeerError("Redis did not give the limits")
            }
            for value in values {
                guard case .text(let digits?) = value, let number = Int64(digits) else {
                    throw PeerError("Redis lost a limit")
                }
                used.append(number)
            }
        }
        return used
    }
}
