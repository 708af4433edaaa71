// SPDX-License-Identifier: Apache-2.0

extension ReadTransaction {
    /// Visits entries in the order of their keys, from `start` on or from the end that the
    /// direction begins at, until a visit says `stop`.
    public func scan<Key>(
        _ database: Database<Key>,
        from start: Key? = nil,
        _ direction: ScanDirection = .ascending,
        _ visit: (Key, RawSpan) throws(LMDBError) -> ScanStep
    ) throws(LMDBError) {
        try scan(database, from: start, direction, failure: { $0 }, visit)
    }

    /// The same, for visits with errors of their own: `failure` wraps what storage throws.
    public func scan<Key, Failure: Error>(
        _ database: Database<Key>,
        from start: Key? = nil,
        _ direction: ScanDirection = .ascending,
        failure: (LMDBError) -> Failure,
        _ visit: (Key, RawSpan) throws(Failure) -> ScanStep
    ) throws(Failure) {
        let cursor: Cursor<Key>
        do throws(LMDBError) {
            cursor = try Cursor(self, database, .scan)
        } catch {
            throw failure(error)
        }
        var entry: Cursor<Key>.Entry?
        do throws(LMDBError) {
            entry = try cursor.seek(start, direction)
        } catch {
            throw failure(error)
        }
        while let current = entry {
            // The span ends with the visit, and nothing is written in this transaction meanwhile.
            let step = try unsafe current.value.withBytes { bytes throws(Failure) in
                try visit(current.key, bytes)
            }
            guard step == .next else { return }
            do throws(LMDBError) {
                entry = try cursor.next(direction)
            } catch {
                throw failure(error)
            }
        }
    }

    /// The smallest key; `nil` if there is none.
    public func firstKey<Key>(in database: Database<Key>) throws(LMDBError) -> Key? {
        try Cursor(self, database, .scan).seek(nil, .ascending)?.key
    }

    /// The greatest key; `nil` if there is none.
    public func lastKey<Key>(in database: Database<Key>) throws(LMDBError) -> Key? {
        try Cursor(self, database, .scan).seek(nil, .descending)?.key
    }

    /// Lends the entry with the greatest key to `body`; `nil` if there is none.
    public func withLast<Key, Result: ~Copyable>(
        in database: Database<Key>,
        _ body: (Key, RawSpan) -> Result
    ) throws(LMDBError) -> Result? {
        let cursor = try Cursor(self, database, .scan)
        guard let last = try cursor.seek(nil, .descending) else { return nil }
        return unsafe last.value.withBytes { body(last.key, $0) }
    }
}
