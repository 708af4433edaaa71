// SPDX-License-Identifier: Apache-2.0

import EntryLog
package import LedgerModel
package import StateStore
import Synchronization

/// A store of snapshots in memory that gives back older ones, damaged ones, or none, when told to.
package final class SimulatedSnapshotStore: SnapshotStore {
    private struct State {
        var saved: [StoredSnapshot] = []
        var newest: StoredSnapshot?
        var failsSaving = false
    }

    private let state = Mutex(State())

    package init() {}

    package func save(_ bytes: RawSpan, next: EntryNumber) throws(StateStoreError) {
        let snapshot = StoredSnapshot(next: next, bytes: bytes.copied)
        let fails = state.withLock { state in
            if state.failsSaving { return true }
            state.saved.append(snapshot)
            state.newest = snapshot
            return false
        }
        if fails { throw .storage(advice: "no space is left for a snapshot") }
    }

    package func newest() throws(StateStoreError) -> StoredSnapshot? {
        state.withLock { $0.newest }
    }

    /// Whether anything was ever saved.
    package var isUsed: Bool { state.withLock { !$0.saved.isEmpty } }

    /// From now on saving fails, or goes well again.
    package func failSaving(_ fails: Bool) { state.withLock { $0.failsSaving = fails } }

    /// Brings back one of those that were saved, counted from the oldest.
    package func restore(_ index: Int) {
        state.withLock { state in
            guard !state.saved.isEmpty else { return }
            state.newest = state.saved[index % state.saved.count]
        }
    }

    /// Flips a bit of what is there.
    package func damage(atByte offset: Int) {
        state.withLock { state in
            guard let count = state.newest?.bytes.count, count > 0 else { return }
            state.newest?.bytes[offset % count] ^= 0x10
        }
    }

    /// Loses what is there.
    package func clear() { state.withLock { $0.newest = nil } }
}
