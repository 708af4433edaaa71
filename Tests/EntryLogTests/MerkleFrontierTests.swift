// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import Testing

struct MerkleFrontierTests {
    /// The leaves and roots of the reference implementation of certificate transparency
    /// (google/certificate-transparency, merkletree tests).
    private static let leaves = [
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    private static let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    @Test func rootsAreThoseOfThePublishedVectors() {
        var frontier = MerkleFrontier()
        #expect(
            frontier.root.description
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
        for (leaf, root) in zip(MerkleFrontierTests.leaves, MerkleFrontierTests.roots) {
            frontier.append(leafHash([0] + hexBytes(leaf)))
            #expect(frontier.root.description == root)
        }
    }

    @Test func rootsAreThoseOfAPlainTreeForEverySizeTo1025() {
        var frontier = MerkleFrontier()
        var leaves: [LedgerHash] = []
        for size in 1...1_025 {
            let leaf = leafHash([UInt8(truncatingIfNeeded: size), UInt8(size >> 8)])
            leaves.append(leaf)
            frontier.append(leaf)
            #expect(frontier.size == UInt64(size))
            #expect(frontier.root == plainRoot(leaves[...]), "size \(size)")
        }
    }

    @Test func aRestoredFrontierGoesOnTheSame() throws {
        var frontier = MerkleFrontier()
        for size in 0..<130 {
            var restored = try MerkleFrontier(serialized: frontier.serialized)
            #expect(restored == frontier)
            let leaf = leafHash([UInt8(size)])
            frontier.append(leaf)
            restored.append(leaf)
            #expect(restored.root == frontier.root)
        }
    }

    @Test func aFrontierOfTheWrongLengthIsRefused() throws {
        var frontier = MerkleFrontier()
        for byte in UInt8(0)..<5 { frontier.append(leafHash([byte])) }
        let bytes = frontier.serialized
        #expect(bytes.count == 8 + 2 * 32)
        for count in 0..<bytes.count {
            #expect(throws: EntryLogError.self) {
                try MerkleFrontier(serialized: Array(bytes[..<count]))
            }
        }
        #expect(throws: EntryLogError.self) { try MerkleFrontier(serialized: bytes + [0]) }
        #expect(throws: EntryLogError.self) {
            try MerkleFrontier(serialized: [7] + bytes.dropFirst())
        }
    }

    private func leafHash(_ bytes: [UInt8]) -> LedgerHash { sha256(bytes.span.rawBytes) }

    /// RFC 6962, section 2.1, word for word.
    private func plainRoot(_ leaves: ArraySlice<LedgerHash>) -> LedgerHash {
        if leaves.count == 1 { return leaves[leaves.startIndex] }
        var split = 1
        while split * 2 < leaves.count { split *= 2 }
        let left = plainRoot(leaves.prefix(split))
        let right = plainRoot(leaves.dropFirst(split))
        return sha256(([1] + left.bytes + right.bytes).span.rawBytes)
    }
}
