// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerExport
import LedgerModel
import LedgerTestSupport
import LedgerText
import QuotaLedger
import Testing

/// The secret of every ledger in these tests.
func testSecret() throws -> LedgerSecret {
    try #require(LedgerSecret(randomBytes: (0..<32).map { UInt8($0) }))
}

/// The log of a stream's operations, submitted so many at a time.
func makeLog(
    seed: Int,
    profile: StreamProfile = .reservations,
    count: Int = 300,
    batchCount: Int = 40
) throws -> InMemoryEntryLog {
    let log = InMemoryEntryLog()
    try append(seed: seed, profile: profile, count: count, batchCount: batchCount, to: log)
    return log
}

/// Appends what a stream's operations lead to.
func append(
    seed: Int,
    profile: StreamProfile = .reservations,
    count: Int,
    batchCount: Int,
    to log: InMemoryEntryLog
) throws {
    let ledger = try Ledger.open(log, secret: testSecret(), clock: { .of(2025, 3, 1) })
    let stream = GeneratedStream(seed: UInt64(seed), profile: profile, count: count)
    var rest = stream.operations[...]
    while !rest.isEmpty {
        _ = try ledger.submit(Array(rest.prefix(batchCount)))
        rest = rest.dropFirst(batchCount)
    }
    ledger.close()
}

/// The whole export of a log.
func export(_ log: any EntryLog, includesSecret: Bool = true) throws -> [UInt8] {
    var writer = try ExportWriter(
        of: log,
        secret: testSecret(),
        includesSecret: includesSecret
    )
    var text: [UInt8] = []
    while let piece = try writer.next() { text += piece }
    return text
}

/// Checks an export, block by block.
@discardableResult
func check(_ text: [UInt8], blockByteCount: Int = 1 << 16) throws -> ExportHeader {
    var reader = ExportReader()
    return try read(text, blockByteCount, &reader)
}

/// Makes a log of an export, block by block.
func imported(_ text: [UInt8], blockByteCount: Int = 1 << 16) throws -> InMemoryEntryLog {
    let log = InMemoryEntryLog()
    let secret = try testSecret()
    var reader = ExportReader { found throws(EntryLogError) in
        #expect(found == secret)
        return log
    }
    _ = try read(text, blockByteCount, &reader)
    return log
}

private func read(
    _ text: [UInt8],
    _ blockByteCount: Int,
    _ reader: inout ExportReader
) throws -> ExportHeader {
    var rest = text[...]
    while !rest.isEmpty {
        try reader.append(Array(rest.prefix(blockByteCount)))
        rest = rest.dropFirst(blockByteCount)
    }
    return try reader.finish()
}

/// What is wrong with an export, or `nil`.
func foundFault(_ text: [UInt8]) -> ExportError? {
    do {
        try check(text)
        return nil
    } catch {
        return error as? ExportError
    }
}

/// An export as lines that can be changed.
struct ExportText {
    /// Without their line feeds.
    var lines: [[UInt8]]

    private static let linkByteCount = #","link":""}"#.utf8.count + 64

    init(_ text: [UInt8]) {
        lines = text.split(separator: UInt8(ascii: "\n")).map(Array.init)
    }

    var bytes: [UInt8] { lines.flatMap { $0 + [UInt8(ascii: "\n")] } }

    /// Replaces the first occurrence of a text in a line.
    mutating func replace(_ found: String, by text: String, inLine line: Int) throws {
        let range = try #require(lines[line].firstRange(of: Array(found.utf8)), "\(found)")
        lines[line].replaceSubrange(range, with: Array(text.utf8))
    }

    /// The bytes of an export with this content whose links fit, as whoever forges one makes them.
    var linked: [UInt8] {
        var text: [UInt8] = []
        var link = [UInt8](repeating: 0, count: 32)
        for line in lines {
            let body = line.dropLast(Self.linkByteCount)
            let covered = link + body
            link = sha256(covered.span.rawBytes).bytes
            text += body
            text += Array(#","link":""#.utf8)
            Hexadecimal.append(link, to: &text)
            text += Array("\"}\n".utf8)
        }
        return text
    }

    /// The content of a member that needs no escapes.
    func member(_ name: String, inLine line: Int) throws -> String {
        let opening = Array("\"\(name)\":\"".utf8)
        let range = try #require(lines[line].firstRange(of: opening))
        let content = lines[line][range.upperBound...].prefix { $0 != UInt8(ascii: "\"") }
        return String(decoding: content, as: UTF8.self)
    }
}

extension ExportError {
    /// The line that is told, if one is.
    var line: Int? {
        switch self {
        case .changed(let line, _, _): line
        default: nil
        }
    }

    /// What is wrong with that line.
    var what: String? {
        switch self {
        case .changed(_, _, let what): what
        default: nil
        }
    }
}
