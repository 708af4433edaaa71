// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// Which columns or keys of a file of orders stand for which fields, where their names differ.
///
/// What is not named stands for the field of its own name.
public struct OrderMapping: Hashable, Sendable {
    /// A column or key and what it stands for.
    public struct Pair: Hashable, Sendable {
        /// The name in the file.
        public var name: String
        /// The field's name; `nil` if the column or key is passed over.
        public var field: String?

        /// Makes a pair.
        public init(name: String, field: String?) {
            self.name = name
            self.field = field
        }
    }

    /// The pairs, in the order in which they were given.
    public let pairs: [Pair]

    /// Every name stands for itself.
    public static let none = OrderMapping()

    private init() { pairs = [] }

    /// Makes a mapping.
    ///
    /// Whether the fields exist depends on the format, and is for the reader to say.
    ///
    /// - Throws: What is wrong: a name or a field that comes twice, or a name that is empty.
    public init(_ pairs: [Pair]) throws(Rejection) {
        var names: Set<String> = []
        var fields: Set<String> = []
        for pair in pairs {
            guard !pair.name.isEmpty else {
                throw OrderMapping.malformed(pair, expected: "the name of a column or key")
            }
            guard names.insert(pair.name).inserted else {
                throw OrderMapping.malformed(pair, expected: "\(pair.name) once")
            }
            if let field = pair.field, !fields.insert(field).inserted {
                throw OrderMapping.malformed(pair, expected: "one name for \(field)")
            }
        }
        self.pairs = pairs
    }

    /// The field that a name stands for; `nil` if it is passed over.
    func field(of name: String) -> String? {
        guard let pair = pairs.first(where: { $0.name == name }) else { return name }
        return pair.field
    }

    /// The name by which a file calls a field.
    func name(of field: String) -> String { pairs.first { $0.field == field }?.name ?? field }

    /// Complains of the first field that a format does not have.
    func check(_ fields: OrderFields) throws(Rejection) {
        guard let pair = pairs.first(where: { $0.field.map { !fields.all.contains($0) } ?? false })
        else { return }
        let hint = fields.closest(to: pair.field ?? "").map { "did you mean \($0)? " } ?? ""
        throw Rejection(
            .unknownField,
            field: "map",
            found: OrderMapping.text(pair),
            expected: "a known field; " + hint + fields.inWords
        )
    }

    private static func malformed(_ pair: Pair, expected: String) -> Rejection {
        Rejection(.malformedField, field: "map", found: text(pair), expected: expected)
    }

    /// A pair as a message shows it.
    static func text(_ pair: Pair) -> String {
        shownText(Array("\(pair.name)=\(pair.field ?? "")".utf8)[...])
    }
}
