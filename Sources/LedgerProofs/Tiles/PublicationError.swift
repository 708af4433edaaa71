// SPDX-License-Identifier: Apache-2.0
public import EntryLog

/// What can go wrong with a published log, for whoever writes it and for whoever reads it.
public enum PublicationError: Error, Hashable, Sendable {
    /// A file or folder can not be read or written.
    case file(FileFailure)
    /// The ledger's log can not be read.
    case log(EntryLogError)
    /// There is no checkpoint in the folder: nothing was published there yet.
    case nothingPublished(folder: String)
    /// The checkpoint is none, or nobody who is trusted signed it.
    case checkpoint(path: String, ProofError)
    /// A tile or bundle is missing, or is not that of the tree that was signed.
    case damaged(path: String, what: String)
    /// There are other files in the folder than those of a published log.
    case occupied(folder: String, name: String)
    /// Somebody else is publishing to the folder.
    case inUse(folder: String)
    /// The folder has the log of another ledger.
    case anotherOrigin(found: String, expected: String)
    /// More is published than the checkpoint that is to follow covers.
    case shrinks(from: UInt64, to: UInt64)
    /// What was published is not the beginning of the ledger's log.
    case forked(size: UInt64, published: LedgerHash, found: LedgerHash)
    /// The checkpoint is not one of the ledger's log.
    case notOfThisLog(size: UInt64)
    /// A test ended it.
    case interrupted
}

extension PublicationError: CustomStringConvertible {
    /// What is wrong, and what to do about it.
    public var description: String {
        switch self {
        case .file(let failure): failure.description
        case .log(let error): error.description
        case .nothingPublished(let folder):
            "found no published log in '\(folder)', expected a folder with a 'checkpoint': "
                + "'headroom publish' makes one"
        case .checkpoint(let path, let error): "\(path): \(error)"
        case .damaged(let path, let what):
            "\(path): \(what). It is not what was signed: keep a copy of the files, and ask for "
                + "them to be published anew"
        case .occupied(let folder, let name):
            "found other files in '\(folder)' ('\(name)'), expected a published log, an empty "
                + "folder, or one that does not exist yet"
        case .inUse(let folder):
            "\(folder): somebody else is publishing there. Wait until that is done"
        case .anotherOrigin(let found, let expected):
            "found the log of '\(found)', expected that of '\(expected)'"
        case .shrinks(let from, let to):
            "\(from) entries are published, and there would be \(to): a log only grows. Nothing "
                + "was changed; publish the newest checkpoint, or to another folder"
        case .forked(let size, let published, let found):
            "the first \(size) entries have the root \(found), and the root \(published) was "
                + "published: they are not those that were signed. Nothing was changed; find out "
                + "whether the ledger was replaced or restored from an older backup"
        case .notOfThisLog(let size):
            "the checkpoint of \(size) entries is not one of this ledger's log"
        case .interrupted: "publishing was interrupted"
        }
    }
}

/// Calls what fails as files do.
func withFiles<Result: ~Copyable>(
    _ body: () throws(FileFailure) -> Result
) throws(PublicationError) -> Result {
    do throws(FileFailure) {
        return try body()
    } catch {
        throw .file(error)
    }
}

/// Calls what fails as a log does.
func withLog<Result>(
    _ body: () throws(EntryLogError) -> Result
) throws(PublicationError) -> Result {
    do throws(EntryLogError) {
        return try body()
    } catch {
        throw .log(error)
    }
}
