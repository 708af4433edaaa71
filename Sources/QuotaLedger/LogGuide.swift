// SPDX-License-Identifier: Apache-2.0

public import EntryLog
import LedgerModel

/// What leads through a log without reading it: where the entries are that registers are made of,
/// and which organisations asked for anything.
///
/// It follows from the entries, and nothing is decided by it.
struct LogGuide: Sendable {
    /// The entries of the kinds that make registers (``EntryLog/EntryKind/makesRegisters``).
    private(set) var registers = EntryRanges()
    /// Who asked for anything, in the order of their first entries.
    private(set) var organisations: [OrganisationIdentifier] = []
    private var known: Set<OrganisationIdentifier> = []

    init() {}

    /// A guide as it was; `nil` if an organisation is there twice.
    init?(restoring registers: EntryRanges, organisations: [OrganisationIdentifier]) {
        self.registers = registers
        self.organisations = organisations
        known = Set(organisations)
        guard known.count == organisations.count else { return nil }
    }

    /// Takes an operation's entry in.
    mutating func take(_ record: OperationRecord, of entry: Entry) {
        takeAsking(entry.actor.organisation)
        if EntryKind(of: record.action).makesRegisters { registers.append(entry.number) }
    }

    /// Takes in who asked for a reservation.
    mutating func takeAsking(_ organisation: OrganisationIdentifier) {
        // Most have company of their own before them: comparing is cheaper than hashing.
        guard newest != organisation else { return }
        newest = organisation
        if known.insert(organisation).inserted { organisations.append(organisation) }
    }

    /// Who asked last; of no meaning but speed.
    private var newest: OrganisationIdentifier?
}

extension EntryKind {
    /// Whether parties, statuses, agreements, adoptions or proposals follow from such entries.
    public var makesRegisters: Bool {
        switch self {
        case .createLedger, .tick, .reserve, .ship, .release, .extend, .giveBack, .retire, .revoke,
            .correct, .transferWeights, .expiry, .breach, .cure, .threshold, .attestInstalled,
            .redact, .legalHold, .rotateKey:
            false
        case .adoptRulebook, .adoptDevices, .propose, .decideProposal, .party, .block, .grantStatus,
            .changeStatus, .attestSecurity, .signAgreement, .endAgreement:
            true
        }
    }
}

extension LogGuide {
    func write(to writer: inout SnapshotWriter) {
        writer.append(count: registers.ranges.count)
        for range in registers.ranges {
            writer.append(range.lowerBound)
            writer.append(range.upperBound)
        }
        writer.append(count: organisations.count)
        for organisation in organisations { writer.append(bytes: organisation.text.utf8) }
    }

    /// Reads a guide to the entries in front of `next`.
    init(from reader: inout SnapshotReader, next: UInt64) throws(SnapshotFault) {
        var ranges: [Range<UInt64>] = []
        for _ in 0..<(try reader.count(wordsEach: 2)) {
            let (start, end) = (try reader.word(), try reader.word())
            guard start < end, end <= next else {
                throw SnapshotFault("it names an entry behind its end")
            }
            ranges.append(start..<end)
        }
        var organisations: [OrganisationIdentifier] = []
        for _ in 0..<(try reader.count(wordsEach: 2)) {
            organisations.append(try reader.identifier())
        }
        guard let registers = EntryRanges(restoring: ranges),
            let guide = LogGuide(restoring: registers, organisations: organisations)
        else { throw SnapshotFault("what leads through the log is out of order") }
        self = guide
    }
}
