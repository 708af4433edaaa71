// SPDX-License-Identifier: Apache-2.0

import Foundation
import LedgerModel
import QuotaLedger
import StateStore

/// A table in memory and sorted runs on disk, as a ledger keeps them, on one thread.
///
/// Returns a note for below the table.
func measureRuns(_ count: Int, in folder: URL) throws -> String {
    let capacity = OperationStorage(InMemoryRunStore()).newestCount
    let start = privateMemory()
    var deciding = Figures(what: "runs: what the decider does")
    var writing = Figures(what: "runs: what the background does")
    var runCount = 0
    do {
        let store = try LMDBStateStore(path: folder.path)
        let key = HashKey(first: 1, second: 2)
        var index = OperationIndex(key: key)
        index.capacity = capacity
        index.reserveCapacity(capacity)
        var archive = try OperationArchive(emptying: store, key: key, capacity: capacity)
        var next = 0
        while next < count {
            let end = min(count, next + capacity)
            let put = timed {
                for number in next..<end {
                    index.insert(
                        name(number),
                        number: EntryNumber(rawValue: UInt64(number)),
                        content: content(number),
                        kind: .grantedReservation
                    )
                }
            }
            deciding.putCPU += put.cpu
            deciding.putWall += put.wall
            next = end
            guard let sealed = index.sealIfFull(next: UInt64(next)) else { break }
            let written = try timed {
                try archive.append(sealed)
                while try archive.mergeIfDue() {}
                index.adopt(archive.runs)
                try archive.removeRetired()
            }
            writing.putCPU += written.cpu
            writing.putWall += written.wall
            writing.memory = max(writing.memory, privateMemory() - start)
        }
        deciding.count = count
        deciding.memory = privateMemory() - start
        deciding.newLook = try timedLooks(1_000_000, in: count..<4 * count) { number in
            guard try index.find(name(number)) == nil else { throw Wrong() }
        }
        deciding.knownLook = try timedLooks(200_000, in: 0..<count) { number in
            guard try index.find(name(number))?.number.rawValue == UInt64(number) else {
                throw Wrong()
            }
        }
        writing.count = count
        writing.disk = byteCount(of: folder.appending(path: "data.mdb"))
        runCount = archive.runs.count
    }
    let store = try LMDBStateStore(path: folder.path)
    let opening = try timed { _ = try LoadedRuns(store) }.wall
    deciding.print()
    writing.print()
    return "\(runCount) runs, opened in " + String(format: "%.1f ms", opening * 1_000)
}

/// What was found is not what was put.
struct Wrong: Error {}
