// SPDX-License-Identifier: Apache-2.0

/// How a command ended; the numbers are permanent.
enum ExitStatus: Int32, Sendable {
    /// Done, or granted.
    case done = 0
    /// The rules said no.
    case refused = 1
    /// The input or the usage is wrong; nothing was written because of it.
    case rejected = 2
    /// Someone else has the ledger, or it exists already.
    case conflict = 3
    /// The log is not what was written.
    case verificationFailed = 4
    /// The world failed: disk, permission, damage, a newer format.
    case failed = 5

    /// The graver of two, as a command that does several things ends.
    func combined(with other: ExitStatus) -> ExitStatus {
        rawValue >= other.rawValue ? self : other
    }
}
