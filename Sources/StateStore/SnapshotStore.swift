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

/// Keeps the newest snapshot of a ledger's state, and some older ones.
///
/// What it keeps is derived from the log: it may lag behind it, may be missing and may be deleted
/// at any time. Synchronous and blocking, like the log: not for Swift concurrency's threads. Safe
/// to use from any other thread.
public protocol SnapshotStore: Sendable {
    /// Puts a snapshot in place of the one before.
    ///
    /// Durable on return. If it fails, or the process ends meanwhile, either the one before or the
    /// new one is there, whole.
    ///
    /// - Parameters:
    ///   - bytes: The snapshot; lent for the length of the call.
    ///   - next: The first entry that it does not take in.
    /// - Throws: ``StateStoreError`` if the store fails.
    func save(_ bytes: RawSpan, next: EntryNumber) throws(StateStoreError)

    /// The snapshot that was saved last, byte for byte, or `nil` if there is none.
    ///
    /// - Throws: ``StateStoreError/damaged(what:)`` if what is there is not what was saved.
    func newest() throws(StateStoreError) -> StoredSnapshot?

    /// Keeps a snapshot beside the newest, from which the ledger as it was then is soon rebuilt, and
    /// removes some that were kept before; durable on return, all of it or nothing.
    ///
    /// - Parameters:
    ///   - bytes: The snapshot; lent for the length of the call.
    ///   - next: The first entry that it does not take in; it takes the place of one that is kept
    ///     with the same.
    ///   - removed: Those that are kept no longer, by the first entries that they do not take in.
    /// - Throws: ``StateStoreError`` if the store fails.
    func keep(
        _ bytes: RawSpan,
        next: EntryNumber,
        removing removed: [EntryNumber]
    ) throws(StateStoreError)

    /// The first entries that the kept snapshots do not take in, in order.
    ///
    /// - Throws: ``StateStoreError`` if the store fails.
    func keptSnapshots() throws(StateStoreError) -> [EntryNumber]

    /// The newest snapshot that takes in no entry from `end` on, among the newest and those that are
    /// kept; `nil` if there is none.
    ///
    /// - Throws: ``StateStoreError/damaged(what:)`` if what is there is not what was saved.
    func newest(before end: EntryNumber) throws(StateStoreError) -> StoredSnapshot?
}

extension SnapshotStore {
    /// Keeps nothing.
    public func keep(
        _ bytes: RawSpan,
        next: EntryNumber,
        removing removed: [EntryNumber]
    ) throws(StateStoreError) {}

    /// None is kept.
    public func keptSnapshots() throws(StateStoreError) -> [EntryNumber] { [] }

    /// The newest, if it takes in nothing from `end` on.
    public func newest(before end: EntryNumber) throws(StateStoreError) -> StoredSnapshot? {
        try newest().flatMap { $0.next <= end ? $0 : nil }
    }
}
