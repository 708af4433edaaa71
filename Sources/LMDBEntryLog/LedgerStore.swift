// SPDX-License-Identifier: Apache-2.0
import EntryLog
import Glibc
import LMDB
import LedgerModel

/// The two databases of a ledger's environment, and what lies in them.
///
/// `batches`: each batch under the number of its first entry. `records`: what is told once, under a
/// word in ASCII.
struct LedgerStore: Sendable {
    /// The version of this arrangement.
    static let formatVersion: UInt64 = 1

    /// What the record `format` begins with.
    private static let magic = Array("headroom".utf8)
    private static let batchesName = "batches"
    private static let recordsName = "records"

    private enum Record {
        static let format = Array("format".utf8)
        static let secret = Array("secret".utf8)
        static let head = Array("head".utf8)
        static let frontier = Array("frontier".utf8)
    }

    let environment: Environment
    let batches: Database<UInt64>
    private let records: Database<[UInt8]>

    private init(environment: Environment) throws(LMDBError) {
        self.environment = environment
        batches = try environment.database(named: LedgerStore.batchesName)
        records = try environment.database(named: LedgerStore.recordsName)
    }

    /// Opens the environment of a ledger that may not be there yet.
    static func create(at path: String) throws(EntryLogError) -> LedgerStore {
        // Safe: the text is lent for the length of the call.
        if unsafe mkdir(path, 0o750) != 0, errno != EEXIST {
            throw .storage(advice: "\(path): the directory can not be made (error \(errno))")
        }
        do throws(LMDBError) {
            // It holds the secret: nobody but its owner reads it.
            return try LedgerStore(
                environment: Environment(path: path, options: EnvironmentOptions(fileMode: 0o600))
            )
        } catch {
            throw wrap(error)
        }
    }

    /// Opens the environment of a ledger that must be there.
    static func open(
        at path: String,
        access: LMDBEntryLog.Access
    ) throws(EntryLogError) -> LedgerStore {
        do throws(LMDBError) {
            let options = EnvironmentOptions(
                access: access == .readOnly ? .readOnly : .readWrite,
                createsIfMissing: false,
                fileMode: 0o600
            )
            let environment = try Environment(path: path, options: options)
            // Before opening the databases, which would make them in a foreign environment.
            let names = try environment.database(keys: [UInt8].self)
            let isLedger = try environment.withReadTransaction {
                transaction throws(LMDBError) in
                try transaction.contains(Array(recordsName.utf8), in: names)
            }
            if isLedger { return try LedgerStore(environment: environment) }
        } catch {
            guard error.isNotFound else { throw wrap(error) }
        }
        throw .notALedger(path: path)
    }

    /// Copies the environment into a directory of its own, which its owner alone may look into.
    func copy(to path: String) throws(EntryLogError) {
        // Safe: the text is lent for the length of the call.
        guard unsafe mkdir(path, 0o700) == 0 else {
            throw .storage(advice: "\(path): the directory can not be made (error \(errno))")
        }
        do throws(LMDBError) {
            try environment.copy(to: path)
        } catch {
            throw LedgerStore.wrap(error)
        }
    }

    /// Makes durable what is seen.
    func synchronize() throws(EntryLogError) {
        do throws(LMDBError) {
            try environment.synchronizeDataFile()
        } catch {
            throw LedgerStore.wrap(error)
        }
    }

    /// What an error of the store means for the log.
    static func wrap(_ error: LMDBError) -> EntryLogError {
        if error.isOutcomeUnknown { return .outcomeUnknown(cause: error.description) }
        if error.isLocked { return .locked(advice: error.description) }
        if error.isDamaged { return .corrupt(at: .head, what: error.description) }
        if error.cause == .readOnlyEnvironment { return .readOnly }
        return .storage(advice: error.description)
    }

    func read<Result>(
        _ body: (borrowing ReadTransaction) throws(EntryLogError) -> Result
    ) throws(EntryLogError) -> Result {
        try environment.withReadTransaction(failure: LedgerStore.wrap, body)
    }

    func write<Result>(
        _ body: (inout WriteTransaction) throws(EntryLogError) -> Result
    ) throws(EntryLogError) -> Result {
        try environment.withWriteTransaction(failure: LedgerStore.wrap, body)
    }
}

/// Reading the records.
extension LedgerStore {
    func hasFormat(_ transaction: borrowing ReadTransaction) throws(EntryLogError) -> Bool {
        do throws(LMDBError) {
            return try transaction.contains(Record.format, in: records)
        } catch {
            throw LedgerStore.wrap(error)
        }
    }

    func checkFormat(_ transaction: borrowing ReadTransaction) throws(EntryLogError) {
        // Without the record, its making was interrupted before there was a ledger.
        guard try hasFormat(transaction) else { throw .notALedger(path: environment.path) }
        let bytes = try value(Record.format, transaction)
        let magicCount = LedgerStore.magic.count
        guard bytes.count == magicCount + 8, bytes.starts(with: LedgerStore.magic) else {
            throw .corrupt(at: .head, what: "the record of the format is not one")
        }
        let version = bytes[magicCount...].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard version <= LedgerStore.formatVersion else {
            throw .newerFormat(
                at: .head,
                found: version,
                supported: LedgerStore.formatVersion
            )
        }
        guard version != 0 else { throw .corrupt(at: .head, what: "its format version is 0") }
    }

    func secret(_ transaction: borrowing ReadTransaction) throws(EntryLogError) -> LedgerSecret {
        guard let secret = LedgerSecret(randomBytes: try value(Record.secret, transaction)) else {
            throw .corrupt(at: .head, what: "the ledger's secret has the wrong length")
        }
        return secret
    }

    func head(_ transaction: borrowing ReadTransaction) throws(EntryLogError) -> LogHead {
        try LogHead(serialized: value(Record.head, transaction))
    }

    func frontier(
        _ transaction: borrowing ReadTransaction
    ) throws(EntryLogError) -> MerkleFrontier {
        try MerkleFrontier(serialized: value(Record.frontier, transaction))
    }

    /// Checks that the head tells of the last batch, and the frontier of its tree.
    func checkHead(_ transaction: borrowing ReadTransaction) throws(EntryLogError) {
        let head = try head(transaction)
        let frontier = try frontier(transaction)
        var last = LogHead.genesis
        var root = MerkleFrontier().root
        try transaction.scan(batches, .descending, failure: LedgerStore.wrap) {
            key,
            bytes throws(EntryLogError) in
            let header = try LedgerStore.check(bytes, under: key)
            last = BatchReader.head(after: header, bytes)
            root = header.root
            return .stop
        }
        guard head.next == last.next, head.hash == last.hash, head.epoch >= last.epoch else {
            throw .corrupt(at: .head, what: "it does not tell of the last batch")
        }
        guard frontier.size == head.next, frontier.root == root else {
            throw .corrupt(at: .head, what: "the tree's edge does not fit the last batch")
        }
    }

    /// Checks a batch that was found under a key.
    static func check(_ batch: RawSpan, under key: UInt64) throws(EntryLogError) -> BatchHeader {
        let header = try BatchReader.check(batch)
        guard header.first.rawValue == key else {
            throw .corrupt(
                at: .batch(EntryNumber(rawValue: key)),
                what: "it holds another first number"
            )
        }
        return header
    }

    private func value(
        _ record: [UInt8],
        _ transaction: borrowing ReadTransaction
    ) throws(EntryLogError) -> [UInt8] {
        do throws(LMDBError) {
            if let value = try transaction.value(for: record, in: records) { return value }
        } catch {
            throw LedgerStore.wrap(error)
        }
        let name = String(decoding: record, as: UTF8.self)
        throw .corrupt(at: .head, what: "the record '\(name)' is missing")
    }
}

/// Writing.
extension LedgerStore {
    /// Writes the records of an empty log.
    func begin(
        _ transaction: inout WriteTransaction,
        secret: LedgerSecret
    ) throws(EntryLogError) {
        let version = (0..<8).map {
            UInt8(truncatingIfNeeded: LedgerStore.formatVersion >> ($0 * 8))
        }
        try put(LedgerStore.magic + version, Record.format, &transaction)
        try put(secret.bytes, Record.secret, &transaction)
        try put(MerkleFrontier().serialized, Record.frontier, &transaction)
        try put(LogHead.genesis, &transaction)
    }

    func put(_ head: LogHead, _ transaction: inout WriteTransaction) throws(EntryLogError) {
        try put(head.serialized, Record.head, &transaction)
    }

    /// Writes a batch and what follows from it.
    func append(
        _ batch: EncodedBatch,
        _ transaction: inout WriteTransaction
    ) throws(EntryLogError) {
        do throws(LMDBError) {
            try transaction.put(
                batch.bytes,
                for: batch.header.first.rawValue,
                in: batches,
                options: .append
            )
        } catch {
            guard error.isKeyExists else { throw LedgerStore.wrap(error) }
            throw .corrupt(at: .head, what: "there are batches behind the one it tells of")
        }
        try put(batch.frontier.serialized, Record.frontier, &transaction)
        try put(batch.head, &transaction)
    }

    /// Puts a redacted batch in its place.
    func replace(
        _ batch: RedactedBatch,
        _ transaction: inout WriteTransaction
    ) throws(EntryLogError) {
        let key = batch.header.first.rawValue
        let stored: [UInt8]?
        do throws(LMDBError) {
            stored = try transaction.reader.value(for: key, in: batches)
        } catch {
            throw LedgerStore.wrap(error)
        }
        guard let stored, batch.isOf(stored.span.rawBytes) else { throw batch.isOfNone }
        do throws(LMDBError) {
            try transaction.put(batch.bytes, for: key, in: batches)
        } catch {
            throw LedgerStore.wrap(error)
        }
    }

    private func put(
        _ value: [UInt8],
        _ record: [UInt8],
        _ transaction: inout WriteTransaction
    ) throws(EntryLogError) {
        do throws(LMDBError) {
            try transaction.put(value, for: record, in: records)
        } catch {
            throw LedgerStore.wrap(error)
        }
    }
}
