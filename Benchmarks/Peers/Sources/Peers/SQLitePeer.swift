// SPDX-License-Identifier: Apache-2.0

import Foundation

/// SQLite in this process: WAL, synchronous=FULL, prepared statements, so many claims in a
/// transaction.
///
/// Every claim is recorded, granted or not.
public struct SQLitePeer: Peer {
    /// What it is.
    public let name = "SQLite"
    /// Each transaction is synced when it commits.
    public let durability = Durability.synced
    /// SQLite has one writer at a time.
    public let clientCount = 1
    /// How many claims are in a transaction.
    public let batchCount: Int
    /// What the columns do not show.
    public var settings: String {
        "\(SQLiteDatabase.version); " + Self.settings.joined(separator: ", ")
    }

    private let folder: String

    /// Makes a peer that keeps its file in a folder of its own, which it empties.
    public init(folder: String, batchCount: Int) {
        self.folder = folder
        self.batchCount = batchCount
    }

    /// What is set on the connection.
    static let settings = [
        "journal_mode=WAL", "synchronous=FULL", "locking_mode=EXCLUSIVE", "cache_size=-262144",
        "wal_autocheckpoint=10000", "temp_store=MEMORY",
    ]

    /// The tables.
    public static let schema = """
        CREATE TABLE limits (id INTEGER PRIMARY KEY, used INTEGER NOT NULL, allowed INTEGER NOT NULL);
        CREATE TABLE reservations (
            number INTEGER PRIMARY KEY, party INTEGER NOT NULL, amount INTEGER NOT NULL,
            outcome INTEGER NOT NULL);
        """

    /// Whether all three limits hold.
    public static let testAll = """
        SELECT (SELECT used + ?4 <= allowed FROM limits WHERE id = ?1)
            AND (SELECT used + ?4 <= allowed FROM limits WHERE id = ?2)
            AND (SELECT used + ?4 <= allowed FROM limits WHERE id = ?3)
        """

    /// Charges a limit, three times for a claim whose three limits hold.
    public static let charge = "UPDATE limits SET used = used + ?2 WHERE id = ?1"

    /// Charges one limit if it holds.
    public static let chargeOne =
        "UPDATE limits SET used = used + ?2 WHERE id = ?1 AND used + ?2 <= allowed"

    /// Records a claim.
    public static let record = "INSERT INTO reservations VALUES (?1, ?2, ?3, ?4)"

    /// Decides all claims, transaction after transaction.
    public func run(_ workload: PeerWorkload) throws(PeerError) -> PeerRun {
        let database = try prepare(workload)
        let session = try Session(database, workload)
        var nanoseconds: [UInt64] = []
        if batchCount == 1 { nanoseconds.reserveCapacity(workload.claims.count) }
        let stopwatch = Stopwatch()
        var start = 0
        while start < workload.claims.count {
            let end = min(start + batchCount, workload.claims.count)
            let before = batchCount == 1 ? Stopwatch.nanoseconds() : 0
            try session.decide(start..<end)
            if batchCount == 1 { nanoseconds.append(Stopwatch.nanoseconds() - before) }
            start = end
        }
        let time = stopwatch.read()
        return PeerRun(
            outcomes: session.outcomes,
            order: .stream,
            used: try used(database, count: workload.allowed.count),
            time: time,
            callNanoseconds: batchCount == 1 ? nanoseconds : nil
        )
    }

    private func prepare(_ workload: PeerWorkload) throws(PeerError) -> SQLiteDatabase {
        try emptyFolder(folder)
        let database = try SQLiteDatabase(path: folder + "/peer.sqlite")
        for setting in Self.settings { try database.execute("PRAGMA \(setting)") }
        guard try database.value("PRAGMA journal_mode") == "wal",
            try database.value("PRAGMA synchronous") == "2"
        else { throw PeerError("SQLite did not take WAL and FULL") }
        try database.execute(Self.schema)
        try database.execute("BEGIN")
        let insert = try SQLiteStatement(database, "INSERT INTO limits VALUES (?1, ?2, ?3)")
        for (limit, allowed) in workload.allowed.enumerated() {
            insert.bind(Int64(limit), at: 1)
            insert.bind(workload.usedBefore[limit], at: 2)
            insert.bind(allowed, at: 3)
            try insert.run()
        }
        try database.execute("COMMIT")
        try database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return database
    }

    private func used(_ database: SQLiteDatabase, count: Int) throws(PeerError) -> [Int64] {
        let select = try SQLiteStatement(database, "SELECT used FROM limits ORDER BY id")
        var used: [Int64] = []
        used.reserveCapacity(count)
        while try select.step() { used.append(select.column(0)) }
        return used
    }

    /// The prepared statements at work.
    private final class Session {
        private(set) var outcomes: [Int8] = []
        private let workload: PeerWorkload
        private let begin: SQLiteStatement
        private let commit: SQLiteStatement
        private let testAll: SQLiteStatement
        private let charge: SQLiteStatement
        private let chargeOne: SQLiteStatement
        private let record: SQLiteStatement

        init(_ database: SQLiteDatabase, _ workload: PeerWorkload) throws(PeerError) {
            self.workload = workload
            begin = try SQLiteStatement(database, "BEGIN IMMEDIATE")
            commit = try SQLiteStatement(database, "COMMIT")
            testAll = try SQLiteStatement(database, SQLitePeer.testAll)
            charge = try SQLiteStatement(database, SQLitePeer.charge)
            chargeOne = try SQLiteStatement(database, SQLitePeer.chargeOne)
            record = try SQLiteStatement(database, SQLitePeer.record)
            outcomes.reserveCapacity(workload.claims.count)
        }

        func decide(_ positions: Range<Int>) throws(PeerError) {
            try begin.run()
            for position in positions {
                let claim = workload.claims[position]
                let route = workload.routes[Int(claim.party)]
                let outcome =
                    workload.rule == .all
                    ? try takeAll(claim.amount, route) : try takeFirst(claim.amount, route)
                record.bind(Int64(position), at: 1)
                record.bind(Int64(claim.party), at: 2)
                record.bind(claim.amount, at: 3)
                record.bind(Int64(outcome), at: 4)
                try record.run()
                outcomes.append(outcome)
            }
            try commit.run()
        }

        private func takeAll(_ amount: Int64, _ route: LimitTriple) throws(PeerError) -> Int8 {
            testAll.bind(Int64(route.party), at: 1)
            testAll.bind(Int64(route.group), at: 2)
            testAll.bind(Int64(route.country), at: 3)
            testAll.bind(amount, at: 4)
            guard try testAll.number() == 1 else { return PeerOutcome.refused }
            for limit in [route.party, route.group, route.country] {
                charge.bind(Int64(limit), at: 1)
                charge.bind(amount, at: 2)
                try charge.run()
            }
            return 0
        }

        private func takeFirst(_ amount: Int64, _ route: LimitTriple) throws(PeerError) -> Int8 {
            var place: Int8 = 0
            for limit in [route.party, route.group, route.country] {
                chargeOne.bind(Int64(limit), at: 1)
                chargeOne.bind(amount, at: 2)
                try chargeOne.run()
                if chargeOne.changeCount == 1 { return place }
                place += 1
            }
            return PeerOutcome.refused
        }
    }
}

/// Makes a folder that is empty.
func emptyFolder(_ path: String) throws(PeerError) {
    let manager = FileManager.default
    do {
        if manager.fileExists(atPath: path) { try manager.removeItem(atPath: path) }
        try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
        throw PeerError("the folder \(path) can not be emptied: \(error)")
    }
}
