// SPDX-License-Identifier: Apache-2.0

package import EntryLog
package import LedgerModel

extension EntryLog {
    /// Entries by number, those that replays are answered with.
    ///
    /// Each batch that holds one is read and checked once, however many of its entries are asked
    /// for: an import that is run again replays them by the million.
    package func entries(
        _ numbers: some Sequence<EntryNumber>
    ) throws(LedgerError) -> [EntryNumber: Entry] {
        var wanted = Array(Set(numbers).sorted().reversed())
        var found: [EntryNumber: Entry] = [:]
        found.reserveCapacity(wanted.count)
        while let first = wanted.last {
            do throws(EntryLogError) {
                try read(from: first) { header, bytes throws(EntryLogError) in
                    try BatchReader.forEachEntry(in: bytes) { number, entry throws(EntryLogError) in
                        guard number == wanted.last else { return .next }
                        found[number] = try EntryCodec.decode(entry)
                        wanted.removeLast()
                        return wanted.isEmpty ? .stop : .next
                    }
                    // Reading on is worth it only where the next batch is needed too.
                    return wanted.last?.rawValue == header.next ? .next : .stop
                }
            } catch {
                throw .log(error)
            }
            guard wanted.last != first else {
                throw .log(.corrupt(at: .entry(first), what: "it is missing"))
            }
        }
        return found
    }
}
