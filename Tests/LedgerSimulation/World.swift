// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger

/// What a caller wants done, and whether it knows that it is.
struct Request {
    var caller: Int
    var operations: [Operation]
    var isAnswered = false
}

/// What is under way between callers and processes.
enum Message {
    case ask(process: Int, Ticket)
    case answer(request: Int, Result<[LedgerAnswer], LedgerError>)
}

/// Everything there is in a simulation: a disk, processes, callers, and what is between them.
///
/// It changes by ``apply(_:)`` alone, and only as the step says: the same steps give the same world.
final class World {
    let seed: UInt64
    /// Whether entries are redacted, and legal holds placed.
    let redacts: Bool
    let stream: GeneratedStream
    let secret: LedgerSecret
    let key: HashKey
    let disk: SimulatedDisk
    let shelf = SimulatedSnapshotStore()
    var judge: Judge

    var requests: [Request] = []
    /// The requests that are not answered, oldest first.
    var open: [Int] = []
    var messages: [Message] = []
    var openings: [Opening] = []
    var processes: [LedgerProcess] = []
    var startedCount = 0
    /// The true time.
    var now: LedgerTime = .earliest
    /// Where a process ended with everything durable, and a checksum of its state.
    var lived: (next: EntryNumber, digest: UInt64)?
    /// Is told in words what happens.
    var narrate: ((String) -> Void)?

    /// Makes the world of a seed, in which nothing has happened yet.
    init(seed: UInt64, operationCount: Int) {
        self.seed = seed
        var random = SplitMix64(seed: seed)
        redacts = seed.isMultiple(of: 2)
        stream = GeneratedStream(
            seed: random.next(),
            profile: random.pick(StreamProfile.allCases),
            count: operationCount,
            retentionPercent: redacts ? 20 : 0
        )
        guard
            let secret = LedgerSecret(
                randomBytes: (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            )
        else { preconditionFailure("32 bytes are a secret") }
        self.secret = secret
        key = HashKey(first: random.next(), second: random.next())
        disk = SimulatedDisk(secret: secret)
        judge = Judge(stream.makeOracle())
    }

    /// The root of everything durable, by which histories are told apart.
    var root: LedgerHash { judge.root }

    /// How many entries are durable.
    var entryCount: Int { judge.entries.count }

    /// Lets a step happen, if there is anything for it to do.
    func apply(_ step: Step) throws(Violation) {
        switch step {
        case .ask, .retry, .deliver, .drop, .duplicate: applyToCallers(step)
        case .takeOver, .recover, .audit, .kill, .crash, .restoreSnapshot, .damageSnapshot,
            .loseSnapshot:
            try applyToMachine(step)
        default: try applyToProcess(step)
        }
    }

    // MARK: - Processes

    private func applyToProcess(_ step: Step) throws(Violation) {
        switch step {
        case .setClock(let index, let offMilliseconds):
            guard let process = process(index) else { return }
            say("the clock of process \(process.number) is off by \(offMilliseconds) ms")
            process.offMilliseconds = offMilliseconds
        case .decide(let index):
            guard let process = process(index), process.canDecide else { return }
            let now = time(offBy: process.offMilliseconds)
            process.decide(at: now, durable: disk.head.next)
            say("process \(process.number) decides at \(now), up to entry \(process.core.next)")
            try judge.judgeRejections(of: process)
        case .copyState(let index):
            guard let process = process(index), process.canCopy else { return }
            say("process \(process.number) copies its state")
            process.copyState()
        case .beginAppend(let index):
            guard let process = process(index), process.canBegin else { return }
            say("process \(process.number) writes a batch, unsynced")
            process.beginAppend()
        case .finishAppend(let index, let fate):
            guard let process = process(index), process.isAppending else { return }
            process.finishAppend(fate)
            try judge.look(at: disk, process: process)
            let end = process.hasFailed ? "failed" : "goes on"
            say("process \(process.number) syncs (\(fate)), \(end); durable: \(judge.next) entries")
        case .recall(let index, let failsAfter):
            guard let process = process(index), let numbers = process.toRecall else { return }
            say("process \(process.number) reads entries \(numbers) for replays")
            process.recall(failsAfter: failsAfter)
        case .tell(let index): try tell(index)
        case .requestSnapshot(let index):
            guard let process = process(index), !process.isSnapshotAsked else { return }
            say("process \(process.number) is asked for a snapshot")
            process.requestSnapshot()
        case .saveSnapshot(let index, let fails): saveSnapshot(index, fails: fails)
        default: return
        }
    }

    private func tell(_ index: Int) throws(Violation) {
        guard let process = process(index), process.canTell else { return }
        for delivery in process.tell() {
            let ticket = delivery.caller
            let result = delivery.result
            if case .success(let answers) = result {
                try judge.check(answers, to: ticket.operations)
            }
            say("process \(process.number) answers request \(ticket.request): \(words(result))")
            messages.append(.answer(request: ticket.request, result))
        }
    }

    private func saveSnapshot(_ index: Int, fails: Bool) {
        guard let process = process(index), let snapshot = process.takeSnapshot() else { return }
        shelf.failSaving(fails)
        let isSaved: Void? = try? shelf.save(snapshot.words.span.rawBytes, next: snapshot.next)
        let end = isSaved == nil ? "can not be saved" : "is saved"
        say("process \(process.number)'s snapshot before entry \(snapshot.next) \(end)")
    }

    // MARK: - Words

    /// The process that a number of a step means.
    func process(_ index: Int) -> LedgerProcess? {
        processes.isEmpty ? nil : processes[index % processes.count]
    }

    func time(offBy milliseconds: Int64) -> LedgerTime {
        let sum = now.millisecondsSince1970 + milliseconds
        return LedgerTime(millisecondsSince1970: max(0, sum)) ?? now
    }

    func say(_ text: @autoclosure () -> String) { narrate?(text()) }

    private func words(_ result: Result<[LedgerAnswer], LedgerError>) -> String {
        switch result {
        case .failure(let error): "\(error)"
        case .success(let answers):
            answers.map { answer in
                switch answer {
                case .recorded(let entry): "entry \(entry.number)"
                case .replayed(let entry): "entry \(entry.number) again"
                case .rejected(let rejection): "rejected, \(rejection.code)"
                }
            }.joined(separator: ", ")
        }
    }
}
