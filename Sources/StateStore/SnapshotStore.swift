// SPDX-License-Identifier: Apache-2.0
public import LedgerModel

/// A snapshot as a store keeps it: bytes that the store does not look into.
public struct StoredSnapshot: Hashable, Sendable {
    /// The first entry that the snapshot does not take in.
    public var next: EntryNumber
    /// The snapshot.
    public var bytes: [UInt8]

    /// Makes a stored snapshot.
    public init(next: EntryNumber, bytes: [UInt8]) {
        self.next = next
        self.bytes = bytes
    }
}

/// Keeps the newest snapshot of a ledger's state.
///
/// What it keeps is derived from the log: it may lag behind it, may be missing and may be deleted
/// at any time. Synchronous and blocking, like the log: not for Swift concurrency's threads. Safe
/// to use from any other thread.
public protocol SnapshotStore: Sendable {
    /// Puts a snapshot in place of the one before.
    ///
    /// Durable on return. If it throws, or the process ends meanwhile, either the one before or
    /// the new one is there, whole.
    ///
    /// - Parameters:
    ///   - bytes: The snapshot; lent for the length of the call.
    ///   - next: The first entry that it does not take in.
    func save(_ bytes: RawSpan, next: EntryNumber) throws(StateStoreError)

    /// The snapshot that was saved last, byte for byte, or `nil` if there is none.
    ///
    /// - Throws: ``StateStoreError/damaged(what:)`` if what is there is not what was saved.
    func newest() throws(StateStoreError) -> StoredSnapshot?
}
