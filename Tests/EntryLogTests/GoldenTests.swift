// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import Foundation
import LedgerModel
import Testing

/// The bytes of version 2, frozen in `Golden/*.hex`.
///
/// A change of these files is a change of every ledger's meaning. To write new ones (for a new kind
/// or form of entry; existing ones must not change), run
/// `HEADROOM_WRITE_GOLDEN=1 swift test --filter GoldenTests` and look at the difference.
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
        let names = SampleEntries.all.map(\.name) + ["batches"]
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

    @Test func kindNumbersArePermanent() {
        let numbers = EntryKind.allCases.map { "\($0) \($0.rawValue)" }
        #expect(
            numbers == [
                "createLedger 1", "adoptRulebook 2", "adoptDevices 3", "tick 4", "propose 5",
                "decideProposal 6", "rotateKey 9", "party 16", "block 17", "grantStatus 18",
                "changeStatus 19", "attestSecurity 20", "attestInstalled 21",
                "signAgreement 22", "endAgreement 23",
                "reserve 32", "ship 33", "release 34", "extend 35", "giveBack 36", "retire 37",
                "revoke 38", "correct 39", "transferWeights 48", "expiry 64", "breach 65",
                "cure 66", "threshold 67",
            ]
        )
    }

    private static func text(of entry: Entry) throws -> String {
        let bytes = try encoded(entry)
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
