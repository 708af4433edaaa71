// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import QuotaLedger

/// What stands out in a log, as its entries say it.
public struct ExceptionFold: EntryFold {
    /// A time in which more was used of a limit than it allowed.
    struct Breach {
        var name: LimitName
        /// When it began, and the entry that says so; none of what no entry says yet.
        var began: LedgerTime
        var beganBy: EntryNumber?
        /// What was used and allowed then.
        var used: TPP
        var limit: TPP
        /// How it ended; `nil` if it has not.
        var end: End?

        struct End {
            var time: LedgerTime
            var entry: EntryNumber?
            /// Whether the limit is no longer defined or watched, rather than kept.
            var isUnwatched: Bool
        }
    }

    /// The decisions about a party that say that a status did not help for want of attestation.
    struct Lapses {
        var granted: Int64 = 0
        var refused: Int64 = 0
        var first: EntryNumber
        var last: EntryNumber
    }

    /// An attestation of the installed base that said something else than was known.
    struct Finding {
        var entry: EntryNumber
        var attestation: InstalledAttestation
        var group: PartyIdentifier
        /// Whether the group had never attested.
        var isFirst: Bool
        var gaps: [InstalledGap]
    }

    /// A correction with its entry.
    struct Corrected {
        var entry: EntryNumber
        var time: LedgerTime
        var actor: Actor
        var correction: Correction
    }

    private(set) var breaches: [Breach] = []
    private(set) var lapses: [PartyIdentifier: Lapses] = [:]
    private(set) var findings: [Finding] = []
    private(set) var corrections: [Corrected] = []
    /// Where the breaches that have not ended stand.
    private var open: [LimitName: Int] = [:]
    private var groups = GroupFold()
    /// The accounts of groups that have attested.
    private var attested: Set<Int> = []

    /// Makes a fold of a log without entries.
    public init() {}

    /// Takes the next entry in.
    public mutating func take(_ entry: Entry) {
        if let merger = groups.take(entry), attested.remove(merger.account) != nil {
            attested.insert(merger.into)
        }
        switch entry.content {
        case .limit(let event): take(event, at: entry.time, entry.number)
        case .operation(let record): take(record, of: entry)
        case .expiry: break
        }
    }

    /// Takes in what happens by itself after the last entry.
    public mutating func take(_ occurrence: DueOccurrence) {
        guard case .limit(let event) = occurrence.content else { return }
        take(event, at: occurrence.time, nil)
    }

    private mutating func take(_ event: LimitEvent, at time: LedgerTime, _ entry: EntryNumber?) {
        switch event.change {
        case .breached:
            open[event.name] = breaches.count
            breaches.append(
                Breach(
                    name: event.name,
                    began: time,
                    beganBy: entry,
                    used: event.used,
                    limit: event.limit
                )
            )
        case .cured, .unwatched:
            guard let position = open.removeValue(forKey: event.name) else { return }
            breaches[position].end = Breach.End(
                time: time,
                entry: entry,
                isUnwatched: event.change == .unwatched
            )
        case .crossed: break
        }
    }

    private mutating func take(_ record: OperationRecord, of entry: Entry) {
        switch (record.action, record.outcome) {
        case (.reserve(let reservation), .decided(let decision)) where decision.attestationLapsed:
            let number = entry.number
            var lapses =
                lapses[reservation.consignee] ?? Lapses(first: number, last: number)
            lapses.last = number
            if decision.isGranted { lapses.granted += 1 } else { lapses.refused += 1 }
            self.lapses[reservation.consignee] = lapses
        case (.attestInstalled(let attestation), .attested(let gaps)):
            let account = groups.account(of: attestation.party)
            let isFirst = attested.insert(account).inserted
            guard !gaps.isEmpty else { return }
            findings.append(
                Finding(
                    entry: entry.number,
                    attestation: attestation,
                    group: groups.owner(of: account),
                    isFirst: isFirst,
                    gaps: gaps
                )
            )
        case (.correct(let correction), .accepted):
            corrections.append(
                Corrected(
                    entry: entry.number,
                    time: entry.time,
                    actor: entry.actor,
                    correction: correction
                )
            )
        default: break
        }
    }
}
