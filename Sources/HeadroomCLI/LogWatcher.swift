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
    let keys: [NoteVerifierKey]
    let watch: LogWatch
    /// For how many seconds it may stay as it is.
    let staleAfter: Int64?

    /// What was seen.
    struct Seen {
        var checkpoint: Checkpoint
        var sight: LogWatch.Sight
    }

    /// Looks once.
    ///
    /// - Throws: ``LogAlarm``, or a failure if the log or the memory can not be read.
    func look() throws -> Seen {
        let last = try watch.last()
        let (now, bytes) =
            if let published {
                try look(at: published, last)
            } else {
                try lookAtLedger(last)
            }
        let time = systemTime().millisecondsSince1970 / 1_000
        let sight = try watch.remember(now, bytes, secondsSince1970: Int64(time))
        if case .unchanged(let seconds) = sight, let staleAfter, seconds >= staleAfter {
            throw LogAlarm(
                kind: .stale,
                message: "the log has had \(now.size) entries for \(seconds) s, and is expected to "
                    + "grow within \(staleAfter) s"
            )
        }
        return Seen(checkpoint: now, sight: sight)
    }

    private func look(
        at folder: String,
        _ last: Checkpoint?
    ) throws -> (Checkpoint, [UInt8]) {
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
        return (now, signed.bytes)
    }

    private func lookAtLedger(_ last: Checkpoint?) throws -> (Checkpoint, [UInt8]) {
        let log = try ledger.openForReading()
        let frontier = try log.log.frontier()
        let now: Checkpoint
        do throws(ProofError) {
            now = try Checkpoint(
                origin: log.creation?.origin.text ?? "",
                size: frontier.size,
                root: frontier.root
            )
        } catch {
            throw CommandFailure(error, "--ledger")
        }
        if let last {
            try compare(last, now)
            var tree = try StoredTree(
                LogLeaves(of: log.log, secret: log.log.secret),
                frontier: frontier,
                folder: ledger.treePath
            )
            try require(last, tree.root(size: last.size))
        }
        return (now, now.text)
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
