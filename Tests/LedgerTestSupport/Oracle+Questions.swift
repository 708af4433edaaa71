// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// What tests ask of the ledger as it is, was, or will be.
extension Oracle {
    /// The use of a limit as the log stood after an entry (the newest unless given), at that
    /// entry's time; `nil` when no rulebook was in force, or it does not define the limit.
    public func use(of name: LimitName, asOf number: EntryNumber? = nil) -> OracleUse? {
        guard let past = past(asOf: number) else { return nil }
        return Self.use(of: name, in: past.facts, at: past.time)
    }

    /// The use of a limit at a time that is not earlier than the newest entry, with what falls due
    /// until then.
    public func use(of name: LimitName, at time: LedgerTime) -> OracleUse? {
        var later = self
        later.settle(until: time, actor: Oracle.nobody)
        return Self.use(of: name, in: later.facts, at: max(time, newestTime))
    }

    /// How a hold stood after an entry (the newest unless given), by the entry that granted it;
    /// `nil` of an entry that granted none.
    public func balance(of hold: EntryNumber, asOf number: EntryNumber? = nil) -> HoldBalance? {
        past(asOf: number)?.facts.charges.first { $0.entry == hold }?.balance
    }

    /// What a group, named by its ultimate parent, had installed in a country after an entry (the
    /// newest unless given).
    public func installed(
        of group: PartyIdentifier,
        in country: CountryCode,
        asOf number: EntryNumber? = nil
    ) -> Int64? {
        past(asOf: number)?.facts.installedAmount(group, in: country)
    }

    /// The limits that were in breach after an entry (the newest unless given).
    public func limitsInBreach(asOf number: EntryNumber? = nil) -> Set<LimitName>? {
        past(asOf: number)?.facts.inBreach
    }

    /// Every limit that is looked at, with its use, after an entry (the newest unless given).
    public func watchedUses(asOf number: EntryNumber? = nil) -> [LimitName: OracleUse]? {
        guard let past = past(asOf: number) else { return nil }
        guard let rulebook = past.facts.adoption(at: past.time)?.rulebook else { return [:] }
        return past.facts.watchedUses(rulebook, on: past.time.day)
    }

    /// The statuses that help no order after an entry (the newest unless given) for want of a current
    /// security attestation alone, in order of their grants.
    public func lapsedStatuses(asOf number: EntryNumber? = nil) -> [StatusGrant] {
        guard let past = past(asOf: number),
            let rulebook = past.facts.adoption(at: past.time)?.rulebook
        else { return [] }
        let day = past.time.day
        return past.facts.statuses.filter { status in
            guard !status.isSuspended, !status.isRevoked, status.dates.contains(day),
                !past.facts.isAttestedEnough(status, rulebook, on: day)
            else { return false }
            return status.kind != .universal
                || past.facts.isEligible(status.party, rulebook, on: day)
        }.map { StatusGrant(kind: $0.kind, party: $0.party, dates: $0.dates) }
    }

    /// The rulebook in force at a time, if any.
    public func rulebook(at time: LedgerTime) -> OracleRulebook? {
        facts.adoption(at: time)?.rulebook
    }

    /// The facts of the log up to an entry, and its time; `nil` if the log does not have it.
    private func past(asOf number: EntryNumber?) -> (facts: OracleFacts, time: LedgerTime)? {
        guard let number else { return (facts, newestTime) }
        guard number.rawValue < UInt64(entries.count) else { return nil }
        let known = entries[...Int(number.rawValue)]
        var past = OracleFacts(
            rulebookFiles: facts.rulebookFiles,
            deviceFiles: facts.deviceFiles
        )
        for entry in known { past.fold(entry) }
        return (past, known.last?.time ?? .earliest)
    }

    private static func use(
        of name: LimitName,
        in facts: OracleFacts,
        at time: LedgerTime
    ) -> OracleUse? {
        guard let rulebook = facts.adoption(at: time)?.rulebook,
            let (mechanism, limit) = facts.definition(of: name, rulebook)
        else { return nil }
        return facts.use(of: name, limit, mechanism, rulebook, on: time.day)
    }
}

extension OracleFacts.Charge {
    /// How the hold stands.
    var balance: HoldBalance {
        HoldBalance(
            open: TPP(rawValue: open),
            out: TPP(rawValue: out),
            returned: TPP(rawValue: returned),
            retired: TPP(rawValue: retired)
        )
    }
}
