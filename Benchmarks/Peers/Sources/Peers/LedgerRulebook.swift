// SPDX-License-Identifier: Apache-2.0

/// A rulebook with three limits in a row: a party's own, its group's, its country's.
///
/// What they allow is taken from a workload.
enum LedgerRulebook {
    /// The rulebook's text.
    static func text(party: Int64, group: Int64, country: Int64) -> String {
        """
        # SPDX-License-Identifier: Apache-2.0
        format: headroom-rulebook-1
        name: peer-comparison
        version: 1
        title: Three limits in a row
        source: made for a benchmark; no law says this
        effective:
          day: 2025-01-01
          citation: benchmark
        legal-status:
        \(legalStatus)
        unit:
          tpp-per-h100e: 15,832
          citation: benchmark
        control:
          tpp: 4,800
          dense-tpp: 1,600
          density: 5.92
          made-for: data-centers
          unknown-density: not-controlled
          citation: benchmark
        countries:
          aliases: []
          home: []
          allied: []
          concern: []
        end-uses:
          - code: commercial
            prohibited: no
            citation: benchmark
        statuses:
          security-attestation:
            choice: not-required
            citation: benchmark
          uveu:
            eligible: anyone
            citation: benchmark
          nveu:
            eligible: anyone
            citation: benchmark
        agreements:
          multiplier: 1
          citation: benchmark
        mechanisms:
          - kind: prohibited
            tests: [end-use, consignee-blocked]
            citation: benchmark
        \(mechanism("nveu", "window: none", party, whenFull: "next"))
        \(mechanism("small-order", "window: calendar-year", group, whenFull: "next"))
        \(mechanism("country", "window: none", country, whenFull: "refuse"))
        open-points:
        \(openPoints)
        thresholds:
          percent: [100]
          limits: [share]
          citation: benchmark
        model-weights:
          threshold:
            operations: 10^26
            citation: benchmark
          floor:
            operations: 0
            citation: benchmark
          published: not-controlled
          refused-when: [recipient-blocked]
          citation: benchmark

        """
    }

    private static let legalStatus = [
        "published", "effective", "compliance-from", "enforced-from", "enforced-until", "rescinded",
    ].map { "  \($0):\n    day: none\n    citation: benchmark" }.joined(separator: "\n")

    private static let openPoints = [
        ("allied-headquarters-at-capped-site", "charge-destination"),
        ("capped-headquarters-at-allied-site", "charge-destination"),
        ("unused-hold", "credited"),
        ("transfer-or-reexport", "new-order"),
        ("order-above-headroom", "refused-whole"),
        ("agreement-country", "adjusted-limit"),
        ("small-order-availability", "everywhere"),
    ].map { "  \($0.0):\n    choice: \($0.1)\n    citation: benchmark" }.joined(separator: "\n")

    private static func mechanism(
        _ kind: String,
        _ window: String,
        _ amount: Int64,
        whenFull: String
    ) -> String {
        """
          - kind: \(kind)
            when-full: \(whenFull)
            limit:
              \(window)
              amount: \(grouped(amount)) TPP
              citation: benchmark
            credits:
              returned: yes
              retired: no
              citation: benchmark
            citation: benchmark
        """
    }

    /// A number with a comma before every third digit.
    static func grouped(_ number: Int64) -> String {
        let digits = Array(String(number))
        var text = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }
}
