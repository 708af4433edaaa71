// SPDX-License-Identifier: Apache-2.0

public import EntryLog
import LedgerModel

/// Why a log can not be audited.
public struct LogFault: Hashable, Sendable, CustomStringConvertible {
    /// What the log, or its store, says.
    public let error: EntryLogError

    /// What is wrong, and what to do about it.
    public var description: String { error.description }
}

/// A log that was read, verified and judged to its end.
public struct AuditedLog: Hashable, Sendable {
    /// The right edge of the tree over all entries, hashed anew.
    public let frontier: MerkleFrontier
    /// What was judged.
    public let tally: AuditTally

    /// Reads a log once: verifies checksums, links, canonical bytes, leaves and roots on other
    /// threads, and judges each entry on the caller's.
    ///
    /// Blocks; the log may be open for reading only, and appends may go on meanwhile.
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - secret: The ledger's secret, which salts the leaves.
    ///   - rotationFault: Checks rotations of the ledger's key.
    ///   - progress: Told how many entries have been judged, now and then, on the caller's thread.
    /// - Throws: The first thing that is wrong: with the bytes or, if they are what was written,
    ///   with what they say.
    public init(
        of log: any EntryLog,
        secret: LedgerSecret,
        rotationFault: @escaping LedgerAuditor.RotationCheck = { _, _, _ in nil },
        progress: (UInt64) -> Void = { _ in }
    ) throws(AuditError) {
        try self.init(
            of: log,
            secret: secret,
            rotationFault: rotationFault,
            hasher: NameHasher(),
            progress: progress
        )
    }

    /// Reads a log once as the public initializer does, with a hasher for names.
    package init(
        of log: any EntryLog,
        secret: LedgerSecret,
        rotationFault: @escaping LedgerAuditor.RotationCheck = { _, _, _ in nil },
        hasher: NameHasher,
        progress: (UInt64) -> Void = { _ in }
    ) throws(AuditError) {
        let newest: LogHead
        do throws(EntryLogError) {
            newest = try log.head()
        } catch {
            throw .log(LogFault(error: error))
        }
        let pipe = AuditPipe(
            reading: log,
            LogVerification(newest: newest, secret: secret),
            hasher
        )
        defer { pipe.abandon() }
        var auditor = LedgerAuditor(
            entryCount: newest.next,
            rotationFault: rotationFault,
            hasher: hasher
        )
        while let batch = try pipe.next() {
            for part in batch.parts { try auditor.judge(part, epoch: batch.epoch) }
            pipe.takeBack(batch)
            progress(auditor.next.rawValue)
        }
        tally = try auditor.finish()
        guard let frontier = pipe.frontier else {
            preconditionFailure("a log that was read to its end must have a tree")
        }
        self.frontier = frontier
    }
}
