// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// Checks JSON against a schema in the part of JSON Schema (2020-12) that this package's schemas
/// use: `type`, `const`, `enum`, `required`, `properties`, `additionalProperties`, `items`,
/// `minItems`, `minimum`, `maximum`, `pattern` and `$ref` to `$defs`.
///
/// A keyword that it does not know is a finding, so that no schema asks in vain.
public struct SchemaCheck {
    private let schema: [String: Any]

    private static let remarks: Set<String> = [
        "$schema", "$id", "$defs", "title", "description",
    ]
    private static let known: Set<String> = [
        "type", "const", "enum", "required", "properties", "additionalProperties", "items",
        "minItems", "minimum", "maximum", "pattern", "$ref",
    ]

    /// Reads a schema.
    ///
    /// - Throws: ``ReportFileError`` if it is no JSON object.
    public init(schema: Data) throws {
        guard
            let object = try? JSONSerialization.jsonObject(with: schema),
            let schema = object as? [String: Any]
        else { throw ReportFileError(path: "schema", finding: "it is no JSON object") }
        self.schema = schema
    }

    /// What does not fit, one line each, with the place; empty if everything does.
    public func findings(in data: Data) -> [String] {
        guard
            let value = try? JSONSerialization.jsonObject(
                with: data,
                options: [.fragmentsAllowed]
            )
        else { return ["$: it is no JSON"] }
        return check(value, schema, at: "$")
    }

    private func check(_ value: Any, _ schema: [String: Any], at place: String) -> [String] {
        var findings: [String] = []
        for keyword in schema.keys.sorted() where !Self.remarks.contains(keyword) {
            guard Self.known.contains(keyword) else {
                findings.append("\(place): the schema has an unknown keyword \(keyword)")
                continue
            }
            guard let argument = schema[keyword] else { continue }
            findings += check(value, keyword, argument, schema, at: place)
        }
        return findings
    }

    private func check(
        _ value: Any,
        _ keyword: String,
        _ argument: Any,
        _ schema: [String: Any],
        at place: String
    ) -> [String] {
        switch keyword {
        case "$ref":
            guard let name = (argument as? String)?.split(separator: "/").last,
                let definitions = self.schema["$defs"] as? [String: Any],
                let definition = definitions[String(name)] as? [String: Any]
            else { return ["\(place): the schema has no \(argument)"] }
            return check(value, definition, at: place)
        case "type":
            let names = (argument as? [String]) ?? [argument as? String ?? ""]
            let fits = names.contains { Self.has(value, type: $0) }
            return fits ? [] : ["\(place): not of type \(names.joined(separator: " or "))"]
        case "const":
            return Self.equal(value, argument) ? [] : ["\(place): not \(argument)"]
        case "enum":
            let values = argument as? [Any] ?? []
            return values.contains { Self.equal(value, $0) }
                ? [] : ["\(place): not one of the listed"]
        case "minimum":
            guard let number = value as? NSNumber, let least = argument as? NSNumber,
                number.doubleValue < least.doubleValue
            else { return [] }
            return ["\(place): less than \(least)"]
        case "maximum":
            guard let number = value as? NSNumber, let most = argument as? NSNumber,
                number.doubleValue > most.doubleValue
            else { return [] }
            return ["\(place): more than \(most)"]
        case "pattern":
            guard let text = value as? String, let pattern = argument as? String else { return [] }
            let fits = text.range(of: pattern, options: .regularExpression) != nil
            return fits ? [] : ["\(place): does not match \(pattern)"]
        case "items", "minItems":
            return checkItems(value, keyword, argument, at: place)
        default:
            return checkObject(value, keyword, argument, schema, at: place)
        }
    }

    private func checkItems(
        _ value: Any,
        _ keyword: String,
        _ argument: Any,
        at place: String
    ) -> [String] {
        guard let items = value as? [Any] else { return [] }
        if keyword == "minItems" {
            let least = (argument as? NSNumber)?.intValue ?? 0
            return items.count < least ? ["\(place): fewer than \(least) items"] : []
        }
        guard let schema = argument as? [String: Any] else { return [] }
        return items.enumerated().flatMap { check($1, schema, at: "\(place)[\($0)]") }
    }

    private func checkObject(
        _ value: Any,
        _ keyword: String,
        _ argument: Any,
        _ schema: [String: Any],
        at place: String
    ) -> [String] {
        guard let object = value as? [String: Any] else { return [] }
        let properties = schema["properties"] as? [String: Any] ?? [:]
        switch keyword {
        case "required":
            return (argument as? [String] ?? []).filter { object[$0] == nil }
                .map { "\(place): \($0) is missing" }
        case "properties":
            return object.keys.sorted().flatMap { name -> [String] in
                guard let schema = properties[name] as? [String: Any], let value = object[name]
                else { return [] }
                return check(value, schema, at: "\(place).\(name)")
            }
        default:
            let others = object.keys.sorted().filter { properties[$0] == nil }
            if let schema = argument as? [String: Any] {
                return others.flatMap { check(object[$0] ?? "", schema, at: "\(place).\($0)") }
            }
            return (argument as? Bool) == false
                ? others.map { "\(place): \($0) is not in the schema" } : []
        }
    }

    private static func has(_ value: Any, type: String) -> Bool {
        switch type {
        case "object": return value is [String: Any]
        case "array": return value is [Any]
        case "string": return value is String
        case "null": return value is NSNull
        case "boolean": return isBoolean(value)
        case "number": return value is NSNumber && !isBoolean(value)
        case "integer":
            guard let number = value as? NSNumber, !isBoolean(value) else { return false }
            return number.doubleValue == number.doubleValue.rounded()
        default: return false
        }
    }

    private static func isBoolean(_ value: Any) -> Bool {
        // The one way to tell `true` from 1. Safe: the text lives as long as the number.
        (value as? NSNumber).map { unsafe String(cString: $0.objCType) == "c" } ?? (value is Bool)
    }

    private static func equal(_ one: Any, _ other: Any) -> Bool {
        if let one = one as? String { return one == other as? String }
        if let one = one as? NSNumber { return one == other as? NSNumber }
        return false
    }
}
