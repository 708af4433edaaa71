// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// What was redacted, and what must not be.
struct RetentionRegister: Sendable {
    /// What a legal hold that is in force keeps as it is.
    enum Subject: Hashable, Sendable {
        case party(PartyIdentifier)
        case entry(EntryNumber)
    }

    /// The entries without what is personal.
    private(set) var redacted: Set<EntryNumber> = []
    /// The entries that say who redacted: they approve redactions.
    private(set) var approvals: Set<EntryNumber> = []
    /// The legal holds in force, by the entries that placed them.
    private(set) var holds: [EntryNumber: Subject] = [:]

    /// Takes over a redaction that was approved.
    mutating func redact(_ entries: [EntryNumber], by approval: EntryNumber) {
        redacted.formUnion(entries)
        approvals.insert(approval)
    }

    mutating func place(_ subject: Subject, by entry: EntryNumber) { holds[entry] = subject }

    mutating func lift(_ hold: EntryNumber) { holds[hold] = nil }

    /// Whether there is a hold on a party, for which one has to know what entries tell of.
    var holdsParties: Bool {
        holds.values.contains { if case .party = $0 { true } else { false } }
    }

    /// Whether a hold keeps an entry as it is that these parties are told of.
    func holds(_ entry: EntryNumber, of parties: Set<PartyIdentifier>) -> Bool {
        holds.values.contains { subject in
            switch subject {
            case .party(let party): parties.contains(party)
            case .entry(let held): held == entry
            }
        }
    }
}

/// A legal hold that is in force.
public struct StandingLegalHold: Hashable, Sendable {
    /// The entry that placed it.
    public var entry: EntryNumber
    /// What it keeps as it is: a party, or an entry.
    public var subject: LegalHoldSubject
}

extension LedgerCore {
    /// The legal holds in force, in the order in which they were placed; an operation is told by its
    /// entry.
    public var legalHolds: [StandingLegalHold] {
        state.retention.holds.sorted { $0.key < $1.key }.map { entry, subject in
            let told: LegalHoldSubject =
                switch subject {
                case .party(let party): .party(party)
                case .entry(let held): .entry(held)
                }
            return StandingLegalHold(entry: entry, subject: told)
        }
    }

    /// The entries that were redacted, in order.
    public var redactedEntries: [EntryNumber] { state.retention.redacted.sorted() }
}

// MARK: - Snapshots

extension RetentionRegister {
    func write(to writer: inout SnapshotWriter) {
        for entries in [redacted, approvals] {
            writer.append(count: entries.count)
            for entry in entries.sorted() { writer.append(entry) }
        }
        writer.append(count: holds.count)
        for (entry, subject) in holds.sorted(by: { $0.key < $1.key }) {
            writer.append(entry)
            switch subject {
            case .party(let party):
                writer.append(true)
                writer.append(bytes: party.text.utf8)
            case .entry(let held):
                writer.append(false)
                writer.append(held)
            }
        }
    }
}

extension StateRestoring {
    mutating func retentionRegister() throws(SnapshotFault) -> RetentionRegister {
        var register = RetentionRegister()
        let redacted = try entrySet()
        for approval in try entrySet() { register.redact([], by: approval) }
        register.add(redacted)
        for _ in 0..<(try reader.count(wordsEach: 3)) {
            let entry = try reader.entry(below: next)
            let subject: RetentionRegister.Subject =
                try reader.bool()
                ? .party(try reader.identifier()) : .entry(try reader.entry(below: next))
            guard register.holds[entry] == nil else {
                throw SnapshotFault("a legal hold is there twice")
            }
            register.place(subject, by: entry)
        }
        return register
    }

    private mutating func entrySet() throws(SnapshotFault) -> Set<EntryNumber> {
        var entries: Set<EntryNumber> = []
        for _ in 0..<(try reader.count(wordsEach: 1)) {
            guard entries.insert(try reader.entry(below: next)).inserted else {
                throw SnapshotFault("a redacted entry is there twice")
            }
        }
        return entries
    }
}

extension RetentionRegister {
    fileprivate mutating func add(_ entries: Set<EntryNumber>) { redacted.formUnion(entries) }
}
