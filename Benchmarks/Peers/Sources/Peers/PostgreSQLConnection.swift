// SPDX-License-Identifier: Apache-2.0

import CPostgreSQL

/// A connection to PostgreSQL, closed when it goes away.
///
/// One thread at a time.
@safe
final class PostgreSQLConnection {
    private let handle: OpaquePointer

    /// Connects; the text is what libpq calls a connection string.
    init(_ connectionText: String) throws(PeerError) {
        guard let handle = unsafe PQconnectdb(connectionText) else {
            throw PeerError("libpq has no memory")
        }
        guard unsafe PQstatus(handle) == CONNECTION_OK else {
            let message = unsafe String(cString: PQerrorMessage(handle))
            unsafe PQfinish(handle)
            throw PeerError("PostgreSQL: \(message)")
        }
        unsafe self.handle = handle
    }

    deinit { unsafe PQfinish(handle) }

    /// Runs statements without parameters.
    func execute(_ text: String) throws(PeerError) {
        let result = unsafe PostgreSQLResult(PQexec(handle, text))
        guard result.isGood else { throw failure(text) }
    }

    /// The first column of the first row as text; for settings.
    func value(_ text: String) throws(PeerError) -> String {
        let result = unsafe PostgreSQLResult(PQexec(handle, text))
        guard result.isGood else { throw failure(text) }
        return result.text()
    }

    /// All rows of one column of numbers in text form.
    func numbers(_ text: String) throws(PeerError) -> [Int64] {
        let result = unsafe PostgreSQLResult(PQexec(handle, text))
        guard result.isGood else { throw failure(text) }
        return result.numbers()
    }

    /// Prepares a statement under a name.
    func prepare(_ name: String, _ text: String) throws(PeerError) {
        let result = unsafe PostgreSQLResult(PQprepare(handle, name, text, 0, nil))
        guard result.isGood else { throw failure(text) }
    }

    /// Runs a prepared statement and waits for its result, in binary form.
    func call(
        _ name: String,
        _ parameters: PostgreSQLParameters
    ) throws(PeerError) -> PostgreSQLResult {
        let result = unsafe PostgreSQLResult(parameters.execute(name, on: handle))
        guard result.isGood else { throw failure(name) }
        return result
    }

    // MARK: - Pipelines

    /// From here on statements are sent without waiting for what comes of those before.
    func enterPipeline() throws(PeerError) {
        guard unsafe PQenterPipelineMode(handle) == 1 else { throw failure("pipeline mode") }
    }

    /// Sends a prepared statement.
    func send(
        _ name: String,
        _ parameters: PostgreSQLParameters
    ) throws(PeerError) {
        guard unsafe parameters.send(name, on: handle) == 1 else { throw failure(name) }
    }

    /// Has the server send what it has, and sends what is buffered here.
    func flush() throws(PeerError) {
        guard unsafe PQsendFlushRequest(handle) == 1, unsafe PQflush(handle) == 0 else {
            throw failure("flush")
        }
    }

    /// Marks the end of what stands or falls together.
    func synchronize() throws(PeerError) {
        guard unsafe PQpipelineSync(handle) == 1 else { throw failure("synchronize") }
    }

    /// The result of the next statement of the pipeline.
    func receive() throws(PeerError) -> PostgreSQLResult {
        let result = unsafe PostgreSQLResult(PQgetResult(handle))
        guard result.isGood else { throw failure("a pipeline") }
        // Each statement's results end with none.
        let end = unsafe PostgreSQLResult(PQgetResult(handle))
        guard end.isNone else { throw PeerError("PostgreSQL: a statement with two results") }
        return result
    }

    /// Waits for the mark that ``synchronize()`` set.
    func receiveSynchronization() throws(PeerError) {
        let result = unsafe PostgreSQLResult(PQgetResult(handle))
        guard result.isSynchronization else { throw failure("synchronize") }
    }

    private func failure(_ what: String) -> PeerError {
        let message = unsafe String(cString: PQerrorMessage(handle))
        return PeerError("PostgreSQL: \(message) in: \(what)")
    }
}

/// A result, freed when it goes away.
@safe
final class PostgreSQLResult {
    private let handle: OpaquePointer?

    init(_ handle: OpaquePointer?) { unsafe self.handle = handle }

    deinit { unsafe PQclear(handle) }

    var isNone: Bool { unsafe handle == nil }

    var isGood: Bool {
        let status = unsafe PQresultStatus(handle)
        return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK
    }

    var isSynchronization: Bool { unsafe PQresultStatus(handle) == PGRES_PIPELINE_SYNC }

    /// The bytes of the first column of the first row.
    func bytes() -> [UInt8] {
        guard unsafe PQntuples(handle) > 0, let value = unsafe PQgetvalue(handle, 0, 0) else {
            return []
        }
        let length = Int(unsafe PQgetlength(handle, 0, 0))
        return unsafe Array(UnsafeRawBufferPointer(start: value, count: length))
    }

    /// The same as text.
    func text() -> String { String(decoding: bytes(), as: UTF8.self) }

    /// The first column of all rows as numbers, from text.
    func numbers() -> [Int64] {
        (0..<(unsafe PQntuples(handle))).map { row in
            guard let value = unsafe PQgetvalue(handle, row, 0) else { return 0 }
            return Int64(unsafe String(cString: value)) ?? 0
        }
    }
}
