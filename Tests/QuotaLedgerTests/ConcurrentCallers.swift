// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Synchronization

/// What one caller asked in one go and was told, and when, by a clock that only counts.
struct Exchange: Sendable {
    var operations: [Operation]
    /// When it asked, and when it had its answers; no two moments of a history are the same.
    var asked: Int
    var told: Int
    var answers: Result<[LedgerAnswer], LedgerError>

    /// Each operation with its answer, of an exchange that did not fail.
    var pairs: [(operation: Operation, answer: LedgerAnswer)] {
        guard case .success(let answers) = answers else { return [] }
        return zip(operations, answers).map { ($0, $1) }
    }

    /// The numbers of the entries that it made.
    var numbers: [EntryNumber] {
        pairs.compactMap { if case .recorded(let entry) = $0.answer { entry.number } else { nil } }
    }
}

/// Callers of one ledger, on threads and in tasks, and what they were told.
final class ConcurrentCallers: Sendable {
    let ledger: Ledger
    private let moments = Atomic<Int>(0)
    private let known = Mutex<[Exchange]>([])

    init(_ ledger: Ledger) { self.ledger = ledger }

    var exchanges: [Exchange] { known.withLock { $0 } }

    var exchangeCount: Int { known.withLock { $0.count } }

    private func moment() -> Int {
        // Acquiring and releasing: what was told before one moment was told before the next.
        moments.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue
    }

    private func note(
        _ operations: [Operation],
        _ asked: Int,
        _ answers: Result<[LedgerAnswer], LedgerError>
    ) {
        let exchange = Exchange(
            operations: operations,
            asked: asked,
            told: moment(),
            answers: answers
        )
        known.withLock { $0.append(exchange) }
    }

    /// Asks and blocks; whether the ledger still takes anything.
    @discardableResult
    func ask(_ operations: [Operation]) -> Bool {
        let asked = moment()
        let result: Result<[LedgerAnswer], LedgerError>
        do throws(LedgerError) {
            result = .success(try ledger.submit(operations))
        } catch {
            result = .failure(error)
        }
        note(operations, asked, result)
        if case .success = result { return true }
        return false
    }

    /// Asks in a task.
    func askInTask(_ operations: [Operation]) async {
        let asked = moment()
        let result: Result<[LedgerAnswer], LedgerError>
        do throws(LedgerError) {
            result = .success(try await ledger.answers(to: operations))
        } catch {
            result = .failure(error)
        }
        note(operations, asked, result)
    }

    /// Has every request asked by one of so many threads or tasks, each asking one after the other.
    func ask(_ requests: [[Operation]], threadCount: Int, taskCount: Int) async {
        let callerCount = threadCount + taskCount
        await withTaskGroup(of: Void.self) { group in
            for caller in 0..<callerCount {
                let own = stride(from: caller, to: requests.count, by: callerCount).map {
                    requests[$0]
                }
                if caller < threadCount {
                    group.addTask {
                        await onThread { for request in own { self.ask(request) } }
                    }
                } else {
                    group.addTask { for request in own { await self.askInTask(request) } }
                }
            }
        }
    }
}

/// Judges what concurrent callers were told against the oracle, one operation at a time.
struct HistoryJudge {
    let stream: GeneratedStream
    let now: LedgerTime
    let exchanges: [Exchange]

    /// Says where the history is not one that a ledger without concurrency could have had, or `nil`.
    func firstFault(in log: any EntryLog) throws -> String? {
        try orderFault() ?? oracleFault(log)
    }

    /// Whoever was told before another asked has the lower number.
    private func orderFault() -> String? {
        let recorded = exchanges.filter { !$0.numbers.isEmpty }
        var toldFirst = recorded.sorted { $0.told < $1.told }[...]
        var highest: EntryNumber?
        for exchange in recorded.sorted(by: { $0.asked < $1.asked }) {
            while let told = toldFirst.first, told.told < exchange.asked {
                highest = max(highest ?? told.numbers[0], told.numbers[told.numbers.count - 1])
                toldFirst.removeFirst()
            }
            if exchange.numbers != exchange.numbers.sorted() {
                return "the operations of one request were decided out of order"
            }
            if let highest, exchange.numbers[0] < highest {
                return "entry \(exchange.numbers[0]) was asked for after \(highest) was answered"
            }
        }
        return nil
    }

    private func oracleFault(_ log: any EntryLog) throws -> String? {
        var oracle = stream.makeOracle()
        var rejected = exchanges.flatMap { exchange in
            exchange.pairs.compactMap { pair in
                if case .rejected(let rejection) = pair.answer {
                    (exchange: exchange, operation: pair.operation, code: rejection.code)
                } else {
                    nil
                }
            }
        }
        let recorded =
            exchanges.flatMap { exchange in
                exchange.pairs.compactMap { pair in
                    if case .recorded(let entry) = pair.answer {
                        (exchange: exchange, operation: pair.operation, entry: entry)
                    } else {
                        nil
                    }
                }
            }
            .sorted { $0.entry.number < $1.entry.number }
        for place in 0...recorded.count {
            // A rejection has no number: some place must do that the times allow.
            rejected.removeAll { rejection in
                let isLate =
                    place > 0 && recorded[place - 1].exchange.asked > rejection.exchange.told
                let isEarly =
                    place < recorded.count
                    && recorded[place].exchange.told < rejection.exchange.asked
                guard !isLate, !isEarly else { return false }
                var tried = oracle
                return tried.apply(rejection.operation, now: now) == .rejected(rejection.code)
            }
            guard place < recorded.count else { break }
            let (_, operation, entry) = recorded[place]
            let answer = oracle.apply(operation, now: now)
            guard answer == .entry(entry) else {
                return "entry \(entry.number): answered \(entry), expected \(answer)"
            }
        }
        if let rejection = rejected.first {
            return "\(rejection.operation) was rejected as \(rejection.code) at no possible moment"
        }
        for exchange in exchanges {
            for case (let operation, .replayed(let entry)) in exchange.pairs {
                guard oracle.apply(operation, now: now) == .replay(entry.number),
                    oracle.entries[Int(entry.number.rawValue)] == entry
                else { return "\(operation) is no replay of entry \(entry.number)" }
            }
        }
        guard try log.head().next == UInt64(oracle.entries.count) else {
            return "\(try log.head().next) entries, \(oracle.entries.count) expected"
        }
        for wanted in oracle.entries {
            guard try log.entry(wanted.number) == wanted else {
                return "entry \(wanted.number) in the log differs"
            }
        }
        return nil
    }
}
