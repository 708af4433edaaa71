// SPDX-License-Identifier: Apache-2.0

public import EntryLog
public import LedgerModel

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

    /// Gives the entries in front of `end` to `body`, from the first one on and in order, until it
    /// says stop.
    ///
    /// They are decoded on other threads, on all cores and a few batches ahead of it.
    public func forEachDecodedEntry(
        until end: EntryNumber,
        _ body: (Entry) throws(LedgerError) -> ReadStep
    ) throws(LedgerError) {
        let first = EntryNumber(rawValue: 0)
        let pipe = EntryPipe(self, EntryReading(first: first, until: end))
        defer { pipe.abandon() }
        while let parts = try pipe.next() {
            for part in parts {
                for hashed in part.entries {
                    guard case .next = try body(hashed.entry) else { return }
                }
            }
        }
    }
}
