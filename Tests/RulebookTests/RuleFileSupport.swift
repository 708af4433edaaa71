// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook
import Testing

/// A shipped rule file as text, to edit and read again.
struct RuleFile {
    var text: String

    init(_ shipped: ShippedRulebook) { text = String(decoding: shipped.file.bytes, as: UTF8.self) }

    /// This file with the first occurrence of a text replaced; the text has to be there.
    func replacing(
        _ old: String,
        with new: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> RuleFile {
        guard let range = text.range(of: old) else {
            Issue.record("the file does not have \(old)", sourceLocation: sourceLocation)
            return self
        }
        var copy = self
        copy.text.replaceSubrange(range, with: new)
        return copy
    }

    /// This file without the lines from the one that has a text up to the one that has another.
    func removing(
        from start: String,
        upTo end: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> RuleFile {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.firstIndex(where: { $0.contains(start) }),
            let last = lines[first...].dropFirst().firstIndex(where: { $0.contains(end) })
        else {
            Issue.record("the file does not have \(start), \(end)", sourceLocation: sourceLocation)
            return self
        }
        lines.removeSubrange(first..<last)
        var copy = self
        copy.text = lines.joined(separator: "\n")
        return copy
    }

    /// The number of the first line that has a text.
    func line(of part: String) -> Int {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return (lines.firstIndex { $0.contains(part) } ?? -2) + 1
    }

    /// What reading finds wrong, a line each, the file's name cut away; nothing when it is well.
    var problems: [String] { Self.problems(Array(text.utf8)) }

    static func problems(_ bytes: [UInt8]) -> [String] {
        do {
            _ = try Rulebook.load(bytes: bytes, fileName: "rules.yaml")
            return []
        } catch {
            return error.description.split(separator: "\n").map { line in
                String(line.dropFirst("rules.yaml:".count))
            }
        }
    }
}

extension String {
    /// Where a text first occurs, byte by byte.
    func range(of part: String) -> Range<String.Index>? {
        let (bytes, wanted) = (Array(utf8), Array(part.utf8))
        guard let first = wanted.first, bytes.count >= wanted.count else { return nil }
        for start in 0...(bytes.count - wanted.count) where bytes[start] == first {
            if bytes[start..<(start + wanted.count)].elementsEqual(wanted) {
                let lower = utf8.index(startIndex, offsetBy: start)
                return lower..<utf8.index(lower, offsetBy: wanted.count)
            }
        }
        return nil
    }
}

func day(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }
func country(_ text: String) throws -> CountryCode { try #require(CountryCode(text)) }
func endUse(_ text: String) throws -> EndUseIdentifier { try #require(EndUseIdentifier(text)) }
