// SPDX-License-Identifier: Apache-2.0

/// Something that must never happen, and did.
package struct Violation: Error, Hashable, Sendable, CustomStringConvertible {
    /// What must never happen.
    package enum Kind: String, Sendable, CaseIterable {
        case answeredBeforeDurable = "an answer was given before its entry was durable"
        case wrongAnswer = "an answer is not the entry in the log"
        case wrongRejection = "a rejection is not the oracle's"
        case lost = "what was durable is no longer in the log"
        case doubled = "an operation is in the log twice"
        case wrongEntry = "an entry is not the oracle's"
        case notVerified = "the log does not verify"
        case notRedacted = "what was redacted is in the log, or more than that is gone"
        case staleWriter = "a writer appended after another had taken the log over"
        case stateDiffers = "the state that lived is not the one that the log gives"
        case snapshotDiffers = "a snapshot and the log give another state than the log alone"
        case notOpened = "a log without a fault can not be opened"
        case neverAnswered = "a caller was never answered"
    }

    package var kind: Kind
    package var detail: String

    init(_ kind: Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }

    package var description: String { "\(kind.rawValue): \(detail)" }
}
