// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel

extension StateRestoring {
    mutating func proposalRegister() throws(SnapshotFault) -> ProposalRegister {
        var register = ProposalRegister()
        for _ in 0..<(try reader.count(wordsEach: 6)) {
            let entry = try reader.entry(below: next)
            let organisation: OrganisationIdentifier = try reader.identifier()
            let person: PersonIdentifier = try reader.identifier()
            guard let role = Role(rawValue: UInt8(clamping: try reader.word())),
                let kind = ActionKind(rawValue: UInt8(clamping: try reader.word()))
            else { throw SnapshotFault("a proposal is none") }
            let bytes = try reader.bytes()
            let action = bytes.isEmpty ? nil : try? ActionCodec.action(of: bytes)
            guard bytes.isEmpty || action?.kind == kind, ActionKind.canBeProposed.contains(kind),
                register[entry] == nil
            else { throw SnapshotFault("a proposal is none") }
            register.add(
                ProposalState(
                    proposer: Actor(organisation: organisation, person: person, role: role),
                    kind: kind,
                    action: action
                ),
                entry: entry
            )
        }
        return register
    }

    mutating func limitWatch() throws(SnapshotFault) -> LimitWatch {
        let day = try reader.day()
        guard day <= newestTime.day else { throw SnapshotFault("it looked at a day to come") }
        var states: [WatchKey: WatchState] = [:]
        for _ in 0..<(try reader.count(wordsEach: WatchKey.snapshotWordCount + 2)) {
            let key = try watchKey()
            let isInBreach = try reader.bool()
            let percent = try reader.word()
            guard percent <= 100, isInBreach || percent > 0 else {
                throw SnapshotFault("a limit stands as none does")
            }
            let state = WatchState(isInBreach: isInBreach, percent: UInt8(percent))
            guard states.updateValue(state, forKey: key) == nil else {
                throw SnapshotFault("a limit is there twice")
            }
        }
        return LimitWatch(restoring: states, day: day)
    }

    private mutating func watchKey() throws(SnapshotFault) -> WatchKey {
        let kind = try reader.word()
        let party = kind == 0 ? nil : try party()
        if kind == 0, try reader.word() != 0 { throw SnapshotFault("a limit is none") }
        let rest = try reader.word()
        switch (kind, party) {
        case (0, _): return .country(try SnapshotReader.country(rest))
        case (1, let party?):
            let country = try SnapshotReader.country(rest)
            return .national(NationalKey(party: party, country: country))
        case (2, let party?):
            guard let year = Int32(exactly: rest), (1970...9999).contains(year) else {
                throw SnapshotFault("a year is out of range")
            }
            return .smallOrder(try account(of: party), year: year)
        case (3, let party?):
            return .countryShare(try account(of: party), try SnapshotReader.country(rest))
        case (4, let party?) where rest == 0: return .outsideShare(try account(of: party))
        default: throw SnapshotFault("a limit is none")
        }
    }
}

extension LedgerState {
    /// Takes over what was found at the last look, and finds again what is watched.
    mutating func restore(_ restored: LimitWatch) {
        watch = restored
        for adopted in rulebooks.adopted { addLawDays(of: adopted) }
        for agreement in agreements.agreements {
            watch.addLawDay(agreement.from)
            watch.addLawDay(agreement.until)
        }
        for status in statuses.universal { watch.addLawDays(status.grant.dates) }
        refreshMoment(at: newestTime)
        refreshGroups()
    }
}
