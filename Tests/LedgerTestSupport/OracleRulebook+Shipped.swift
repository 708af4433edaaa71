// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension OracleRulebook {
    /// The rule as published for the public, in H100-equivalents.
    public static let brief = OracleRulebook(
        name: "diffusion-2025-brief",
        effective: .of(2025, 1, 13),
        tppPerH100e: 15_832,
        control: control,
        aliases: [.of("HK"): .of("CN")],
        lists: lists,
        endUses: endUses,
        agreementMultiplier: 2,
        mechanisms: [
            Mechanism(kind: .concern, places: Set(Place.allCases)),
            Mechanism(kind: .prohibited),
            Mechanism(kind: .domestic),
            Mechanism(kind: .allied, places: [.destination]),
            Mechanism(kind: .universalVEU, limits: [.countryShare(7, 100)]),
            Mechanism(
                kind: .nationalVEU,
                limits: [.rolling(months: 24, .h100e(320_000))],
                credits: [.returned, .retired]
            ),
            Mechanism(
                kind: .smallOrder,
                limits: [.calendarYear(.h100e(1_700))],
                goesOnWhenFull: true
            ),
            Mechanism(
                kind: .country,
                limits: [
                    .period(from: .of(2025, 1, 1), until: .of(2028, 1, 1), .h100e(50_000))
                ]
            ),
        ]
    )

    /// The rule as codified, in TPP.
    public static let cfr = OracleRulebook(
        name: "diffusion-2025-cfr",
        effective: .of(2025, 1, 13),
        tppPerH100e: 15_825,
        control: control,
        aliases: [.of("HK"): .of("CN")],
        lists: lists,
        endUses: endUses,
        agreementMultiplier: 2,
        mechanisms: [
            Mechanism(kind: .concern, places: Set(Place.allCases)),
            Mechanism(kind: .prohibited),
            Mechanism(kind: .domestic),
            Mechanism(kind: .allied, places: Set(Place.allCases)),
            Mechanism(
                kind: .universalVEU,
                limits: [.countryShare(7, 100), .outsideShare(25, 100)]
            ),
            Mechanism(
                kind: .nationalVEU,
                limits: [.schedule(quarterlySteps)],
                goesOnWhenFull: true,
                credits: [.returned, .retired]
            ),
            Mechanism(
                kind: .smallOrder,
                limits: [.calendarYear(.tpp(26_900_000))],
                goesOnWhenFull: true
            ),
            Mechanism(
                kind: .country,
                limits: [
                    .period(from: .of(2025, 1, 1), until: .of(2028, 1, 1), .tpp(790_000_000))
                ]
            ),
        ]
    )

    /// 15 CFR 748.15(a)(2)(iii)(B), Table 1.
    private static let quarterlySteps = [
        Step(from: .of(2025, 1, 1), amount: .tpp(633_000_000)),
        Step(from: .of(2025, 4, 1), amount: .tpp(949_500_000)),
        Step(from: .of(2025, 7, 1), amount: .tpp(1_266_000_000)),
        Step(from: .of(2025, 10, 1), amount: .tpp(1_582_500_000)),
        Step(from: .of(2026, 1, 1), amount: .tpp(1_899_000_000)),
        Step(from: .of(2026, 4, 1), amount: .tpp(2_690_250_000)),
        Step(from: .of(2026, 7, 1), amount: .tpp(3_481_500_000)),
        Step(from: .of(2026, 10, 1), amount: .tpp(4_272_750_000)),
        Step(from: .of(2027, 1, 1), amount: .tpp(5_064_000_000)),
    ]

    /// 15 CFR part 774, ECCN 3A090.a.
    private static let control = Control(
        tpp: 4_800,
        denseTPP: 1_600,
        densityHundredths: 592,
        unknownDensityIsDense: false
    )

    /// The lists of 15 CFR part 740: Supplement 5 (a), and Country Group D:5 with Macau.
    private static let lists: [DatedCountry] =
        listed("US", .home, from: .of(2025, 1, 13))
        + listed(
            "AU BE CA DK FI FR DE IE IT JP NL NZ NO KR ES SE TW GB",
            .allied,
            from: .of(2025, 1, 13)
        )
        + listed(
            "AF BY MM CF CN CD CU ER HT IR IQ KP LB LY NI RU SO SS SD SY VE ZW MO",
            .concern,
            from: .of(2025, 1, 1)
        )
        + listed("KH", .concern, from: .of(2025, 1, 1), until: .of(2026, 2, 3))

    /// Countries, separated by blanks, on one list for the same days.
    static func listed(
        _ codes: String,
        _ tier: Tier,
        from: CivilDate,
        until: CivilDate? = nil
    ) -> [DatedCountry] {
        let dates = DateRange.of(from, until: until)
        return codes.split(separator: " ").map {
            DatedCountry(country: .of(String($0)), tier: tier, dates: dates)
        }
    }

    /// The end uses of 15 CFR part 744 and the harmless ones.
    private static let endUses: [EndUseIdentifier: Bool] = {
        let harmless = "cloud-services model-training inference research government commercial"
        let prohibited =
            "nuclear missile chemical-biological naval-nuclear military military-intelligence "
            + "supercomputer advanced-semiconductors human-rights-abuse"
        var endUses: [EndUseIdentifier: Bool] = [:]
        for code in harmless.split(separator: " ") {
            endUses[EndUseIdentifier(checked: String(code))] = false
        }
        for code in prohibited.split(separator: " ") {
            endUses[EndUseIdentifier(checked: String(code))] = true
        }
        return endUses
    }()
}
