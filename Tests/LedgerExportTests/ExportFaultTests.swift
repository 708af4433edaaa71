// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerExport
import LedgerModel
import LedgerTestSupport
import LedgerText
import QuotaLedger
import Testing

@Suite("An export that is not what was written is found out")
struct ExportFaultTests {
    private static let exported = Result { try export(makeLog(seed: 7, count: 60)) }
    private let text: [UInt8]

    init() throws { text = try Self.exported.get() }

    @Test("a changed byte, in its line", arguments: 0..<120)
    func changedByte(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        var changed = text
        let position = random.below(text.count)
        changed[position] ^= UInt8(1 << random.below(8))
        let line = text[..<position].count { $0 == UInt8(ascii: "\n") } + 1
        let fault = try #require(foundFault(changed), "seed \(seed)")
        switch fault {
        case .changed(let told, _, _):
            // A line feed that is gone joins two lines, one too many parts a line; the first is told.
            #expect(told == line, "seed \(seed): \(fault)")
        case .notAnExport, .newerFormat: #expect(line == 1, "seed \(seed): \(fault)")
        case .cutShort:
            let lineCount = ExportText(text).lines.count
            #expect(line == lineCount, "seed \(seed): \(fault)")
        default: Issue.record("seed \(seed): \(fault)")
        }
    }

    @Test func aMissingLine() throws {
        let whole = ExportText(text)
        for index in whole.lines.indices.dropLast() {
            var changed = whole
            changed.lines.remove(at: index)
            let fault = try #require(foundFault(changed.bytes))
            if index == 0 {
                #expect(fault == .notAnExport)
            } else {
                #expect(fault.line == index + 1, "\(fault)")
            }
        }
    }

    @Test func aLineTwice() throws {
        let whole = ExportText(text)
        for index in whole.lines.indices {
            var changed = whole
            changed.lines.insert(changed.lines[index], at: index)
            #expect(foundFault(changed.bytes)?.line == index + 2)
        }
    }

    @Test func swappedLines() throws {
        let whole = ExportText(text)
        for index in whole.lines.indices.dropLast().dropFirst() {
            var changed = whole
            changed.lines.swapAt(index, index + 1)
            let fault = try #require(foundFault(changed.bytes))
            #expect(fault.line == index + 1, "\(fault)")
            if index + 1 < whole.lines.count - 1 {
                #expect(fault.what == "entry \(index) stands in its place")
            }
        }
    }

    @Test func aFileThatEndsEarly() throws {
        let feeds = text.indices.filter { text[$0] == UInt8(ascii: "\n") }
        for length in stride(from: 0, to: text.count, by: 211) {
            let fault = foundFault(Array(text.prefix(length)))
            let lineCount = feeds.prefix { $0 < length }.count
            let expected: ExportError =
                lineCount == 0
                ? .notAnExport
                : .cutShort(
                    afterLine: lineCount,
                    entryCount: UInt64(lineCount - 1),
                    expected: UInt64(feeds.count - 2)
                )
            #expect(fault == expected, "\(length) bytes")
        }
        // All but the last line feed.
        #expect(foundFault(text.dropLast()) != nil)
    }

    @Test func moreBehindTheLastLine() throws {
        let lineCount = ExportText(text).lines.count
        #expect(foundFault(text + text)?.line == lineCount + 1)
        #expect(foundFault(text + [0x20])?.line == lineCount + 1)
    }

    @Test func anotherSecret() throws {
        var changed = ExportText(text)
        let secret = try changed.member("secret", inLine: 0)
        let other = String(repeating: "A", count: 43) + "="
        try changed.replace(secret, by: other, inLine: 0)
        let fault = try #require(foundFault(changed.linked))
        #expect(fault.line == 2)
        #expect(fault.what?.contains("secret") == true)
    }

    @Test func anotherRoot() throws {
        var changed = ExportText(text)
        let root = try changed.member("root", inLine: 0)
        let other = String(repeating: "ab", count: 32)
        try changed.replace(root, by: other, inLine: 0)
        #expect(foundFault(changed.linked)?.line == changed.lines.count)
        try changed.replace(root, by: other, inLine: changed.lines.count - 1)
        let fault = try #require(foundFault(changed.linked))
        #expect(fault.line == changed.lines.count)
        #expect(fault.what?.contains(root) == true)
    }

    @Test func anotherName() throws {
        var changed = ExportText(text)
        let header = try check(text)
        let origin = header.origin.map { "\"\($0)\"" } ?? "null"
        try changed.replace("\"origin\":\(origin)", by: #""origin":"else.example""#, inLine: 0)
        #expect(foundFault(changed.linked)?.line == 1)
    }

    @Test func aNewerFormat() throws {
        var changed = ExportText(text)
        try changed.replace(#""version":1"#, by: #""version":2"#, inLine: 0)
        #expect(foundFault(changed.bytes) == .newerFormat(found: 2))
    }

    /// Whoever recomputes the links can not show an entry otherwise than it is.
    @Test func aForgedText() throws {
        let lineCount = ExportText(text).lines.count
        for line in 1..<lineCount - 1 {
            var changed = ExportText(text)
            let person = try changed.member("person", inLine: line)
            try changed.replace(person, by: "mallory", inLine: line)
            let fault = try #require(foundFault(changed.linked))
            #expect(fault.line == line + 1)
            #expect(fault.what?.contains("shown otherwise") == true)
        }
    }

    /// Nor change an entry's bytes.
    @Test func forgedBytes() throws {
        let whole = ExportText(text)
        for line in whole.lines.indices.dropFirst().dropLast() {
            for step in 0..<6 {
                var changed = whole
                let old = try changed.member("bytes", inLine: line)
                var bytes = try #require(Base64.bytes(of: Array(old.utf8)[...]))
                bytes[(step * 37) % bytes.count] ^= 0x04
                var new: [UInt8] = []
                Base64.append(bytes, to: &new)
                try changed.replace(old, by: String(decoding: new, as: UTF8.self), inLine: line)
                guard let fault = foundFault(changed.linked) else {
                    Issue.record("line \(line), step \(step)")
                    continue
                }
                if case .changed(let told, _, _) = fault { #expect(told == line + 1) }
            }
        }
    }

    @Test func aForgedSalt() throws {
        for includesSecret in [true, false] {
            var changed = ExportText(
                try export(makeLog(seed: 7, count: 60), includesSecret: includesSecret)
            )
            let salts = try changed.member("salts", inLine: 3)
            try changed.replace(salts, by: try changed.member("salts", inLine: 4), inLine: 3)
            let fault = try #require(foundFault(changed.linked))
            #expect(fault.line == (includesSecret ? 4 : changed.lines.count))
        }
    }

    @Test func anEntryThatDoesNotFitTheOthers() throws {
        let log = InMemoryEntryLog()
        var head = try log.takeOver()
        var builder = BatchBuilder(secret: try testSecret(), frontier: try log.frontier())
        let actor = Actor(
            organisation: OrganisationIdentifier(checked: "A"),
            person: PersonIdentifier(checked: "p"),
            role: .operator
        )
        for number in 0..<2 {
            let record = OperationRecord(
                id: OperationIdentifier(checked: "x\(number)"),
                action: .block(
                    PartyBlock(
                        party: PartyIdentifier(checked: "NOBODY"),
                        isBlocked: true,
                        reason: "x"
                    )
                ),
                outcome: .accepted
            )
            try builder.append(
                Entry(
                    number: EntryNumber(rawValue: UInt64(number)),
                    time: .of(2025, 3, 1),
                    actor: actor,
                    rulebook: nil,
                    content: .operation(record)
                )
            )
        }
        head = try log.append(builder.finish(previous: head), expecting: head).head
        #expect(head.next == 2)
        let fault = try #require(foundFault(try export(log)))
        #expect(fault.line == 2)
        #expect(fault.what?.contains("does not fit") == true, "\(fault)")
    }

    @Test func aLineLongerThanAnyIsNotWaitedFor() throws {
        var reader = ExportReader()
        let block = [UInt8](repeating: 0x20, count: 1 << 19)
        #expect(throws: ExportError.self) {
            for _ in 0..<4 { try reader.append(block) }
        }
    }

    @Test(arguments: ["", "\n", "id,time\n", "{}\n", "{\"format\":\"other\"}\n"])
    func whatIsNoExport(text: String) {
        #expect(foundFault(Array(text.utf8)) == .notAnExport)
    }
}
