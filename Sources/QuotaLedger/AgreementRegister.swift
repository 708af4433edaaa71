// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// An agreement between governments as it stands.
struct AgreementState: Sendable {
    /// The entry that signed it.
    var entry: EntryNumber
    var country: CountryCode
    var from: CivilDate
    /// The first day on which it holds no more; may lie before `from` when it was ended early.
    var until: CivilDate?

    func holds(on day: CivilDate) -> Bool { from <= day && (until.map { day < $0 } ?? true) }
}

/// The agreements, by the entries that signed them.
struct AgreementRegister: Sendable {
    private(set) var agreements: [AgreementState] = []
    private var positionByEntry: [EntryNumber: Int] = [:]

    func state(signedBy entry: EntryNumber) -> AgreementState? {
        positionByEntry[entry].map { agreements[$0] }
    }

    mutating func sign(_ signing: AgreementSigning, entry: EntryNumber) {
        add(
            AgreementState(
                entry: entry,
                country: signing.country,
                from: signing.dates.from,
                until: signing.dates.until
            )
        )
    }

    /// Adds an agreement as it stands.
    mutating func add(_ agreement: AgreementState) {
        positionByEntry[agreement.entry] = agreements.count
        agreements.append(agreement)
    }

    mutating func end(signedBy entry: EntryNumber, until: CivilDate) {
        guard let position = positionByEntry[entry] else { return }
        agreements[position].until = until
    }

    /// Whether any agreement with a country holds on a day.
    func holds(for country: CountryCode, on day: CivilDate) -> Bool {
        agreements.contains { $0.country == country && $0.holds(on: day) }
    }
}
