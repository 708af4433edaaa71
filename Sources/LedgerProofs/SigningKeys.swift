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

    /// Makes the ledger's key. Durable on return; interrupted, there is none.
    ///
    /// - Throws: ``KeepingError/keyExists(path:)`` if there is one.
    public func make(named name: NoteKeyName) throws(KeepingError) -> NoteSigningKey {
        try WholeFile.makeFolder(path, mode: 0o700)
        let key = NoteSigningKey(name: name)
        try signing.make(key)
        return key
    }
}
