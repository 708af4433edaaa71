// SPDX-License-Identifier: Apache-2.0
import Crypto
import EntryLog
import EntryLogConformance
import LedgerModel
import Testing

struct HashTests {
    /// The check values of the xxHash reference implementation (cli/xsum_sanity_check.c).
    @Test(arguments: [
        (0, UInt64(0), UInt64(0xef46_db37_51d8_e999)),
        (0, 0x9e37_79b1, 0xac75_fda2_929b_17ef),
        (1, 0, 0xe934_a84a_db05_2768),
        (1, 0x9e37_79b1, 0x5014_6076_43a9_b4c3),
        (4, 0, 0x9136_a0dc_a574_57ee),
        (4, 0x9e37_79b1, 0xcaab_286b_d8e9_fdb5),
        (14, 0, 0x8282_dcc4_994e_35c8),
        (14, 0x9e37_79b1, 0xc3bd_6bf6_3deb_6df0),
        (222, 0, 0xb641_ae8c_b691_c174),
        (222, 0x9e37_79b1, 0x20cb_8ab7_ae10_c14a),
    ])
    func xxHash64IsThatOfTheReference(count: Int, seed: UInt64, expected: UInt64) {
        var generator: UInt64 = 0x9e37_79b1
        let bytes = (0..<count).map { _ in
            defer { generator = generator &* 0x9e37_79b1_85eb_ca8d }
            return UInt8(generator >> 56)
        }
        #expect(xxHash64(bytes.span.rawBytes, seed: seed) == expected)
    }

    /// FIPS 180-4 example values.
    @Test func sha256IsThatOfTheStandard() {
        let abc = Array("abc".utf8)
        #expect(
            sha256(abc.span.rawBytes).description
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        #expect(
            sha256(abc.span.rawBytes.extracting(0..<1), abc.span.rawBytes.extracting(1..<3))
                == sha256(abc.span.rawBytes)
        )
    }

    /// All lengths up to some blocks, cut in two anywhere.
    @Test func sha256IsThatOfAnotherImplementation() {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) }
        for count in 0...bytes.count {
            let expected = Array(SHA256.hash(data: bytes[..<count]))
            let span = bytes.span.rawBytes.extracting(first: count)
            let cut = count * 7 % (count + 1)
            #expect(sha256(span).bytes == expected)
            #expect(
                sha256(span.extracting(first: cut), span.extracting(droppingFirst: cut)).bytes
                    == expected
            )
        }
    }

    /// The leaf, built up word for word as docs/reference/log-format.md has it.
    @Test(arguments: SampleEntries.golden.indices)
    func leavesAreBuiltAsDocumented(index: Int) throws {
        let entry = SampleEntries.golden[index].entry
        let bytes = try encoded(entry)
        let own = Int(bytes[4]) | Int(bytes[5]) << 8
        let number = (0..<8).map { UInt8(truncatingIfNeeded: entry.number.rawValue >> (8 * $0)) }
        let salts = hash(Array("headroom salt 1".utf8) + SampleEntries.secret.bytes + number)
        let isEvent = bytes[1] >= 64
        let sections = [Array(bytes[32..<32 + own]), Array(bytes[(32 + own)...])]
        let hashes = sections.enumerated().map { index, section in
            let salt = Array(salts[16 * index..<16 * (index + 1)])
            guard isEvent == (index == 1) else { return hash(salt + section) }
            let person = section.prefix(1 + Int(section[0]))
            let text = section.dropFirst(person.count).prefix(1 + Int(section[person.count]))
            let parts = text.count > 1 ? [person, text] : [person]
            let rest = section.dropFirst(person.count + text.count)
            return hash([UInt8(parts.count)] + parts.flatMap { hash(salt + $0) } + rest)
        }
        let (ownHash, sharedHash) = (hashes[0], hashes[1])
        let hasher = LeafHasher(secret: SampleEntries.secret)
        let leaf = try hasher.leaf(of: bytes.span.rawBytes)
        #expect(leaf.bytes == hash([0] + bytes[..<32] + ownHash + sharedHash))
        #expect(
            hasher.salts(of: entry.number).ownBytes + hasher.salts(of: entry.number).sharedBytes
                == salts
        )
    }

    @Test func leavesDependOnTheSecret() throws {
        let bytes = try encoded(SampleEntries.reservation(1))
        let other = try #require(LedgerSecret(randomBytes: [UInt8](repeating: 9, count: 32)))
        let leaf = try LeafHasher(secret: SampleEntries.secret).leaf(of: bytes.span.rawBytes)
        #expect(try LeafHasher(secret: other).leaf(of: bytes.span.rawBytes) != leaf)
    }

    @Test func descriptionsOfASecretShowNothing() {
        let secret = SampleEntries.secret
        for text in ["\(secret)", String(reflecting: secret), "\([secret])"] {
            #expect(text.contains("hidden") && !text.contains("0"))
        }
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains("words"))
        #expect(LedgerSecret(randomBytes: secret.bytes) == secret)
        #expect(LedgerSecret(randomBytes: [1, 2, 3]) == nil)
    }

    private func hash(_ bytes: [UInt8]) -> [UInt8] { sha256(bytes.span.rawBytes).bytes }
}
