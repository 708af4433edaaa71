// SPDX-License-Identifier: Apache-2.0

/// A value of a YAML file with its place.
///
/// Scalars are text: nothing has an implicit type, so `NO` is Norway and `1_000` is five characters.
struct YAMLNode: Sendable {
    /// A key of a mapping with its value.
    struct Entry: Sendable {
        let key: String
        let place: Place
        let value: YAMLNode
    }

    indirect enum Content: Sendable {
        case scalar(String)
        case sequence([YAMLNode])
        case mapping([Entry])
    }

    let content: Content
    let place: Place

    /// What the value is, in the words of a message.
    var summary: String {
        switch content {
        case .scalar(let text): text.isEmpty ? "nothing" : quoted(text)
        case .sequence: "a list"
        case .mapping: "a group of fields"
        }
    }
}
