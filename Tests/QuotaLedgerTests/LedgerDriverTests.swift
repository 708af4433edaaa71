// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Testing

@Suite("The driver says what happens when")
struct LedgerDriverTests {
    private typealias Effect = LedgerDriver<Int>.Effect

    private let operations = GeneratedStream(seed: 5, profile: .reservations, count: 60).steps
        .map { step in
            var operation = step.operation
            operation.time = nil
            return operation
        }

    /// What an effect says, to compare.
    private enum Said: Equatable {
        case decide(Int)
        case copyState
        case write(Range<UInt64>)
        case recall([EntryNumber])
        case answers(Int, [EntryNumber?])
        case failure(Int)
        case handOver(Bool)
        case publish
    }

    private func said(_ effects: [Effect]) -> [Said] {
        effects.flatMap { effect -> [Said] in
            switch effect {
            case .decide(let operations): [.decide(operations.count)]
            case .copyState: [.copyState]
            case .write(let batches):
                batches.map { entries in
                    .write(
                        (entries.first?.number.rawValue ?? 0)..<((entries.last?.number.rawValue ?? 0)
                            + 1)
                    )
                }
            case .recall(let numbers): [.recall(numbers)]
            case .handOver(let isDurable): [.handOver(isDurable)]
            case .publish: [.publish]
            case .deliver(let deliveries):
                deliveries.map { delivery in
                    switch delivery.result {
                    case .success(let answers):
                        .answers(delivery.caller, answers.map(\.entry?.number))
                    case .failure: .failure(delivery.caller)
                    }
                }
            }
        }
    }

    private func number(_ value: UInt64) -> EntryNumber { EntryNumber(rawValue: value) }

    /// An outcome that records entries with these numbers, the answers being those and others.
    private func outcome(_ entries: Range<UInt64>, _ answers: [CoreAnswer]? = nil) -> BatchEffects {
        var outcome = BatchEffects()
        outcome.entries = entries.map { value in
            Entry(
                number: number(value),
                time: .earliest,
                actor: operations[0].actor,
                rulebook: nil,
                content: .operation(
                    OperationRecord(
                        id: operations[0].id,
                        action: operations[0].action,
                        outcome: .accepted
                    )
                )
            )
        }
        outcome.answers = answers ?? entries.map { .recorded(number($0)) }
        return outcome
    }

    private var rejected: CoreAnswer {
        .rejected(Rejection(.noRulebook, field: "f", found: "x", expected: "y"))
    }

    private func some(_ count: Int) -> [PreparedOperation] {
        OperationPreparer(key: HashKey(first: 1, second: 2)).prepared(operations.prefix(count))
    }

    @Test func whatArrivesWhileTheDeciderIsBusyIsDecidedTogether() {
        var driver = LedgerDriver<Int>(next: number(0))
        #expect(said(driver.submit(some(2), from: 1)) == [.decide(2)])
        #expect(said(driver.submit(some(1), from: 2)).isEmpty)
        #expect(said(driver.submit(some(3), from: 3)).isEmpty)
        #expect(said(driver.decided(outcome(0..<2))) == [.write(0..<2), .decide(4)])
    }

    @Test func aBatchTakesWholeSubmissionsUpToItsMost() {
        var driver = LedgerDriver<Int>(next: number(0), maximumBatchCount: 4)
        #expect(said(driver.submit(some(9), from: 0)) == [.decide(9)])
        for caller in 1...3 { #expect(said(driver.submit(some(2), from: caller)).isEmpty) }
        #expect(said(driver.decided(outcome(0..<9))) == [.write(0..<9), .decide(4)])
    }

    @Test func nothingIsAnsweredBeforeItIsDurable() {
        var driver = LedgerDriver<Int>(next: number(10))
        _ = driver.submit(some(1), from: 1)
        #expect(said(driver.decided(outcome(10..<11))) == [.write(10..<11)])
        #expect(said(driver.wrote(next: number(11))) == [.answers(1, [number(10)])])
        #expect(driver.isIdle)
    }

    @Test func whatIsFewIsNotDecidedWhileSomethingWaitsForTheWriter() {
        var driver = LedgerDriver<Int>(next: number(0))
        _ = driver.submit(some(1), from: 1)
        _ = driver.submit(some(1), from: 2)
        #expect(said(driver.decided(outcome(0..<1))) == [.write(0..<1), .decide(1)])
        _ = driver.submit(some(1), from: 3)
        #expect(said(driver.decided(outcome(1..<2))).isEmpty)
        #expect(
            said(driver.wrote(next: number(1)))
                == [.answers(1, [number(0)]), .write(1..<2), .decide(1)]
        )
    }

    @Test func aCrowdIsDecidedMeanwhileAndAllIsWrittenTogether() {
        var driver = LedgerDriver<Int>(next: number(0), maximumBatchCount: 40, crowdCount: 3)
        _ = driver.submit(some(1), from: 1)
        _ = driver.submit(some(2), from: 2)
        #expect(said(driver.decided(outcome(0..<1))) == [.write(0..<1), .decide(2)])
        #expect([driver.hasRoomForCrowd, driver.hasRoom] == [false, false])
        #expect(said(driver.decided(outcome(1..<3))).isEmpty)
        #expect([driver.hasRoomForCrowd, driver.hasRoom] == [true, false])
        // Two are none.
        #expect(said(driver.submit(some(2), from: 3)).isEmpty)
        #expect(said(driver.submit(some(1), from: 4)) == [.decide(3)])
        #expect(said(driver.decided(outcome(3..<6))).isEmpty)
        #expect(
            said(driver.wrote(next: number(1)))
                == [.answers(1, [number(0)]), .write(1..<3), .write(3..<6)]
        )
        // Of two batches in two appends the second is answered when it is durable.
        #expect(said(driver.wrote(next: number(3))) == [.answers(2, [number(1), number(2)])])
        #expect(
            said(driver.wrote(next: number(6)))
                == [.answers(3, [number(3), number(4)]), .answers(4, [number(5)])]
        )
        #expect(driver.isIdle)
    }

    @Test func whatWaitsForTheWriterIsBounded() {
        var driver = LedgerDriver<Int>(next: number(0), maximumBatchCount: 8, crowdCount: 1)
        _ = driver.submit(some(1), from: 1)
        _ = driver.submit(some(2), from: 2)
        #expect(said(driver.decided(outcome(0..<1))) == [.write(0..<1), .decide(2)])
        #expect(said(driver.decided(outcome(1..<3))).isEmpty)
        #expect(!driver.hasRoomForCrowd)
        #expect(said(driver.submit(some(5), from: 3)).isEmpty)
        #expect(
            said(driver.wrote(next: number(1)))
                == [.answers(1, [number(0)]), .write(1..<3), .decide(5)]
        )
    }

    @Test func whatIsWrittenTogetherIsNoMoreThanABatch() {
        var driver = LedgerDriver<Int>(next: number(0), maximumBatchCount: 40, crowdCount: 1)
        _ = driver.submit(some(1), from: 1)
        _ = driver.submit(some(9), from: 2)
        _ = driver.decided(outcome(0..<1))
        _ = driver.submit(some(32), from: 3)
        #expect(said(driver.decided(outcome(1..<10))) == [.decide(32)])
        _ = driver.decided(outcome(10..<42))
        #expect(said(driver.wrote(next: number(1))) == [.answers(1, [number(0)]), .write(1..<10)])
        #expect(
            said(driver.wrote(next: number(10))).last == .write(10..<42)
        )
    }

    @Test func aCopyAndARecallAreNotWrittenPast() {
        var driver = LedgerDriver<Int>(next: number(0), maximumBatchCount: 40, crowdCount: 1)
        _ = driver.submit(some(1), from: 1)
        _ = driver.submit(some(1), from: 2)
        _ = driver.decided(outcome(0..<1))
        _ = driver.submit(some(1), from: 3)
        // It repeats what is not durable yet.
        #expect(said(driver.decided(outcome(1..<2))) == [.decide(1)])
        _ = driver.decided(outcome(2..<2, [.replay(number(0))]))
        _ = driver.submit(some(1), from: 4)
        #expect(said(driver.requestCopy()).isEmpty)
        #expect(said(driver.decided(outcome(2..<3))) == [.copyState])
        #expect(said(driver.wrote(next: number(1))) == [.answers(1, [number(0)]), .write(1..<2)])
        // What comes behind what is read may be written meanwhile.
        #expect(
            said(driver.wrote(next: number(2)))
                == [.answers(2, [number(1)]), .write(2..<3), .recall([number(0)])]
        )
        #expect(said(driver.copied()).isEmpty)
        let effects = driver.recalled([number(0): outcome(0..<1).entries[0]])
        #expect(said(effects) == [.answers(3, [number(0)])])
        #expect(said(driver.wrote(next: number(3))) == [.answers(4, [number(2)]), .handOver(true)])
        #expect(driver.isIdle)
    }

    @Test func ofABatchInSeveralAppendsOnlyWhatIsDurableIsAnswered() {
        var driver = LedgerDriver<Int>(next: number(0))
        _ = driver.submit(some(1), from: 0)
        for caller in 1...3 { _ = driver.submit(some(2), from: caller) }
        _ = driver.decided(outcome(0..<1))
        _ = driver.wrote(next: number(1))
        // The first of them rests on entry 2, the next on nothing more, the last on all.
        let answers: [CoreAnswer] = [
            .recorded(number(1)), .recorded(number(2)), rejected, .replay(number(2)),
            .recorded(number(3)), rejected,
        ]
        #expect(said(driver.decided(outcome(1..<5, answers))) == [.write(1..<5)])
        #expect(said(driver.wrote(next: number(2))).isEmpty)
        #expect(
            said(driver.wrote(next: number(3)))
                == [.answers(1, [number(1), number(2)]), .answers(2, [nil, number(2)])]
        )
        #expect(said(driver.wrote(next: number(4))).isEmpty)
        #expect(said(driver.wrote(next: number(5))) == [.answers(3, [number(3), nil])])
        #expect(driver.isIdle)
    }

    @Test func aRejectionWaitsForWhatWasDecidedBeforeIt() {
        var driver = LedgerDriver<Int>(next: number(0))
        _ = driver.submit(some(1), from: 1)
        _ = driver.submit(some(1), from: 2)
        _ = driver.decided(outcome(0..<1))
        #expect(said(driver.decided(outcome(0..<0, [rejected]))).isEmpty)
        #expect(
            said(driver.wrote(next: number(1)))
                == [.answers(1, [number(0)]), .answers(2, [nil])]
        )
    }

    @Test func aReplayOfSomethingNotDurableWaitsForIt() throws {
        var driver = LedgerDriver<Int>(next: number(0))
        _ = driver.submit(some(1), from: 1)
        _ = driver.submit(some(1), from: 2)
        let first = outcome(0..<1)
        _ = driver.decided(first)
        #expect(said(driver.decided(outcome(0..<0, [.replay(number(0))]))).isEmpty)
        #expect(
            said(driver.wrote(next: number(1)))
                == [.answers(1, [number(0)]), .recall([number(0)])]
        )
        let effects = driver.recalled([number(0): first.entries[0]])
        #expect(said(effects) == [.answers(2, [number(0)])])
    }

    @Test func anEntryThatIsNotThereClosesTheLedger() {
        var driver = LedgerDriver<Int>(next: number(3))
        _ = driver.submit(some(1), from: 1)
        #expect(
            said(driver.decided(outcome(3..<3, [.replay(number(0))]))) == [.recall([number(0)])]
        )
        #expect(said(driver.recalled([:])) == [.failure(1)])
        #expect(driver.failure != nil)
    }

    @Test func afterAFailureEveryoneIsToldAndNothingIsTaken() {
        var driver = LedgerDriver<Int>(next: number(0))
        _ = driver.submit(some(1), from: 1)
        _ = driver.submit(some(1), from: 2)
        _ = driver.decided(outcome(0..<1))
        _ = driver.submit(some(1), from: 3)
        #expect(said(driver.requestCopy()).isEmpty)
        let effects = driver.failed(.fenced)
        #expect(said(effects) == [.failure(1), .failure(2), .failure(3), .handOver(false)])
        guard case .deliver(let deliveries)? = effects.first,
            case let results = deliveries.map(\.result),
            case .failure(.fenced) = results[0],
            case .failure(.closed) = results[1]
        else {
            Issue.record("the first is told why, the others that the ledger is closed")
            return
        }
        // What was under way comes back, and leads to nothing.
        #expect(said(driver.decided(outcome(1..<2))).isEmpty)
        #expect(said(driver.wrote(next: number(1))).isEmpty)
        #expect(said(driver.submit(some(1), from: 4)) == [.failure(4)])
        #expect(said(driver.drain(for: 5)) == [.failure(5)])
        #expect(said(driver.requestCopy()) == [.handOver(false)])
        #expect(said(driver.failed(.closed)).isEmpty)
        #expect(driver.isIdle)
    }

    @Test func whoseEntriesWereInWhatFailedIsToldWhy() {
        var driver = LedgerDriver<Int>(next: number(0), maximumBatchCount: 40, crowdCount: 1)
        _ = driver.submit(some(1), from: 1)
        for caller in 2...4 {
            _ = driver.submit(some(1), from: caller)
            _ = driver.decided(outcome(UInt64(caller) - 2..<UInt64(caller) - 1))
        }
        // The second and the third are written together; the fourth is being decided.
        #expect(
            said(driver.wrote(next: number(1)))
                == [.answers(1, [number(0)]), .write(1..<2), .write(2..<3)]
        )
        guard case .deliver(let deliveries)? = driver.failed(.fenced).first else {
            Issue.record("everybody is told")
            return
        }
        let isFenced = deliveries.map { delivery in
            if case .failure(.fenced) = delivery.result { true } else { false }
        }
        #expect(isFenced == [true, true, false])
    }

    @Test func aClosedLedgerEndsWhatItBegan() {
        var driver = LedgerDriver<Int>(next: number(0))
        _ = driver.submit(some(1), from: 1)
        #expect([driver.close(), driver.close()] == [true, false])
        #expect(said(driver.submit(some(1), from: 2)) == [.failure(2)])
        #expect(said(driver.drain(for: 3)).isEmpty)
        #expect(said(driver.decided(outcome(0..<1))) == [.write(0..<1), .decide(0)])
        _ = driver.decided(outcome(1..<1))
        #expect(said(driver.wrote(next: number(1))) == [.answers(1, [number(0)]), .answers(3, [])])
        #expect(driver.isIdle)
    }

    @Test func aCopyIsHandedOverWhereItEnds() {
        var driver = LedgerDriver<Int>(next: number(0))
        _ = driver.submit(some(1), from: 1)
        #expect(said(driver.requestCopy()).isEmpty)
        _ = driver.submit(some(1), from: 2)
        // The copy comes before what waits, and what is decided after it waits for it.
        #expect(said(driver.decided(outcome(0..<1))) == [.write(0..<1), .copyState])
        #expect(said(driver.copied()) == [.decide(1)])
        #expect(said(driver.decided(outcome(1..<2))).isEmpty)
        #expect(
            said(driver.wrote(next: number(1)))
                == [.answers(1, [number(0)]), .handOver(true), .write(1..<2)]
        )
        #expect(said(driver.wrote(next: number(2))) == [.answers(2, [number(1)])])
        #expect(driver.isIdle)
    }

    @Test func aBatchFromAQueueIsDecidedWhenThereIsRoom() {
        typealias Submission = LedgerDriver<Int>.Submission
        var driver = LedgerDriver<Int>(next: number(0))
        #expect(driver.hasRoom)
        let batch = LedgerDriver<Int>.Batch([
            Submission(some(2), from: 1), Submission([], from: 2), Submission(some(1), from: 3),
        ])
        #expect(said(driver.submit(batch)) == [.decide(3)])
        #expect(!driver.hasRoom)
        #expect(said(driver.decided(outcome(0..<3))) == [.write(0..<3)])
        #expect(driver.hasRoom)
        // Whoever was let in before it was closed is not turned away.
        _ = driver.close()
        #expect(said(driver.submit(.init([Submission(some(1), from: 4)]))) == [.decide(1)])
        #expect(said(driver.submit(.init([Submission(some(2), from: 5)]))).isEmpty)
        #expect(said(driver.decided(outcome(3..<4))).isEmpty)
        #expect(!driver.hasRoom)
        #expect(said(driver.failed(.fenced)).count == 5)
        #expect(driver.hasRoom)
        #expect(said(driver.submit(.init([Submission(some(1), from: 6)]))) == [.failure(6)])
    }

    @Test func aPublicationComesOnceAllIsDurableAndBeforeTheLastAnswers() {
        var driver = LedgerDriver<Int>(next: number(0))
        let publication = BatchPublication {}
        _ = driver.submit(some(1), from: 1)
        for caller in 2...3 { _ = driver.submit(some(1), from: caller) }
        #expect(
            said(driver.decided(outcome(0..<1), publication: publication))
                == [.write(0..<1), .decide(2)]
        )
        #expect(said(driver.decided(outcome(1..<3), publication: publication)).isEmpty)
        #expect(
            said(driver.wrote(next: number(1)))
                == [.publish, .answers(1, [number(0)]), .write(1..<3)]
        )
        #expect(said(driver.wrote(next: number(2))) == [.answers(2, [number(1)])])
        #expect(said(driver.wrote(next: number(3))) == [.publish, .answers(3, [number(2)])])
        // Of what fails nothing is published.
        _ = driver.submit(some(1), from: 4)
        _ = driver.decided(outcome(3..<4), publication: publication)
        #expect(said(driver.failed(.fenced)) == [.failure(4)])
    }
}
