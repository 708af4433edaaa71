// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import Foundation
import LedgerModel
import Testing

/// The bytes of version 3, frozen in `Golden/*.hex`; those of version 2 in `Golden2/*.hex`.
///
/// A change of these files is a change of every ledger's meaning. To write new ones (for a new kind
/// or form of entry; existing ones must not change), run
/// `HEADROOM_WRITE_GOLDEN=1 swift test --filter EntryLogTests.GoldenTests` and look at the
/// difference. A filter that takes in other rooms writes their kept receipts too.
struct GoldenTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Golden")

    private static let writes =
        ProcessInfo.processInfo.environment["HEADROOM_WRITE_GOLDEN"] == "1"

    @Test(arguments: SampleEntries.all.indices)
    func bytesAreFrozen(index: Int) throws {
        let (name, entry) = SampleEntries.all[index]
        let file = GoldenTests.folder.appending(path: "\(name).hex")
        let text = try GoldenTests.text(of: entry)
        if GoldenTests.writes { try Data(text.utf8).write(to: file) }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    @Test(arguments: SampleEntries.all.indices)
    func goldenFilesDecode(index: Int) throws {
        let (name, entry) = SampleEntries.all[index]
        let file = GoldenTests.folder.appending(path: "\(name).hex")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        let bytes = lines.filter { !$0.hasPrefix("leaf") }.flatMap {
            hexBytes($0.drop { $0 != ":" }.dropFirst(2))
        }
        #expect(try decoded(bytes) == entry)
    }

    @Test func everyKindHasAGoldenFile() throws {
        let kinds = Set(SampleEntries.all.map { EntryKind(of: $0.entry.content) })
        #expect(kinds == Set(EntryKind.allCases))
        let files = try FileManager.default.contentsOfDirectory(atPath: GoldenTests.folder.path())
        let names = SampleEntries.all.map(\.name) + ["batches", "redacted"]
        #expect(Set(files) == Set(names.map { "\($0).hex" }))
    }

    /// The samples in two batches: framing, checksum, chain and root, head and frontier.
    @Test func batchesAreFrozen() throws {
        var builder = BatchBuilder(secret: SampleEntries.secret, frontier: MerkleFrontier())
        var head = LogHead(next: 0, hash: .genesis, epoch: 3)
        var text = ""
        for entries in [SampleEntries.golden[..<8], SampleEntries.golden[8...]] {
            for (_, entry) in entries { try builder.append(entry) }
            let batch = builder.finish(previous: head)
            head = batch.head
            text += """
                header: \(hex(batch.bytes[..<BatchHeader.byteCount]))
                body: \(hex(batch.bytes[BatchHeader.byteCount...]))
                chain: \(head.hash)
                head: \(hex(head.serialized))
                frontier: \(hex(batch.frontier.serialized))

                """
        }
        let file = GoldenTests.folder.appending(path: "batches.hex")
        if GoldenTests.writes { try Data(text.utf8).write(to: file) }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    /// The samples in one batch with some redacted, events and some without a text among them.
    @Test func redactedBatchesAreFrozen() throws {
        var builder = BatchBuilder(secret: SampleEntries.secret, frontier: MerkleFrontier())
        for (_, entry) in SampleEntries.golden { try builder.append(entry) }
        let batch = builder.finish(previous: LogHead(next: 0, hash: .genesis, epoch: 3))
        let named = ["block", "reserve-granted", "reserve-refused", "breach", "expiry"]
        let numbers = Set(try named.map { try SampleEntries.named($0).number })
        let bytes = try GoldenTests.redacted(batch.bytes, numbers)
        #expect(try GoldenTests.chain(of: bytes) == batch.head.hash)
        var text = "header: \(hex(bytes[..<BatchHeader.byteCount]))\n"
        let stored = try GoldenTests.entries(of: bytes)
        for index in stored.indices {
            let sample = SampleEntries.golden[index].entry
            let entry = try decoded(stored[index])
            #expect(entry.isRedacted == numbers.contains(sample.number))
            #expect(
                try GoldenTests.leaf(of: stored[index]) == GoldenTests.leaf(of: encoded(sample))
            )
            guard entry.isRedacted else { continue }
            text += "entry \(entry.number): \(hex(stored[index]))\n"
        }
        let file = GoldenTests.folder.appending(path: "redacted.hex")
        if GoldenTests.writes { try Data(text.utf8).write(to: file) }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    private static func redacted(
        _ batch: [UInt8],
        _ numbers: Set<EntryNumber>
    ) throws -> [UInt8] {
        let hasher = LeafHasher(secret: SampleEntries.secret)
        return try RedactedBatch(batch.span.rawBytes, redacting: numbers, hasher: hasher).bytes
    }

    private static func chain(of batch: [UInt8]) throws -> ChainHash {
        BatchReader.head(after: try check(batch), batch.span.rawBytes).hash
    }

    private static func entries(of batch: [UInt8]) throws -> [[UInt8]] {
        var entries: [[UInt8]] = []
        try BatchReader.forEachEntry(in: batch.span.rawBytes) { _, bytes in
            entries.append(bytes.copied)
            return .next
        }
        return entries
    }

    private static func leaf(of bytes: [UInt8]) throws -> LedgerHash {
        try LeafHasher(secret: SampleEntries.secret).leaf(of: bytes.span.rawBytes)
    }

    // MARK: - Version 2

    private static let oldFolder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Golden2")

    /// What version 2 wrote is read, has the leaf that it had, and is written so again.
    @Test func entriesOfVersion2AreRead() throws {
        let files = try FileManager.default.contentsOfDirectory(
            atPath: GoldenTests.oldFolder.path()
        )
        var count = 0
        for (name, entry) in SampleEntries.golden where files.contains("\(name).hex") {
            let file = GoldenTests.oldFolder.appending(path: "\(name).hex")
            let text = try String(contentsOf: file, encoding: .utf8)
            let bytes = try GoldenTests.encoded2(entry)
            #expect(try GoldenTests.text(of: bytes) == text)
            #expect(try decoded(bytes) == entry)
            count += 1
        }
        #expect(count == files.count - 1)
    }

    private static func encoded2(_ entry: Entry) throws -> [UInt8] {
        var buffer = ByteBuffer()
        try EntryCodec.encode(entry, into: &buffer, version: 2)
        return buffer.bytes.copied
    }

    /// Batches of format 1 are read, verified and gone on from, and can not be redacted.
    @Test func batchesOfFormat1AreRead() throws {
        let file = GoldenTests.oldFolder.appending(path: "batches.hex")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        let values = lines.map { String($0.drop { $0 != ":" }.dropFirst(2)) }
        var head = LogHead(next: 0, hash: .genesis, epoch: 3)
        var frontier = MerkleFrontier()
        for index in stride(from: 0, to: values.count, by: 5) {
            let batch = try EncodedBatch(
                verifying: hexBytes(values[index]) + hexBytes(values[index + 1]),
                after: head,
                frontier: frontier,
                secret: SampleEntries.secret
            )
            (head, frontier) = (batch.head, batch.frontier)
            #expect(head.hash.description == values[index + 2])
            #expect(hex(head.serialized) == values[index + 3])
            #expect(hex(frontier.serialized) == values[index + 4])
            #expect(throws: EntryLogError.self) {
                try GoldenTests.redacted(batch.bytes, [batch.header.first])
            }
        }
        var builder = BatchBuilder(secret: SampleEntries.secret, frontier: frontier)
        try builder.append(SampleEntries.reservation(frontier.size))
        let batch = builder.finish(previous: head)
        #expect(try check(batch.bytes, after: head).format == 2)
    }

    @Test func kindNumbersArePermanent() {
        let numbers = EntryKind.allCases.map { "\($0) \($0.rawValue)" }
        #expect(
            numbers == [
                "createLedger 1", "adoptRulebook 2", "adoptDevices 3", "tick 4", "propose 5",
                "decideProposal 6", "redact 7", "legalHold 8", "rotateKey 9", "party 16",
                "block 17",
                "grantStatus 18", "changeStatus 19",
                "attestSecurity 20", "attestInstalled 21", "signAgreement 22", "endAgreement 23",
                "reserve 32", "ship 33", "release 34", "extend 35", "giveBack 36", "retire 37",
                "revoke 38", "correct 39", "transferWeights 48", "expiry 64", "breach 65",
                "cure 66", "threshold 67",
            ]
        )
    }

    private static func text(of entry: Entry) throws -> String {
        try text(of: try encoded(entry))
    }

    private static func text(of bytes: [UInt8]) throws -> String {
        let header = try EntryLogTests.header(of: bytes)
        let ownEnd = EntryHeader.byteCount + header.ownByteCount
        let leaf = try LeafHasher(secret: SampleEntries.secret).leaf(of: bytes.span.rawBytes)
        return """
            header: \(hex(bytes[..<EntryHeader.byteCount]))
            own: \(hex(bytes[EntryHeader.byteCount..<ownEnd]))
            shared: \(hex(bytes[ownEnd...]))
            leaf: \(leaf)

            """
    }
}
