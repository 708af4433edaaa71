// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerExport
import LedgerModel
import LedgerTestSupport
import Testing

/// A log that tells another tree, or that does not take what is appended.
private struct OddLog: EntryLog {
    enum Oddity {
        case otherTree
        case noRoom
        case takenOver
    }

    let log = InMemoryEntryLog()
    let oddity: Oddity

    func takeOver() throws(EntryLogError) -> LogHead { try log.takeOver() }
    func head() throws(EntryLogError) -> LogHead { try log.head() }

    func frontier() throws(EntryLogError) -> MerkleFrontier {
        guard case .otherTree = oddity else { return try log.frontier() }
        var other = MerkleFrontier()
        for _ in 0..<(try log.frontier().size) { other.append(.zero) }
        return other
    }

    func append(
        _ batch: borrowing EncodedBatch,
        replacing redacted: [RedactedBatch],
        expecting head: LogHead
    ) throws(EntryLogError) -> AppendOutcome {
        switch oddity {
        case .otherTree: return try log.append(batch, replacing: redacted, expecting: head)
        case .noRoom: throw .storage(advice: "no space is left")
        case .takenOver: return .fenced(head)
        }
    }

    func read(
        from number: EntryNumber,
        _ body: (BatchHeader, RawSpan) throws(EntryLogError) -> ReadStep
    ) throws(EntryLogError) {
        try log.read(from: number, body)
    }
}

@Suite("When the log fails")
struct ExportWorldTests {
    @Test func anExportOfALogThatIsNotItsTreeHasNoLastLine() throws {
        let odd = OddLog(oddity: .otherTree)
        try append(seed: 1, count: 50, batchCount: 10, to: odd.log)
        var writer = try ExportWriter(of: odd, secret: testSecret(), includesSecret: true)
        var text: [UInt8] = []
        do {
            while let piece = try writer.next() { text += piece }
            Issue.record("the tree is another")
        } catch {
            guard case .corrupt = error else { throw error }
        }
        guard case .cutShort? = foundFault(text) else {
            Issue.record("\(String(describing: foundFault(text)))")
            return
        }
    }

    @Test func aLogThatTakesNothingEndsTheImport() throws {
        let text = try export(makeLog(seed: 1, count: 50))
        for oddity in [OddLog.Oddity.noRoom, .takenOver] {
            var reader = ExportReader { _ in OddLog(oddity: oddity) }
            do {
                try reader.append(text)
                _ = try reader.finish()
                Issue.record("nothing was appended")
            } catch {
                guard case .log(let cause) = error else { throw error }
                switch (oddity, cause) {
                case (.noRoom, .storage), (.takenOver, .locked): break
                default: Issue.record("\(cause)")
                }
            }
        }
    }

    @Test func aLogThatCanNotBeMadeEndsTheImport() throws {
        let text = try export(makeLog(seed: 1, count: 50))
        var reader = ExportReader { _ throws(EntryLogError) in
            throw EntryLogError.ledgerExists(path: "here")
        }
        try reader.append(text)
        do {
            _ = try reader.finish()
            Issue.record("no log was made")
        } catch {
            #expect(error == .log(.ledgerExists(path: "here")))
        }
    }
}
