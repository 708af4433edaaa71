// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import Testing

/// Redactions and legal holds, as docs/decisions/0012 has them.
@Suite struct RetentionTests {
    /// An order of acme's for P in entry 4 and one for Q in entry 5.
    private func desk() -> Desk {
        var desk = Desk(.tiny)
        desk.party("P")
        desk.party("Q")
        desk.reserve(.tpp(100), id: "o-1")
        desk.reserve(.tpp(100), id: "o-2")
        return desk
    }

    private func redact(_ numbers: [UInt64], _ id: String, _ desk: inout Desk) -> String {
        let redaction = Redaction(
            entries: numbers.map(EntryNumber.init(rawValue:)),
            reason: "asked for"
        )
        desk.person = PersonIdentifier(checked: "ann")
        desk.result(.propose(Proposal(action: .redact(redaction))), id: id)
        desk.person = PersonIdentifier(checked: "bob")
        let reference = OperationReference(id: OperationIdentifier(checked: id))
        return desk.result(
            .decideProposal(ProposalDecision(proposal: reference, step: .approve))
        )
    }

    private func last(_ desk: Desk) -> UInt64 { UInt64(desk.oracle.entries.count) - 1 }

    @Test func aRedactionTakesTwoPeopleOfAnAuthority() {
        var desk = desk()
        let order = last(desk)
        let redaction = Redaction(entries: [EntryNumber(rawValue: order)], reason: "asked for")
        #expect(desk.result(.redact(redaction)) == "needs-approval")
        for (role, expected) in [
            (Role.vendor, "not-permitted"), (.auditor, "not-permitted"),
            (.regulator, "accepted"),
        ] {
            desk.role = role
            #expect(desk.result(.propose(Proposal(action: .redact(redaction)))) == expected)
        }
        #expect(redact([order], "r-1", &desk) == "accepted")
        #expect(redact([order], "r-2", &desk) == "not-redactable")
    }

    @Test func aLegalHoldKeepsAPartyAnOperationOrAnEntry() {
        var desk = desk()
        let order = last(desk)
        let named = OperationReference(id: OperationIdentifier(checked: "o-2"))
        let subjects: [LegalHoldSubject] = [
            .party(PartyIdentifier(checked: "P")), .operation(named),
            .entry(EntryNumber(rawValue: order)),
        ]
        for (index, subject) in subjects.enumerated() {
            let hold = LegalHold(step: .place(subject), reason: "case")
            #expect(desk.result(.legalHold(hold), id: "h-\(index)") == "accepted")
            #expect(redact([2, order], "r-\(index)", &desk) == "on-hold")
            let placed = OperationReference(id: OperationIdentifier(checked: "h-\(index)"))
            let lift = Action.legalHold(LegalHold(step: .lift(placed), reason: "closed"))
            #expect(desk.result(lift) == "accepted")
            #expect(desk.result(lift) == "unknown-reference")
        }
        #expect(redact([order], "r-9", &desk) == "accepted")
    }

    @Test func whoRedactedStaysKnown() {
        var desk = desk()
        let order = last(desk)
        #expect(redact([order], "r-1", &desk) == "accepted")
        let (proposal, approval) = (last(desk) - 1, last(desk))
        #expect(redact([proposal], "r-2", &desk) == "not-redactable")
        #expect(redact([approval], "r-3", &desk) == "not-redactable")
        #expect(redact([last(desk)], "r-4", &desk) == "accepted")
        #expect(redact([last(desk) + 9], "r-5", &desk) == "unknown-reference")
    }
}
