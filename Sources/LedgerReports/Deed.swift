// SPDX-License-Identifier: Apache-2.0

/// What an operation is about and what it brings about, in words.
struct Deed {
    /// Where the sentence begins of what was done: `Party ACME`.
    let subject: String
    /// What happened: `was blocked`.
    let past: String
    /// What is proposed to happen: `to be blocked`.
    let future: String
    /// Where the sentence begins of what was refused: `Block of party ACME`.
    let asked: String

    init(_ subject: String, past: String, future: String = "", asked: String? = nil) {
        self.subject = subject
        self.past = past
        self.future = future
        self.asked = asked ?? subject
    }

    /// A deed told in the passive; `inAnswer` is said only of one that was done.
    init(
        _ subject: String,
        was participle: String,
        inAnswer: String = "",
        asked: String? = nil
    ) {
        self.init(
            subject,
            past: "was \(participle)\(inAnswer)",
            future: "to be \(participle)",
            asked: asked
        )
    }
}
