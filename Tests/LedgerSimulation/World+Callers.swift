// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import QuotaLedger

extension World {
    /// How many callers there are.
    static let callerCount = 5

    func applyToCallers(_ step: Step) {
        switch step {
        case .ask(let caller, let first, let count, let index):
            ask(caller: caller, first: first, count: count, process: index)
        case .retry(let request, let index, let isRestamped):
            guard !open.isEmpty else { return }
            let request = open[request % open.count]
            if isRestamped {
                let time = callersTime(requests[request].caller)
                for index in requests[request].operations.indices {
                    guard requests[request].operations[index].time != nil else { continue }
                    requests[request].operations[index].time = time
                }
            }
            say("caller \(requests[request].caller) sends request \(request) again")
            send(request, to: index)
        case .deliver(let index):
            guard !messages.isEmpty else { return }
            deliver(messages.remove(at: index % messages.count))
        case .drop(let index):
            guard !messages.isEmpty else { return }
            say("a message is lost: \(words(messages.remove(at: index % messages.count)))")
        case .duplicate(let index):
            guard !messages.isEmpty else { return }
            let message = messages[index % messages.count]
            say("a message is there twice: \(words(message))")
            messages.append(message)
        default: return
        }
    }

    private func ask(caller: Int, first: Int, count: Int, process: Int) {
        let steps = stream.steps[min(first, stream.steps.count)...].prefix(count)
        guard let last = steps.last else { return }
        now = max(now, last.now)
        // Most let the ledger stamp them: what brings a time that has passed is rejected.
        var operations = steps.enumerated().map { offset, step in
            var operation = step.operation
            if first < Scheduler.openingCount || offset % 4 != 0 || operation.time == nil {
                operation.time = nil
            } else {
                operation.time = callersTime(caller)
            }
            return operation
        }
        if redacts, caller == 2, let again = redactedOperation(first) { operations.append(again) }
        say(
            "caller \(caller) sends request \(requests.count), operations \(first) and on: \(count)"
        )
        requests.append(Request(caller: caller, operations: operations))
        open.append(requests.count - 1)
        send(requests.count - 1, to: process)
    }

    /// An operation whose entry is redacted, asked again by somebody else: as it was, or with another
    /// text, which nobody is to be able to tell from the first one but the ledger.
    private func redactedOperation(_ pick: Int) -> Operation? {
        guard var again = judge.redactedOperation(pick) else { return nil }
        again.actor.person = PersonIdentifier(checked: "eve")
        if pick % 3 == 0, case .reserve(var reservation) = again.action {
            reservation.reference = "another reference"
            again.action = .reserve(reservation)
        }
        return again
    }

    /// Callers do not agree about the time: each is off by a little, one by a day.
    private func callersTime(_ caller: Int) -> LedgerTime {
        time(offBy: caller == 0 ? LedgerTime.millisecondsPerDay : Int64(caller) * 700 - 1_400)
    }

    private func send(_ request: Int, to index: Int) {
        let ticket = Ticket(request: request, operations: requests[request].operations)
        messages.append(.ask(process: process(index)?.number ?? -1, ticket))
    }

    private func deliver(_ message: Message) {
        say("arrives: \(words(message))")
        switch message {
        case .ask(let number, let ticket):
            // A process that has ended takes nothing, and nobody is told.
            processes.first { $0.number == number }?.submit(ticket)
        case .answer(let request, .success):
            requests[request].isAnswered = true
            open.removeAll { $0 == request }
        case .answer(_, .failure): break
        }
    }

    private func words(_ message: Message) -> String {
        switch message {
        case .ask(let process, let ticket): "request \(ticket.request) to process \(process)"
        case .answer(let request, .success): "the answer to request \(request)"
        case .answer(let request, .failure): "a failure of request \(request)"
        }
    }
}
