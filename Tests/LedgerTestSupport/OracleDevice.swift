// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// One dated row of a device catalogue, as the oracle reads it.
public struct OracleDevice: Hashable, Sendable {
    /// The device.
    public var id: DeviceIdentifier
    /// The first day of the rating.
    public var from: CivilDate
    /// TPP of one device.
    public var tpp: Int64
    /// Performance density in hundredths; `nil` when nobody has published it.
    public var densityHundredths: Int64?
    /// Whether it is made for data centers.
    public var isForDataCenters: Bool

    /// Makes a row.
    public init(
        id: DeviceIdentifier,
        from: CivilDate,
        tpp: Int64,
        densityHundredths: Int64?,
        isForDataCenters: Bool = true
    ) {
        self.id = id
        self.from = from
        self.tpp = tpp
        self.densityHundredths = densityHundredths
        self.isForDataCenters = isForDataCenters
    }
}

/// A handful of devices around every threshold of 15 CFR part 774, ECCN 3A090.a.
public enum OracleDevices {
    /// Real and invented devices, one row each but for `B300`, which was rated anew.
    public static let usual: [OracleDevice] = [
        device("H100 SXM5", 15_832, 1_945),
        device("B200", 36_000, 2_211),
        device("A100", 4_992, 604),
        device("L4", 1_936, 658),
        device("H20", 2_368, 291),
        device("RTX 4090", 5_285, 868, isForDataCenters: false),
        device("Exact 4800", 4_800, nil),
        device("Below 4799", 4_799, nil),
        device("Dense 1600", 1_600, 592),
        device("Thin 1600", 1_600, 591),
        device("Dense 1599", 1_599, 3_000),
        device("B300", 54_000, 3_317, from: .of(2025, 3, 1)),
        device("B300", 56_000, 3_440, from: .of(2026, 2, 28)),
    ]

    /// A later catalogue: one device rated down, one below the threshold, one gone, one new.
    public static let revised: [OracleDevice] = [
        device("H100 SXM5", 15_824, 1_944),
        device("B200", 36_000, 2_211),
        device("A100", 4_799, 581),
        device("H20", 2_368, nil),
        device("RTX 4090", 5_285, 868, isForDataCenters: false),
        device("Exact 4800", 4_801, nil),
        device("Dense 1600", 1_600, 592),
        device("MI300X", 20_919, 2_057, from: .of(2025, 6, 1)),
        device("B300", 56_000, 3_440, from: .of(2025, 3, 1)),
    ]

    private static func device(
        _ id: String,
        _ tpp: Int64,
        _ densityHundredths: Int64?,
        from: CivilDate = .of(2020, 1, 1),
        isForDataCenters: Bool = true
    ) -> OracleDevice {
        OracleDevice(
            id: DeviceIdentifier(checked: id),
            from: from,
            tpp: tpp,
            densityHundredths: densityHundredths,
            isForDataCenters: isForDataCenters
        )
    }
}
