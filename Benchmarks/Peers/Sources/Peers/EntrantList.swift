// SPDX-License-Identifier: Apache-2.0

/// Who takes part, with which settings.
public struct EntrantList: Sendable {
    /// A server that runs: how to reach it, and its first process.
    public struct Server: Sendable {
        /// A connection string of libpq, or the path of a Unix socket.
        public var address: String
        /// The process that was started first.
        public var process: Int32

        /// Names a server.
        public init(address: String, process: Int32) {
            self.address = address
            self.process = process
        }
    }

    /// Where peers keep their files.
    public var folder: String
    /// PostgreSQL, if it runs.
    public var postgreSQL: Server?
    /// Redis, if it runs.
    public var redis: Server?
    /// How many claims a run in memory has.
    public var memoryClaimCount: Int
    /// By what the number of claims of durable rows is divided.
    public var divisor: Int

    /// Makes a list.
    public init(
        folder: String,
        postgreSQL: Server?,
        redis: Server?,
        memoryClaimCount: Int,
        divisor: Int
    ) {
        self.folder = folder
        self.postgreSQL = postgreSQL
        self.redis = redis
        self.memoryClaimCount = memoryClaimCount
        self.divisor = divisor
    }

    /// How many claims a durable row with such batches decides in a run: about a second for a peer
    /// that syncs in a millisecond, and at least four batches.
    func claimCount(batch: Int, slower: Int = 1) -> Int {
        let full =
            switch batch {
            case ...1: 4_096
            case ...64: 32_768
            case ...128: 65_536
            case ...1_024: 131_072
            default: 262_144
            }
        let batches = max(4, full / divisor / slower / batch)
        return batches * batch
    }

    /// Peers that keep everything in memory.
    public func inMemory() -> [PeerComparison.Entrant] {
        var peers: [any Peer] = [
            MutexPeer(threads: 1), MutexPeer(threads: 2),
            ActorPeer(tasks: 1, batchCount: 1), ActorPeer(tasks: 4, batchCount: 1),
            ActorPeer(tasks: 4, batchCount: 64), ActorPeer(tasks: 4, batchCount: 1_024),
            CompareAndSwapPeer(threads: 1), CompareAndSwapPeer(threads: 2),
        ]
        for batch in [64, 1_024, 8_192, 65_536] { peers.append(KernelPeer(batchCount: batch)) }
        for batch in [8_192, 65_536] {
            peers.append(KernelPeer(batchCount: batch, workerCount: 2))
        }
        return peers.map { PeerComparison.Entrant($0, claimCount: memoryClaimCount) }
    }

    /// Peers that are durable, or pretend to be.
    public func durable(_ rule: PeerRule) throws(PeerError) -> [PeerComparison.Entrant] {
        var entrants: [PeerComparison.Entrant] = []
        if rule == .first { entrants += ledger() }
        for batch in [1, 64, 1_024, 8_192] {
            entrants.append(
                PeerComparison.Entrant(
                    SQLitePeer(folder: folder + "/sqlite", batchCount: batch),
                    claimCount: claimCount(batch: batch)
                )
            )
        }
        entrants += try postgreSQLEntrants(rule)
        entrants += try redisEntrants()
        return entrants
    }

    private func ledger() -> [PeerComparison.Entrant] {
        [(1, 1), (1, 64), (1, 1_024), (1, 8_192), (8, 1), (4, 1_024), (4, 8_192)].map {
            (clients, batch) in
            PeerComparison.Entrant(
                LedgerPeer(folder: folder + "/ledger", clients: clients, batchCount: batch),
                claimCount: claimCount(batch: batch) * (batch == 1 && clients > 1 ? 2 : 1)
            )
        }
    }

    private func postgreSQLEntrants(_ rule: PeerRule) throws(PeerError) -> [PeerComparison.Entrant]
    {
        guard let postgreSQL else { return [] }
        let version = "PostgreSQL " + (try PostgreSQLPeer.version(postgreSQL.address))
        let forms: [(PostgreSQLPeer.Form, Int, Int)] = [
            (.call, 1, 1), (.call, 8, 1),
            (.pipeline, 1, 64), (.pipeline, 1, 1_024), (.pipeline, 1, 8_192),
            (.set, 1, 64), (.set, 1, 1_024), (.set, 1, 8_192), (.set, 4, 1_024), (.set, 4, 8_192),
            (.windows, 1, 64), (.windows, 1, 1_024), (.windows, 1, 8_192),
        ]
        var entrants: [PeerComparison.Entrant] = []
        for (form, clients, batch) in forms {
            let peer = PostgreSQLPeer(
                connectionText: postgreSQL.address,
                server: ServerProcesses(root: postgreSQL.process),
                version: version,
                form: form,
                clients: clients,
                batchCount: batch
            )
            let isSlower = form == .pipeline || form == .windows
            guard peer.isAble(rule) else { continue }
            entrants.append(
                PeerComparison.Entrant(
                    peer,
                    claimCount: claimCount(batch: batch, slower: isSlower ? 4 : 1)
                        * (form == .call && clients > 1 ? 2 : 1)
                )
            )
        }
        return entrants
    }

    private func redisEntrants() throws(PeerError) -> [PeerComparison.Entrant] {
        guard let redis else { return [] }
        let version = try RedisPeer.version(redis.address)
        var entrants: [PeerComparison.Entrant] = []
        for durability in [Durability.synced, .everySecond] {
            for (clients, pipeline) in [(1, 1), (1, 16), (1, 128), (8, 1), (8, 16), (8, 128)] {
                let peer = RedisPeer(
                    socketPath: redis.address,
                    server: ServerProcesses(root: redis.process),
                    version: version,
                    durability: durability,
                    clients: clients,
                    pipeline: pipeline
                )
                let isFast = durability == .everySecond || clients > 1
                entrants.append(
                    PeerComparison.Entrant(
                        peer,
                        claimCount: claimCount(batch: isFast ? max(pipeline, 64) : pipeline)
                    )
                )
            }
        }
        return entrants
    }

    /// The floor under durable rows: the same bytes, in batches of the same sizes.
    public func floors(bytesPerClaim: Double) -> [LMDBFloor] {
        [1, 64, 1_024, 8_192].map {
            LMDBFloor(folder: folder + "/floor", batchCount: $0, bytesPerClaim: bytesPerClaim)
        }
    }

    /// A row for a floor, measured as often as the others.
    public func row(
        _ floor: LMDBFloor,
        workload: WorkloadName,
        rule: PeerRule,
        runCount: Int
    ) -> PeerRow {
        var row = PeerRow(
            peer: "raw LMDB",
            durability: .synced,
            clients: 1,
            batch: floor.batchCount,
            settings: "the ledger's bytes, nothing decided",
            workload: workload.rawValue,
            rule: rule,
            claims: claimCount(batch: floor.batchCount) * 2
        )
        var calls: [UInt64] = []
        do throws(PeerError) {
            for round in 0...runCount {
                let (time, nanoseconds) = try floor.run(claimCount: row.claims)
                guard round > 0 else { continue }
                row.wallSeconds.append(time.wallSeconds)
                row.clientSeconds.append(time.cpuSeconds)
                calls += nanoseconds
            }
        } catch {
            row.failure = error.description
        }
        row.bytesPerClaim = floor.bytesPerClaim
        if row.isSingle { row.callMicroseconds = Figures.percentiles(calls) }
        return row
    }
}
