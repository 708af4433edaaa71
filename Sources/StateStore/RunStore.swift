// SPDX-License-Identifier: Apache-2.0

/// Keeps the sorted runs of a ledger's index of operations, page by page.
///
/// A run is written once and never changed; the list says which runs count. What is kept is derived
/// from the log, like a snapshot: it may lag behind, may be missing and may be deleted at any time.
/// Synchronous and blocking. Any thread may read; writing is for one thread at a time.
public protocol RunStore: Sendable {
    /// The list of runs, byte for byte as it was put last, or `nil` if there is none.
    ///
    /// - Throws: ``StateStoreError`` if the store fails.
    func runList() throws(StateStoreError) -> [UInt8]?

    /// Puts a list in place of the one before.
    ///
    /// Durable on return, and so are all pages that were put before. If it fails, or the process
    /// ends meanwhile, the one before or the new one is there, whole.
    ///
    /// - Throws: ``StateStoreError`` if the store fails.
    func putRunList(_ list: RawSpan) throws(StateStoreError)

    /// Removes the list, so that no run counts any more; durable on return.
    ///
    /// - Throws: ``StateStoreError`` if the store fails.
    func removeRunList() throws(StateStoreError)

    /// Puts pages of a run behind those that it has.
    ///
    /// - Parameters:
    ///   - pages: At most ``maximumPageWordCount`` words each, little-endian.
    ///   - run: The run's number: not less than any before it, and not 0.
    ///   - first: The number of the first page, which is the count of pages that the run has.
    /// - Throws: ``StateStoreError`` if the store fails; pages may then be there that no list names.
    func put(_ pages: [[UInt64]], of run: UInt32, from first: UInt32) throws(StateStoreError)

    /// Lends the bytes of a page for the length of the call.
    ///
    /// - Throws: ``StateStoreError/damaged(what:)`` if there is no such page.
    func read(
        _ page: UInt32,
        of run: UInt32,
        _ body: (RawSpan) -> Void
    ) throws(StateStoreError)

    /// Removes all pages but those of some runs.
    ///
    /// - Throws: ``StateStoreError`` if the store fails; some pages may then be gone.
    func removeRuns(except kept: Set<UInt32>) throws(StateStoreError)
}

extension RunStore {
    /// The most words that a page may have: what LMDB keeps in one page of its own.
    public static var maximumPageWordCount: Int { 510 }
}
