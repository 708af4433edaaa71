// SPDX-License-Identifier: Apache-2.0

import Foundation
import LedgerText
import Testing

@Suite("Bytes as text")
struct ByteTextTests {
    private func base64(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        Base64.append(bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// RFC 4648, section 10.
    @Test(
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ]
    )
    func theTestVectorsOfTheRFC(bytes: String, text: String) {
        #expect(base64(Array(bytes.utf8)) == text)
        #expect(Base64.bytes(of: Array(text.utf8)[...]) == Array(bytes.utf8))
        #expect(Base64.letterCount(ofBytes: bytes.utf8.count) == text.utf8.count)
    }

    @Test(arguments: 0..<200)
    func base64AgreesWithFoundation(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let bytes = (0..<seed).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let text = base64(bytes)
        #expect(text == Data(bytes).base64EncodedString(), "seed \(seed)")
        // In the middle of something longer.
        let longer = Array("??\(text)??".utf8)
        #expect(Base64.bytes(of: longer[2..<longer.count - 2]) == bytes, "seed \(seed)")
    }

    @Test(
        "a text that nothing is written as is not read",
        arguments: [
            "Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "=", "====", "Z===", "Zm=v", "Zm 9v",
            "Zm9v\n",
            "Zm9_", "Zm9-", "Zg==Zg==",
        ]
    )
    func malformedBase64(text: String) {
        #expect(Base64.bytes(of: Array(text.utf8)[...]) == nil)
    }

    @Test func onlyOneTextOfFourLettersStandsForBytes() {
        let letters = Array("AQgwZ+/9=".utf8)
        for first in letters {
            for second in letters {
                for third in letters {
                    for fourth in letters {
                        let text = [first, second, third, fourth]
                        guard let bytes = Base64.bytes(of: text[...]) else { continue }
                        #expect(base64(bytes) == String(decoding: text, as: UTF8.self))
                    }
                }
            }
        }
    }

    @Test func hexadecimalDigitsAreLowercaseAndComeInPairs() {
        var text: [UInt8] = []
        Hexadecimal.append([0x00, 0x7f, 0x80, 0xab, 0xff], to: &text)
        #expect(String(decoding: text, as: UTF8.self) == "007f80abff")
        #expect(Hexadecimal.bytes(of: text[...]) == [0x00, 0x7f, 0x80, 0xab, 0xff])
        #expect(Hexadecimal.bytes(of: text[2..<6]) == [0x7f, 0x80])
        for wrong in ["0", "0g", "AB", " 0", "0:", "0/", "a`"] {
            #expect(Hexadecimal.bytes(of: Array(wrong.utf8)[...]) == nil, "\(wrong)")
        }
    }
}

@Suite("A JSON text as a whole")
struct JSONValueTests {
    private func value(_ text: String) throws -> JSONValue { try JSONValue(Array(text.utf8)) }

    @Test func isReadAsItIs() throws {
        let found = try value(#" {"a":[1,"x",null,true,{}],"b":{"c":-7}} "#)
        #expect(
            found
                == .object([
                    "a": .array([.integer(1), .string("x"), .null, .boolean(true), .object([:])]),
                    "b": .object(["c": .integer(-7)]),
                ])
        )
        #expect(found["b"]?["c"] == .integer(-7))
        #expect(found["d"] == nil)
        #expect(found["a"]?["b"] == nil)
    }

    @Test(arguments: ["", "{", "[1", "{\"a\"", "{\"a\":", "1 2", "[1,]", "{\"a\":1,\"a\":1}"])
    func isNotReadIfItIsNone(text: String) {
        #expect(throws: (any Error).self) { try value(text) }
    }

    @Test(
        arguments: [
            (#"{"a":1}"#, #"{"a":1,"b":2}"#, true),
            (#"{"a":{"b":1}}"#, #"{"a":{"b":1,"c":[]}}"#, true),
            (#"[{"a":1},2]"#, #"[{"a":1,"b":null},2]"#, true),
            (#"{"a":1,"b":2}"#, #"{"a":1}"#, false),
            (#"{"a":1}"#, #"{"a":"1"}"#, false),
            (#"{"a":null}"#, #"{}"#, false),
            (#"[1]"#, #"[1,2]"#, false),
            (#"[1,2]"#, #"[2,1]"#, false),
            (#"{}"#, #"[]"#, false),
            (#""a""#, #""a""#, true),
        ]
    )
    func isContainedInOneThatSaysMore(part: String, whole: String, expected: Bool) throws {
        #expect(try value(part).isContained(in: value(whole)) == expected)
    }
}
