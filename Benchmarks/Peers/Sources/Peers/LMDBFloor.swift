// SPDX-License-Identifier: Apache-2.0

import CFloorLMDB

/// The floor: the same bytes appended to LMDB and synced, one value for a batch, nothing decided.
public struct LMDBFloor {
    /// How many claims' bytes are in a value.
    public let batchCount: Int
    /// How many bytes a claim has.
    public let bytesPerClaim: Double
    private let folder: String

    /// Makes a floor that keeps its file in a folder of its own, which it empties.
    public init(folder: String, batchCount: Int, bytesPerClaim: Double) {
        self.folder = folder
        self.batchCount = batchCount
        self.bytesPerClaim = bytesPerClaim
    }

    /// Appends the bytes of so many claims.
    public func run(claimCount: Int) throws(PeerError) -> (
        time: Stopwatch.Reading, callNanoseconds: [UInt64]
    ) {
        try emptyFolder(folder)
        var environment: OpaquePointer?
        try unsafe check(mdb_env_create(&environment), "mdb_env_create")
        defer { unsafe mdb_env_close(environment) }
        try unsafe check(mdb_env_set_mapsize(environment, 1 << 40), "mdb_env_set_mapsize")
        try unsafe check(mdb_env_open(environment, folder, 0, 0o600), "mdb_env_open")
        let database = try unsafe openDatabase(environment)
        let bytes = (0..<max(1, Int(bytesPerClaim * Double(batchCount)))).map { index in
            UInt8(truncatingIfNeeded: index &* 131)
        }
        var nanoseconds: [UInt64] = []
        let stopwatch = Stopwatch()
        for start in stride(from: 0, to: claimCount, by: batchCount) {
            let before = Stopwatch.nanoseconds()
            let share = Double(min(batchCount, claimCount - start)) / Double(batchCount)
            let length = max(1, Int(Double(bytes.count) * share))
            try unsafe append(environment, database, key: UInt64(start), bytes[..<length])
            nanoseconds.append(Stopwatch.nanoseconds() - before)
        }
        return (stopwatch.read(), nanoseconds)
    }

    private func openDatabase(_ environment: OpaquePointer?) throws(PeerError) -> MDB_dbi {
        var transaction: OpaquePointer?
        try unsafe check(mdb_txn_begin(environment, nil, 0, &transaction), "mdb_txn_begin")
        var database: MDB_dbi = 0
        let flags = UInt32(MDB_INTEGERKEY)
        try unsafe check(mdb_dbi_open(transaction, nil, flags, &database), "mdb_dbi_open")
        try unsafe check(mdb_txn_commit(transaction), "mdb_txn_commit")
        return database
    }

    private func append(
        _ environment: OpaquePointer?,
        _ database: MDB_dbi,
        key: UInt64,
        _ value: ArraySlice<UInt8>
    ) throws(PeerError) {
        var transaction: OpaquePointer?
        try unsafe check(mdb_txn_begin(environment, nil, 0, &transaction), "mdb_txn_begin")
        var number = key
        let code = unsafe withUnsafeMutableBytes(of: &number) { keyBytes in
            unsafe value.withUnsafeBytes { bytes in
                var key = unsafe MDB_val(mv_size: keyBytes.count, mv_data: keyBytes.baseAddress)
                // LMDB reads the value and does not change it.
                var data = unsafe MDB_val(
                    mv_size: bytes.count,
                    mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress)
                )
                return unsafe mdb_put(transaction, database, &key, &data, UInt32(MDB_APPEND))
            }
        }
        guard code == MDB_SUCCESS else {
            unsafe mdb_txn_abort(transaction)
            throw PeerError("LMDB: mdb_put failed with code \(code)")
        }
        try unsafe check(mdb_txn_commit(transaction), "mdb_txn_commit")
    }

    private func check(_ code: Int32, _ call: String) throws(PeerError) {
        guard code == MDB_SUCCESS else {
            throw PeerError("LMDB: \(call) failed with code \(code)")
        }
    }
}
