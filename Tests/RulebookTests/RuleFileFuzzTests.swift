// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook
import Testing

/// Whatever the bytes are, reading them ends in a rulebook or in findings, never in a trap.
@Suite struct RuleFileFuzzTests {
    /// SplitMix64 (Steele, Lea and Flood 2014): the same seed gives the same bytes everywhere.
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var word = state
            word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
            word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
            return word ^ (word >> 31)
        }
    }

    /// Bytes that mean something in YAML or in a rule file, to break it in more places.
    static let pieces: [[UInt8]] =
        [
            "\n", "\r", "\t", " ", "  - ", ": ", "[", "]", "{", "}", "&a ", "*a ", "!!str ", "'",
            "\"",
            "#", "|", ">", "-", "?", "%", "@", "`", "---", "...", ",", "/", "^", "NO", "no", "~",
            "0", "9,999,999,999,999,999,999", "9999-12-31", "1970-01-01", "\u{feff}", "\u{2028}",
            "é",
            "\\x", "<<: ", "H100e", " TPP", "country", "from: ",
        ].map { Array($0.utf8) } + [[0], [0xff], [0xc3], [0xe2, 0x80], [0x7f], [0x85]]

    static func mutate(_ bytes: inout [UInt8], _ generator: inout Generator) {
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let index = Int.random(in: 0...max(0, bytes.count - 1), using: &generator)
            let end = min(bytes.count, index + Int.random(in: 0...12, using: &generator))
            let piece = pieces[Int.random(in: 0..<pieces.count, using: &generator)]
            switch Int.random(in: 0..<5, using: &generator) {
            case 0:
                if index < bytes.count {
                    bytes[index] = UInt8.random(in: 0...255, using: &generator)
                }
            case 1: bytes.replaceSubrange(min(index, end)..<end, with: piece)
            case 2: bytes.insert(contentsOf: piece, at: min(index, bytes.count))
            case 3: bytes.removeSubrange(min(index, end)..<end)
            default:
                // Lines change places: structure breaks in ways that single bytes do not reach.
                var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
                let one = Int.random(in: 0..<lines.count, using: &generator)
                let other = Int.random(in: 0..<lines.count, using: &generator)
                lines.swapAt(one, other)
                bytes = Array(lines.joined(separator: [10]))
            }
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func mutatedRuleFilesNeverTrap(seed: UInt64) throws {
        var generator = Generator(state: seed)
        var readable = 0
        var refused = 0
        for _ in 0..<300 {
            let shipped = ShippedRulebook.all[Int.random(in: 0...1, using: &generator)]
            var bytes = shipped.file.bytes
            Self.mutate(&bytes, &generator)
            do {
                let book = try Rulebook.load(bytes: bytes, fileName: "fuzz.yaml")
                readable += 1
                exercise(book)
            } catch {
                refused += 1
                let places = error.findings.map { [$0.line, $0.column] }
                #expect(!places.isEmpty, "seed \(seed)")
                #expect(places == places.sorted { $0.lexicographicallyPrecedes($1) })
                #expect(error.findings.allSatisfy { $0.line >= 1 && $0.column >= 1 })
            }
        }
        #expect(refused > 60, "seed \(seed)")
        #expect(readable > 10, "seed \(seed)")
    }

    /// Asks a rulebook that was read for what depends on its numbers.
    func exercise(_ book: Rulebook) {
        for text in ["1970-01-01", "2025-06-01", "2028-02-29", "9999-12-31"] {
            guard let day = CivilDate(text) else { continue }
            for country in ["US", "DE", "AE", "CN", "HK"].compactMap({ CountryCode($0) }) {
                _ = book.countryLimit(of: country, on: day, hasAgreement: true)
                guard let use = book.endUses.first?.code else { continue }
                let facts = RouteFacts(
                    day: day,
                    destination: country,
                    site: country,
                    headquarters: country,
                    ultimateParentHeadquarters: country,
                    endUse: use,
                    universalVEU: .attestationLapsed,
                    nationalVEU: .current
                )
                #expect(book.route(for: facts).alternatives(forOrderOf: .zero).count <= 4)
            }
            for rule in book.mechanisms { _ = rule.limit?.window.coveredDays(today: day) }
        }
    }

    @Test(arguments: [5, 6] as [UInt64])
    func mutatedCataloguesNeverTrap(seed: UInt64) throws {
        var generator = Generator(state: seed)
        for _ in 0..<300 {
            var bytes = ShippedFile.devices.bytes
            Self.mutate(&bytes, &generator)
            let findings: Int
            do {
                findings = try DeviceCatalogue.load(bytes: bytes, fileName: "fuzz.csv").ratings
                    .count
            } catch {
                findings = error.findings.count
            }
            #expect(findings > 0, "seed \(seed)")
        }
    }

    @Test(arguments: [7, 8] as [UInt64])
    func randomBytesNeverTrap(seed: UInt64) {
        var generator = Generator(state: seed)
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...200, using: &generator)).flatMap { _ in
                Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &generator)]
            }
            #expect(!RuleFile.problems(bytes).isEmpty, "seed \(seed)")
        }
    }
}
