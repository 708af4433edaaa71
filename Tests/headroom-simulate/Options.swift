// SPDX-License-Identifier: Apache-2.0

/// What the command line asks for.
struct Options {
    /// Arguments that mean nothing.
    struct Fault: Error, CustomStringConvertible { var description: String }

    var first: UInt64 = 1
    var seedCount: UInt64 = 1_000
    var stepCount = 1_000
    /// Whether every step of every history is told.
    var narrates = false
    /// The planted bug that is on.
    var bug: String?
    /// Whether only the names of the planted bugs are asked for.
    var listsBugs = false

    init(_ arguments: some Sequence<String>) throws(Fault) {
        var rest = Array(arguments)[...]
        while let name = rest.popFirst() {
            switch name {
            case "--narrate": narrates = true
            case "--list-bugs": listsBugs = true
            case "--bug": bug = try Self.value(&rest, of: name)
            case "--seeds": seedCount = try Self.number(&rest, of: name)
            case "--first": first = try Self.number(&rest, of: name)
            case "--steps": stepCount = try Self.number(&rest, of: name)
            case "--seed":
                first = try Self.number(&rest, of: name)
                seedCount = 1
            default: throw Fault(description: "'\(name)' is not an option")
            }
        }
    }

    private static func value(
        _ rest: inout ArraySlice<String>,
        of name: String
    ) throws(Fault) -> String {
        guard let text = rest.popFirst() else {
            throw Fault(description: "\(name) needs a value")
        }
        return text
    }

    private static func number<Number: FixedWidthInteger>(
        _ rest: inout ArraySlice<String>,
        of name: String
    ) throws(Fault) -> Number {
        let text = try value(&rest, of: name)
        guard let number = Number(text), number >= 0 else {
            throw Fault(description: "\(name) needs a number, not '\(text)'")
        }
        return number
    }
}
