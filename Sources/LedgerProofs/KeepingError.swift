// SPDX-License-Identifier: Apache-2.0
public import EntryLog
import Glibc

/// Why a key or a checkpoint can not be kept, or be had from where it is kept.
public enum KeepingError: Error, Hashable, Sendable {
    /// The system failed: what was to be done with which file, and its `errno`.
    case file(path: String, action: String, code: Int32)
    /// Others than its owner can read a file with a signing key.
    case exposed(path: String)
    /// A file holds something else than it must.
    case malformed(path: String, ProofError)
    /// A file holds what does not belong there; what it is, and what was expected.
    case foreign(path: String, found: String, expected: String)
    /// There is a key already.
    case keyExists(path: String)
    /// The ledger has had a key, and it is not there.
    case lostKey(path: String, NoteVerifierKey)
    /// A rotation is under way, or the key before the last one still signs.
    case rotationUnfinished(path: String)
    /// Only one key signs.
    case nothingToRetire(path: String)
    /// There is no key to sign with.
    case noKey(path: String)
    /// For this many entries another root was signed.
    case otherRoot(size: UInt64, signed: LedgerHash, found: LedgerHash)
    /// A head that was handed over has another root than the one that is stored.
    case otherHead(size: UInt64, stored: LedgerHash, offered: LedgerHash)
    /// The log has fewer entries than were signed.
    case shorterLog(size: UInt64, signed: UInt64)
    /// No checkpoint of this size is stored; `nil` for none at all.
    case noCheckpoint(size: UInt64?)
    /// A note that was handed over is not one that can be taken.
    case refused(ProofError)
    /// No signature of a witness that is known is under a note.
    case noWitness
    /// The log could not be read.
    case log(EntryLogError)
}

extension KeepingError: CustomStringConvertible {
    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .file(let path, let action, let code):
            let reason = unsafe strerror(code).map { unsafe String(cString: $0) }
            return "\(path): can not \(action): \(reason ?? "error \(code)")"
        case .exposed(let path):
            return "\(path): others than its owner can read or write this signing key. If nobody "
                + "did, 'chmod 600 \(path)' and go on; if somebody may have, rotate the key"
        case .malformed(let path, let error): return "\(path): \(error)"
        case .foreign(let path, let found, let expected):
            return "\(path): found \(found), expected \(expected)"
        case .keyExists(let path):
            return "\(path): there is a signing key already. Keep it; 'headroom key rotate' puts "
                + "another in its place"
        case .lostKey(let path, let key):
            return "\(path): the ledger has signed with \(key), and there is no signing key here. "
                + "Name the folder that has it with --keys, or restore the file. If it is lost for "
                + "good, --in-place-of-lost makes another; see docs/operators.md"
        case .rotationUnfinished(let path):
            return "\(path): the key before the present one still signs beside it. Run 'headroom "
                + "key retire' first"
        case .nothingToRetire(let path):
            return "\(path): only one key signs. There is nothing to retire"
        case .noKey(let path):
            return "\(path): there is no signing key. Make one with 'headroom key make', or name "
                + "the folder that has it with --keys"
        case .otherRoot(let size, let signed, let found):
            return
                "the log's first \(size) entries have the root \(found), and \(signed) was signed "
                + "for them: the log was rewritten. Sign nothing, change nothing, keep a copy of "
                + "the files, and find out who wrote"
        case .otherHead(let size, let stored, let offered):
            return "found a head of \(size) entries with the root \(offered), expected the stored "
                + "one's, \(stored): it is another log's, or there are two logs of this name"
        case .shorterLog(let size, let signed):
            return "the log has \(size) entries, and a head of \(signed) was signed: an older copy "
                + "is in its place. Send again, in the same order and with the same times, what "
                + "came after them, before anything is signed; see docs/operators.md"
        case .noCheckpoint(let size):
            guard let size else {
                return "found no stored checkpoint, expected one: 'headroom checkpoint' signs one"
            }
            return "found no stored checkpoint of \(size) entries, expected one: see 'headroom "
                + "checkpoint list'"
        case .refused(let error): return error.description
        case .noWitness:
            return "found no signature of a known witness, expected one: name the witness's key "
                + "with --witness-key the first time"
        case .log(let error): return error.description
        }
    }
}
