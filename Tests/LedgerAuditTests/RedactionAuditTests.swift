// SPDX-License-Identifier: Apache-2.0

import LedgerAudit
import LedgerModel
import Testing

/// Redactions and legal holds, judged again.
@Suite("What is redacted is judged")
struct RedactionAuditTests {
    private static func entry(
        _ number: UInt64,
        _ action: Action,
        _ outcome: Outcome = .accepted,
        by person: String = "ann"
    ) -> Entry {
        Entry(
            number: EntryNumber(rawValue: number),
            time: .earliest,
            actor: Actor(
                organisation: OrganisationIdentifier(checked: "state"),
                person: PersonIdentifier(checked: person),
                role: .operator
            ),
            rulebook: nil,
            content: .operation(
                OperationRecord(
                    id: OperationIdentifier(checked: "o-\(number)"),
                    action: action,
                    outcome: outcome
                )
            )
        )
    }

    private static func redaction(_ number: UInt64) -> Action {
        .redact(Redaction(entries: [EntryNumber(rawValue: number)], reason: "r"))
    }

    private static func approval(of number: UInt64) -> Action {
        decision(.approve, of: number)
    }

    private static func decision(
        _ step: ProposalStep,
        of number: UInt64
    ) -> Action {
        let proposal = OperationReference(id: OperationIdentifier(checked: "o-\(number)"))
        return .decideProposal(ProposalDecision(proposal: proposal, step: step))
    }

    /// A tick in entry 1 that entry 3 redacts.
    private func entries() -> [Entry] {
        [
            Self.entry(
                0,
                .createLedger(
                    LedgerCreation(
                        origin: OrganisationIdentifier(checked: "x"),
                        mode: .advisory,
                        disclosure: .open
                    )
                )
            ),
            Self.entry(1, .tick),
            Self.entry(2, .propose(Proposal(action: Self.redaction(1)))),
            Self.entry(3, Self.approval(of: 2), by: "bob"),
        ]
    }

    private func redact(_ entry: inout Entry) {
        entry.isRedacted = true
        entry.actor.person = .redacted
    }

    private func finding(_ entries: [Entry]) throws -> (Divergence.Kind?, AuditTally?) {
        var auditor = LedgerAuditor()
        do throws(AuditError) {
            for entry in entries { try auditor.judge(entry) }
            return (nil, try auditor.finish())
        } catch {
            guard case .diverges(let divergence) = error else { return (nil, nil) }
            return (divergence.kind, nil)
        }
    }

    @Test func whatWasApprovedIsRedactedAndNothingElse() throws {
        var entries = entries()
        #expect(try finding(entries).0 == .redaction)
        redact(&entries[1])
        #expect(try finding(entries).1?.redacted == 1)
        #expect(try finding(Array(entries.prefix(3))).0 == .redaction)
        entries[3].actor.person = PersonIdentifier(checked: "ann")
        #expect(try finding(entries).0 == .verdict)
    }

    @Test func twoPeopleWhoAreNoLongerToldAreCounted() throws {
        var entries = entries()
        redact(&entries[1])
        // A proposal that was approved, and redacted since.
        entries.append(Self.entry(4, .propose(Proposal(action: Self.agreement))))
        entries.append(Self.entry(5, Self.approval(of: 4), .refused(.samePerson)))
        entries.append(Self.entry(6, Self.approval(of: 4), by: "bob"))
        redact(&entries[4])
        entries.append(Self.entry(7, .propose(Proposal(action: Self.redaction(4)))))
        entries.append(Self.entry(8, Self.approval(of: 7), by: "bob"))
        let tally = try #require(try finding(entries).1)
        #expect(tally.redacted == 2 && tally.personsNotCompared == 2)
    }

    /// Only what says who redacted stays as it is.
    @Test func aRedactionThatWasDeclinedLeavesAnEntryLikeAnyOther() throws {
        func world(_ step: ProposalStep) throws -> [Entry] {
            var entries = entries()
            entries[3] = Self.entry(3, Self.decision(step, of: 2), by: "bob")
            if step == .approve { redact(&entries[1]) }
            entries.append(Self.entry(4, .propose(Proposal(action: Self.redaction(3)))))
            entries.append(Self.entry(5, Self.approval(of: 4), by: "bob"))
            redact(&entries[3])
            return entries
        }
        #expect(try finding(world(.decline)).1?.redacted == 1)
        #expect(try finding(world(.approve)).0 == .verdict)
    }

    private static let agreement: Action = {
        guard let country = CountryCode("AE"),
            let dates = DateRange(from: .earliest, until: nil)
        else { preconditionFailure("a country and a range") }
        return .signAgreement(AgreementSigning(country: country, dates: dates))
    }()

    @Test func aHoldIsJudgedWhereItIsOnAnEntryAndCountedWhereItIsOnAParty() throws {
        func world(_ subject: LegalHoldSubject, _ outcome: Outcome) throws -> [Entry] {
            let party = PartyRecord(
                id: PartyIdentifier(checked: "p"),
                name: "P",
                site: try #require(CountryCode("AE")),
                headquarters: try #require(CountryCode("AE"))
            )
            return [
                entries()[0], Self.entry(1, .party(party)),
                Self.entry(2, .legalHold(LegalHold(step: .place(subject), reason: "r"))),
                Self.entry(3, .propose(Proposal(action: Self.redaction(1)))),
                Self.entry(4, Self.approval(of: 3), outcome, by: "bob"),
            ]
        }
        let entry = LegalHoldSubject.entry(EntryNumber(rawValue: 1))
        let party = LegalHoldSubject.party(PartyIdentifier(checked: "p"))
        #expect(try finding(world(entry, .refused(.onHold))).1?.redactionsNotJudged == 0)
        #expect(try finding(world(entry, .accepted)).0 == .verdict)
        #expect(try finding(world(entry, .refused(.notRedactable))).0 == .verdict)
        #expect(try finding(world(party, .refused(.onHold))).1?.redactionsNotJudged == 1)
    }
}
