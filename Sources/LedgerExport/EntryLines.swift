// SPDX-License-Identifier: Apache-2.0
import Dispatch
import EntryLog
import LedgerModel
import LedgerText
import QuotaLedger
import Synchronization

/// Where in an export a line stands.
struct ExportPlace: Sendable {
    /// Its number, from 1.
    var line: Int
    /// The number that its entry has.
    var number: UInt64
    /// The link of the line before.
    var previous: LedgerHash
}

/// Lines of entries that are checked together.
struct EntryLines: Sendable {
    let text: [UInt8]
    let lines: [Range<Int>]
    let header: ExportHeader

    /// How many lines one core checks at once.
    private static let partLineCount = 512

    /// Checks all lines, on as many cores as there are.
    ///
    /// A line's link needs only what the line before says that its own is, so lines do not wait for
    /// each other.
    func checked(from start: ExportPlace, forLog: Bool) -> [CheckedEntries] {
        let count = (lines.count + Self.partLineCount - 1) / Self.partLineCount
        let results = Mutex([CheckedEntries?](repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let part = check(part: index, from: start, forLog: forLog)
            results.withLock { $0[index] = part }
        }
        return results.withLock { $0.compactMap { $0 } }
    }

    private func check(
        part index: Int,
        from start: ExportPlace,
        forLog: Bool
    ) -> CheckedEntries {
        let first = index * Self.partLineCount
        var place = start
        place.line += first
        place.number += UInt64(first)
        if first > 0 {
            // If that line has no link, it is the fault that is told.
            place.previous = ExportLine(text[lines[first - 1]])?.link ?? .zero
        }
        var part = CheckedEntries(at: place, header: header, forLog: forLog)
        for line in lines[first...].prefix(Self.partLineCount) {
            guard part.append(text[line]) else { break }
        }
        return part
    }
}

/// Entries whose lines are in order, up to the first that is not.
struct CheckedEntries: Sendable {
    private(set) var entries: [Entry] = []
    private(set) var leaves: [LedgerHash] = []
    /// The entries on their way into a log, if they are.
    private(set) var chunk: EncodedChunk?
    /// What is wrong with the line behind the entries, if something is.
    private(set) var fault: ExportError?
    private var place: ExportPlace
    private let hasher: LeafHasher?

    init(at place: ExportPlace, header: ExportHeader, forLog: Bool) {
        self.place = place
        hasher = header.secret.map(LeafHasher.init)
        guard forLog, let secret = header.secret else { return }
        chunk = EncodedChunk(first: EntryNumber(rawValue: place.number), secret: secret)
    }

    /// Checks the next line; false if it is not in order.
    mutating func append(_ line: ArraySlice<UInt8>) -> Bool {
        do throws(ExportError) {
            try check(line)
            return true
        } catch {
            fault = error
            return false
        }
    }

    private mutating func check(_ line: ArraySlice<UInt8>) throws(ExportError) {
        guard let linked = ExportLine(line) else { throw fault(ExportFault.foreignLine) }
        let exported = ExportedEntry(linked.body)
        // A line that was left out or moved is told as such, not as a broken link.
        if let found = exported?.number, found.rawValue != place.number {
            throw fault("entry \(found) stands in its place")
        }
        guard linked.isLinked(to: place.previous) else { throw fault(ExportFault.brokenLink) }
        guard let exported else { throw fault(ExportFault.foreignLine) }
        if let hasher, exported.expectedSalts(hasher.salts(of: number)) != exported.salts {
            throw fault("its salts are not those of the ledger's secret")
        }
        let entry: Entry
        do throws(EntryLogError) {
            entry = try take(exported)
        } catch {
            throw ExportFault.error(error, line: place.line, entry: number)
        }
        guard ExportFault.isShown(entry, as: exported.shown) else {
            throw fault("it is shown otherwise than its bytes say")
        }
        entries.append(entry)
        place.line += 1
        place.number += 1
        place.previous = linked.link
    }

    /// Decodes an entry and notes its leaf.
    private mutating func take(_ exported: ExportedEntry) throws(EntryLogError) -> Entry {
        let bytes = exported.bytes.span.rawBytes
        if let entry = try chunk?.append(encoded: bytes), let leaf = chunk?.leaves.last {
            leaves.append(leaf)
            return entry
        }
        let entry = try EntryCodec.decode(bytes)
        leaves.append(try LeafHasher.leaf(of: bytes, salts: exported.salts))
        return entry
    }

    private func fault(_ what: String) -> ExportError {
        .changed(line: place.line, entry: number, what: what)
    }

    private var number: EntryNumber { EntryNumber(rawValue: place.number) }
}

extension ExportedEntry {
    /// The salts that should be told of the entry.
    fileprivate func expectedSalts(_ salts: SectionSalts) -> SectionSalts {
        do throws(EntryLogError) {
            return try salts.told(of: bytes.span.rawBytes)
        } catch {
            // What is wrong with the bytes is told when they are decoded.
            return salts
        }
    }

    /// The number that the entry's bytes tell; `nil` if they begin as no entry does.
    fileprivate var number: EntryNumber? {
        do throws(EntryLogError) {
            return try EntryHeader(bytes.span.rawBytes).number
        } catch {
            return nil
        }
    }
}

/// What is said of lines that are not in order.
enum ExportFault {
    static let brokenLink = "it was changed: its link is not that of the line before and itself"
    static let foreignLine = "no export has such a line"

    /// What an entry that can not be read means.
    static func error(_ error: EntryLogError, line: Int, entry: EntryNumber) -> ExportError {
        guard case .corrupt(_, let what) = error else { return .log(error) }
        return .changed(line: line, entry: entry, what: what)
    }

    /// What an entry that does not fit the entries before it means.
    static func error(_ error: LedgerError, line: Int, entry: EntryNumber) -> ExportError {
        switch error {
        case .log(let error): self.error(error, line: line, entry: entry)
        case .corrupt(_, let what):
            .changed(line: line, entry: entry, what: "it does not fit the entries before: \(what)")
        case .index, .fenced, .busy, .closed:
            preconditionFailure("replaying asks neither a log nor a store")
        }
    }

    /// Whether an entry is shown as its bytes say.
    ///
    /// Members are only ever added to what is shown, so an earlier version may have shown less.
    static func isShown(_ entry: Entry, as shown: ArraySlice<UInt8>) -> Bool {
        let expected = entry.shown
        if shown.elementsEqual(expected) { return true }
        do throws(Rejection) {
            return try JSONValue(Array(shown)).isContained(in: JSONValue(expected))
        } catch {
            return false
        }
    }
}
