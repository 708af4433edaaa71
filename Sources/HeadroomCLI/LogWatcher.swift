// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LMDBEntryLog
import LedgerModel
import LedgerProofs

/// A log did something else than grow.
struct LogAlarm: Error {
    var kind: WatchAlarm
    var message: String
}

/// Looks at a published log, or at a ledger, and compares it with what it was.
struct LogWatcher {
    /// The folder of the published log; `nil` to watch the ledger.
    let published: String?
    let ledger: LedgerFolder
    /// Who is trusted to sign; of a ledger none, to believe whom it lists.
    let keys: [NoteVerifierKey]
    let watch: LogWatch
    /// For how many seconds it may stay as it is.
    let staleAfter: Int64?
    /// Roots of the ledger's log that were computed before: what it was once it must still be, which
    /// is checked first.
    private var roots: [UInt64: LedgerHash] = [:]

    init(
        published: String?,
        ledger: LedgerFolder,
        keys: [NoteVerifierKey],
        watch: LogWatch,
        staleAfter: Int64?
    ) {
        self.published = published
        self.ledger = ledger
        self.keys = keys
        self.watch = watch
        self.staleAfter = staleAfter
    }

    /// What was seen.
    struct Seen {
        var checkpoint: Checkpoint
        /// The ledger's stored heads; `nil` of a published log, which has one, signed.
        var heads: CheckpointStore.CheckedHeads?
        var sight: LogWatch.Sight
    }

    private struct Look {
        var checkpoint: Checkpoint
        var heads: CheckpointStore.CheckedHeads?
        /// What is remembered of it.
        var bytes: [UInt8]
    }

    /// Looks once.
    ///
    /// - Throws: ``LogAlarm``, or a failure if the log or the memory can not be read.
    mutating func look() throws -> Seen {
        let last = try watch.last()
        let look =
            if let published {
                try look(at: published, last)
            } else {
                try lookAtLedger(last)
            }
        let time = systemTime().millisecondsSince1970 / 1_000
        let now = look.checkpoint
        let sight = try watch.remember(now, look.bytes, secondsSince1970: Int64(time))
        if case .unchanged(let seconds) = sight, let staleAfter, seconds >= staleAfter {
            throw LogAlarm(
                kind: .stale,
                message: "the log has had \(now.size) entries for \(seconds) s, and is expected to "
                    + "grow within \(staleAfter) s"
            )
        }
        return Seen(checkpoint: now, heads: look.heads, sight: sight)
    }

    private func look(at folder: String, _ last: Checkpoint?) throws -> Look {
        let signed: SignedCheckpoint
        do throws(PublicationError) {
            guard let found = try PublishedLog.checkpoint(in: folder) else {
                guard let last else { throw .nothingPublished(folder: folder) }
                throw .shrinks(from: last.size, to: 0)
            }
            signed = found
        } catch {
            throw alarm(for: error)
        }
        do throws(ProofError) {
            try signed.requireSignature(ofOneOf: keys)
        } catch {
            throw LogAlarm(kind: .signature, message: "checkpoint: \(error)")
        }
        let now = signed.checkpoint
        if let last { try compare(last, now) }
        do {
            var log = try PublishedLog(folder, at: signed)
            if let last { try require(last, log.root(size: last.size)) }
            try log.audit(from: last?.size ?? 0)
        } catch let error as PublicationError {
            throw alarm(for: error)
        }
        return Look(checkpoint: now, bytes: signed.bytes)
    }

    private mutating func lookAtLedger(_ last: Checkpoint?) throws -> Look {
        let log = try ledger.openForReading()
        let heads = LedgerHeads(of: ledger, log, keys: nil)
        // Before the log is looked at, which then has all that was signed.
        let sizes = try Self.stored { () throws(KeepingError) in try heads.store.sizes() }
        var tree = try ledger.tree(of: log)
        let root = try tree.root(size: tree.size)
        let now: Checkpoint
        do throws(ProofError) {
            now = try Checkpoint(origin: heads.origin, size: tree.size, root: root)
        } catch {
            throw CommandFailure(error, "--ledger")
        }
        if let last {
            try compare(last, now)
            try require(last, tree.root(size: last.size))
        }
        var trust = heads.trust(in: keys)
        var known = roots
        let size = tree.size
        let checked = try Self.stored { () throws(KeepingError) in
            try heads.store.check(sizes, trusting: &trust, logSize: size) {
                size throws(EntryLogError) in
                if let root = known[size] { return root }
                let root = try tree.root(size: size)
                known[size] = root
                return root
            }
        }
        roots = known
        return Look(checkpoint: now, heads: checked, bytes: now.text)
    }

    /// Looks at the stored heads; what is wrong with them is an alarm.
    private static func stored<Found>(
        _ body: () throws(KeepingError) -> Found
    ) throws -> Found {
        do throws(KeepingError) {
            return try body()
        } catch {
            switch error {
            case .malformed, .foreign:
                throw LogAlarm(kind: .signature, message: error.description)
            case .otherRoot: throw LogAlarm(kind: .forked, message: error.description)
            case .shorterLog: throw LogAlarm(kind: .shrunk, message: error.description)
            default: throw CommandFailure(error)
            }
        }
    }

    private func compare(_ last: Checkpoint, _ now: Checkpoint) throws {
        guard let kind = LogWatch.alarm(from: last, to: now) else { return }
        let message =
            switch kind {
            case .otherLog: "the log was '\(last.origin)', and is '\(now.origin)'"
            case .shrunk: "the log had \(last.size) entries, and has \(now.size)"
            default: forked(last, now.root)
            }
        throw LogAlarm(kind: kind, message: message)
    }

    private func require(_ last: Checkpoint, _ root: LedgerHash) throws {
        guard root != last.root else { return }
        throw LogAlarm(kind: .forked, message: forked(last, root))
    }

    private func forked(_ last: Checkpoint, _ root: LedgerHash) -> String {
        "the first \(last.size) entries had the root \(last.root), and have \(root): one of them was "
            + "changed, left out or moved"
    }

    /// What a published log's fault is for who watches it.
    private func alarm(for error: PublicationError) -> any Error {
        switch error {
        case .damaged: LogAlarm(kind: .torn, message: error.description)
        case .checkpoint: LogAlarm(kind: .signature, message: error.description)
        case .shrinks(let from, _):
            LogAlarm(kind: .shrunk, message: "the log had \(from) entries, and there is none now")
        default: error
        }
    }
}
