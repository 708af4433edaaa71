// SPDX-License-Identifier: Apache-2.0

/// A place in a file.
struct Place: Hashable, Sendable {
    let line: Int
    let column: Int

    static let start = Place(line: 1, column: 1)
}

/// Gathers everything that is wrong with a file, so that one run shows it all.
///
/// Not thread-safe: one collector belongs to one parse.
final class FindingCollector {
    private var findings: [RulebookFinding] = []
    let fileName: String

    init(fileName: String) { self.fileName = fileName }

    func add(_ problem: String, at place: Place, field: String = "") {
        findings.append(
            RulebookFinding(line: place.line, column: place.column, field: field, problem: problem)
        )
    }

    var isEmpty: Bool { findings.isEmpty }

    var error: RulebookError { RulebookError(fileName: fileName, findings: findings) }
}

/// Text of a file in a message: in quotes, at most 60 characters, without control characters.
func quoted(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars.prefix(60) {
        shown.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7f ? "?" : scalar)
    }
    return "\"" + shown + (text.unicodeScalars.count > 60 ? "…" : "") + "\""
}
