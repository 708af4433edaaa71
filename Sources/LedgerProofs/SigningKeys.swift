// SPDX-License-Identifier: Apache-2.0

/// The folder with the keys by which a ledger signs: at most three files.
///
/// `signing` has the key that signs. While it is being replaced, `next` has the key that will, and
/// afterwards `previous` the one that did and signs beside it until it is retired.
public struct SigningKeys: Hashable, Sendable {
    /// Where the folder is.
    public let path: String

    /// Names a folder, which need not be there.
    public init(_ path: String) { self.path = path }

    private var signing: KeyFile { KeyFile(path + "/signing") }
    private var next: KeyFile { KeyFile(path + "/next") }
    private var previous: KeyFile { KeyFile(path + "/previous") }

    /// Where the key that signs is.
    public var signingPath: String { signing.path }

    /// The key that signs; `nil` if there is none.
    public func current() throws(KeepingError) -> NoteSigningKey? { try signing.read() }

    /// The keys that sign a head: the present one first, then the one before while it has not been
    /// retired.
    ///
    /// - Throws: ``KeepingError/noKey(path:)`` if there is none.
    public func signers() throws(KeepingError) -> [NoteSigningKey] {
        guard let current = try signing.read() else { throw .noKey(path: signing.path) }
        guard let before = try previous.read(), before.verifierKey != current.verifierKey else {
            return [current]
        }
        return [current, before]
    }

    /// The key that will sign, while a rotation is under way.
    public func upcoming() throws(KeepingError) -> NoteSigningKey? { try next.read() }

    /// Makes the ledger's key.
    ///
    /// Durable on return; interrupted, there is none.
    ///
    /// - Throws: ``KeepingError/keyExists(path:)`` if there is one.
    public func make(named name: NoteKeyName) throws(KeepingError) -> NoteSigningKey {
        try WholeFile.makeFolder(path, mode: 0o700)
        let key = NoteSigningKey(name: name)
        try signing.make(key)
        return key
    }

    // MARK: - Rotation

    /// Begins to put another key in the place of the present one, or goes on where that ended.
    ///
    /// Durable on return. The present key goes on signing until ``finishRotation()``; what has to be
    /// done before that can be done again after an interruption, with the same two keys.
    ///
    /// - Returns: The present key and the one that takes its place.
    /// - Throws: ``KeepingError/noKey(path:)``, or ``KeepingError/rotationUnfinished(path:)`` while
    ///   the key before the present one has not been retired.
    public func beginRotation() throws(KeepingError) -> (from: NoteSigningKey, to: NoteSigningKey) {
        let signers = try signers()
        guard signers.count == 1 else { throw .rotationUnfinished(path: previous.path) }
        if let begun = try next.read() {
            guard begun.verifierKey != signers[0].verifierKey else {
                throw .foreign(
                    path: next.path,
                    found: "the key that signs already",
                    expected: "another one; delete the file"
                )
            }
            return (signers[0], begun)
        }
        let key = NoteSigningKey(name: signers[0].verifierKey.name)
        try next.make(key)
        return (signers[0], key)
    }

    /// Puts the key that was begun with in the place of the present one, which signs beside it from
    /// then on.
    ///
    /// Durable on return. Interrupted anywhere, it can be called again.
    public func finishRotation() throws(KeepingError) {
        guard let begun = try next.read() else { return }
        guard let present = try signing.read() else { throw .noKey(path: signing.path) }
        let before = try previous.read()
        if before == nil { try previous.make(present) }
        guard before == nil || before?.verifierKey == present.verifierKey else {
            throw .rotationUnfinished(path: previous.path)
        }
        guard begun.verifierKey != present.verifierKey else {
            throw .foreign(
                path: next.path,
                found: "the key that signs already",
                expected: "another one; delete the file"
            )
        }
        try WholeFile.move(next.path, to: signing.path)
    }

    /// Ends the use of the key before the present one, for good: its file is deleted.
    ///
    /// - Throws: ``KeepingError/nothingToRetire(path:)`` if only one key signs.
    public func retire() throws(KeepingError) -> NoteVerifierKey {
        let signers = try signers()
        guard signers.count == 2 else { throw .nothingToRetire(path: previous.path) }
        try WholeFile.remove(previous.path)
        return signers[1].verifierKey
    }
}
