// SPDX-License-Identifier: Apache-2.0

/// Writes HTML, and the SVG in it.
///
/// Elements and attributes come from closed lists; whatever else is written is text or an attribute's
/// value, and is escaped. So nothing that a ledger holds, a party's name for one, can become markup.
package struct HTMLWriter {
    package private(set) var html = ""

    package init() {}

    /// An attribute with its value.
    package struct Attribute {
        package var name: HTMLAttributeName
        package var value: String

        package init(_ name: HTMLAttributeName, _ value: String) {
            self.name = name
            self.value = value
        }

        /// A length or a coordinate, to hundredths.
        package init(_ name: HTMLAttributeName, _ number: Double) {
            self.init(name, decimal(number))
        }
    }

    /// Writes an element with what is in it.
    package mutating func element(
        _ element: HTMLElement,
        _ attributes: [Attribute] = [],
        _ content: (inout HTMLWriter) -> Void
    ) {
        begin(element, attributes)
        content(&self)
        html += "</" + element.rawValue + ">"
        if element.endsLine { html += "\n" }
    }

    /// Writes an element that holds a text.
    package mutating func element(
        _ element: HTMLElement,
        _ attributes: [Attribute] = [],
        _ text: String
    ) {
        self.element(element, attributes) { $0.text(text) }
    }

    /// Writes an element that is empty, such as `meta` or `rect`.
    package mutating func empty(_ element: HTMLElement, _ attributes: [Attribute]) {
        begin(element, attributes)
        if !element.isVoid { html += "</" + element.rawValue + ">" }
        html += "\n"
    }

    /// Writes text.
    package mutating func text(_ text: String) { appendEscaped(text) }

    /// Writes text from outside, which may run in another direction than the text around it.
    package mutating func foreignText(_ text: String) {
        element(.bdi, [], text)
    }

    /// Begins a document.
    package mutating func documentType() { html += "<!DOCTYPE html>\n" }

    /// Writes the style sheet of the program, and the strings that the pages' margins show.
    package mutating func styleSheet(
        _ sheet: StaticString,
        _ margins: [(box: StaticString, text: String)]
    ) {
        html += "<style>\n\(sheet)"
        for margin in margins {
            html += "@page { @\(margin.box) { content: \"\(styleString(margin.text))\"; } }\n"
        }
        html += "</style>\n"
    }

    private mutating func begin(_ element: HTMLElement, _ attributes: [Attribute]) {
        html += "<" + element.rawValue
        for attribute in attributes {
            html += " " + attribute.name.rawValue + "=\""
            appendEscaped(attribute.value)
            html += "\""
        }
        html += ">"
        if element.beginsLine { html += "\n" }
    }

    private mutating func appendEscaped(_ raw: String) {
        for scalar in plainText(raw).unicodeScalars {
            switch scalar {
            case "&": html += "&amp;"
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            case "\"": html += "&quot;"
            case "'": html += "&#39;"
            default:
                // A document must not have what Unicode never assigns.
                html.unicodeScalars.append(scalar.isNoncharacter ? "\u{fffd}" : scalar)
            }
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isNoncharacter: Bool {
        (0xfdd0...0xfdef).contains(value) || value & 0xfffe == 0xfffe
    }
}

/// A text as the inside of a CSS string: all but plain letters, digits and blanks as escapes.
private func styleString(_ text: String) -> String {
    var escaped = ""
    for scalar in plainText(text).unicodeScalars {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", " ", ".", ",", ":", "-":
            escaped.unicodeScalars.append(scalar)
        default: escaped += "\\" + String(scalar.value, radix: 16) + " "
        }
    }
    return escaped
}

/// A number for a drawing: to hundredths, without an exponent and without trailing zeros.
func decimal(_ number: Double) -> String {
    let hundredths = (number * 100).rounded()
    guard abs(hundredths) < 1e15 else { return "0" }
    let (whole, part) = Int64(abs(hundredths)).quotientAndRemainder(dividingBy: 100)
    let sign = hundredths < 0 ? "-" : ""
    let digits = part % 10 == 0 ? "\(part / 10)" : (part < 10 ? "0\(part)" : "\(part)")
    return sign + "\(whole)" + (part == 0 ? "" : "." + digits)
}
