// SPDX-License-Identifier: Apache-2.0

import Foundation
import LedgerModel
import LedgerText
import Testing

extension JSONTree {
    /// Reads a whole text by the reader under test.
    static func read(_ bytes: [UInt8]) throws(Rejection) -> JSONTree {
        var reader = JSONReader(bytes)
        guard let event = try reader.next() else { throw missing }
        let tree = try read(event, &reader)
        guard try reader.next() == nil else { throw missing }
        return tree
    }

    private static let missing = Rejection(
        .malformedInput,
        field: "json",
        found: "",
        expected: "one value"
    )

    private static func read(
        _ event: JSONEvent,
        _ reader: inout JSONReader
    ) throws(Rejection) -> JSONTree {
        switch event {
        case .beginObject:
            var members: [String: JSONTree] = [:]
            while case .key(let key)? = try reader.next() {
                guard let event = try reader.next() else { throw missing }
                members[key] = try read(event, &reader)
            }
            return .object(members)
        case .beginArray:
            var elements: [JSONTree] = []
            while let event = try reader.next(), event != .endArray {
                elements.append(try read(event, &reader))
            }
            return .array(elements)
        case .string(let text): return .string(text)
        case .integer(let number): return .integer(number)
        case .boolean(let value): return .boolean(value)
        case .null: return .null
        case .key, .endObject, .endArray: throw missing
        }
    }
}

extension JSONTree {
    /// Whether Foundation's tree says the same.
    func isSame(as other: Any) -> Bool {
        switch self {
        case .object(let members):
            guard let others = other as? [String: Any] else { return false }
            return members.count == others.count
                && members.allSatisfy { key, value in others[key].map(value.isSame) ?? false }
        case .array(let elements):
            guard let others = other as? [Any] else { return false }
            return elements.count == others.count
                && zip(elements, others).allSatisfy { $0.isSame(as: $1) }
        case .string(let text): return other as? String == text
        case .integer(let number): return (other as? NSNumber)?.int64Value == number
        case .boolean(let value): return other as? Bool == value
        case .null: return other is NSNull
        }
    }
}

@Suite struct JSONReaderTests {
    private func problem(_ text: String) -> String? {
        do throws(Rejection) {
            _ = try JSONTree.read(Array(text.utf8))
            return nil
        } catch {
            return error.description
        }
    }

    @Test(arguments: 0..<20) func readsBackWhatTheWriterWrites(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for round in 0..<100 {
            let tree = JSONTree.random(&random, isFreeOfNUL: true)
            for layout in [JSONWriter.Layout.compact, .pretty] {
                var writer = JSONWriter(layout: layout)
                tree.write(to: &writer)
                let found = try JSONTree.read(writer.takeBytes())
                #expect(found == tree, "seed \(seed), round \(round)")
            }
        }
    }

    @Test(arguments: 0..<20) func takesOnlyWhatFoundationTakesToo(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var accepted = 0
        for round in 0..<200 {
            var writer = JSONWriter(layout: random.oneIn(2) ? .compact : .pretty)
            JSONTree.array([.random(&random)]).write(to: &writer)
            var bytes = writer.takeBytes()
            for _ in 0..<Int.random(in: 0...2, using: &random) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch random.next() % 3 {
                case 0: bytes.remove(at: index)
                case 1: bytes.insert(random.pick(Array("{}[],:\"\\u0e-. 1tn".utf8)), at: index)
                default: bytes[index] = UInt8.random(in: 0...255, using: &random)
                }
            }
            guard let tree = try? JSONTree.read(bytes) else { continue }
            accepted += 1
            let expected = try JSONDecoder().decode(JSONTree.self, from: Data(bytes))
            #expect(tree == expected, "seed \(seed), round \(round): \(bytes)")
        }
        #expect(accepted > 20, "seed \(seed)")
    }

    @Test(arguments: 0..<20) func findsWhatFoundationFindsInWhatIsWellFormed(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for round in 0..<100 {
            var writer = JSONWriter(layout: random.oneIn(2) ? .compact : .pretty)
            JSONTree.array([.random(&random, isFreeOfNUL: true)]).write(to: &writer)
            let bytes = writer.takeBytes()
            let tree = try JSONTree.read(bytes)
            let expected = try JSONSerialization.jsonObject(with: Data(bytes))
            #expect(tree.isSame(as: expected), "seed \(seed), round \(round): \(bytes)")
        }
    }

    @Test func readsEveryForm() throws {
        let text =
            #" { "a" : [ 1 , -2, 0, -0, true ,false,null ] , "é\u00e9\ud83d\ude00" : "\"\\\/\b\f\n\r\t" } "#
        #expect(
            try JSONTree.read(Array(text.utf8))
                == .object([
                    "a": .array([
                        .integer(1), .integer(-2), .integer(0), .integer(0), .boolean(true),
                        .boolean(false), .null,
                    ]),
                    "éé😀": .string("\"\\/\u{8}\u{c}\n\r\t"),
                ])
        )
        for number in [Int64.min, .max] {
            #expect(try JSONTree.read(Array(String(number).utf8)) == .integer(number))
        }
    }

    @Test(arguments: [
        ("", "malformed-input: json: found 'the end of the text', expected a value"),
        ("nul", "malformed-input: json: found 'n at byte 1', expected a value"),
        ("[1,]", "malformed-input: [1]: found '] at byte 4', expected a value"),
        ("[1 2]", "malformed-input: [0]: found '2 at byte 4', expected a comma or ]"),
        ("[1", "malformed-input: [0]: found 'the end of the text', expected a comma or ]"),
        ("{\"a\":1,}", "malformed-input: a: found '} at byte 8', expected a key in quotes"),
        ("{a:1}", "malformed-input: json: found 'a at byte 2', expected a key in quotes"),
        ("{\"a\" 1}", "malformed-input: a: found '1 at byte 6', expected a colon"),
        ("{\"a\":1]", "malformed-input: a: found '] at byte 7', expected a comma or }"),
        ("{\"a\":1,\"a\":2}", "malformed-input: a: found 'the key twice', expected each key once"),
        ("1 2", "malformed-input: json: found '2 at byte 3', expected the end of the text"),
        ("\u{feff}1", "malformed-input: json: found '\u{feff} at byte 1', expected a value"),
        (
            "\"a\nb\"",
            "malformed-input: json: found '\\n at byte 3', expected control characters to be escaped"
        ),
        ("\"a", "malformed-input: json: found 'the end of the text', expected a closing quote"),
        ("\"\\x\"", "malformed-input: json: found 'x at byte 3', expected an escape of RFC 8259"),
        (
            "\"\\u12g4\"",
            "malformed-input: json: found 'g at byte 6', expected four hexadecimal digits"
        ),
        (
            "\"\\u0000\"",
            "malformed-input: json: found 'an escape at byte 7 that is no character', expected text without NUL and without halves of surrogate pairs"
        ),
        (
            "\"\\ud800\"",
            "malformed-input: json: found 'an escape at byte 7 that is no character', expected text without NUL and without halves of surrogate pairs"
        ),
        (
            "\"\\ud800\\n\"",
            "malformed-input: json: found 'an escape at byte 8 that is no character', expected text without NUL and without halves of surrogate pairs"
        ),
        (
            "\"\\ude00\\ud83d\"",
            "malformed-input: json: found 'an escape at byte 7 that is no character', expected text without NUL and without halves of surrogate pairs"
        ),
        (
            "{\"lines\":[1,{\"quantity\":1.5}]}",
            "malformed-input: lines[1].quantity: found '1.5', expected an integer without leading zeros, fraction or exponent"
        ),
        (
            "[1e3]",
            "malformed-input: [0]: found '1e3', expected an integer without leading zeros, fraction or exponent"
        ),
        (
            "007",
            "malformed-input: json: found '007', expected an integer without leading zeros, fraction or exponent"
        ),
        (
            "-",
            "malformed-input: json: found '-', expected an integer without leading zeros, fraction or exponent"
        ),
        ("+1", "malformed-input: json: found '+ at byte 1', expected a value"),
        (
            "9223372036854775808",
            "amount-overflow: json: found '9223372036854775808', expected an integer of 64 bits"
        ),
        (
            "-9223372036854775809",
            "amount-overflow: json: found '-9223372036854775809', expected an integer of 64 bits"
        ),
    ])
    func rejectsWhatIsNotOfTheForm(text: String, message: String) {
        #expect(problem(text) == message)
    }

    @Test func limitsTheDepth() {
        let most = JSONReader.usualMaximumDepth
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(problem(nested(most)) == nil)
        let message = problem(nested(most + 1))
        #expect(
            message?.hasSuffix("found 'more than 64 levels', expected less deep nesting") == true
        )
        #expect(problem(String(repeating: "[", count: 1_000_000)) == message)
    }

    @Test func rejectsBrokenUTF8AndKeepsRejecting() {
        var reader = JSONReader([0x22, 0xc3, 0x28, 0x22])
        for _ in 0..<2 {
            #expect {
                try reader.next()
            } throws: {
                "\($0)" == "malformed-input: json: found '0xC3 as byte 2', expected UTF-8"
            }
        }
    }
}
