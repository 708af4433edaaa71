// SPDX-License-Identifier: Apache-2.0
import EntryLog
import Synchronization

/// Runs in memory: for tests, simulations, and ledgers that are thrown away.
public final class InMemoryRunStore: RunStore {
    private struct State {
        var list: [UInt8]?
        var pagesByRun: [UInt32: [[UInt64]]] = [:]
    }

    private let state = Mutex(State())

    /// Makes an empty store.
    public init() {}

    /// The list of runs.
    public func runList() throws(StateStoreError) -> [UInt8]? { state.withLock { $0.list } }

    /// Puts a list in place of the one before.
    public func putRunList(_ list: RawSpan) throws(StateStoreError) {
        let copy = list.copied
        state.withLock { $0.list = copy }
    }

    /// Removes the list.
    public func removeRunList() throws(StateStoreError) { state.withLock { $0.list = nil } }

    /// Puts pages of a run behind those that it has.
    public func put(
        _ pages: [[UInt64]],
        of run: UInt32,
        from first: UInt32
    ) throws(StateStoreError) {
        state.withLock { state in
            precondition(
                state.pagesByRun[run, default: []].count == Int(first),
                "pages go behind those that are there"
            )
            state.pagesByRun[run, default: []].append(contentsOf: pages)
        }
    }

    /// Lends the bytes of a page.
    public func read(
        _ page: UInt32,
        of run: UInt32,
        _ body: (RawSpan) -> Void
    ) throws(StateStoreError) {
        let words = state.withLock { state -> [UInt64]? in
            guard let pages = state.pagesByRun[run], Int(page) < pages.count else { return nil }
            return pages[Int(page)]
        }
        guard let words else { throw .damaged(what: "page \(page) of run \(run) is missing") }
        body(words.span.rawBytes)
    }

    /// Removes all pages but those of some runs.
    public func removeRuns(except kept: Set<UInt32>) throws(StateStoreError) {
        state.withLock { state in
            state.pagesByRun = state.pagesByRun.filter { kept.contains($0.key) }
        }
    }

    /// The pages of a run.
    package func pages(of run: UInt32) -> [[UInt64]] {
        state.withLock { $0.pagesByRun[run] ?? [] }
    }

    /// How many pages there are, in all runs.
    package var pageCount: Int {
        state.withLock { $0.pagesByRun.values.reduce(0) { $0 + $1.count } }
    }

    /// Changes a page, as a failing disk would.
    package func damage(_ page: UInt32, of run: UInt32, _ change: (inout [UInt64]) -> Void) {
        state.withLock { state in
            guard var pages = state.pagesByRun[run], Int(page) < pages.count else { return }
            change(&pages[Int(page)])
            state.pagesByRun[run] = pages
        }
    }

    /// The numbers of the runs that have pages, ascending.
    package var runs: [UInt32] { state.withLock { $0.pagesByRun.keys.sorted() } }
}
