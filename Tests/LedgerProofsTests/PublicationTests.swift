// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import Foundation
import LedgerProofs
import Synchronization
import Testing

struct PublicationTests {
    private static let sample = Result { try PublishedSample(600) }

    @Test func whatIsAddedIsWhatOneGoWrites() throws {
        let sample = try Self.sample.get()
        let (steps, whole) = (try ScratchFolder(), try ScratchFolder())
        for size in [0, 1, 255, 256, 300, 300, 600] {
            let done = try sample.publish(size, to: steps.path)
            #expect(done.size == UInt64(size))
            try sample.audit(steps.path)
        }
        try sample.publish(600, to: whole.path, isDurable: true)
        let (inSteps, atOnce) = (try steps.files(), try whole.files())
        for (name, bytes) in atOnce { #expect(inSteps[name] == bytes, "\(name)") }
        // What is over is what tiles were while they were less full, which they still are not.
        let earlier = Set(inSteps.keys).subtracting(atOnce.keys)
        #expect(earlier == ["tile/1/000.p/1"])
        #expect(
            Set(atOnce.keys) == [
                "checkpoint", "tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2",
                "tile/entries/000", "tile/entries/001", "tile/entries/002.p/88",
            ]
        )
        #expect(atOnce["tile/entries/000"]?.count == 256 * 98)
        #expect(atOnce["checkpoint"] == (try sample.checkpoint(600)).bytes)
    }

    @Test func whatIsPublishedIsReadBack() throws {
        let scratch = try ScratchFolder()
        let sample = try Self.sample.get()
        try sample.publish(600, to: scratch.path)
        var log = try PublishedLog(scratch.path)
        var tree = sample.tree
        for size in [1, 256, 257, 600] as [UInt64] {
            #expect(try log.root(size: size) == tree.root(size: size))
        }
        let proof = try InclusionProof(index: 299, size: 600, from: &log)
        #expect(proof == (try InclusionProof(index: 299, size: 600, from: &tree)))
        #expect(try log.inputs(block: 2).first?.leaf == log.hash(level: 0, index: 512))
    }

    @Test func anInterruptionAtAnyFileLeavesNothingBehind() throws {
        let sample = try Self.sample.get()
        let whole = try ScratchFolder()
        try sample.publish(200, to: whole.path)
        try sample.publish(600, to: whole.path)
        let expected = try whole.files()
        var step = 0
        while true {
            let scratch = try ScratchFolder()
            try sample.publish(200, to: scratch.path)
            let before = try bytes(of: scratch.path + "/checkpoint")
            let written = Mutex(0)
            let last = step + 1
            do {
                try sample.publish(600, to: scratch.path) { _ in
                    written.withLock {
                        $0 += 1
                        return $0 != last
                    }
                }
                break
            } catch PublicationError.interrupted {}
            // Whoever reads meanwhile has the log of before.
            #expect(try bytes(of: scratch.path + "/checkpoint") == before)
            try sample.audit(scratch.path)
            // A thread that was cut off while it wrote leaves half a file.
            try put([1, 2, 3], in: scratch.path + "/.incomplete/0")
            try sample.publish(600, to: scratch.path)
            #expect(try scratch.files() == expected, "step \(step)")
            step += 1
        }
        #expect(step == 8)
    }

    @Test func whatDoesNotContinueIsRefused() throws {
        let sample = try Self.sample.get()
        let other = try PublishedSample(400) { $0 == 123 ? 777 : $0 }
        let scratch = try ScratchFolder()
        try sample.publish(300, to: scratch.path)
        let before = try scratch.files()
        #expect(throws: PublicationError.self) { try other.publish(400, to: scratch.path) }
        do {
            try other.publish(400, to: scratch.path)
        } catch PublicationError.forked(let size, _, _) {
            #expect(size == 300)
        }
        #expect(throws: PublicationError.shrinks(from: 300, to: 299)) {
            try sample.publish(299, to: scratch.path)
        }
        var tree = sample.tree
        #expect(throws: PublicationError.self) {
            // Signed, and never the root of this log.
            try Publisher(to: scratch.path).publish(try other.checkpoint(350), of: &tree)
        }
        #expect(
            throws: PublicationError.anotherOrigin(found: "ledger.example", expected: "elsewhere")
        ) {
            try Publisher(to: scratch.path).publish(
                try sample.checkpoint(400, origin: "elsewhere"),
                of: &tree
            )
        }
        #expect(try scratch.files() == before)
        try put([1], in: scratch.path + "/index.html")
        #expect(throws: PublicationError.occupied(folder: scratch.path, name: "index.html")) {
            try sample.publish(400, to: scratch.path)
        }
    }

    @Test func onePublisherWorksAtATime() throws {
        let sample = try Self.sample.get()
        let scratch = try ScratchFolder()
        let isRefused = Mutex(false)
        try sample.publish(300, to: scratch.path) { path in
            guard path == "checkpoint" else { return true }
            do {
                try sample.publish(400, to: scratch.path)
            } catch PublicationError.inUse {
                isRefused.withLock { $0 = true }
            } catch {
                Issue.record(error)
            }
            return true
        }
        #expect(isRefused.withLock { $0 })
        try sample.publish(400, to: scratch.path)
    }

    @Test func nothingIsAddedToATornEdge() throws {
        let sample = try Self.sample.get()
        for name in ["tile/0/001.p/44", "tile/entries/001.p/44", "tile/1/000.p/1"] {
            let scratch = try ScratchFolder()
            try sample.publish(300, to: scratch.path)
            var bytes = try bytes(of: "\(scratch.path)/\(name)")
            bytes[20] ^= 1
            try put(bytes, in: "\(scratch.path)/\(name)")
            do {
                try sample.publish(400, to: scratch.path)
                Issue.record("\(name) was gone on with")
            } catch {
                #expect(namedFile(error) == name)
            }
        }
    }

    /// What another organisation does changes no byte that is published but hashes.
    @Test func nothingOfTheSectionsIsPublished() throws {
        let (mine, theirs) = (
            try PublishedSample(40), try PublishedSample(40) { $0 == 17 ? 71 : $0 }
        )
        let (left, right) = (try ScratchFolder(), try ScratchFolder())
        try mine.publish(40, to: left.path)
        try theirs.publish(40, to: right.path)
        let name = "tile/entries/000.p/40"
        let (old, new) = (try left.files()[name] ?? [], try right.files()[name] ?? [])
        #expect(old.count == new.count)
        let changed = old.indices.filter { old[$0] != new[$0] }
        // Behind the two bytes of the length and the 32 of the header are the hashes.
        #expect(!changed.isEmpty)
        #expect(changed.allSatisfy { $0 / 98 == 17 && $0 % 98 >= 34 })
    }
}
