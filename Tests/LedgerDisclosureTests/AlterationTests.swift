// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import LedgerDisclosure
import LedgerModel
import Testing

/// Receipts of which one byte is not what was written.
@Suite struct AlterationTests {
    /// Each byte of a refusal, every so many of others, which are made of the same parts;
    /// `scripts/receipts` alters each byte of all.
    @Test(arguments: [
        (13, TotalsDisclosure.open, 1), (14, .open, 3), (9, .banded, 5), (0, .open, 7),
        (17, .open, 11), (35, .open, 11),
    ])
    func anAlteredByteIsFoundAndNamed(
        number: UInt64,
        totals: TotalsDisclosure,
        stride step: Int
    ) throws {
        let ledger = try SampleLedger(SampleLedger.entries(totals: totals))
        let bytes = try ledger.receipt(of: number, for: .vendor(SampleLedger.vendor)).bytes()
        let parts = ReceiptMap(bytes).parts
        let verifier = ledger.verifier
        var namedCount = 0
        for index in stride(from: 0, to: bytes.count, by: step) {
            var altered = bytes
            altered[index] ^= 1
            guard let fault = foundFault(altered, by: verifier) else {
                Issue.record("byte \(index) was altered, and nobody noticed")
                continue
            }
            guard let expected = parts[index] else { continue }
            // What is no JSON any more has no parts.
            if fault.part == .layout, fault.what.hasPrefix("malformed") { continue }
            namedCount += 1
            #expect(
                fault.part.isClaim && expected.isClaim || fault.part == expected,
                "byte \(index): \(fault)"
            )
        }
        #expect(namedCount > bytes.count / step / 3)
    }

    @Test func whatIsLeftOutOrAddedIsFound() throws {
        let ledger = try SampleLedger()
        let bytes = try ledger.receipt(of: 12).bytes()
        let newline = UInt8(ascii: "\n")
        let lines = bytes.split(separator: newline, omittingEmptySubsequences: false)
        for index in lines.indices.dropLast() {
            var left = lines
            left.remove(at: index)
            #expect(
                foundFault(Array(left.joined(separator: [newline])), by: ledger.verifier) != nil
            )
            var twice = lines
            twice.insert(lines[index], at: index)
            #expect(
                foundFault(Array(twice.joined(separator: [newline])), by: ledger.verifier) != nil
            )
        }
        for count in stride(from: 0, to: bytes.count, by: 97) {
            #expect(foundFault(Array(bytes.prefix(count)), by: ledger.verifier) != nil)
        }
        #expect(foundFault(bytes + [newline], by: ledger.verifier)?.part == .layout)
        #expect(foundFault([0x20] + bytes, by: ledger.verifier)?.part == .layout)
    }

    @Test func aForgedEntryIsFoundEvenIfItsHashesFit() throws {
        let ledger = try SampleLedger()
        let receipt = try ledger.receipt(of: 12)
        // Another ledger says something else in the same place, and its receipt is signed by it.
        var entries = SampleLedger.entries()
        entries[12].content.change { $0.id = OperationIdentifier(checked: "order-99") }
        let forged = try SampleLedger(entries).receipt(of: 12)
        let claimed = try String(decoding: forged.bytes(), as: UTF8.self)
        let genuine = try String(decoding: receipt.bytes(), as: UTF8.self)
        let start = try #require(genuine.firstRange(of: "  \"proof\""))
        let forgedStart = try #require(claimed.firstRange(of: "  \"proof\""))
        let text = claimed[..<forgedStart.lowerBound] + genuine[start.lowerBound...]
        let fault = foundFault(Array(text.utf8), by: ledger.verifier)
        #expect(fault?.part == .path("12"))
    }
}

extension ReceiptPart {
    /// Whether it is a part of the clear text.
    var isClaim: Bool { if case .claim = self { true } else { false } }
}

/// Which part of a receipt each byte of its values belongs to.
struct ReceiptMap {
    /// `nil` where a byte is of no value.
    private(set) var parts: [ReceiptPart?] = []

    init(_ bytes: [UInt8]) {
        var walk = LineWalk()
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let text = String(decoding: line, as: UTF8.self)
            let part = walk.part(of: text)
            // The value is what stands in the last pair of quotes, behind the key if there is one.
            let quotes = line.indices.filter { line[$0] == UInt8(ascii: "\"") }
            let isKeyed = quotes.count == 4
            let value =
                quotes.count == 2 && text.hasSuffix(":") == false && !text.contains("\":")
                    || isKeyed ? quotes[quotes.count - 2]..<quotes[quotes.count - 1] : 0..<0
            for index in line.indices {
                parts.append(value.contains(index) && index != value.lowerBound ? part : nil)
            }
            parts.append(nil)
        }
    }

    /// What a line of a receipt is a part of, from the lines before it.
    private struct LineWalk {
        private var entry = ""
        /// The receipt's own entry, which the proof is of.
        private var first: String?
        private var object = ""
        private var isEvidence = false
        private var proofLine: Int?

        mutating func part(of line: String) -> ReceiptPart? {
            let text = line.trimmingBlanks
            if text == "\"evidence\": [" { isEvidence = true }
            if text == "\"proof\": [" { proofLine = 0 }
            if let number = proofLine { return proofPart(text, at: number) }
            guard isEvidence else { return text.hasPrefix("\"format\"") ? nil : .claim("") }
            if text.hasPrefix("\"number\": ") {
                entry = String(text.dropFirst(10).dropLast())
                first = first ?? entry
            }
            for name in ["header", "own", "shared"] where text == "\"\(name)\": {" { object = name }
            switch text.prefix(7) {
            case "\"sha256":
                return object == "header" ? .header(entry) : .section(object, of: entry)
            case "\"bytes\"":
                return object == "header" ? .header(entry) : .section(object, of: entry)
            case "\"hash\":": return .sectionHash(object, of: entry)
            case "\"salt\":": return .salt(object, of: entry)
            case "\"leaf\":": return .leaf(entry)
            default: return text.hasPrefix("\"") && !text.contains(":") ? .path(entry) : nil
            }
        }

        private mutating func proofPart(_ line: String, at number: Int) -> ReceiptPart? {
            guard line.hasPrefix("\"") else { return nil }
            if line == "\"\"," {
                proofLine = number + 1_000
                return nil
            }
            proofLine = number + 1
            if number >= 2_000 { return .signature }
            return number >= 1_000 ? .checkpoint : .path(first ?? entry)
        }
    }
}

extension String {
    fileprivate var trimmingBlanks: String { String(drop { $0 == " " }) }
}
