// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerExport
import LedgerModel
import LedgerTestSupport
import LedgerText
import Testing

@Suite struct RedactedExportTests {
    private func redacted(
        _ log: any EntryLog,
        for reader: OrganisationIdentifier
    ) throws -> [UInt8] {
        var writer = try RedactedExportWriter(of: log, secret: testSecret(), for: reader)
        var text: [UInt8] = []
        while let piece = try writer.next() { text += piece }
        return text
    }

    private func checked(
        _ text: [UInt8],
        blockByteCount: Int = 1 << 16
    ) throws -> RedactedExportHeader {
        var reader = RedactedExportReader()
        var rest = text[...]
        while !rest.isEmpty {
            try reader.append(Array(rest.prefix(blockByteCount)))
            rest = rest.dropFirst(blockByteCount)
        }
        return try reader.finish()
    }

    private func fault(_ text: [UInt8]) -> ExportError? {
        do {
            _ = try checked(text)
            return nil
        } catch {
            return error as? ExportError
        }
    }

    /// Who acts in a log, with how many entries each.
    private func actors(in log: any EntryLog) throws -> [OrganisationIdentifier: Int] {
        var counts: [OrganisationIdentifier: Int] = [:]
        for number in 0..<(try log.head().next) {
            let entry = try #require(try log.entry(EntryNumber(rawValue: number)))
            counts[entry.actor.organisation, default: 0] += 1
        }
        return counts
    }

    @Test(arguments: 1...5)
    func theTreeIsTheLedgersAndNothingOfOthersIsTold(seed: Int) throws {
        let log = try makeLog(seed: seed, profile: .lifeCycle, count: 250)
        let actors = try actors(in: log)
        let reader = try #require(actors.max { $0.value < $1.value }?.key)
        let text = try redacted(log, for: reader)
        let header = try checked(text)
        #expect(header.root == (try log.frontier()).root)
        #expect(header.reader == reader)
        var opened = 0
        for line in text.split(separator: UInt8(ascii: "\n")).dropFirst().dropLast() {
            let value = try JSONValue(Array(line))
            guard case .string(let organisation)? = value["entry"]?["actor"]?["organisation"] else {
                continue
            }
            opened += 1
            let action = value["entry"]?["action"]?["kind"]
            let isLaw = ["create-ledger", "adopt-rulebook", "adopt-devices"]
                .contains { action == .string($0) }
            let isOnHold = value["entry"]?["outcome"]?["hold"] != nil
            #expect(organisation == reader.text || isLaw || isOnHold, "\(value)")
        }
        #expect(opened > 0)
        #expect(opened < Int(header.entryCount))
    }

    @Test func blocksOfAnySizeAreReadAlike() throws {
        let log = try makeLog(seed: 3, count: 60)
        let text = try redacted(log, for: OrganisationIdentifier(checked: "nobody"))
        for count in [1, 7, 1_000] {
            #expect(try checked(text, blockByteCount: count) == checked(text))
        }
    }

    @Test func whatIsAlteredIsFoundOnItsLine() throws {
        let log = try makeLog(seed: 4, count: 60)
        let reader = try #require(actors(in: log).max { $0.value < $1.value }?.key)
        let export = ExportText(try redacted(log, for: reader))
        for line in stride(from: 0, to: export.lines.count, by: 3) {
            var altered = export
            let middle = altered.lines[line].count / 2
            altered.lines[line][middle] ^= 1
            #expect(fault(altered.bytes)?.line == line + 1)
            // Whoever forges it makes the links fit, and can not meet the root.
            if line > 0, line < export.lines.count - 1 {
                #expect(fault(altered.linked) != nil)
            }
            var short = export
            short.lines.remove(at: line)
            #expect(fault(short.bytes) != nil)
        }
        #expect(fault(Array(export.bytes.dropLast(20)))?.line == nil)
        #expect(fault(export.bytes + Array("x\n".utf8)) != nil)
        #expect(fault(Array("x\n".utf8)) == .notAnExport)
    }

    @Test func noExportForAVendorHasTheSecretOrAnothersSalt() throws {
        let log = try makeLog(seed: 5, count: 80)
        let reader = OrganisationIdentifier(checked: "nobody")
        let text = String(decoding: try redacted(log, for: reader), as: UTF8.self)
        let hasher = LeafHasher(secret: try testSecret())
        for number in 0..<(try log.head().next) {
            let entry = try #require(try log.entry(EntryNumber(rawValue: number)))
            let rule = Disclosure(to: .vendor(reader), totals: .open)
            guard rule.sections(of: entry, holdOwner: nil).isEmpty else { continue }
            let salts = hasher.salts(of: entry.number)
            for salt in [salts.ownBytes, salts.sharedBytes] {
                var letters: [UInt8] = []
                Base64.append(salt, to: &letters)
                #expect(!text.contains(String(decoding: letters, as: UTF8.self)))
            }
        }
        var secret: [UInt8] = []
        Base64.append(try testSecret().bytes, to: &secret)
        #expect(!text.contains(String(decoding: secret, as: UTF8.self)))
    }
}
