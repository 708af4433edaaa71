// SPDX-License-Identifier: Apache-2.0
import EntryLog
import StateStore
import Testing

extension TrailStore {
    fileprivate func put(
        _ filters: [[UInt64]],
        from first: UInt64,
        record: [UInt8]
    ) throws(StateStoreError) {
        try putTrail(filters, from: first, record: record.span.rawBytes)
    }

    /// The filters from a position on, each with its own.
    fileprivate func filters(from first: UInt64 = 0) throws(StateStoreError) -> [UInt64: [UInt8]] {
        var filters: [UInt64: [UInt8]] = [:]
        try forEachTrailFilter(from: first) { position, bytes in
            filters[position] = bytes.copied
            return .next
        }
        return filters
    }
}

private func bytes(_ words: [UInt64]) -> [UInt8] { words.span.rawBytes.copied }

@Suite("A store keeps a trail")
struct TrailStoreTests {
    private let folder = StoreFolder()

    @Test("filter behind filter, in place of what was there")
    func filtersComeBack() throws {
        let store = try folder.open()
        #expect(try store.trailRecord() == nil)
        #expect(try store.filters().isEmpty)
        try store.put([[1, 2], [3]], from: 0, record: [1])
        try store.put([[4]], from: 2, record: [2])
        #expect(try store.trailRecord() == [2])
        #expect(try store.filters() == [0: bytes([1, 2]), 1: bytes([3]), 2: bytes([4])])
        #expect(try store.filters(from: 1) == [1: bytes([3]), 2: bytes([4])])
        try store.put([[5]], from: 1, record: [3])
        #expect(try store.filters() == [0: bytes([1, 2]), 1: bytes([5])])
        try store.put([], from: 0, record: [4])
        #expect(try store.filters().isEmpty)
        #expect(try store.trailRecord() == [4])
    }

    @Test("beside snapshots and runs, and for who only reads")
    func itIsOneOfSeveral() throws {
        do {
            let store = try folder.open()
            try store.put([[7]], from: 0, record: [1])
            try store.save(sampleBytes(1, count: 500), next: 1)
            #expect(try store.filters() == [0: bytes([7])])
        }
        let reader = try folder.open(.readOnly)
        #expect(try reader.filters() == [0: bytes([7])])
        #expect(try reader.newest() == stored(sampleBytes(1, count: 500), next: 1))
        #expect(throws: StateStoreError.self) { try reader.put([[8]], from: 0, record: []) }
    }

    @Test("and says where one is missing")
    func gapsAreFound() throws {
        let store = try folder.open()
        try store.put([[1]], from: 0, record: [1])
        try store.put([[3]], from: 2, record: [1])
        #expect(throws: StateStoreError.damaged(what: "filter 1 of the trail is missing")) {
            try store.filters()
        }
    }
}
