// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import LedgerModel
import Testing

/// What no entry may hold is refused before it is written.
struct EntryRangeTests {
    @Test func theLargestRulebookFits() throws {
        let bytes = [UInt8](repeating: 0x2e, count: RulebookAdoption.maximumByteCount)
        let entry = entry(.adoptRulebook(RulebookAdoption(bytes: bytes)))
        #expect(try decoded(encoded(entry)) == entry)
        #expect(throws: EntryLogError.entryTooLarge(byteCount: 60_001)) {
            try encoded(self.entry(.adoptRulebook(RulebookAdoption(bytes: bytes + [0]))))
        }
    }

    @Test func anEntryHasAtMost65535Bytes() throws {
        let around = try encoded(entry(.adoptDevices(DeviceAdoption(bytes: [])))).count
        let largest = EntryCodec.maximumByteCount - around
        let entry = entry(
            .adoptDevices(DeviceAdoption(bytes: [UInt8](repeating: 7, count: largest)))
        )
        let bytes = try encoded(entry)
        #expect(bytes.count == EntryCodec.maximumByteCount)
        #expect(try decoded(bytes) == entry)
        for extra in [1, 100, 10_000] {
            #expect(throws: EntryLogError.self) {
                try encoded(
                    self.entry(
                        .adoptDevices(
                            DeviceAdoption(bytes: [UInt8](repeating: 7, count: largest + extra))
                        )
                    )
                )
            }
        }
    }

    @Test func theLargestReservationFits() throws {
        let long = String(repeating: "x", count: 64)
        let party = PartyIdentifier(checked: long)
        let reservation = Reservation(
            consignee: party,
            destination: SampleEntries.countryAE,
            lines: Array(
                repeating: .devices(DeviceIdentifier(checked: long), quantity: 1),
                count: 100
            ),
            endUse: EndUseIdentifier(checked: long),
            deadline: .latest,
            reference: String(repeating: "ü", count: 100)
        )
        let test = LimitTest(
            mechanism: .smallOrder,
            name: .smallOrder(group: party, year: 9_999),
            used: .maximumSum,
            limit: .maximumSum,
            left: .maximumSum
        )
        let decision = Decision(
            refusal: .limitReached,
            mechanism: .country,
            asked: .maximumSum,
            tests: Array(repeating: test, count: 254),
            bindingTest: 253,
            roomByInstalling: .maximumSum,
            attestationLapsed: true
        )
        let entry = entry(.reserve(reservation), .decided(decision))
        #expect(try decoded(encoded(entry)) == entry)
    }

    @Test func whatNoEntryMayHoldIsNotWritten() throws {
        var buffer = ByteBuffer()
        try EntryCodec.encode(SampleEntries.reservation(3), into: &buffer)
        let before = buffer.bytes.copied
        for (index, entry) in unwritable().enumerated() {
            #expect(throws: EntryLogError.self, "case \(index)") {
                try EntryCodec.encode(entry, into: &buffer)
            }
            #expect(buffer.bytes.copied == before, "case \(index): the buffer is as it was")
        }
    }

    private func unwritable() -> [Entry] {
        let badIdentifiers = ["", " a", "a ", "é", "a\n", String(repeating: "a", count: 65)]
        var entries = badIdentifiers.map { text in
            entry(
                .attestSecurity(
                    SecurityAttestation(
                        party: PartyIdentifier(checked: text),
                        dates: SampleEntries.range
                    )
                )
            )
        }
        for reason in ["", String(repeating: "a", count: 201)] {
            entries.append(
                entry(
                    .block(
                        PartyBlock(
                            party: PartyIdentifier(checked: "p"),
                            isBlocked: true,
                            reason: reason
                        )
                    )
                )
            )
        }
        for quantity in [Int64.min, -1, 0] {
            entries.append(reserve([.tpp(TPP(rawValue: quantity))]))
            entries.append(
                reserve([.devices(DeviceIdentifier(checked: "d"), quantity: quantity)])
            )
            entries.append(reserve([.h100e(H100Equivalent(thousandths: quantity))]))
        }
        entries.append(reserve([]))
        entries.append(
            reserve(Array(repeating: .tpp(TPP(rawValue: 1)), count: 101))
        )
        entries.append(entry(SampleEntries.reserveAction([.tpp(TPP(rawValue: 1))]), .accepted))
        entries.append(
            entry(.adoptDevices(DeviceAdoption(bytes: [])), .decided(SampleEntries.decision))
        )
        for change in badDecisions {
            var decision = SampleEntries.decision
            change(&decision)
            entries.append(
                entry(SampleEntries.reserveAction([.tpp(TPP(rawValue: 1))]), .decided(decision))
            )
        }
        var later = SampleEntries.reservation(3)
        later.rulebook = EntryNumber(rawValue: 4)
        entries.append(later)
        later.rulebook = nil
        later.content = .expiry(HoldExpiry(hold: later.number, freed: .zero))
        entries.append(later)
        entries.append(entry(.attestInstalled(unsorted())))
        return entries
    }

    private let badDecisions: [(inout Decision) -> Void] = [
        { $0.asked = TPP(rawValue: -1) },
        { $0.bindingTest = 1 },
        { $0.bindingTest = -1 },
        { $0.tests[0].used = TPP(rawValue: -1) },
        { $0.tests[0].limit = TPP(rawValue: .max) },
        { $0.tests[0].left = TPP(rawValue: -1) },
        { $0.tests[0].name = .smallOrder(group: PartyIdentifier(checked: "g"), year: 1_969) },
        { $0.tests[0].name = .outsideShare(group: PartyIdentifier(checked: "")) },
        { $0.roomByInstalling = TPP(rawValue: -1) },
        { $0.tests = Array(repeating: $0.tests[0], count: 255) },
    ]

    private func unsorted() -> InstalledAttestation {
        let amount = InstalledAmount(country: SampleEntries.countryAE, amount: .zero)
        return InstalledAttestation(
            party: PartyIdentifier(checked: "p"),
            asOf: .earliest,
            amounts: [amount, amount]
        )
    }

    private func reserve(_ lines: [ReservationLine]) -> Entry {
        entry(SampleEntries.reserveAction(lines), .decided(SampleEntries.decision))
    }

    private func entry(_ action: Action, _ outcome: Outcome = .accepted) -> Entry {
        var entry = SampleEntries.reservation(3)
        entry.content = .operation(
            OperationRecord(
                id: OperationIdentifier(checked: "id"),
                action: action,
                outcome: outcome
            )
        )
        return entry
    }
}

extension SampleEntries {
    static let countryAE = country("AE")
    static let range = dates

    /// A reservation of these lines.
    static func reserveAction(_ lines: [ReservationLine]) -> Action {
        .reserve(
            Reservation(
                consignee: PartyIdentifier(checked: "p"),
                destination: countryAE,
                lines: lines,
                endUse: EndUseIdentifier(checked: "cloud")
            )
        )
    }

    /// A grant by a country's limit.
    static let decision = Decision(
        refusal: nil,
        mechanism: .country,
        asked: TPP(rawValue: 1),
        tests: [
            LimitTest(
                mechanism: .country,
                name: .country(countryAE),
                used: .zero,
                limit: TPP(rawValue: 10),
                left: TPP(rawValue: 9)
            )
        ],
        bindingTest: 0
    )
}
