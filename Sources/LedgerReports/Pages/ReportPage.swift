// SPDX-License-Identifier: Apache-2.0

/// A report as one HTML file that needs nothing else: no script, no font, no picture, no network.
struct ReportPage {
    /// A part of a section.
    enum Block {
        /// A sentence or two.
        case paragraph(String)
        /// A smaller heading.
        case heading(String)
        /// Labels with texts.
        case facts([(label: String, text: String)])
        /// Lines of text that stand by themselves.
        case lines([String])
        /// A table.
        case table(PageTable)
        /// A chart over the whole width.
        case chart(ChartFigure)
        /// Charts beside each other.
        case multiples([ChartFigure])
        /// What is said where there is nothing to show.
        case empty(String)
        /// A text for cameras, with what it is.
        case code(QRCode, title: String)
    }

    /// A section.
    struct Section {
        var heading: String
        var blocks: [Block]

        init(_ heading: String, _ blocks: [Block]) {
            self.heading = heading
            self.blocks = blocks
        }
    }

    /// What the report is, such as `Cap report`.
    var title: String
    /// Whose ledger it is of.
    var ledger: String
    /// As of when it is told.
    var asOf: String
    /// `binding`, or `as if enforced`.
    var basis: String
    /// The few figures that matter most.
    var keyFigures: [(label: String, value: String)] = []
    /// What stands above every report.
    var facts: [(label: String, text: String)]
    var sections: [Section]
    /// What stands below, in a sentence.
    var closing: String

    /// The page; the same parts give the same bytes.
    var html: String {
        var page = HTMLWriter()
        page.documentType()
        page.element(.html, [.init(.lang, "en")]) { page in
            head(&page)
            page.element(.body) { page in
                page.element(
                    .a,
                    [.init(.class, "skip"), .init(.href, "#report")],
                    "Skip to the report"
                )
                top(&page)
                page.element(.main, [.init(.id, "report"), .init(.tabindex, "-1")]) { page in
                    for (position, section) in sections.enumerated() {
                        write(section, id: "section-\(position + 1)", &page)
                    }
                }
                page.element(.footer) { page in
                    page.element(.p) { $0.foreignText(closing) }
                }
            }
        }
        return page.html
    }

    private func head(_ page: inout HTMLWriter) {
        page.element(.head) { page in
            page.empty(.meta, [.init(.charset, "utf-8")])
            page.empty(
                .meta,
                [
                    .init(.httpEquivalent, "Content-Security-Policy"),
                    .init(
                        .content,
                        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
                            + "form-action 'none'"
                    ),
                ]
            )
            for (name, content) in [
                ("viewport", "width=device-width, initial-scale=1"),
                ("color-scheme", "light dark"), ("referrer", "no-referrer"),
                ("robots", "noindex"), ("generator", "Headroom"),
            ] {
                page.empty(.meta, [.init(.name, name), .init(.content, content)])
            }
            page.element(.title, [], "\(title), \(basis) - \(ledger), \(asOf)")
            page.styleSheet(
                PageStyle.sheet,
                [("bottom-left", "\(title), \(basis): \(ledger), as of \(asOf)")]
            )
        }
    }

    private func top(_ page: inout HTMLWriter) {
        page.element(.header) { page in
            page.element(.p) { $0.foreignText(ledger) }
            page.element(.h1, [], title)
            page.element(.p, [.init(.class, "basis")], capitalized(basis))
            if !keyFigures.isEmpty {
                page.element(.dl, [.init(.class, "key-figures")]) { page in
                    for figure in keyFigures { pair(figure.label, figure.value, &page) }
                }
            }
            list(facts, &page)
        }
        guard sections.count > 1 else { return }
        page.element(.nav, [.init(.ariaLabel, "Sections of the report")]) { page in
            page.element(.ul) { page in
                for (position, section) in sections.enumerated() {
                    page.element(.li) { page in
                        page.element(
                            .a,
                            [.init(.href, "#section-\(position + 1)")],
                            section.heading
                        )
                    }
                }
            }
        }
    }

    private func list(_ facts: [(label: String, text: String)], _ page: inout HTMLWriter) {
        page.element(.dl, [.init(.class, "facts")]) { page in
            for fact in facts { pair(fact.label, fact.text, &page) }
        }
    }

    private func pair(_ label: String, _ text: String, _ page: inout HTMLWriter) {
        page.element(.div) { page in
            page.element(.dt, [], capitalized(label))
            page.element(.dd) { $0.foreignText(text) }
        }
    }

    private func write(_ section: Section, id: String, _ page: inout HTMLWriter) {
        let heading = id + "-heading"
        page.element(.section, [.init(.id, id), .init(.ariaLabelledBy, heading)]) { page in
            page.element(.h2, [.init(.id, heading)]) { $0.foreignText(section.heading) }
            for (position, block) in section.blocks.enumerated() {
                write(block, id: "\(id)-\(position + 1)", &page)
            }
        }
    }

    private func write(_ block: Block, id: String, _ page: inout HTMLWriter) {
        switch block {
        case .paragraph(let text): page.element(.p) { $0.foreignText(text) }
        case .heading(let text): page.element(.h3) { $0.foreignText(text) }
        case .facts(let facts): list(facts, &page)
        case .lines(let lines):
            page.element(.ul, [.init(.class, "lines")]) { page in
                for line in lines { page.element(.li) { $0.foreignText(line) } }
            }
        case .table(let table): table.write(into: &page, id: id)
        case .chart(let figure): figure.write(into: &page, id: id)
        case .multiples(let figures):
            page.element(.div, [.init(.class, "multiples")]) { page in
                for (position, figure) in figures.enumerated() {
                    figure.write(into: &page, id: "\(id)-\(position + 1)")
                }
            }
        case .empty(let text): page.element(.p, [.init(.class, "empty")]) { $0.foreignText(text) }
        case .code(let code, let title): code.write(into: &page, title: title, id: id)
        }
    }
}
