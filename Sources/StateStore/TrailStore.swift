// SPDX-License-Identifier: Apache-2.0
public import EntryLog

/// Keeps what leads to the entries about a hold: a list of filters, one for each stretch of a log,
/// and a record of which log that is.
///
/// What is kept is derived from the log, like a snapshot: it may lag behind, may be missing and may
/// be deleted at any time. Synchronous and blocking. Any thread may read; writing is for one thread
/// at a time.
public protocol TrailStore: Sendable {
    /// The record, byte for byte as it was put last, or `nil` if there is none.
    ///
    /// - Throws: ``StateStoreError`` if the store fails.
    func trailRecord() throws(StateStoreError) -> [UInt8]?

    /// Puts filters in place of those from a position on, and a record in place of the one before.
    ///
    /// Durable on return. If it fails, or the process ends meanwhile, all of it is there or nothing.
    ///
    /// - Parameters:
    ///   - filters: The filters, as words.
    ///   - first: The position of the first of them: at most the count of those that are there.
    ///   - record: The record; lent for the length of the call.
    /// - Throws: ``StateStoreError`` if the store fails.
    func putTrail(
        _ filters: [[UInt64]],
        from first: UInt64,
        record: RawSpan
    ) throws(StateStoreError)

    /// Gives the filters from a position on to `body`, in order, until it says stop.
    ///
    /// Their bytes are lent for the length of the call: little-endian words.
    ///
    /// - Throws: ``StateStoreError/damaged(what:)`` if one is missing, and what `body` throws.
    func forEachTrailFilter(
        from first: UInt64,
        _ body: (UInt64, RawSpan) throws(StateStoreError) -> ReadStep
    ) throws(StateStoreError)
}
