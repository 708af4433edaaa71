// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// What is said to one caller.
package struct LedgerDelivery<Caller: Sendable>: Sendable {
    enum Content {
        case failure(LedgerError)
        case answers(ArraySlice<CoreAnswer>, AnsweringEntries)
    }

    /// Who is answered.
    package let caller: Caller
    private let content: Content

    init(_ caller: Caller, _ content: Content) {
        self.caller = caller
        self.content = content
    }

    /// The answers, in the order of the operations.
    ///
    /// O(answers), put together only now so that nobody else has to wait for it.
    package var result: Result<[LedgerAnswer], LedgerError> {
        switch content {
        case .failure(let error): .failure(error)
        case .answers(let answers, let entries):
            .success(
                answers.map { answer in
                    switch answer {
                    case .recorded(let number): .recorded(entries[number])
                    case .replay(let number): .replayed(entries[number])
                    case .rejected(let rejection): .rejected(rejection)
                    }
                }
            )
        }
    }
}

/// What is said to several callers, in order.
///
/// O(1) to make, however many they are: what each is told is put together only while it is said, so
/// that neither the decider nor the writer waits for it.
package struct LedgerDeliveries<Caller: Sendable>: Sequence, Sendable {
    typealias Submission = LedgerDriver<Caller>.Submission

    /// Callers one behind the other, and what they are told.
    fileprivate enum Part {
        case answers(ArraySlice<Submission>, ArraySlice<CoreAnswer>, AnsweringEntries)
        case failure(ArraySlice<Submission>, LedgerError)

        var submissions: ArraySlice<Submission> {
            switch self {
            case .answers(let submissions, _, _), .failure(let submissions, _): submissions
            }
        }
    }

    private var parts: [Part] = []

    /// Tells nobody anything.
    init() {}

    init(
        _ submissions: ArraySlice<Submission>,
        _ answers: ArraySlice<CoreAnswer>,
        _ entries: AnsweringEntries
    ) {
        parts = [.answers(submissions, answers, entries)]
    }

    /// How many callers are told something.
    package var callerCount: Int { parts.reduce(0) { $0 + $1.submissions.count } }

    mutating func fail(_ submissions: some Collection<Submission>, _ error: LedgerError) {
        if !submissions.isEmpty { parts.append(.failure(ArraySlice(submissions), error)) }
    }

    /// Puts together what is said, caller by caller.
    package func makeIterator() -> Iterator { Iterator(parts: parts[...]) }

    /// Goes through what is said.
    package struct Iterator: IteratorProtocol {
        private var parts: ArraySlice<Part>
        private var place = 0
        private var answerPlace = 0

        fileprivate init(parts: ArraySlice<Part>) { self.parts = parts }

        /// What is said to the next caller; O(1), but for the first answer of a batch.
        package mutating func next() -> LedgerDelivery<Caller>? {
            while let part = parts.first {
                let submissions = part.submissions
                guard place < submissions.count else {
                    parts.removeFirst()
                    place = 0
                    answerPlace = 0
                    continue
                }
                let submission = submissions[submissions.startIndex + place]
                place += 1
                switch part {
                case .failure(_, let error):
                    return LedgerDelivery(submission.caller, .failure(error))
                case .answers(_, let answers, let entries):
                    let first = answers.startIndex + answerPlace
                    let end = first + submission.operations.count
                    answerPlace += submission.operations.count
                    return LedgerDelivery(
                        submission.caller,
                        .answers(answers[first..<end], entries)
                    )
                }
            }
            return nil
        }
    }
}
