// SPDX-License-Identifier: Apache-2.0
import LedgerDisclosure
import LedgerModel
import Rulebook
import Testing

@Suite struct RulebookWordsTests {
    /// What a full reading of a file gives.
    private func words(readingAllOf file: [UInt8]) -> RulebookWords? {
        do throws(RulebookError) {
            return RulebookWords(try Rulebook.load(bytes: file, fileName: "file"))
        } catch {
            return nil
        }
    }

    @Test(arguments: ShippedRulebook.all.map(\.name))
    func ofAShippedRulebookTheyAreWhatAFullReadingGives(name: String) throws {
        let shipped = try #require(ShippedRulebook.named(name))
        let read = try RulebookWords(shipped.load())
        #expect(RulebookWords(file: shipped.file.bytes, called: "file") == read)
        #expect(read.name == name)
    }

    /// Files that are a shipped one but for a little, of which some are rulebooks and some are not.
    @Test(arguments: ShippedRulebook.all.map(\.name))
    func ofAFileThatDiffersInOneByteTheyAreItsOwn(name: String) throws {
        let shipped = try #require(ShippedRulebook.named(name))
        let file = shipped.file.bytes
        let version = try #require(file.firstRange(of: Array("version: 1\n".utf8)))
        let citation = try #require(file.firstRange(of: Array("15 CFR part 744, end".utf8)))
        var altered: [[UInt8]] = [Array(file.dropLast()), file + Array("# more\n".utf8), []]
        altered.append(file + Array("more: field\n".utf8))
        for (offset, byte) in [
            (version.upperBound - 2, UInt8(ascii: "7")),
            (citation.lowerBound, UInt8(ascii: "9")),
            (0, UInt8(ascii: "!")), (2, UInt8(ascii: "_")), (file.count / 2, UInt8(ascii: "\t")),
            (file.count - 2, UInt8(ascii: "x")),
        ] {
            var other = file
            other[offset] = byte
            altered.append(other)
        }
        var told: [RulebookWords?] = []
        for other in altered {
            #expect(other != file)
            told.append(RulebookWords(file: other, called: "file"))
            #expect(told.last == words(readingAllOf: other))
        }
        let own = words(readingAllOf: file)
        #expect(told.contains(nil), "a broken file must be among them")
        #expect(told.contains(own), "a file that says the same must be among them")
        #expect(told.contains { $0 != nil && $0 != own }, "another rulebook must be among them")
    }
}
