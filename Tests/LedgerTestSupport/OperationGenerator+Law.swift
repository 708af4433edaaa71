// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension OperationGenerator {
    /// What a stream begins with: the ledger, the files, the parties, some statuses.
    mutating func makeOpening() -> [Action] {
        var actions: [Action] = [
            .createLedger(
                LedgerCreation(
                    origin: OrganisationIdentifier(checked: "ledger.example.org/test"),
                    mode: .advisory,
                    disclosure: .open,
                    policy: makePolicy()
                )
            )
        ]
        if random.chance(3) { actions = [] }
        if !random.chance(3) {
            actions.append(.adoptDevices(DeviceAdoption(bytes: deviceFiles[0])))
        }
        if !random.chance(3) {
            actions.append(.adoptRulebook(RulebookAdoption(bytes: rulebookFiles[0])))
        }
        for (index, id) in partyPool.enumerated() {
            let parent = index > 2 && random.chance(50) ? partyPool[random.below(index)] : nil
            actions.append(.party(makeRecord(id, parent: parent)))
        }
        for id in partyPool where random.chance(profile == .breaches ? 90 : 60) {
            actions.append(.attestSecurity(SecurityAttestation(party: id, dates: makeDates())))
        }
        for _ in 0..<(profile == .breaches ? 6 : 3) { actions.append(.grantStatus(makeStatus())) }
        for _ in 0..<(profile == .breaches ? 4 : 2) {
            actions.append(.attestInstalled(makeInstalled()))
        }
        return actions
    }

    mutating func makeLaw() -> Action {
        let adoptsPercent = profile == .breaches ? 12 : 0
        if random.chance(adoptsPercent) {
            return .adoptRulebook(RulebookAdoption(bytes: random.pick(rulebookFiles)))
        }
        switch random.below(100) {
        case 0..<14: return .party(makeChange())
        case 14..<20:
            let blocked = oracle.facts.blocked.sorted()
            let isBlocked = random.chance(blocked.isEmpty ? 30 : 10)
            let party = isBlocked || blocked.isEmpty ? makeParty() : random.pick(blocked)
            return .block(PartyBlock(party: party, isBlocked: isBlocked, reason: makeReason()))
        case 20..<34: return .grantStatus(makeStatus())
        case 34..<46:
            let step = random.pick([StatusStep.suspend, .reinstate, .reinstate, .revoke])
            return .changeStatus(
                StatusChange(
                    grant: makeReference { $0.statuses.map(\.key) },
                    step: step,
                    reason: makeReason()
                )
            )
        case 46..<58:
            return .attestSecurity(SecurityAttestation(party: makeParty(), dates: makeDates()))
        case 58..<72: return .attestInstalled(makeInstalled())
        case 72..<79:
            let country = random.chance(4) ? .of("XX") : random.pick(cappedCountries)
            return .signAgreement(AgreementSigning(country: country, dates: makeDates()))
        case 79..<87:
            let days = random.pick([0, 0, 0, 1, 30, -1])
            return .endAgreement(
                AgreementEnd(
                    agreement: makeReference { $0.agreements.map(\.key) },
                    until: clock.day.adding(days: days) ?? clock.day
                )
            )
        case 87..<95:
            let garbage = Array("format: something-else".utf8)
            let bytes =
                random.chance(profile == .breaches ? 2 : 10) ? garbage : random.pick(rulebookFiles)
            return .adoptRulebook(RulebookAdoption(bytes: bytes))
        case 95..<99:
            let garbage = Array("no,such,columns\n".utf8)
            let bytes = random.chance(10) ? garbage : random.pick(deviceFiles)
            return .adoptDevices(DeviceAdoption(bytes: bytes))
        default:
            return .createLedger(
                LedgerCreation(
                    origin: OrganisationIdentifier(checked: "ledger.example.org/again"),
                    mode: .binding,
                    disclosure: .open
                )
            )
        }
    }

    mutating func makeReason() -> String {
        random.chance(3) ? "" : "reason \(random.below(100))"
    }

    // MARK: Parties

    private mutating func makeRecord(
        _ id: PartyIdentifier,
        parent: PartyIdentifier?
    ) -> PartyRecord {
        PartyRecord(
            id: id,
            name: random.chance(10) ? "\u{14c}saka \(id)" : "Party \(id)",
            site: makeSeat(),
            headquarters: makeSeat(),
            parent: parent
        )
    }

    private mutating func makeSeat() -> CountryCode {
        switch random.below(100) {
        case 0..<2: .of(random.pick(["CN", "HK", "MO"]))
        case 2..<4: .of("KH")
        case 4..<40: .of(random.pick(["US", "DE", "NO", "JP"]))
        case 40: .of("QQ")
        default: random.pick(cappedCountries)
        }
    }

    /// A registered party with another parent, none, another seat, or a parent that may make a
    /// circle; now and then a name that is too long.
    private mutating func makeChange() -> PartyRecord {
        let id = random.pick(partyPool)
        var record = oracle.facts.parties[id] ?? makeRecord(id, parent: nil)
        switch random.below(10) {
        case 0..<4: record.parent = makeParty()
        case 4: record.parent = id
        case 5: record.parent = nil
        case 6..<8: record.headquarters = makeSeat()
        case 8: record.site = makeSeat()
        default: record.name = String(repeating: "n", count: random.pick([0, 1, 200, 201]))
        }
        return record
    }

    // MARK: Statuses, attestations, agreements

    /// Days around the clock: begun or about to begin, with or without an end.
    private mutating func makeDates() -> DateRange {
        let from = clock.day.adding(days: random.pick([0, 0, 0, -1, -400, 1, 20])) ?? clock.day
        guard !random.chance(30) else { return .of(from) }
        let days = random.pick([1, 2, 30, 90, 365, 1_000])
        return .of(from, until: from.adding(days: days))
    }

    private mutating func makeStatus() -> StatusGrant {
        let nationalCountry = random.chance(3) ? .of("XX") : random.pick(cappedCountries)
        return StatusGrant(
            kind: random.chance(profile == .breaches ? 35 : 45)
                ? .universal : .national(nationalCountry),
            party: makeParty(),
            dates: makeDates()
        )
    }

    private mutating func makeInstalled() -> InstalledAttestation {
        if random.chance(profile == .breaches ? 60 : 20) { return makeRecount() }
        let days = random.pick([-1, -1, -1, -2, -30, -200, 0, 5])
        var amounts: [InstalledAmount] = []
        let scale = isTight ? 100_000 : 2_000_000_000
        let places = cappedCountries + [.of("US"), .of("DE"), .of("KH")]
        for country in Set(places).sorted() where random.chance(45) {
            var amount = Int64(random.below(scale))
            // Most of what a group owns is at home, or 7 % is nothing.
            if country == .of("US") { amount *= 10 }
            if random.chance(5) { amount = 0 }
            amounts.append(InstalledAmount(country: country, amount: TPP(rawValue: amount)))
        }
        var attestation = InstalledAttestation(
            party: makeParty(),
            asOf: clock.day.adding(days: days) ?? clock.day,
            amounts: amounts
        )
        if random.chance(3) {
            let wrong: [InstalledAmount] = [
                InstalledAmount(country: .of("US"), amount: TPP(rawValue: -1)),
                InstalledAmount(country: .of("US"), amount: TPP(rawValue: 1_000_000_000_001)),
                InstalledAmount(country: .of("XX"), amount: .zero),
            ]
            attestation.amounts = [random.pick(wrong)]
        }
        return attestation
    }

    /// What the ledger knows of a group, some of it more, less or forgotten: bases grow and shrink.
    private mutating func makeRecount() -> InstalledAttestation {
        let party = makeParty()
        let group = oracle.facts.ultimateParent(of: party)
        var amounts: [InstalledAmount] = []
        for country in oracle.facts.knownCountries(group).sorted() {
            let known = oracle.facts.installedAmount(group, in: country)
            let amount =
                switch random.below(8) {
                case 0: Int64(0)
                case 1: known / 2
                case 2: known - known / 10
                case 3: known + 1
                case 4: max(0, known - 1)
                case 5: min(known * 2, TPP.maximumAmount.rawValue)
                default: known
                }
            if random.chance(92) {
                amounts.append(InstalledAmount(country: country, amount: TPP(rawValue: amount)))
            }
        }
        return InstalledAttestation(
            party: party,
            asOf: clock.day.adding(days: random.pick([-1, -1, -1, -2])) ?? clock.day,
            amounts: amounts
        )
    }

    /// The name of an earlier operation of a kind, or of none.
    private mutating func makeReference(
        _ keys: (OracleFacts) -> [OracleFacts.OperationKey]
    ) -> OperationReference {
        let known = keys(oracle.facts)
        if known.isEmpty || random.chance(5) { return makeOddReference() }
        let key = random.pick(known)
        return OperationReference(organisation: key.organisation, id: key.id)
    }
}
