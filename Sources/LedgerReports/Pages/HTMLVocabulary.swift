// SPDX-License-Identifier: Apache-2.0

/// The elements of HTML and SVG that pages are made of.
package enum HTMLElement: String {
    case html, head, meta, title, body, header, main, nav, section, footer, figure, figcaption
    case details, summary, div, span, p, a, bdi, strong, h1, h2, h3, ol, ul, li, dl, dt, dd, time
    case table, caption, thead, tbody, tr, th, td
    case svg, desc, defs, pattern, g, rect, line, path, circle
    case svgText = "text"

    /// Whether it has no end tag.
    var isVoid: Bool { self == .meta }

    /// Whether what is in it begins on a line of its own.
    var beginsLine: Bool {
        switch self {
        case .html, .head, .body, .header, .main, .nav, .section, .footer, .figure, .details, .div,
            .ol, .ul, .dl, .table, .thead, .tbody, .tr, .svg, .defs, .pattern, .g:
            true
        default: false
        }
    }

    /// Whether a line ends with it.
    var endsLine: Bool {
        switch self {
        case .span, .a, .bdi, .strong, .time: false
        default: true
        }
    }
}

/// The attributes that these elements have.
package enum HTMLAttributeName: String {
    case lang, charset, name, content, `class`, id, href, role, scope, tabindex, colspan, datetime
    case httpEquivalent = "http-equiv"
    case ariaLabel = "aria-label"
    case ariaLabelledBy = "aria-labelledby"
    case ariaHidden = "aria-hidden"
    case viewBox, width, height, x, y, x1, x2, y1, y2, cx, cy, r, d, fill, patternUnits
    case patternTransform
    case textAnchor = "text-anchor"
}
