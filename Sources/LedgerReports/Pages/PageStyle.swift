// SPDX-License-Identifier: Apache-2.0

/// How pages look: on a screen in light and dark, on paper, and where a system forces its colors.
///
/// Text has a contrast of at least 4.5 to 1 everywhere, lines and areas that matter 3 to 1. Blue
/// and vermilion are told apart with every kind of color vision, and nothing is told by color alone.
enum PageStyle {
    static let sheet: StaticString = """
        :root {
          color-scheme: light dark;
          --ground: #ffffff; --panel: #f5f7f9; --ink: #15191e; --muted: #4c5663;
          --rule: #ccd3da; --faint: #e6eaee; --blue: #0b5394; --blue-soft: #d5e4f3;
          --warn: #a33a00; --warn-soft: #fbe6da;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #12161b; --panel: #1a2027; --ink: #e7eaee; --muted: #a9b3be;
            --rule: #3b4550; --faint: #262e36; --blue: #6db3f2; --blue-soft: #1d3852;
            --warn: #ffa06b; --warn-soft: #43281a;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
        body {
          margin: 0 auto; padding: 0 1.5rem 3rem; max-width: 68rem;
          background: var(--ground); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Ubuntu,
            "DejaVu Sans", Arial, sans-serif;
          font-variant-numeric: tabular-nums lining-nums;
          overflow-wrap: break-word;
        }
        a { color: var(--blue); text-underline-offset: .15em; }
        :focus-visible { outline: 3px solid var(--blue); outline-offset: 2px; }
        .skip { position: absolute; left: -100vw; }
        .skip:focus {
          left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--ground); z-index: 9;
        }
        header { padding-top: 2.25rem; }
        header p { margin: 0; color: var(--muted); }
        h1 { margin: .1rem 0 .3rem; font-size: 2rem; line-height: 1.2; letter-spacing: -.01em; }
        h2 {
          margin: 2.6rem 0 .6rem; padding-top: .7rem; border-top: 2px solid var(--ink);
          font-size: 1.25rem; line-height: 1.3;
        }
        h3 { margin: 1.8rem 0 .4rem; font-size: 1rem; }
        section > p { margin: .3rem 0 .9rem; max-width: 46rem; color: var(--muted); }
        .basis {
          display: inline-block; margin: .2rem 0 0; padding: .05rem .6rem;
          border: 1.5px solid currentColor; border-radius: 3px;
          color: var(--ink); font-weight: 600; font-size: .9rem;
        }
        .key-figures {
          display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr));
          gap: 0 1.5rem; margin: 1.4rem 0 0; padding: 0; border-top: 1px solid var(--rule);
        }
        .key-figures > div {
          display: flex; flex-direction: column-reverse; justify-content: flex-end;
          padding: .7rem 0 .6rem; border-bottom: 1px solid var(--rule);
        }
        .key-figures dt { color: var(--muted); font-size: .86rem; line-height: 1.35; }
        .key-figures dd { margin: 0; font-size: 1.5rem; font-weight: 650; line-height: 1.25; }
        .facts {
          display: grid; grid-template-columns: max-content 1fr; gap: .12rem 1.2rem;
          margin: 1.1rem 0 0; font-size: .9rem;
        }
        .facts > div { display: contents; }
        .facts dt { color: var(--muted); }
        .facts dd { margin: 0; min-width: 0; }
        nav { margin-top: 1.3rem; font-size: .9rem; }
        nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.3rem; margin: 0; padding: 0; }
        nav li { list-style: none; }
        .scroll { overflow-x: auto; margin: .5rem 0 1rem; }
        .scroll.long { max-height: 46rem; overflow: auto; border-bottom: 1px solid var(--rule); }
        table { border-collapse: collapse; min-width: 100%; font-size: .87rem; line-height: 1.35; }
        caption {
          padding: 0 0 .4rem; text-align: left; font-weight: 650; font-size: .95rem;
        }
        th, td { padding: .3rem 0 .3rem 1.1rem; text-align: left; vertical-align: top; }
        th:first-child, td:first-child { padding-left: 0; }
        thead th {
          position: sticky; top: 0; background: var(--ground); vertical-align: bottom;
          color: var(--muted); font-weight: 600; box-shadow: inset 0 -1.5px var(--ink);
        }
        tbody tr { border-bottom: 1px solid var(--faint); }
        tbody tr:last-child { border-bottom: 1px solid var(--rule); }
        tbody th { font-weight: 500; min-width: 7rem; }
        .number { text-align: right; white-space: nowrap; }
        thead .number { white-space: normal; }
        td.warning { color: var(--warn); font-weight: 650; }
        figure { margin: .8rem 0 1.4rem; min-width: 0; }
        figcaption { font-weight: 650; font-size: .95rem; }
        .multiples {
          display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr));
          gap: .2rem 2rem;
        }
        .multiples figure { margin-bottom: .6rem; }
        svg { display: block; font: 12px system-ui, -apple-system, "Segoe UI", Roboto,
            "Noto Sans", Ubuntu, "DejaVu Sans", Arial, sans-serif; overflow: visible; }
        .chart:not(.small) svg { max-width: none; }
        .small svg { width: 100%; height: auto; }
        svg text { fill: var(--ink); unicode-bidi: isolate; }
        svg .tick, svg .detail { fill: var(--muted); }
        svg .tick { font-size: 11px; }
        svg .value { font-weight: 650; }
        svg .name {
          font-size: 11px; font-weight: 600; paint-order: stroke; stroke: var(--ground);
          stroke-width: 3px; stroke-linejoin: round;
        }
        svg .use-name { fill: var(--blue); }
        svg .warning { fill: var(--warn); }
        svg .grid { stroke: var(--faint); }
        svg .first { fill: var(--blue); stroke: var(--blue); }
        svg .second { stroke: var(--blue); }
        svg .hatch-ground { fill: var(--blue-soft); }
        svg .hatch-line { stroke: var(--blue); stroke-width: 3; }
        svg .limit { stroke: var(--ink); stroke-width: 2; fill: none; }
        svg path.limit { stroke-dasharray: 6 3; stroke-width: 1.75; }
        svg .use { stroke: var(--blue); stroke-width: 2.25; fill: none; stroke-linejoin: round; }
        svg .area { fill: var(--blue-soft); opacity: .6; }
        svg .breach { stroke: none; }
        svg .breach-ground { fill: var(--warn-soft); }
        svg .breach-line { stroke: var(--warn); stroke-width: 1.25; }
        svg .mark { fill: var(--warn); }
        details { font-size: .87rem; }
        summary { color: var(--muted); cursor: pointer; width: fit-content; }
        .small summary { font-size: .8rem; }
        .lines { margin: .4rem 0 1rem; padding: 0; }
        .lines li { list-style: none; margin: .2rem 0; max-width: 52rem; }
        .empty {
          margin: .8rem 0 1.4rem; padding: .9rem 1.1rem; background: var(--panel);
          border-left: 4px solid var(--rule); max-width: 46rem;
        }
        footer {
          margin-top: 3rem; padding-top: .8rem; border-top: 1px solid var(--rule);
          color: var(--muted); font-size: .86rem;
        }
        @media (max-width: 34rem) {
          body { padding: 0 1rem 2rem; }
          header { padding-top: 1.25rem; }
          h1 { font-size: 1.6rem; }
          .facts { grid-template-columns: 1fr; gap: 0; }
          .facts dt { margin-top: .45rem; font-size: .82rem; }
          .key-figures { grid-template-columns: repeat(2, 1fr); }
        }
        @media (forced-colors: active) {
          svg { forced-color-adjust: none; background: #fff; }
          svg text { fill: #000; }
        }
        @page { size: A4; margin: 16mm 14mm 18mm; }
        @page wide { size: A4 landscape; }
        @page {
          @bottom-right {
            content: counter(page) " of " counter(pages);
            font: 8pt system-ui, sans-serif; color: #4c5663;
          }
          @bottom-left { font: 8pt system-ui, sans-serif; color: #4c5663; }
        }
        @media print {
          :root {
            color-scheme: light;
            --ground: #ffffff; --panel: #f5f7f9; --ink: #000000; --muted: #3c4550;
            --rule: #b6bec6; --faint: #dde2e7; --blue: #0b5394; --blue-soft: #d5e4f3;
            --warn: #8f3200; --warn-soft: #fbe6da;
          }
          body { max-width: none; padding: 0; font-size: 9.5pt; }
          header { padding-top: 0; }
          h1 { font-size: 20pt; }
          h2 { margin-top: 18pt; font-size: 12.5pt; break-after: avoid; }
          h3, caption, figcaption { break-after: avoid; }
          nav, .skip, details { display: none; }
          .scroll, .scroll.long { overflow: visible; max-height: none; border: 0; }
          .wide { page: wide; }
          table { font-size: 8pt; }
          th, td { padding: 2pt 0 2pt 7pt; }
          thead { display: table-header-group; }
          thead th { position: static; }
          tr, figure.small, .key-figures > div { break-inside: avoid; }
          figure { break-inside: avoid; }
          .chart svg { width: 100%; height: auto; }
          .multiples { grid-template-columns: 1fr 1fr; }
          .key-figures { grid-template-columns: repeat(4, 1fr); }
          * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        }

        """
}
