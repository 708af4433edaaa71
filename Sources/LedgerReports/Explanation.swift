// SPDX-License-Identifier: Apache-2.0

/// What became of an operation, told to people: a sentence, facts, and the limits that were tested.
public struct Explanation: Hashable, Sendable {
    /// A line of the explanation.
    public struct Fact: Hashable, Sendable {
        /// What it is about, such as `mechanism`.
        public let label: String
        /// What there is to say.
        public let text: String

        init(_ label: String, _ text: String) {
            self.label = label
            self.text = plainText(text)
        }
    }

    /// All of it in one sentence.
    public let sentence: String
    /// More, in the order in which it is read.
    public let facts: [Fact]
    /// The limits that were tested, in order; `nil` when none was.
    public let limits: TextTable?
    /// What would let a refused order through; `nil` where nothing is known, or nobody looked.
    public let remedies: TextTable?
    /// Where each mechanism and limit that was tested comes from.
    public let sources: [Fact]

    init(
        sentence: String,
        facts: [Fact],
        limits: TextTable? = nil,
        remedies: TextTable? = nil,
        sources: [Fact] = []
    ) {
        self.sentence = plainText(sentence)
        self.facts = facts
        self.limits = limits
        self.remedies = remedies
        self.sources = sources
    }

    /// The explanation for people.
    ///
    /// - Parameters:
    ///   - width: The columns of the terminal; `nil` for as many as it takes, as for a file.
    ///   - style: How parts are stressed.
    /// - Returns: Text that ends with a line feed.
    public func text(width: Int? = nil, style: TextStyle = .plain) -> String {
        var sections = [wrapped(sentence, width: width ?? .max)]
        for table in [limits, remedies].compactMap(\.self) {
            sections.append(table.lines(width: width, style: style))
        }
        for facts in [facts, sources] where !facts.isEmpty {
            var table = TextTable([.word(""), .text("")])
            for fact in facts {
                table.append([TextTable.Cell(fact.label, .faint), TextTable.Cell(fact.text)])
            }
            sections.append(table.lines(width: width, style: style))
        }
        return sections.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }
}
