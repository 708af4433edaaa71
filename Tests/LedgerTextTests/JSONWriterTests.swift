// SPDX-License-Identifier: Apache-2.0

import Foundation
import LedgerText
import Testing

/// Any JSON value.
indirect enum JSONTree: Decodable, Equatable {
    case object([String: JSONTree])
    case array([JSONTree])
    case string(String)
    case integer(Int64)
    case boolean(Bool)
    case null

    /// Reads any value, as Foundation's decoder finds it.
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let number = try? container.decode(Int64.self) {
            self = .integer(number)
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let elements = try? container.decode([JSONTree].self) {
            self = .array(elements)
        } else {
            self = .object(try container.decode([String: JSONTree].self))
        }
    }

    /// A random tree.
    static func random(
        _ random: inout SeededGenerator,
        depth: Int = 4,
        isFreeOfNUL: Bool = false
    ) -> JSONTree {
        func text(_ random: inout SeededGenerator) -> String {
            let text = self.text(&random)
            return isFreeOfNUL ? String(text.filter { $0 != "\0" }) : text
        }
        switch random.next() % (depth > 0 ? 6 : 4) {
        case 0: return .string(text(&random))
        case 1: return .integer(Int64(bitPattern: random.next()) >> (random.next() % 64))
        case 2: return .boolean(random.oneIn(2))
        case 3: return .null
        case 4:
            let count = Int.random(in: 0...4, using: &random)
            return .array(
                (0..<count).map { _ in .random(&random, depth: depth - 1, isFreeOfNUL: isFreeOfNUL)
                }
            )
        default:
            var members: [String: JSONTree] = [:]
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                members[text(&random)] = .random(
                    &random,
                    depth: depth - 1,
                    isFreeOfNUL: isFreeOfNUL
                )
            }
            return .object(members)
        }
    }

    private static func text(_ random: inout SeededGenerator) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            let limit: UInt32 = random.pick([0x20, 0x80, 0x800, 0x11_0000])
            let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &random))
            if let scalar { text.unicodeScalars.append(scalar) }
        }
        return text
    }

    /// Writes the tree.
    func write(to writer: inout JSONWriter) {
        switch self {
        case .object(let members):
            writer.beginObject()
            for (key, value) in members {
                writer.key(key)
                value.write(to: &writer)
            }
            writer.endObject()
        case .array(let elements):
            writer.beginArray()
            for element in elements { element.write(to: &writer) }
            writer.endArray()
        case .string(let text): writer.string(text)
        case .integer(let number): writer.integer(number)
        case .boolean(let value): writer.boolean(value)
        case .null: writer.null()
        }
    }
}

@Suite struct JSONWriterTests {
    @Test(arguments: 0..<20) func foundationReadsBackWhatIsWritten(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for round in 0..<100 {
            let tree = JSONTree.array([.random(&random)])
            for layout in [JSONWriter.Layout.compact, .pretty] {
                var writer = JSONWriter(layout: layout)
                tree.write(to: &writer)
                let bytes = writer.takeBytes()
                let value = try JSONDecoder().decode(JSONTree.self, from: Data(bytes))
                #expect(value == tree, "seed \(seed), round \(round)")
                #expect(bytes.last == 0x0a)
                #expect(writer.byteCount == 0)
                if layout == .compact { #expect(bytes.count { $0 == 0x0a } == 1) }
            }
        }
    }

    @Test func escapesWhatMustBeEscapedAndNothingElse() throws {
        var writer = JSONWriter()
        writer.string((0..<0x21).compactMap(UnicodeScalar.init).map(String.init).joined())
        writer.string("\"\\/é😀\u{2028}\u{7f}")
        #expect(
            String(decoding: writer.takeBytes(), as: UTF8.self) == """
                "\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\u0008\\t\\n\\u000b\\u000c\\r\
                \\u000e\\u000f\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\
                \\u001a\\u001b\\u001c\\u001d\\u001e\\u001f "
                "\\"\\\\/é😀\u{2028}\u{7f}"

                """
        )
    }

    @Test func laysOutPrettyAndCompact() {
        for (layout, text) in [
            (JSONWriter.Layout.compact, "{\"a\":[1,[],{}],\"b\":{\"c\":null}}\n"),
            (
                .pretty,
                """
                {
                  "a": [
                    1,
                    [],
                    {}
                  ],
                  "b": {
                    "c": null
                  }
                }

                """
            ),
        ] {
            var writer = JSONWriter(layout: layout)
            JSONWriterTests.sample(&writer)
            #expect(String(decoding: writer.takeBytes(), as: UTF8.self) == text)
        }
    }

    private static func sample(_ writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("a")
        writer.beginArray()
        writer.integer(Int64(1))
        writer.beginArray()
        writer.endArray()
        writer.beginObject()
        writer.endObject()
        writer.endArray()
        writer.key("b")
        writer.beginObject()
        writer.member("c", String?.none)
        writer.endObject()
        writer.endObject()
    }

    @Test func writesTheWidestIntegers() {
        var writer = JSONWriter()
        writer.integer(Int64.min)
        writer.integer(Int64.max)
        writer.integer(UInt64.max)
        writer.integer(Int64(0))
        #expect(
            String(decoding: writer.takeBytes(), as: UTF8.self)
                == "-9223372036854775808\n9223372036854775807\n18446744073709551615\n0\n"
        )
    }

    @Test func takingBytesInTheMiddleLosesNothing() {
        var whole = JSONWriter(layout: .pretty)
        JSONWriterTests.sample(&whole)
        var writer = JSONWriter(layout: .pretty)
        var bytes: [UInt8] = []
        writer.beginArray()
        bytes += writer.takeBytes()
        for _ in 0..<3 {
            JSONWriterTests.sample(&writer)
            bytes += writer.takeBytes()
        }
        writer.endArray()
        bytes += writer.takeBytes()
        var expected = JSONWriter(layout: .pretty)
        expected.beginArray()
        for _ in 0..<3 { JSONWriterTests.sample(&expected) }
        expected.endArray()
        #expect(bytes == expected.takeBytes())
    }

    @Test func whatIsNotJSONTraps() async {
        await #expect(processExitsWith: .failure) {
            var writer = JSONWriter()
            writer.beginArray()
            writer.key("a")
        }
        await #expect(processExitsWith: .failure) {
            var writer = JSONWriter()
            writer.beginObject()
            writer.null()
        }
        await #expect(processExitsWith: .failure) {
            var writer = JSONWriter()
            writer.beginObject()
            writer.endArray()
        }
        await #expect(processExitsWith: .failure) {
            var writer = JSONWriter()
            writer.beginObject()
            writer.key("a")
            writer.endObject()
        }
    }
}
