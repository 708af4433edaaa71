// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What waits to be decided: any number of threads put submissions, the decider takes them.
///
/// The bound is on operations. While there is room a submission takes no lock: it is counted
/// (``Admission``), put (``SubmissionRing``), and the decider woken if it sleeps (``Doorbell``).
/// Once there is none, who does not want to wait is told so at once, and who does stands in line
/// behind those who came before, under a lock that nobody else takes; room goes to the line first,
/// so nobody is overtaken and nobody waits for ever. A submission that is larger than the bound is
/// admitted when the queue is empty.
package final class SubmissionQueue<Element: Sendable>: Sendable {
    /// What became of a submission.
    package enum Outcome: Hashable, Sendable {
        /// It is in the queue, or in line; whether the caller has to start the decider, who sleeps, or
        /// to tell it of a crowd that it awaits.
        case taken(mustStartDecider: Bool, mustTellOfCrowd: Bool = false)
        /// There is no room until at least so many operations have been decided.
        case full(excessCount: Int)
        /// Nothing is taken any more.
        case closed
    }

    private struct Waiting: Sendable {
        var element: Element
        var weight: Int
        var isTakenWhenClosed: Bool
    }

    /// Those in line; the first `gone` of them no more.
    private struct Line: Sendable {
        var waiting: [Waiting] = []
        var gone = 0

        var first: Waiting? { gone < waiting.count ? waiting[gone] : nil }

        mutating func removeFirst() {
            gone += 1
            guard gone == waiting.count || gone >= 1_024 else { return }
            waiting.removeFirst(gone)
            gone = 0
        }
    }

    private let operationCount: @Sendable (Element) -> Int
    private let admission: Admission
    private let ring: SubmissionRing<Element>
    private let bell = Doorbell()
    private let line = VisibleMutex(Line())
    /// How many operations stand in line.
    private let lineCount = Atomic<Int>(0)

    /// Makes a queue whose decider sleeps.
    ///
    /// - Parameters:
    ///   - bound: The most operations in it.
    ///   - crowdCount: How many operations are a crowd.
    ///   - operationCount: How many operations an element has.
    package init(
        bound: Int,
        crowdCount: Int = Ledger.crowdCount,
        operationCount: @escaping @Sendable (Element) -> Int
    ) {
        admission = Admission(bound: bound, crowdCount: crowdCount)
        ring = SubmissionRing(minimumCapacity: bound)
        self.operationCount = operationCount
    }

    // MARK: - For whoever submits

    /// Puts a submission at the end, or says why not.
    ///
    /// - Parameters:
    ///   - element: The submission.
    ///   - waitsForRoom: Whether it stands in line if there is no room; nothing blocks either way.
    ///   - isTakenWhenClosed: Whether it is no new business.
    /// - Returns: What became of it.
    package func put(
        _ element: Element,
        waitsForRoom: Bool,
        isTakenWhenClosed: Bool = false
    ) -> Outcome {
        let weight = admission.weight(ofOperations: operationCount(element))
        switch admission.admit(weight: weight, isTakenWhenClosed: isTakenWhenClosed) {
        case .admitted(let isCrowd):
            return .taken(mustStartDecider: place(element), mustTellOfCrowd: isCrowd)
        case .closed: return .closed
        case .full(let count):
            guard waitsForRoom else {
                // Relaxed: a figure for an estimate.
                let ahead = count + lineCount.load(ordering: .relaxed)
                return .full(excessCount: max(1, ahead + weight - admission.bound))
            }
            return standInLine(
                Waiting(element: element, weight: weight, isTakenWhenClosed: isTakenWhenClosed)
            )
        }
    }

    /// Takes nothing new any more; what is in the queue or in line stays.
    package func close() { admission.close() }

    /// Whether the decider has taken everything that was let in, and nobody stands in line.
    package var isIdle: Bool { admission.isIdle }

    private func place(_ element: Element) -> Bool {
        let isPlaced = ring.put(element)
        precondition(isPlaced, "who is admitted finds a cell")
        return bell.ring()
    }

    private func standInLine(_ waiting: Waiting) -> Outcome {
        let answer = line.withLock { line in
            // All room may have been given back before anyone looked for a line. So it is formed
            // first, and then room is asked for once more.
            admission.formLine()
            let answer: Admission.Answer =
                if line.first == nil {
                    admission.admit(
                        weight: waiting.weight,
                        isFirstInLine: true,
                        isTakenWhenClosed: waiting.isTakenWhenClosed
                    )
                } else if admission.isClosed, !waiting.isTakenWhenClosed {
                    .closed
                } else {
                    .full(operationCount: admission.bound)
                }
            if case .full = answer { join(&line, waiting) }
            if line.first == nil { admission.dissolveLine() }
            return answer
        }
        return switch answer {
        case .admitted(let isCrowd):
            .taken(mustStartDecider: place(waiting.element), mustTellOfCrowd: isCrowd)
        case .full: .taken(mustStartDecider: false)
        case .closed: .closed
        }
    }

    private func join(_ line: inout Line, _ waiting: Waiting) {
        line.waiting.append(waiting)
        // Relaxed: a figure for an estimate.
        lineCount.wrappingAdd(waiting.weight, ordering: .relaxed)
    }

    // MARK: - For the decider

    /// Takes submissions from the front: at most `maximumCount` operations, or one submission.
    package func take(upTo maximumCount: Int) -> [Element] {
        var taken: [Element] = []
        var count = 0
        var weight = 0
        while let element = ring.take(if: { [operationCount] in
            taken.isEmpty || count + operationCount($0) <= maximumCount
        }) {
            count += operationCount(element)
            weight += admission.weight(ofOperations: operationCount(element))
            taken.append(element)
        }
        if weight > 0, admission.giveBack(weight: weight) { admitLine() }
        return taken
    }

    /// Whether ``take(upTo:)`` would find something.
    package var hasFront: Bool { ring.hasFront }

    /// Falls asleep if nothing is there; whoever puts something then starts a decider anew.
    package func sleepIfEmpty() -> Bool {
        let rings = bell.rings
        return !ring.hasFront && bell.sleep(since: rings)
    }

    /// Has whoever makes a crowd of what is in the queue tell of it; whether there is one already.
    package func awaitCrowd() -> Bool { admission.awaitCrowd() }

    /// Wakes a decider that sleeps; whether the caller has to start it.
    package func wakeDecider() -> Bool { bell.wake() }

    private func admitLine() {
        line.withLock { line in
            while let first = line.first {
                let answer = admission.admit(
                    weight: first.weight,
                    isFirstInLine: true,
                    isTakenWhenClosed: true
                )
                // The decider, who gives the room away, will look how many there are.
                guard case .admitted = answer else { return }
                let isPlaced = ring.put(first.element)
                precondition(isPlaced, "who is admitted finds a cell")
                lineCount.wrappingSubtract(first.weight, ordering: .relaxed)
                line.removeFirst()
            }
            admission.dissolveLine()
        }
    }
}
