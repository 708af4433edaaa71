// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel

/// The end of a batch in a log: where a snapshot belongs.
struct LogPosition: Hashable, Sendable {
    /// The first entry behind it.
    var next: UInt64
    /// The chain hash of the batch that ends there.
    var hash: ChainHash
    /// The root of the tree over all entries in front of it.
    var root: LedgerHash
}

/// The frame of a snapshot: what stands in front of the state.
enum SnapshotFrame {
    /// The version of what this code writes; it reads no other, because a snapshot can be made
    /// again.
    ///
    /// It rises with every change of the state, of its folding from entries or of its writing.
    static let formatVersion: UInt64 = 5
    /// 0x89, then `HRSNAPS` in ASCII, as a little-endian word.
    static let magic: UInt64 = 0x5350_414e_5352_4889
}

extension LedgerState {
    /// Whether every event that the entries brought about is written.
    ///
    /// It is not where a log ends within the many events of one operation.
    var isSettled: Bool {
        var later = self
        return later.nextDue(by: newestTime) == nil
    }

    /// The state at a position of the log, as a snapshot; it must be settled.
    func snapshot(at position: LogPosition) -> [UInt64] {
        precondition(position.next == next, "a snapshot must belong to the state's own position")
        precondition(isSettled, "a snapshot must be taken between two operations")
        var writer = SnapshotWriter()
        writer.reserveCapacity(
            HoldRegister.snapshotWordCount * holds.count
                + IndexedOperation.wordCount * operations.inMemoryCount
                + parties.parties.count * 32 + 65_536
        )
        writer.append(SnapshotFrame.magic)
        writer.append(SnapshotFrame.formatVersion)
        writer.append(UInt64(Entry.semanticsVersion))
        writer.append(position.next)
        writer.append(position.hash.value)
        writer.append(position.root)
        write(to: &writer)
        operations.writeInMemory(to: &writer)
        // So that the operations are found without reading the state in front of them.
        writer.append(count: operations.snapshotWordCount)
        writer.append(writer.checksum)
        return writer.words
    }

    /// A checksum of everything in the state: the same for equal states, however they came about.
    ///
    /// The hashes of the operations count, so states are compared under the same key; not those of
    /// what was asked with a free text, which a state that read it from a redacted log does not have.
    /// O(state).
    var digest: UInt64 {
        var writer = SnapshotWriter()
        writer.append(next)
        write(to: &writer)
        return writer.checksum
    }

    /// Writes the state in one order, whatever order the tables in memory have.
    ///
    /// Left out is what follows from the rest: the heap of deadlines, what is held by group, which
    /// limits are watched, and the numbers of the accounts, which are named by the ultimate parents
    /// that they hang on.
    private func write(to writer: inout SnapshotWriter) {
        // A look that finds nothing changes the day that was looked at, and no more.
        var looked = self
        _ = looked.nextDue(by: newestTime)
        looked.writeSettled(to: &writer)
    }

    private func writeSettled(to writer: inout SnapshotWriter) {
        // In front, for those who read no more than this.
        guide.write(to: &writer)
        writer.append(newestTime)
        writer.append(bound)
        write(creation, to: &writer)
        writeFiles(to: &writer)
        parties.write(to: &writer)
        statuses.write(to: &writer)
        agreements.write(to: &writer)
        proposals.write(to: &writer)
        retention.write(to: &writer)
        holds.write(to: &writer, parties: parties)
        writer.append(count: installed.count)
        for (owner, base) in sorted(installed.map { ($0, $1) }) {
            writer.append(UInt64(owner))
            base.write(to: &writer)
        }
        writer.append(count: smallOrders.count)
        for (owner, totals) in sorted(smallOrders.pairs) {
            writer.append(UInt64(owner))
            totals.write(to: &writer)
        }
        writer.append(count: nationals.count)
        let byNational = nationals.sorted {
            ($0.key.party.rawValue, $0.key.country) < ($1.key.party.rawValue, $1.key.country)
        }
        for (key, totals) in byNational {
            writer.append(UInt64(key.party.rawValue))
            writer.append(key.country)
            totals.write(to: &writer)
        }
        writer.append(count: countries.count)
        for (country, totals) in countries.pairs {
            writer.append(country)
            totals.write(to: &writer)
        }
        tallies.write(to: &writer)
        watch.write(to: &writer, parties: parties)
        operations.writeTotals(to: &writer)
    }

    private func write(_ creation: LedgerCreation?, to writer: inout SnapshotWriter) {
        writer.append(creation != nil)
        guard let creation else { return }
        writer.append(bytes: creation.origin.text.utf8)
        writer.append(UInt64(creation.mode.rawValue))
        writer.append(UInt64(creation.disclosure.rawValue))
        for role in Role.allCases {
            writer.append(creation.policy.permissions[role]?.mask ?? 0)
        }
        writer.append(creation.policy.twoPeople.mask)
    }

    /// Writes the adopted files, each once, and who adopted which.
    private func writeFiles(to writer: inout SnapshotWriter) {
        var files: [[UInt8]] = []
        var positions: [[UInt8]: Int] = [:]
        func position(of bytes: [UInt8]) -> Int {
            if let known = positions[bytes] { return known }
            positions[bytes] = files.count
            files.append(bytes)
            return files.count - 1
        }
        let rulebookFiles = rulebooks.adopted.map { position(of: $0.bytes) }
        let deviceFile = deviceBytes.map(position(of:))
        writer.append(count: files.count)
        for file in files { writer.append(bytes: file) }
        writer.append(count: rulebookFiles.count)
        for (adopted, file) in zip(rulebooks.adopted, rulebookFiles) {
            writer.append(adopted.entry)
            writer.append(adopted.start)
            writer.append(count: file)
        }
        writer.append(deviceFile != nil)
        if let deviceFile { writer.append(count: deviceFile) }
    }

    /// The values of accounts in order of the ultimate parents that they hang on.
    private func sorted<Value>(
        _ values: [(key: AccountIndex, value: Value)]
    ) -> [(owner: UInt32, value: Value)] {
        values.map { (parties.owner(of: $0.key).rawValue, $0.value) }
            .sorted { $0.owner < $1.owner }
    }
}

extension Set<ActionKind> {
    /// A bit for each kind.
    var mask: UInt64 { reduce(0) { $0 | 1 << UInt64($1.rawValue) } }

    /// The kinds of a mask; `nil` if a bit stands for none.
    init?(mask: UInt64) {
        self = Set(ActionKind.allCases.filter { mask >> UInt64($0.rawValue) & 1 == 1 })
        guard self.mask == mask else { return nil }
    }
}
