// SPDX-License-Identifier: Apache-2.0
public import EntryLog
import LMDB

/// One database, `trail`: the record under 0, filter i under i + 1.
extension LMDBStateStore: TrailStore {
    static let trailName = "trail"
    private static let trailRecordKey: UInt64 = 0

    /// The record of the trail.
    public func trailRecord() throws(StateStoreError) -> [UInt8]? {
        guard let trail else { return nil }
        do throws(LMDBError) {
            return try environment.withReadTransaction { transaction throws(LMDBError) in
                try transaction.value(for: Self.trailRecordKey, in: trail)
            }
        } catch {
            throw Self.wrap(error)
        }
    }

    /// Puts filters and a record, in one transaction.
    public func putTrail(
        _ filters: [[UInt64]],
        from first: UInt64,
        record: RawSpan
    ) throws(StateStoreError) {
        guard environment.options.access == .readWrite, let trail else {
            throw .storage(
                advice: "\(environment.path): the derived state is open for reading only"
            )
        }
        do throws(LMDBError) {
            try environment.withWriteTransaction { transaction throws(LMDBError) in
                try transaction.deleteAll(from: first + 1, in: trail)
                for (offset, words) in filters.enumerated() {
                    try transaction.put(
                        words.span.rawBytes,
                        for: first + UInt64(offset) + 1,
                        in: trail
                    )
                }
                try transaction.put(record, for: Self.trailRecordKey, in: trail)
            }
        } catch {
            throw Self.wrap(error)
        }
    }

    /// Lends the filters as they lie in the map.
    public func forEachTrailFilter(
        from first: UInt64,
        _ body: (UInt64, RawSpan) throws(StateStoreError) -> ReadStep
    ) throws(StateStoreError) {
        guard let trail else { return }
        try environment.withReadTransaction(failure: Self.wrap) {
            transaction throws(StateStoreError) in
            var position = first
            try transaction.scan(trail, from: first + 1, failure: Self.wrap) {
                key,
                bytes throws(StateStoreError) in
                guard key == position + 1 else {
                    throw .damaged(what: "filter \(position) of the trail is missing")
                }
                position += 1
                switch try body(position - 1, bytes) {
                case .next: return .next
                case .stop: return .stop
                }
            }
        }
    }
}
