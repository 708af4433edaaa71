// SPDX-License-Identifier: Apache-2.0
public import LedgerModel

/// How far a log has come: what the next append must know.
public struct LogHead: Hashable, Sendable {
    /// The number of the next entry, which is how many there are.
    public var next: UInt64
    /// The hash of the last batch's header.
    public var hash: ChainHash
    /// Raised by everyone who takes the log over; appends of earlier epochs are fenced.
    public var epoch: UInt64

    /// The head of an empty log that nobody has taken over.
    public static let genesis = LogHead(next: 0, hash: .genesis, epoch: 0)

    /// Makes a head.
    public init(next: UInt64, hash: ChainHash, epoch: UInt64) {
        self.next = next
        self.hash = hash
        self.epoch = epoch
    }
}

extension LogHead {
    /// `next` and `epoch` in 8 bytes each, then the hash.
    public var serialized: [UInt8] {
        var buffer = ByteBuffer(capacity: 16 + LedgerHash.byteCount)
        buffer.append(next)
        buffer.append(epoch)
        buffer.append(hash.value)
        return buffer.takeBytes()
    }

    /// Restores what ``serialized`` gave; throws `corrupt` if it has another length.
    public init(serialized: [UInt8]) throws(EntryLogError) {
        let bytes = serialized.span.rawBytes
        guard bytes.byteCount == 16 + LedgerHash.byteCount else {
            throw .corrupt(at: .head, what: "its record has \(bytes.byteCount) bytes")
        }
        self.init(
            next: bytes.word(at: 0),
            hash: ChainHash(LedgerHash(bytes, at: 16)),
            epoch: bytes.word(at: 8)
        )
    }
}

/// What came of an append.
public enum AppendOutcome: Hashable, Sendable {
    /// The batch is durable; this is the head after it.
    case appended(LogHead)
    /// Someone took the log over: step down, drop what is in memory, rebuild from the log.
    case fenced(LogHead)
    /// The log is not where the batch expects it (as after an append that went through before).
    case gap(LogHead)

    /// The log's head as the append left it.
    public var head: LogHead {
        switch self {
        case .appended(let head), .fenced(let head), .gap(let head): head
        }
    }
}

/// Whether reading goes on.
public enum ReadStep: Sendable {
    /// With the next batch.
    case next
    /// No further.
    case stop
}

/// The ledger itself: a sequence of entries, appended a batch at a time.
///
/// Synchronous and blocking: ``takeOver()`` and ``append(_:replacing:expecting:)`` wait for the disk or the
/// network and belong on one writer thread, never on one of Swift's cooperative pool. The others
/// may be called from any thread that may block. Every store gives the same answers and keeps the
/// same bytes, so moving a ledger is a copy of batches.
public protocol EntryLog: Sendable {
    /// Raises the epoch, so that every append prepared earlier is fenced, one's own included.
    ///
    /// Durable on return. Every writer begins with it.
    func takeOver() throws(EntryLogError) -> LogHead

    /// Appends a batch if the log's head is `expecting`, which must be the head that the batch was
    /// finished with.
    ///
    /// `appended` is returned only when the batch is durable. Of two appends that expect the same
    /// head at most one is appended. After `outcomeUnknown` the log refuses everything until it is
    /// opened anew.
    ///
    /// `redacted` are batches of the log without what is personal in some entries: they take the place
    /// of those that are stored, together with the append or not at all, whatever happens meanwhile.
    /// Throws `corrupt`, and changes nothing, if there is no batch that one of them is of.
    func append(
        _ batch: borrowing EncodedBatch,
        replacing redacted: [RedactedBatch],
        expecting: LogHead
    ) throws(EntryLogError) -> AppendOutcome

    /// The newest head.
    func head() throws(EntryLogError) -> LogHead

    /// The right edge of the tree over all entries up to the newest head.
    func frontier() throws(EntryLogError) -> MerkleFrontier

    /// Gives whole batches to `body`, in order, from the one that holds entry `number` to the
    /// newest, or until `body` says stop; none if there is no such entry yet.
    ///
    /// Each batch is checked before (checksum, and that it follows the one before). Its bytes are
    /// lent for the length of the call.
    func read(
        from number: EntryNumber,
        _ body: (BatchHeader, RawSpan) throws(EntryLogError) -> ReadStep
    ) throws(EntryLogError)
}

extension EntryLog {
    /// Appends a batch if the log's head is `expecting`, and changes no other.
    ///
    /// As ``append(_:replacing:expecting:)``.
    public func append(
        _ batch: borrowing EncodedBatch,
        expecting: LogHead
    ) throws(EntryLogError) -> AppendOutcome {
        try append(batch, replacing: [], expecting: expecting)
    }

    /// The batches that hold entries, without what is personal in these.
    ///
    /// Throws `corrupt` if an entry is not in the log, and what ``RedactedBatch`` throws.
    public func redacted(
        _ entries: some Sequence<EntryNumber>,
        secret: LedgerSecret
    ) throws(EntryLogError) -> [RedactedBatch] {
        let hasher = LeafHasher(secret: secret)
        var rest = Set(entries)
        var batches: [RedactedBatch] = []
        while let first = rest.min() {
            let count = batches.count
            try read(from: first) { header, bytes throws(EntryLogError) in
                let part = rest.filter { $0.rawValue < header.next }
                batches.append(try RedactedBatch(bytes, redacting: part, hasher: hasher))
                rest.subtract(part)
                return .stop
            }
            guard batches.count > count else {
                throw .corrupt(at: .entry(first), what: "it is missing")
            }
        }
        return batches
    }

    /// The bytes of one entry as its batch holds them, or `nil` if there is none with this number yet.
    ///
    /// Reads and checks the whole batch around it.
    public func entryBytes(_ number: EntryNumber) throws(EntryLogError) -> [UInt8]? {
        var found: [UInt8]?
        try read(from: number) { header, bytes throws(EntryLogError) in
            try BatchReader.forEachEntry(in: bytes) { candidate, entry in
                guard candidate == number else { return .next }
                found = entry.copied
                return .stop
            }
            return .stop
        }
        return found
    }

    /// Reads the whole log and checks everything about it: each batch's checksum and link, that each
    /// entry is canonical, each leaf, each root.
    ///
    /// Returns the right edge of the tree, which reaches to the newest head at least. Takes a
    /// microsecond of one core an entry, on all cores; appends may go on meanwhile.
    public func verify(secret: LedgerSecret) throws(EntryLogError) -> MerkleFrontier {
        var verification = LogVerification(newest: try head(), secret: secret)
        try read(from: EntryNumber(rawValue: 0)) { _, bytes throws(EntryLogError) in
            let header = try verification.check(bytes)
            let leaves = try BatchReader.leaves(of: bytes, verification.hasher)
            try verification.take(header, bytes, leaves)
            return .next
        }
        return try verification.finish()
    }

    /// One entry, or `nil` if there is none with this number yet.
    ///
    /// Reads and checks the whole batch around it.
    public func entry(_ number: EntryNumber) throws(EntryLogError) -> Entry? {
        guard let bytes = try entryBytes(number) else { return nil }
        return try EntryCodec.decode(bytes.span.rawBytes)
    }
}
