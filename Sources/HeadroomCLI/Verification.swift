// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LMDBEntryLog
import LedgerModel
import LedgerProofs
import QuotaLedger

/// What a verification found: all of it is in order, or it throws.
struct Verification {
    let entryCount: UInt64
    let root: LedgerHash
    let head: LogHead
    let newestTime: LedgerTime?

    /// Verifies a log, reading all of it once, on all cores.
    init(of log: OpenLog) throws {
        var frontier = MerkleFrontier()
        let origin = log.creation?.origin.text ?? ""
        let core = try LedgerCore.verified(
            from: log.log,
            secret: log.log.secret,
            rotationFault: { rotation, number in
                RotationStatement.fault(of: rotation, origin: origin, at: number)
            },
            frontier: &frontier
        )
        entryCount = frontier.size
        root = frontier.root
        head = try log.log.head()
        guard core.next.rawValue == frontier.size else {
            throw CommandFailure(
                .verificationFailed,
                "the state was rebuilt from \(core.next) entries, and the tree has "
                    + "\(frontier.size)"
            )
        }
        newestTime = frontier.size == 0 ? nil : core.newestEntryTime
    }

    /// What a failure means for a verification: what is damaged is not what was written.
    static func failure(_ error: any Error) -> CommandFailure {
        var failure = CommandFailure(any: error)
        if failure.isDamage { failure.status = .verificationFailed }
        return failure
    }
}
