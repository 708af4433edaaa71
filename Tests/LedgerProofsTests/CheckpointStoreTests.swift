// SPDX-License-Identifier: Apache-2.0
import Dispatch
import EntryLog
import Foundation
import LedgerProofs
import Synchronization
import Testing

struct CheckpointStoreTests {
    @Test func whatWasSignedIsFoundAgain() throws {
        let sample = try SampleStore()
        #expect(try sample.store.newest() == nil)
        for size in [3, 10] { try sample.sign(size) }
        #expect(try sample.store.sizes() == [3, 10])
        let newest = try #require(try sample.store.newest())
        #expect(newest.checkpoint == (try sample.head(10)))
        #expect(try sample.store.checkpoint(at: 3)?.checkpoint == sample.head(3))
        #expect(try sample.store.checkpoint(at: 4) == nil)
        // The file is the note, and signing again changes nothing.
        #expect(try sample.files.bytes("checkpoints/10") == newest.bytes)
        #expect(try sample.sign(10) == newest)
        #expect(try sample.files.names("checkpoints") == ["10", "3"])
    }

    /// Each thread has a log of its own; one of them is signed, and the others are told so.
    @Test func ofManyRootsForOneSizeOneIsSigned() throws {
        let sample = try SampleStore()
        let answers = Mutex<[LedgerHash?]>([])
        DispatchQueue.concurrentPerform(iterations: 16) { index in
            let root = hash([UInt8(index % 4)])
            let answer = try? sample.store.sign(
                Checkpoint(origin: "log.example", size: 7, root: root),
                with: [sample.key],
                rootBefore: { _ throws(EntryLogError) in root }
            )
            answers.withLock { $0.append(answer?.checkpoint.root) }
        }
        let stored = try #require(try sample.store.newest()).checkpoint.root
        answers.withLock { answers in
            #expect(answers.filter { $0 == stored }.count == 4)
            #expect(answers.filter { $0 == nil }.count == 12)
        }
        #expect(try sample.files.names("checkpoints") == ["7"])
    }

    @Test func aLogThatWasRewrittenIsNotSigned() throws {
        let sample = try SampleStore()
        try sample.sign(10)
        let (signed, other) = (try sample.head(10).root, try sample.head(10, turn: true).root)
        let expected = KeepingError.otherRoot(size: 10, signed: signed, found: other)
        #expect(keepingError { try sample.sign(10, turn: true) } == expected)
        #expect(keepingError { try sample.sign(11, turn: true) } == expected)
        #expect(keepingError { try sample.sign(9) } == .shorterLog(size: 9, signed: 10))
        #expect(try sample.files.names("checkpoints") == ["10"])
        #expect(expected.description.contains("rewritten"))
    }

    @Test func aSecondKeySignsWhatTheFirstSigned() throws {
        let sample = try SampleStore()
        let first = try sample.sign(10)
        let second = try sampleKey("log.example", seed: 9)
        let keys = [sample.key.verifierKey, second.verifierKey]
        let head = try sample.head(10)
        let both = try sample.store.sign(head, with: [second, sample.key]) {
            _ throws(EntryLogError) in
            head.root
        }
        #expect(try both.note.verifiedSignatures(by: keys).count == 2)
        #expect(try sample.store.newest() == both)
        #expect(try sample.store.ledgerKeys.keys() == keys)
        #expect(both.keeping(signaturesOf: [sample.key.verifierKey]) == first)
    }

    @Test func everyAlterationOfAStoredHeadIsFound() throws {
        let sample = try SampleStore()
        try sample.sign(5)
        _ = try sample.store.cosign(sample.cosigned(5, at: 1_700_000_000))
        let bytes = try sample.files.bytes("checkpoints/5")
        // All bits of all bytes: see `CheckpointTests`; here what the store makes of it.
        for index in bytes.indices {
            var altered = bytes
            altered[index] ^= 1 << UInt8(index % 8)
            try sample.files.write(altered, "checkpoints/5")
            #expect(keepingError { _ = try sample.store.newest() } != nil)
        }
    }

    @Test func strangeFilesAreNotTakenForHeads() throws {
        let sample = try SampleStore()
        let note = try sample.sign(5).bytes
        for name in ["05", "6.1f.incomplete", "notes.txt", "-1", "99999999999999999999"] {
            try sample.files.write(note, "checkpoints/\(name)")
        }
        #expect(try sample.store.sizes() == [5])
        // A head under another size, an empty file, another log's head.
        let others = [
            note, [],
            SignedCheckpoint(
                try Checkpoint(origin: "other.example", size: 8, root: sample.head(8).root),
                signedWith: sample.key
            ).bytes,
            SignedCheckpoint(
                try sample.head(8),
                signedWith: try sampleKey("log.example", seed: 3)
            ).bytes,
        ]
        for bytes in others {
            try sample.files.write(bytes, "checkpoints/8")
            guard case .malformed? = keepingError({ try sample.sign(9) }) else {
                Issue.record("\(bytes.count) bytes were taken for a head")
                continue
            }
        }
    }

    @Test func aWitnessIsKeptBesideTheHead() throws {
        let sample = try SampleStore()
        try sample.sign(5)
        let first = try sample.store.cosign(sample.cosigned(5, at: 1_700_000_000))
        #expect(first.cosignatures.map(\.secondsSince1970) == [1_700_000_000])
        // An earlier one changes nothing, a later one takes its place.
        #expect(
            try sample.store.cosign(sample.cosigned(5, at: 1_600_000_000)).stored == first.stored
        )
        let later = try sample.store.cosign(sample.cosigned(5, at: 1_800_000_000)).stored
        #expect(later.note.signatures.count == 2)
        let verified = try later.note.requireSignature(of: sample.witness.verifierKey)
        #expect(verified.secondsSince1970 == 1_800_000_000)
        #expect(try sample.store.newest() == later)
        // Signing the same head again keeps it.
        #expect(try sample.sign(5) == later)
    }

    @Test func otherCosignaturesAreRefused() throws {
        let sample = try SampleStore()
        #expect(
            keepingError { _ = try sample.store.cosign(sample.cosigned(5, at: 1)) }
                == .noCheckpoint(size: 5)
        )
        let stored = try sample.sign(5)
        var unknown = stored.note
        unknown.cosign(with: try sampleKey("w.example", .cosignature, seed: 7), secondsSince1970: 1)
        #expect(keepingError { _ = try sample.store.cosign(unknown) } == .noWitness)
        #expect(keepingError { _ = try sample.store.cosign(stored.note) } == .noWitness)
        #expect(
            keepingError { _ = try sample.store.cosign(sample.cosigned(6, at: 1)) }
                == .noCheckpoint(size: 6)
        )
        guard
            case .otherHead? = keepingError({
                _ = try sample.store.cosign(sample.cosigned(5, at: 1, turn: true))
            })
        else {
            Issue.record("a head with another root was taken")
            return
        }
        // A signature that says that it is of a key which nobody knows means nothing, so the
        // witness's stands alone here.
        let bytes = try SignedCheckpoint(sample.cosigned(5, at: 1).bytes)
            .keeping(signaturesOf: [sample.witness.verifierKey]).bytes
        for index in bytes.indices {
            var altered = bytes
            altered[index] ^= 1
            guard let note = try? SignedNote(altered) else { continue }
            #expect(keepingError { _ = try sample.store.cosign(note) } != nil)
        }
        #expect(try sample.store.newest() == stored)
    }

    @Test func witnessesAtOnceAreAllKept() throws {
        let sample = try SampleStore()
        try sample.sign(5)
        let witnesses = try (0..<8).map {
            try sampleKey("w\($0).example", .cosignature, seed: UInt8(50 + $0))
        }
        let failures = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: witnesses.count) { index in
            do {
                var note = SignedCheckpoint(try sample.head(5), signedWith: sample.key).note
                note.cosign(with: witnesses[index], secondsSince1970: 5)
                _ = try sample.store.cosign(note, named: [witnesses[index].verifierKey])
            } catch {
                failures.withLock { $0 += 1 }
            }
        }
        #expect(failures.withLock { $0 } == 0)
        #expect(try sample.store.newest()?.note.signatures.count == 9)
        #expect(
            Set(try sample.store.witnesses.keys())
                == Set((witnesses + [sample.witness]).map(\.verifierKey))
        )
    }
}
