// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// Writes JSON (RFC 8259), value by value, as UTF-8 bytes.
///
/// Each value at the top level ends its line, so several of them in compact layout are NDJSON.
/// Take the bytes away with ``takeBytes()`` whenever there are enough of them; a value may be
/// half written then. Asking for something that is not JSON, such as a key in an array, is a bug
/// and traps.
public struct JSONWriter: Sendable {
    /// How values are laid out.
    public enum Layout: Sendable {
        /// No blanks at all: one line a value.
        case compact
        /// One member or element a line, two blanks deeper for each level.
        case pretty
    }

    private enum Container: Sendable {
        case object
        case array
    }

    private let layout: Layout
    private var bytes: [UInt8] = []
    private var containers: [Container] = []
    /// Whether the innermost container has something in it already.
    private var hasElements = false
    /// Whether a key waits for its value.
    private var awaitsValue = false

    /// Makes a writer that has written nothing.
    public init(layout: Layout = .compact) { self.layout = layout }

    /// How many bytes are waiting to be taken.
    public var byteCount: Int { bytes.count }

    /// Hands over what was written since the last time.
    public mutating func takeBytes() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    /// Begins an object; its members follow, each a key and a value.
    public mutating func beginObject() { begin(.object, UInt8(ascii: "{")) }

    /// Ends the innermost object.
    public mutating func endObject() { end(.object, UInt8(ascii: "}")) }

    /// Begins an array; its elements follow.
    public mutating func beginArray() { begin(.array, UInt8(ascii: "[")) }

    /// Ends the innermost array.
    public mutating func endArray() { end(.array, UInt8(ascii: "]")) }

    /// Writes a member's key; its value must follow.
    ///
    /// That the keys of an object differ is up to the caller.
    public mutating func key(_ name: String) {
        precondition(containers.last == .object, "a key must stand in an object")
        precondition(!awaitsValue, "a key must be followed by its value")
        separate()
        appendQuoted(name)
        bytes.append(UInt8(ascii: ":"))
        if layout == .pretty { bytes.append(0x20) }
        awaitsValue = true
    }

    /// Writes a string.
    public mutating func string(_ text: String) {
        beginValue()
        appendQuoted(text)
        endValue()
    }

    /// Writes an integer.
    public mutating func integer(_ number: Int64) {
        beginValue()
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        appendDigits(number.magnitude)
        endValue()
    }

    /// Writes an integer.
    public mutating func integer(_ number: UInt64) {
        beginValue()
        appendDigits(number)
        endValue()
    }

    /// Writes `true` or `false`.
    public mutating func boolean(_ value: Bool) {
        literal(value ? "true" : "false")
    }

    /// Writes `null`.
    public mutating func null() { literal("null") }

    /// Writes an instant as an RFC 3339 string in UTC with milliseconds.
    public mutating func time(_ time: LedgerTime) {
        beginValue()
        bytes.append(UInt8(ascii: "\""))
        RFC3339.append(time, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
        endValue()
    }

    /// Writes a calendar date as a string.
    public mutating func date(_ date: CivilDate) {
        beginValue()
        bytes.append(UInt8(ascii: "\""))
        RFC3339.append(date, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
        endValue()
    }
}

extension JSONWriter {
    /// Writes a member that is a string, or `null`.
    public mutating func member(_ name: String, _ text: String?) {
        key(name)
        if let text { string(text) } else { null() }
    }

    /// Writes a member that is an integer, or `null`.
    public mutating func member(_ name: String, _ number: Int64?) {
        key(name)
        if let number { integer(number) } else { null() }
    }

    /// Writes a member that is `true` or `false`.
    public mutating func member(_ name: String, _ value: Bool) {
        key(name)
        boolean(value)
    }

    /// Writes a member that is an instant, or `null`.
    public mutating func member(_ name: String, _ instant: LedgerTime?) {
        key(name)
        if let instant { time(instant) } else { null() }
    }

    /// Writes a member that is a calendar date, or `null`.
    public mutating func member(_ name: String, _ day: CivilDate?) {
        key(name)
        if let day { date(day) } else { null() }
    }
}

extension JSONWriter {
    private mutating func begin(_ container: Container, _ bracket: UInt8) {
        beginValue()
        bytes.append(bracket)
        containers.append(container)
        hasElements = false
    }

    private mutating func end(_ container: Container, _ bracket: UInt8) {
        precondition(containers.last == container, "an end must match the innermost beginning")
        precondition(!awaitsValue, "a key must be followed by its value")
        containers.removeLast()
        if hasElements { breakLine() }
        bytes.append(bracket)
        endValue()
    }

    private mutating func beginValue() {
        if awaitsValue {
            awaitsValue = false
            return
        }
        precondition(containers.last != .object, "a value in an object must have a key")
        if !containers.isEmpty { separate() }
    }

    private mutating func endValue() {
        hasElements = true
        if containers.isEmpty { bytes.append(UInt8(ascii: "\n")) }
    }

    /// Puts a comma after the element in front, if there is one, and starts a line.
    private mutating func separate() {
        if hasElements { bytes.append(UInt8(ascii: ",")) }
        breakLine()
    }

    private mutating func breakLine() {
        guard layout == .pretty else { return }
        bytes.append(UInt8(ascii: "\n"))
        for _ in 0..<containers.count * 2 { bytes.append(0x20) }
    }

    private mutating func literal(_ text: StaticString) {
        beginValue()
        bytes.append(contentsOf: text.description.utf8)
        endValue()
    }

    private mutating func appendDigits(_ number: UInt64) {
        let start = bytes.count
        var rest = number
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }

    /// Writes a string in quotes; only what RFC 8259, section 7, demands is escaped.
    private mutating func appendQuoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): appendEscape(byte)
            case 0x0a: appendEscape(UInt8(ascii: "n"))
            case 0x0d: appendEscape(UInt8(ascii: "r"))
            case 0x09: appendEscape(UInt8(ascii: "t"))
            case 0x00...0x1f:
                appendEscape(UInt8(ascii: "u"))
                bytes.append(contentsOf: "00".utf8)
                bytes.append(UInt8(ascii: "0") + byte >> 4)
                let low = byte & 0xf
                bytes.append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func appendEscape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
    }
}
