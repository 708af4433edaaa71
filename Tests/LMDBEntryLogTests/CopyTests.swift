// SPDX-License-Identifier: Apache-2.0
import Dispatch
import EntryLog
import EntryLogConformance
import Foundation
import LMDBEntryLog
import LedgerModel
import Testing

/// Copies of a log that is in use.
struct CopyTests {
    private let scratch = Scratch()
    private let other = Scratch()

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func aCopyIsTheLogAgain() throws {
        try scratch.makeLedger(batches: [3, 1, 50])
        let log = try scratch.open(.readOnly)
        try log.copy(to: other.path)
        let copy = try other.open(.readOnly)
        #expect(copy.secret == log.secret)
        #expect(try copy.head() == log.head())
        #expect(try copy.verify(secret: copy.secret) == log.frontier())
    }

    /// What was taken out of entries is in the file until its pages are used again, and in no copy.
    @Test func aCopyHasNothingOfWhatWasRedacted() throws {
        try scratch.makeLedger(batches: [300, 2])
        let log = try scratch.open()
        let word = Array(
            try #require(try log.entry(EntryNumber(rawValue: 1))).actor.person.text.utf8
        )
        let head = try log.takeOver()
        var builder = BatchBuilder(secret: log.secret, frontier: try log.frontier())
        try builder.append(SampleEntries.tick(302, by: "nobody"))
        let redacted = try log.redacted(
            (0..<302).map(EntryNumber.init(rawValue:)),
            secret: log.secret
        )
        let batch = builder.finish(previous: head)
        _ = try log.append(batch, replacing: redacted, expecting: head)
        try log.copy(to: other.path)
        let file = try Data(contentsOf: URL(filePath: other.dataFile))
        #expect(file.firstRange(of: Data(word)) == nil)
        #expect(file.firstRange(of: Data("nobody".utf8)) != nil)
        let copy = try other.open(.readOnly)
        #expect(try copy.verify(secret: copy.secret) == log.frontier())
    }

    @Test func onlyTheOwnerMayLookIntoIt() throws {
        try scratch.makeLedger(batches: [3])
        try scratch.open(.readOnly).copy(to: other.path)
        #expect(try mode(other.path) == 0o700)
        #expect(try mode(other.dataFile) == 0o600)
    }

    @Test func aCopyGoesOnAsTheLogDoes() throws {
        try scratch.makeLedger(batches: [3])
        try scratch.open(.readOnly).copy(to: other.path)
        for each in [scratch, other] { try append(batches: [2, 4], to: each.open()) }
        #expect(try other.open().frontier() == scratch.open().frontier())
    }

    @Test func whatIsThereIsNotCopiedOver() throws {
        try scratch.makeLedger(batches: [3])
        try other.makeLedger(batches: [1])
        let log = try scratch.open(.readOnly)
        #expect(logError { try log.copy(to: other.path) } != nil)
        #expect(try other.open().head().next == 1)
    }

    /// Each copy is a log that was, whole.
    @Test func copiesTakenWhileOthersAppendAreWhole() throws {
        try scratch.makeLedger()
        let log = try scratch.open()
        let writer = DispatchQueue(label: "writer")
        let group = DispatchGroup()
        let counts = (0..<60).map { 1 + $0 * 7 % 40 }
        writer.async(group: group) {
            do {
                try append(batches: counts, to: log)
            } catch {
                Issue.record(error)
            }
        }
        var copies: [MerkleFrontier] = []
        repeat {
            let place = Scratch()
            try log.copy(to: place.path)
            let copy = try place.open(.readOnly)
            copies.append(try copy.verify(secret: copy.secret))
        } while group.wait(timeout: .now()) == .timedOut || copies.count < 3
        var tree = MerkleFrontier()
        var seen: [UInt64: MerkleFrontier] = [0: tree]
        let hasher = LeafHasher(secret: log.secret)
        try log.read(from: EntryNumber(rawValue: 0)) { _, batch throws(EntryLogError) in
            try BatchReader.forEachEntry(in: batch) { _, entry throws(EntryLogError) in
                tree.append(try hasher.leaf(of: entry))
                return .next
            }
            seen[tree.size] = tree
            return .next
        }
        for copy in copies { #expect(seen[copy.size] == copy) }
    }
}
