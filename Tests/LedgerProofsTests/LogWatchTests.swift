// SPDX-License-Identifier: Apache-2.0
import EntryLog
import Foundation
import LedgerProofs
import Testing

struct LogWatchTests {
    private func checkpoint(_ size: UInt64, _ root: UInt8 = 1, _ origin: String = "log") throws
        -> Checkpoint
    {
        try Checkpoint(origin: origin, size: size, root: hash([root]))
    }

    @Test func anythingButGrowthIsAnAlarm() throws {
        let last = try checkpoint(10)
        #expect(LogWatch.alarm(from: last, to: last) == nil)
        #expect(try LogWatch.alarm(from: last, to: checkpoint(11, 2)) == nil)
        #expect(try LogWatch.alarm(from: last, to: checkpoint(9, 2)) == .shrunk)
        #expect(try LogWatch.alarm(from: last, to: checkpoint(10, 2)) == .forked)
        #expect(try LogWatch.alarm(from: last, to: checkpoint(11, 2, "other")) == .otherLog)
    }

    @Test func remembersWhatTheLogWas() throws {
        let scratch = try ScratchFolder()
        let watch = LogWatch(rememberingIn: scratch.path + "/seen")
        #expect(try watch.last() == nil)
        let (first, second) = (try checkpoint(10), try checkpoint(12, 2))
        #expect(try watch.remember(first, first.text, secondsSince1970: 0) == .first)
        #expect(try watch.last() == first)
        // A signed one is kept as it is.
        let signed = SignedCheckpoint(second, signedWith: try sampleKey("log"))
        let sight = try watch.remember(second, signed.bytes, secondsSince1970: 0)
        #expect(sight == .grown(from: 10))
        #expect(try watch.last() == second)
        #expect(try bytes(of: scratch.path + "/seen") == signed.bytes)
        let attributes: [FileAttributeKey: Any] = [
            .modificationDate: Date(timeIntervalSince1970: 1_000)
        ]
        try FileManager.default.setAttributes(attributes, ofItemAtPath: scratch.path + "/seen")
        #expect(
            try watch.remember(second, signed.bytes, secondsSince1970: 4_600)
                == .unchanged(seconds: 3_600)
        )
        #expect(try scratch.files().count == 1)
        try put(Array("something else".utf8), in: scratch.path + "/seen")
        #expect(throws: PublicationError.self) { try watch.last() }
    }
}
