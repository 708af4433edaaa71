// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerExport
import LedgerModel
import LedgerTestSupport
import LedgerText
import QuotaLedger
import Testing

@Suite("An export is the ledger again")
struct RoundTripTests {
    @Test("whatever is in it", arguments: StreamProfile.allCases, 0..<6)
    func roundTrip(profile: StreamProfile, seed: Int) throws {
        let log = try makeLog(seed: seed, profile: profile)
        let text = try export(log)
        let copy = try imported(text)
        #expect(try export(copy) == text, "seed \(seed)")
        #expect(try copy.frontier() == log.frontier(), "seed \(seed)")
        #expect(try copy.verify(secret: testSecret()).root == log.frontier().root)
        let key = HashKey(first: 1, second: 2)
        #expect(
            try LedgerCore.recovered(from: copy, key: key).digest
                == LedgerCore.recovered(from: log, key: key).digest,
            "seed \(seed)"
        )
    }

    @Test("and the ledger goes on from it", arguments: 0..<4)
    func continuation(seed: Int) throws {
        let log = try makeLog(seed: seed)
        let copy = try imported(export(log))
        for each in [log, copy] {
            try append(seed: seed + 50, count: 80, batchCount: 9, to: each)
            // Some of it was asked before the export, and is answered as then.
            try append(seed: seed, count: 60, batchCount: 60, to: each)
        }
        #expect(try copy.frontier() == log.frontier(), "seed \(seed)")
    }

    @Test("in blocks of any size", arguments: [1, 7, 100, 4_096, 1 << 20])
    func blocks(byteCount: Int) throws {
        let log = try makeLog(seed: 3, count: 60)
        let copy = try imported(export(log), blockByteCount: byteCount)
        #expect(try copy.frontier() == log.frontier())
    }

    @Test("in more lines than are looked at together")
    func manyLines() throws {
        let log = InMemoryEntryLog()
        let ledger = try Ledger.open(log, secret: testSecret(), clock: { .of(2025, 3, 1) })
        let many = (0..<20_000).map { index in
            Operation(
                id: OperationIdentifier(checked: "block-\(index)"),
                actor: Actor(
                    organisation: OrganisationIdentifier(checked: "A"),
                    person: PersonIdentifier(checked: "p"),
                    role: .operator
                ),
                action: .party(
                    PartyRecord(
                        id: PartyIdentifier(checked: "P\(index)"),
                        name: "P",
                        site: .of("DE"),
                        headquarters: .of("DE")
                    )
                )
            )
        }
        _ = try ledger.submit(many)
        ledger.close()
        let text = try export(log)
        for byteCount in [1 << 20, text.count] {
            let copy = try imported(text, blockByteCount: byteCount)
            #expect(try copy.frontier() == log.frontier())
        }
    }

    @Test func aLogWithoutEntriesIsExportedToo() throws {
        let text = try export(InMemoryEntryLog())
        #expect(ExportText(text).lines.count == 2)
        #expect(try check(text).entryCount == 0)
        #expect(try imported(text).head().next == 0)
    }

    @Test("the same entries give the same bytes, however they are batched", arguments: 0..<4)
    func batchesDoNotMatter(seed: Int) throws {
        let expected = try export(makeLog(seed: seed, batchCount: 300))
        for batchCount in [1, 7] {
            #expect(try export(makeLog(seed: seed, batchCount: batchCount)) == expected)
        }
    }

    @Test func whatIsAppendedMeanwhileIsNotInIt() throws {
        let log = try makeLog(seed: 1)
        let expected = try export(log)
        var writer = try ExportWriter(of: log, secret: testSecret(), includesSecret: true)
        var text = try #require(try writer.next())
        try append(seed: 2, count: 50, batchCount: 5, to: log)
        while let piece = try writer.next() { text += piece }
        #expect(text == expected)
        #expect(try export(log) != expected)
    }

    @Test func theHeaderSaysWhatIsInIt() throws {
        let log = try makeLog(seed: 4)
        let header = try check(export(log))
        #expect(header.entryCount == (try log.head().next))
        #expect(header.root == (try log.frontier().root))
        guard case .operation(let record)? = try log.entry(EntryNumber(rawValue: 0))?.content,
            case .createLedger(let creation) = record.action
        else {
            #expect(header.origin == nil)
            return
        }
        #expect(header.origin == creation.origin.text)
    }

    @Test func withoutTheSecretItIsCheckedToTheRootAndMakesNoLedger() throws {
        let text = try export(makeLog(seed: 5), includesSecret: false)
        var secret: [UInt8] = []
        Base64.append(try testSecret().bytes, to: &secret)
        #expect(!text.contains(secret))
        let header = try check(text)
        #expect(header.secret == nil)
        #expect(header.root == (try makeLog(seed: 5).frontier().root))
        #expect(throws: ExportError.withoutSecret) { try imported(text) }
    }

    @Test func theSecretIsNotShownInADescription() throws {
        let header = try check(export(makeLog(seed: 5, count: 20)))
        var secret: [UInt8] = []
        Base64.append(try testSecret().bytes, to: &secret)
        let text = String(decoding: secret, as: UTF8.self)
        #expect(header.secret == (try testSecret()))
        #expect(!"\(header)".contains(text))
        #expect(!String(reflecting: header).contains(text))
    }
}
