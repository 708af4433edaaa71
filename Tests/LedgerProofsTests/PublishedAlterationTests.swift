// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import Foundation
import LedgerProofs
import Testing

/// Whatever is changed in a published folder is found, and the file that was changed is named.
struct PublishedAlterationTests {
    @Test func everyChangedByteIsFoundAndItsFileNamed() throws {
        let sample = try PublishedSample(2)
        let scratch = try ScratchFolder()
        try sample.publish(2, to: scratch.path)
        try sample.audit(scratch.path)
        for (name, bytes) in try scratch.files() {
            for index in bytes.indices {
                var altered = bytes
                altered[index] ^= 1 << UInt8(index % 8)
                try expectNamed(name, altered, sample, scratch)
            }
            for altered in [[], Array(bytes.dropLast()), bytes + [0], bytes + bytes] {
                try expectNamed(name, altered, sample, scratch)
            }
            try put(bytes, in: "\(scratch.path)/\(name)")
        }
        try sample.audit(scratch.path)
    }

    @Test func filesOfEachLevelAreNamed() throws {
        let sample = try PublishedSample(530)
        let scratch = try ScratchFolder()
        try sample.publish(520, to: scratch.path)
        try sample.publish(530, to: scratch.path)
        var random = SeededGenerator(seed: 1)
        for (name, bytes) in try scratch.files() {
            var altered = bytes
            altered[Int(random.next() % UInt64(bytes.count))] ^= 0x10
            try expectNamed(name, altered, sample, scratch)
            try FileManager.default.removeItem(atPath: "\(scratch.path)/\(name)")
            // What tiles were earlier may be gone.
            if name.hasSuffix(".p/8") {
                try sample.audit(scratch.path)
            } else {
                #expect(throws: PublicationError.self, "\(name)") {
                    try sample.audit(scratch.path)
                }
            }
            try put(bytes, in: "\(scratch.path)/\(name)")
        }
        try sample.audit(scratch.path)
    }

    @Test func randomBundlesAreRefusedAndNeverTrap() {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<200 {
            let bytes = randomBytes(&random, atMost: 300)
            #expect(bytes.isEmpty || EntryBundle(bytes) == nil)
        }
        let framed = [0, 96] + [UInt8](repeating: 7, count: 96)
        #expect(EntryBundle(framed + framed)?.inputs.count == 2)
        #expect(EntryBundle(framed)?.inputs.first?.bytes == [UInt8](repeating: 7, count: 96))
        #expect(EntryBundle([96, 0] + framed.dropFirst(2)) == nil)
    }

    /// Tiles that fit each other under a checkpoint of another root: nobody changed one of them.
    @Test func aForkedCheckpointIsNamed() throws {
        let (sample, other) = (
            try PublishedSample(20), try PublishedSample(20) { $0 == 3 ? 33 : $0 }
        )
        let scratch = try ScratchFolder()
        try sample.publish(20, to: scratch.path)
        try put(try other.checkpoint(20).bytes, in: scratch.path + "/checkpoint")
        do {
            try sample.audit(scratch.path)
            Issue.record("the other checkpoint was accepted")
        } catch {
            #expect(namedFile(error) == "checkpoint")
        }
    }

    private func expectNamed(
        _ name: String,
        _ altered: [UInt8],
        _ sample: PublishedSample,
        _ scratch: ScratchFolder
    ) throws {
        let path = "\(scratch.path)/\(name)"
        let whole = try bytes(of: path)
        try put(altered, in: path)
        do {
            try sample.audit(scratch.path)
            Issue.record("\(name) with \(altered.count) bytes is accepted")
        } catch {
            #expect(namedFile(error) == name, "\(error)")
        }
        try put(whole, in: path)
    }
}
