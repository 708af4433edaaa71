// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// PostgreSQL: functions in PL/pgSQL, called through libpq with binary parameters.
///
/// Every claim is recorded, granted or not.
public struct PostgreSQLPeer: Peer {
    /// How claims are brought to the server.
    public enum Form: String, Sendable {
        /// One call, and one transaction, for each claim.
        case call = "one call a claim"
        /// One call for each claim, sent in a pipeline, so many in a transaction.
        case pipeline = "calls in a pipeline"
        /// One call for each batch: arithmetic in arrays.
        case set = "set-based, arrays"
        /// One call for each batch: window sums.
        case windows = "set-based, windows"
    }

    /// What it is.
    public var name: String { "PostgreSQL, \(form.rawValue)" }
    /// Each transaction is synced when it commits.
    public let durability = Durability.synced
    /// How many connections ask.
    public let clientCount: Int
    /// How many claims are in a transaction.
    public let batchCount: Int
    /// What the columns do not show.
    public let settings: String

    let form: Form
    let connectionText: String
    private let server: ServerProcesses

    /// Makes a peer that talks to a server.
    public init(
        connectionText: String,
        server: ServerProcesses,
        version: String,
        form: Form,
        clients: Int,
        batchCount: Int
    ) {
        self.connectionText = connectionText
        self.server = server
        self.form = form
        clientCount = clients
        self.batchCount = form == .call ? 1 : batchCount
        settings = "\(version); fsync=on, synchronous_commit=on, Unix socket"
    }

    /// Whether this form has the rule.
    public func isAble(_ rule: PeerRule) -> Bool { form != .windows || rule == .all }

    /// The version of a server.
    public static func version(_ connectionText: String) throws(PeerError) -> String {
        try PostgreSQLConnection(connectionText).value("SHOW server_version")
    }

    /// Decides all claims by connections that share the stream.
    public func run(_ workload: PeerWorkload) throws(PeerError) -> PeerRun {
        let first = try PostgreSQLConnection(connectionText)
        try prepare(workload, first)
        let board = OutcomeBoard(count: workload.claims.count)
        let cursor = ClaimCursor(count: workload.claims.count, piece: batchCount)
        let failure = Mutex<PeerError?>(nil)
        let nanoseconds = Mutex<[UInt64]>([])
        let serverBefore = server.cpuSeconds()
        let stopwatch = Stopwatch()
        onThreads(clientCount) { _ in
            do throws(PeerError) {
                let client = try PostgreSQLClient(connectionText, form, workload, board)
                while let piece = cursor.take() { try client.decide(piece) }
                nanoseconds.withLock { $0 += client.nanoseconds }
            } catch {
                failure.withLock { $0 = error }
            }
        }
        let time = stopwatch.read()
        let serverSeconds = server.cpuSeconds() - serverBefore
        if let error = failure.withLock({ $0 }) { throw error }
        return PeerRun(
            outcomes: board.allOutcomes(),
            order: clientCount == 1 ? .stream : .unknown,
            used: try first.numbers("SELECT used FROM limits ORDER BY id"),
            time: time,
            serverSeconds: serverSeconds,
            callNanoseconds: batchCount == 1 ? nanoseconds.withLock { $0 } : nil
        )
    }

    /// Makes the tables and functions anew and puts the limits in.
    private func prepare(
        _ workload: PeerWorkload,
        _ connection: PostgreSQLConnection
    ) throws(PeerError) {
        try connection.execute("DROP SCHEMA IF EXISTS peer CASCADE; CREATE SCHEMA peer")
        try connection.execute("SET search_path = peer")
        guard try connection.value("SHOW fsync") == "on",
            try connection.value("SHOW synchronous_commit") == "on"
        else { throw PeerError("PostgreSQL does not sync") }
        for text in [
            PostgreSQLText.tables, PostgreSQLText.reserveAll, PostgreSQLText.reserveFirst,
            PostgreSQLText.reserveBatchAll, PostgreSQLText.reserveBatchFirst,
            PostgreSQLText.reserveBatchWindows,
        ] { try connection.execute(text) }
        try connection.prepare(
            "limits",
            """
            INSERT INTO limits SELECT n - 1, used, allowed
            FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS l(used, allowed, n)
            """
        )
        var parameters = PostgreSQLParameters()
        parameters.append(workload.usedBefore)
        parameters.append(workload.allowed)
        _ = try connection.call("limits", parameters)
        try connection.execute("VACUUM (ANALYZE) limits")
        try connection.execute("CHECKPOINT")
    }
}
