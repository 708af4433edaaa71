// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerProofs

/// Files with signed checkpoints.
enum CheckpointFile {
    /// Reads one; no signature is checked.
    static func read(
        _ path: String,
        _ option: String
    ) throws(CommandFailure) -> SignedCheckpoint {
        let bytes = try SmallFile.bytes(path, option)
        do throws(ProofError) {
            return try SignedCheckpoint(bytes)
        } catch {
            throw CommandFailure(error, option)
        }
    }
}

extension SignedCheckpoint {
    /// Checks that one of the keys signed it, and that none of those who did signed something else.
    func requireSignature(ofOneOf keys: [NoteVerifierKey]) throws(ProofError) {
        guard try note.verifiedSignatures(by: keys).isEmpty else { return }
        throw .notSigned(expected: keys.map(\.text).joined(separator: " or "))
    }
}

extension CommandFailure {
    /// What is wrong with a key, a checkpoint or a proof that was handed over.
    init(_ error: ProofError, _ option: String) {
        let status: ExitStatus =
            switch error {
            case .malformed: .rejected
            case .invalidSignature, .notSigned, .doesNotVerify: .verificationFailed
            }
        self.init(status, "\(option): \(error)")
    }

    /// Why something was not published, or what is wrong with what was.
    init(_ error: PublicationError) {
        switch error {
        case .log(let error): self.init(error)
        case .file(let failure):
            self.init(failure.isMissing ? .rejected : .failed, failure.description)
        case .nothingPublished, .occupied, .notOfThisLog: self.init(.rejected, error.description)
        case .inUse: self.init(.conflict, error.description)
        case .checkpoint, .damaged, .anotherOrigin, .shrinks, .forked:
            self.init(.verificationFailed, error.description)
        case .interrupted: self.init(.failed, error.description)
        }
    }
}
