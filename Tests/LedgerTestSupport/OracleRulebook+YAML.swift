// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension OracleRulebook {
    /// A rulebook file with this content, as docs/reference/rulebook-format.md describes it.
    ///
    /// The same content gives the same bytes. What changes no answer (the legal status) is the same
    /// in all.
    public func yaml() -> [UInt8] {
        let sections = [
            """
            format: headroom-rulebook-1
            name: \(name)
            version: 1
            title: A rulebook for tests
            source: none
            effective:
              day: \(effective)
              citation: for tests
            """,
            Self.legalStatus,
            """
            unit:
              tpp-per-h100e: \(Self.grouped(tppPerH100e))
              citation: for tests
            control:
              tpp: \(Self.grouped(control.tpp))
              dense-tpp: \(Self.grouped(control.denseTPP))
              density: \(Self.hundredths(control.densityHundredths))
              made-for: data-centers
              unknown-density: \(control.unknownDensityIsDense ? "controlled" : "not-controlled")
              citation: for tests
            """,
            countriesSection,
            endUsesSection,
            """
            statuses:
              security-attestation:
                choice: \(needsSecurityAttestation ? "required" : "not-required")
                citation: for tests
              uveu:
                eligible: \(anyoneCanBeUniversal ? "anyone" : Self.alliedSeat)
                citation: for tests
              nveu:
                eligible: anyone
                citation: for tests
            agreements:
              multiplier: \(Self.grouped(agreementMultiplier))
              citation: for tests
            """,
            mechanismsSection,
            openPointsSection,
            thresholdsSection,
            weightsSection,
        ]
        return Array((sections.joined(separator: "\n") + "\n").utf8)
    }

    private static let alliedSeat = "headquarters-or-ultimate-parent-home-or-allied"

    private static let legalStatus =
        "legal-status:\n"
        + [
            "published", "effective", "compliance-from", "enforced-from", "enforced-until",
            "rescinded",
        ].map { "  \($0):\n    day: none\n    citation: for tests" }.joined(separator: "\n")

    // MARK: Sections

    private var countriesSection: String {
        var lines = ["countries:", aliases.isEmpty ? "  aliases: []" : "  aliases:"]
        for (country, counted) in aliases.sorted(by: { $0.key < $1.key }) {
            lines.append("    - country: \(country)")
            lines.append("      counts-as: \(counted)")
            lines.append("      citation: for tests")
        }
        for tier in [Tier.home, .allied, .concern] {
            let entries = lists.filter { $0.tier == tier }
            lines.append(entries.isEmpty ? "  \(tier): []" : "  \(tier):")
            for entry in entries {
                lines += Self.row([entry.country], entry.dates, indent: "    ")
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func row(
        _ countries: [CountryCode],
        _ dates: DateRange,
        indent: String
    ) -> [String] {
        var lines = ["\(indent)- from: \(dates.from)"]
        if let until = dates.until { lines.append("\(indent)  until: \(until)") }
        let codes = countries.map(\.description).joined(separator: ", ")
        lines.append("\(indent)  countries: [\(codes)]")
        lines.append("\(indent)  citation: for tests")
        return lines
    }

    private var endUsesSection: String {
        let rows = endUses.sorted { $0.key < $1.key }.map { code, isProhibited in
            "  - code: \(code)\n    prohibited: \(isProhibited ? "yes" : "no")\n"
                + "    citation: for tests"
        }
        return "end-uses:\n" + rows.joined(separator: "\n")
    }

    private var mechanismsSection: String {
        "mechanisms:\n" + mechanisms.flatMap(Self.lines).joined(separator: "\n")
    }

    private var openPointsSection: String {
        let isLimited = mechanisms.contains { !$0.unavailable.isEmpty }
        let choices = [
            ("allied-headquarters-at-capped-site", "charge-destination"),
            ("capped-headquarters-at-allied-site", "charge-destination"),
            ("unused-hold", "credited"),
            ("transfer-or-reexport", "new-order"),
            ("order-above-headroom", "refused-whole"),
            ("agreement-country", "adjusted-limit"),
            ("small-order-availability", isLimited ? "except-listed" : "everywhere"),
        ]
        let rows = choices.map { "  \($0.0):\n    choice: \($0.1)\n    citation: for tests" }
        return "open-points:\n" + rows.joined(separator: "\n")
    }

    private var thresholdsSection: String {
        let percents = thresholds.percents.map(\.description).joined(separator: ", ")
        let kinds = WatchedKind.allCases.filter { thresholds.kinds.contains($0) }
            .map(\.rawValue).joined(separator: ", ")
        return """
            thresholds:
              percent: [\(percents)]
              limits: [\(kinds)]
              citation: for tests
            """
    }

    private var weightsSection: String {
        let conditions = WeightsCondition.allCases.filter { weights.refusedWhen.contains($0) }
            .map { "    - \($0.rawValue)" }.joined(separator: "\n")
        return """
            model-weights:
              threshold:
                operations: \(Self.operations(weights.threshold))
                citation: for tests
              floor:
                operations: \(Self.operations(weights.floor))
                citation: for tests
              published: not-controlled
              refused-when:
            \(conditions)
              citation: for tests
            """
    }

    // MARK: Mechanisms

    private static func lines(_ mechanism: Mechanism) -> [String] {
        var lines = ["  - kind: \(mechanism.kind)"]
        switch mechanism.kind {
        case .concern, .allied:
            let places = Place.allCases.filter { mechanism.places.contains($0) }
            let words = places.map(\.rawValue).joined(separator: ", ")
            lines.append("    tests: [\(words)]")
        case .prohibited:
            let words = Prohibition.allCases.filter { mechanism.prohibitions.contains($0) }
                .map(\.rawValue).joined(separator: ", ")
            lines.append("    tests: [\(words)]")
        case .domestic, .uncontrolled: break
        case .universalVEU, .nationalVEU, .smallOrder, .country:
            lines.append("    when-full: \(mechanism.goesOnWhenFull ? "next" : "refuse")")
            if mechanism.kind == .universalVEU {
                lines.append("    limits:")
                lines += mechanism.limits.flatMap(Self.lines)
            } else {
                lines.append("    limit:")
                lines += mechanism.limits.flatMap(Self.lines)
                lines.append("    credits:")
                for credit in Credit.allCases {
                    let isGiven = mechanism.credits.contains(credit)
                    lines.append("      \(credit.rawValue): \(isGiven ? "yes" : "no")")
                }
                lines.append("      citation: for tests")
            }
        }
        if !mechanism.unavailable.isEmpty {
            lines.append("    unavailable:")
            for (country, dates) in mechanism.unavailable.sorted(by: { $0.key < $1.key }) {
                lines += row([country], dates, indent: "      ")
            }
        }
        lines.append("    citation: for tests")
        return lines
    }

    private static func lines(_ limit: Limit) -> [String] {
        var lines: [String]
        switch limit {
        case .countryShare(let part, let whole), .outsideShare(let part, let whole):
            let isCountry = if case .countryShare = limit { true } else { false }
            return [
                "      - kind: \(isCountry ? "country-share" : "outside-share")",
                "        share: \(grouped(part))/\(grouped(whole))",
                "        citation: for tests",
            ]
        case .period(let from, let until, let amount):
            lines = ["window: period", "from: \(from)", "until: \(until)", words(amount)]
        case .calendarYear(let amount): lines = ["window: calendar-year", words(amount)]
        case .rolling(let months, let amount):
            lines = ["window: rolling", "months: \(months)", words(amount)]
        case .always(let amount): lines = ["window: none", words(amount)]
        case .schedule(let steps):
            lines = ["window: schedule", "steps:"]
            for step in steps {
                lines += ["  - from: \(step.from)", "    \(words(step.amount))"]
            }
        }
        lines.append("citation: for tests")
        return lines.map { "      " + $0 }
    }

    private static func words(_ amount: Amount) -> String {
        switch amount {
        case .tpp(let number): "amount: \(grouped(number)) TPP"
        case .h100e(let number): "amount: \(grouped(number)) H100e"
        }
    }

    // MARK: Numbers

    /// A power of ten as such, any other number in digits.
    private static func operations(_ number: UInt128) -> String {
        let digits = String(number)
        let isPower =
            digits.count > 1 && digits.first == "1" && digits.dropFirst().allSatisfy { $0 == "0" }
        return isPower ? "10^\(digits.count - 1)" : grouped(number)
    }

    /// Digits with a comma before every third from the right.
    private static func grouped(_ number: some BinaryInteger) -> String {
        let digits = String(number)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    /// A number of hundredths with two decimals.
    static func hundredths(_ number: Int64) -> String {
        "\(number / 100)." + (number % 100 < 10 ? "0" : "") + "\(number % 100)"
    }
}

extension OracleDevices {
    /// A device catalogue file with these rows.
    public static func csv(_ rows: [OracleDevice]) -> [UInt8] {
        var text = "device,vendor,from,tpp,performance_density,data_center,source,note\n"
        for row in rows {
            let density = row.densityHundredths.map(OracleRulebook.hundredths) ?? ""
            let purpose = row.isForDataCenters ? "yes" : "no"
            text += "\(row.id),someone,\(row.from),\(row.tpp),\(density),\(purpose),for tests,\n"
        }
        return Array(text.utf8)
    }
}
