// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// A value of a rule file with the name of its field: reads one kind of thing, or says what was
/// found and what was expected.
struct Field {
    let node: YAMLNode
    /// Such as `mechanisms[7].limit.amount`.
    let path: String
    let findings: FindingCollector

    func fail(_ problem: String) { findings.add(problem, at: node.place, field: path) }

    /// Says what was found instead.
    func expected(_ expectation: String) { fail("found \(node.summary); expected \(expectation)") }

    /// The text of a scalar that is not empty.
    func scalar(_ expectation: String) -> String? {
        guard case .scalar(let text) = node.content, !text.isEmpty else {
            expected(expectation)
            return nil
        }
        return text
    }

    /// A value that a text stands for.
    func value<Value>(_ expectation: String, _ read: (String) -> Value?) -> Value? {
        guard let text = scalar(expectation) else { return nil }
        guard let value = read(text) else {
            expected(expectation)
            return nil
        }
        return value
    }

    /// Text for people, without control characters.
    func text(maximumByteCount: Int = 2_000) -> String? {
        value("text of 1 to \(maximumByteCount) bytes without control characters") { text in
            let isClean = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
            return text.utf8.count <= maximumByteCount && isClean ? text : nil
        }
    }

    /// A date.
    func date() -> CivilDate? {
        value("a date that exists, such as 2025-01-13") { CivilDate($0) }
    }

    /// A date, or the word `none`.
    func optionalDate() -> CivilDate?? {
        value("a date that exists, such as 2025-01-13, or none") { text -> CivilDate?? in
            if text == "none" { return .some(nil) }
            return CivilDate(text).map { .some($0) }
        }
    }

    /// `yes` or `no`.
    func yesOrNo() -> Bool? {
        value("yes or no") { ["yes": true, "no": false][$0] }
    }

    /// One of a closed set of words.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ type: Choice.Type = Choice.self
    ) -> Choice? {
        value(Self.words(Choice.allCases.map(\.rawValue))) { Choice(rawValue: $0) }
    }

    /// Several of a closed set of words, each once, at least one.
    func choices<Choice: RawRepresentable<String> & CaseIterable & Hashable>(
        _ type: Choice.Type = Choice.self
    ) -> [Choice]? {
        items()?.collect { item, earlier in
            guard let choice = item.choice(Choice.self) else { return nil }
            if earlier.contains(choice) { item.fail("\(quoted(choice.rawValue)) is listed twice") }
            return choice
        }
    }

    /// A country code of the country table.
    func country() -> CountryCode? {
        value("the two capital letters of an ISO 3166-1 country, such as NO") { text in
            CountryCode(text).flatMap { CountryTable.shipped.name(of: $0) == nil ? nil : $0 }
        }
    }

    /// The items of a list that is not empty.
    func items(mayBeEmpty: Bool = false) -> [Field]? {
        guard case .sequence(let nodes) = node.content else {
            expected("a list")
            return nil
        }
        guard mayBeEmpty || !nodes.isEmpty else {
            fail("found an empty list; expected at least one item")
            return nil
        }
        return nodes.enumerated().map { index, node in
            Field(node: node, path: "\(path)[\(index + 1)]", findings: findings)
        }
    }

    /// The fields of a group.
    func group() -> FieldGroup? {
        guard case .mapping(let entries) = node.content else {
            expected("a group of fields")
            return nil
        }
        return FieldGroup(entries: entries, place: node.place, path: path, findings: findings)
    }

    static func words(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.joined() }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }
}

extension [Field] {
    /// Reads every item, also after one that fails, so that all findings show.
    func collect<Value>(_ read: (Field, [Value]) -> Value?) -> [Value]? {
        var values: [Value] = []
        for item in self {
            if let value = read(item, values) { values.append(value) }
        }
        return values.count == count ? values : nil
    }
}
