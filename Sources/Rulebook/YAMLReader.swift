// SPDX-License-Identifier: Apache-2.0

import Yams

/// Reads the YAML that rule files are written in: mappings, lists and text, nothing else.
///
/// Anchors, aliases, tags, duplicate keys, keys that are not text and second documents are findings.
/// What could make the parser recurse or expand without bound is turned away before it runs.
struct YAMLReader {
    /// The largest file, in bytes: it has to fit an entry of the log.
    static let maximumByteCount = 60_000

    let findings: FindingCollector

    /// The root of the file, or `nil` when it can not be read at all.
    func read(_ bytes: [UInt8]) -> YAMLNode? {
        guard bytes.count <= Self.maximumByteCount else {
            findings.add(
                "found \(bytes.count) bytes; expected at most \(Self.maximumByteCount)",
                at: .start
            )
            return nil
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            findings.add(
                "found bytes that are not UTF-8; expected UTF-8 text",
                at: Self.placeOfBrokenText(bytes)
            )
            return nil
        }
        guard YAMLPrescan(bytes: bytes, findings: findings).passes() else { return nil }
        return parse(text)
    }

    private func parse(_ text: String) -> YAMLNode? {
        do {
            // Nodes are read as they are; to make its own constructor takes a tenth of the reading.
            let parser = try Parser(
                yaml: text,
                resolver: .basic,
                constructor: Constructor([:], [:], [:]),
                encoding: .utf8
            )
            // The nodes hold their anchors weakly: they are gone when the parser is.
            return try withExtendedLifetime(parser) {
                guard let root = try parser.singleRoot() else {
                    findings.add("found nothing; expected the fields of a rulebook", at: .start)
                    return nil
                }
                return convert(root)
            }
        } catch let error as YamlError {
            report(error)
        } catch {
            findings.add("can not be read as YAML: \(error)", at: .start)
        }
        return nil
    }

    private func convert(_ node: Node) -> YAMLNode? {
        let place = Self.place(node.mark)
        if node.anchor != nil {
            findings.add("found an anchor (&); expected the value written out", at: place)
            return nil
        }
        switch node {
        case .scalar(let scalar):
            guard isUntagged(scalar) else {
                findings.add("found a tag (!); expected plain text without one", at: place)
                return nil
            }
            return YAMLNode(content: .scalar(scalar.string), place: place)
        case .sequence(let sequence):
            guard isImplicit(sequence.tag) else {
                findings.add("found a tag (!); expected a list without one", at: place)
                return nil
            }
            let nodes = sequence.map { item in convert(item) }
            return YAMLNode(content: .sequence(nodes.compactMap(\.self)), place: place)
        case .mapping(let mapping):
            return convert(mapping, at: place)
        case .alias:
            findings.add("found an alias (*); expected the value written out", at: place)
            return nil
        }
    }

    private func convert(_ mapping: Node.Mapping, at place: Place) -> YAMLNode? {
        guard isImplicit(mapping.tag) else {
            findings.add("found a tag (!); expected fields without one", at: place)
            return nil
        }
        var entries: [YAMLNode.Entry] = []
        for (key, value) in mapping {
            let keyPlace = Self.place(key.mark)
            guard case .scalar(let scalar) = key, key.anchor == nil else {
                findings.add("found a key that is not text; expected a field's name", at: keyPlace)
                continue
            }
            guard let converted = convert(value) else { continue }
            entries.append(
                YAMLNode.Entry(key: scalar.string, place: keyPlace, value: converted)
            )
        }
        return YAMLNode(content: .mapping(entries), place: place)
    }

    /// Quoted and block text carries the tag of text by itself; plain text carries none.
    private func isUntagged(_ scalar: Node.Scalar) -> Bool {
        isImplicit(scalar.tag)
            || (scalar.style != .plain && scalar.tag.rawValue == Tag.Name.str.rawValue)
    }

    private func isImplicit(_ tag: Tag) -> Bool { tag.rawValue == Tag.Name.implicit.rawValue }

    private func report(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let detail = context.map { "\($0.text), " } ?? ""
            findings.add("not YAML: \(detail)\(problem)", at: Self.place(mark))
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map(quoted).joined(separator: ", ")
            findings.add(
                "found the key \(names) more than once in one group of fields (the first is here); "
                    + "expected it once",
                at: Self.place(context.mark)
            )
        case .reader(let problem, let offset, _, let yaml):
            findings.add("not YAML: \(problem)", at: Self.place(of: offset ?? 0, in: yaml))
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            findings.add("can not be read as YAML: \(error)", at: .start)
        }
    }

    private static func place(_ mark: Mark?) -> Place {
        mark.map { Place(line: $0.line, column: $0.column) } ?? .start
    }

    /// The place of a character, by its offset in characters.
    private static func place(of offset: Int, in text: String) -> Place {
        var line = 1
        var column = 1
        for character in text.prefix(offset) {
            column += 1
            if character.isNewline { (line, column) = (line + 1, 1) }
        }
        return Place(line: line, column: column)
    }

    /// The place of the first byte that is not UTF-8, by lines that end in a line feed.
    private static func placeOfBrokenText(_ bytes: [UInt8]) -> Place {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var place = (line: 1, column: 1)
        while case .scalarValue(let scalar) = decoder.decode(&iterator) {
            place = scalar == "\n" ? (place.line + 1, 1) : (place.line, place.column + 1)
        }
        return Place(line: place.line, column: place.column)
    }
}
