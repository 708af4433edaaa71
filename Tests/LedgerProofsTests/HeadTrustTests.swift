// SPDX-License-Identifier: Apache-2.0
import EntryLog
import LedgerProofs
import Testing

/// Which of the heads that are stored beside a log pass.
struct HeadTrustTests {
    private static let origin = "log.example"
    /// The leaves of the log whose heads are stored.
    private static let leaves = sampleLeaves(12)

    private static func root(_ size: UInt64) -> LedgerHash {
        plainRoot(leaves.prefix(Int(size)))
    }

    private struct Shelf {
        let files: KeptFiles
        let store: CheckpointStore
        let one: NoteSigningKey
        let two: NoteSigningKey

        /// Heads of 3 entries by the one key, of 5 by both and of 8 by the other.
        init() throws {
            files = try KeptFiles()
            store = CheckpointStore(
                files.path + "/checkpoints",
                origin: HeadTrustTests.origin,
                ledgerKeys: KeyList(files.path + "/public-keys"),
                witnesses: KeyList(files.path + "/witnesses")
            )
            one = try sampleKey(HeadTrustTests.origin)
            two = try sampleKey(HeadTrustTests.origin, seed: 2)
            for (size, keys) in [(3, [one]), (5, [two, one]), (8, [two])] {
                _ = try store.sign(
                    Checkpoint(
                        origin: HeadTrustTests.origin,
                        size: UInt64(size),
                        root: HeadTrustTests.root(UInt64(size))
                    ),
                    with: keys
                ) { size throws(EntryLogError) in HeadTrustTests.root(size) }
            }
        }

        func check(
            _ trust: HeadTrust = .listed,
            logSize: UInt64 = 12,
            leaves: [LedgerHash] = HeadTrustTests.leaves
        ) throws(KeepingError) -> CheckpointStore.CheckedHeads {
            var trust = trust
            return try store.check(store.sizes(), trusting: &trust, logSize: logSize) {
                size throws(EntryLogError) in plainRoot(leaves.prefix(Int(size)))
            }
        }

        func fault(
            _ trust: HeadTrust = .listed,
            logSize: UInt64 = 12,
            leaves: [LedgerHash] = HeadTrustTests.leaves
        ) -> KeepingError? {
            keepingError { _ = try check(trust, logSize: logSize, leaves: leaves) }
        }
    }

    private func rotation(
        _ one: NoteSigningKey,
        _ two: NoteSigningKey
    ) throws -> RotationStatement {
        try RotationStatement(origin: Self.origin, size: 4, from: one, to: two)
    }

    @Test func headsOfTheLogPass() throws {
        let shelf = try Shelf()
        let checked = try shelf.check()
        #expect(checked.count == 3 && checked.newest?.checkpoint.size == 8)
        // With exactly as many entries as were signed, too.
        #expect(try shelf.check(logSize: 8).count == 3)
    }

    @Test func aHeadOfAnotherLogIsFound() throws {
        let shelf = try Shelf()
        #expect(shelf.fault(logSize: 7) == .shorterLog(size: 7, signed: 8))
        var other = Self.leaves
        other[6] = other[0]
        #expect(
            shelf.fault(leaves: other)
                == .otherRoot(size: 8, signed: Self.root(8), found: plainRoot(other.prefix(8)))
        )
    }

    @Test func aHeadThatWasAlteredIsFound() throws {
        let shelf = try Shelf()
        let whole = try shelf.files.bytes("checkpoints/3")
        for altered in alterations(of: whole).enumerated() where altered.offset % 97 == 0 {
            try shelf.files.write(altered.element, "checkpoints/3")
            #expect(shelf.fault() != nil, "alteration \(altered.offset)")
        }
        try shelf.files.write(whole, "checkpoints/3")
        // By somebody whom the ledger does not list.
        let foreign = SignedCheckpoint(
            try Checkpoint(origin: Self.origin, size: 5, root: Self.root(5)),
            signedWith: try sampleKey(Self.origin, seed: 9)
        )
        try shelf.files.write(foreign.bytes, "checkpoints/5")
        guard case .malformed(let path, .malformed)? = shelf.fault() else {
            Issue.record("a foreign signature was taken")
            return
        }
        #expect(path.hasSuffix("checkpoints/5"))
    }

    @Test func keysThatAreNamedAreFollowedThroughRotations() throws {
        let shelf = try Shelf()
        let statement = try rotation(shelf.one, shelf.two)
        for key in [shelf.one, shelf.two] {
            // Both signed the statement: each leads to the other.
            let trust = HeadTrust(in: [key.verifierKey], following: { [statement] })
            #expect(try shelf.check(trust).count == 3)
        }
        // Without it, or with one between others, the head of the other key is nobody's.
        let three = try sampleKey(Self.origin, seed: 3)
        for statements in [[], [try rotation(shelf.two, three)]] {
            let trust = HeadTrust(in: [shelf.one.verifierKey], following: { statements })
            guard case .malformed(let path, .notSigned)? = shelf.fault(trust) else {
                Issue.record("a head by nobody who is trusted was taken")
                return
            }
            #expect(path.hasSuffix("checkpoints/8"))
        }
        let both = [shelf.one.verifierKey, shelf.two.verifierKey]
        #expect(try shelf.check(HeadTrust(in: both, following: { [] })).count == 3)
        // Whoever lists a key of their own beside the log passes for the ledger only.
        let stranger = HeadTrust(in: [three.verifierKey], following: { [statement] })
        #expect(shelf.fault(stranger) != nil)
    }

    @Test func statementsLeadOnInWhateverOrder() throws {
        let keys = try (1...5).map { try sampleKey(Self.origin, seed: $0) }
        let statements = try [(1, 2), (0, 1), (3, 4)].map {
            try rotation(keys[$0.0], keys[$0.1])
        }
        let linked = RotationStatement.keys(linkedTo: [keys[2].verifierKey], by: statements)
        #expect(Set(linked) == Set(keys.prefix(3).map(\.verifierKey)) && linked.count == 3)
    }
}
