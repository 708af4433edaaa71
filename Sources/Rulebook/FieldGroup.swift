// SPDX-License-Identifier: Apache-2.0

/// The fields of one group: each is asked for by name, and what nobody asked for is a finding.
///
/// Not thread-safe: one group belongs to one parse.
final class FieldGroup {
    let place: Place
    let path: String
    let findings: FindingCollector
    private let entries: [YAMLNode.Entry]
    private var asked: [String] = []

    init(entries: [YAMLNode.Entry], place: Place, path: String, findings: FindingCollector) {
        self.entries = entries
        self.place = place
        self.path = path
        self.findings = findings
    }

    /// A field that may be missing.
    func optional(_ key: String) -> Field? {
        asked.append(key)
        return entries.first { $0.key == key }.map { entry in
            Field(node: entry.value, path: self.path(of: key), findings: findings)
        }
    }

    /// A field that has to be there.
    func required(_ key: String) -> Field? {
        if let field = optional(key) { return field }
        findings.add("the field is missing", at: place, field: path(of: key))
        return nil
    }

    /// The group of fields under a name.
    func group(_ key: String) -> FieldGroup? { required(key)?.group() }

    /// The citation that every number has.
    func citation() -> String? { required("citation")?.text() }

    /// A value under a name, with the citation beside it.
    func cited<Value>(_ key: String, _ read: (Field) -> Value?) -> Cited<Value>? {
        let value = required(key).flatMap(read)
        let citation = citation()
        finish()
        guard let value, let citation else { return nil }
        return Cited(value: value, citation: citation)
    }

    /// Reports what nobody asked for.
    ///
    /// To be called once everything has been asked for.
    func finish() {
        for entry in entries where !asked.contains(entry.key) {
            let isAmountInBraces = entry.key.utf8.allSatisfy {
                $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")
            }
            let hint =
                isAmountInBraces
                ? "; a number with commas can not stand in braces: write each field on its own line"
                : ""
            findings.add(
                "there is no such field; expected \(Field.words(asked))\(hint)",
                at: entry.place,
                field: self.path(of: entry.key)
            )
        }
    }

    private func path(of key: String) -> String {
        let shown = String(
            key.unicodeScalars.prefix(60).map { $0.value < 0x20 ? "?" : Character($0) }
        )
        return path.isEmpty ? shown : path + "." + shown
    }
}
