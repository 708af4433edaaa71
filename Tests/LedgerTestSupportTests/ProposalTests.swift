// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import Testing

/// Operations that need two people: one proposes, another approves.
@Suite struct ProposalTests {
    private let emirates = CountryCode.of("AE")
    private let p = PartyIdentifier(checked: "P")

    /// A desk whose statuses and agreements need two people.
    private func makeDesk() -> Desk {
        var policy = LedgerPolicy.standard
        policy.twoPeople = [.grantStatus, .signAgreement, .endAgreement]
        var desk = Desk(.tiny, .tiny.renamed("lower", .country, .always(.tpp(10))), policy: policy)
        desk.party("P", headquarters: "US")
        desk.attest("P")
        desk.role = .regulator
        return desk
    }

    private func national(from day: CivilDate = .of(2025, 1, 13)) -> Action {
        .grantStatus(StatusGrant(kind: .national(emirates), party: p, dates: .of(day)))
    }

    private func signing(until day: CivilDate? = nil) -> Action {
        let dates = DateRange.of(.of(2025, 1, 13), until: day)
        return .signAgreement(AgreementSigning(country: emirates, dates: dates))
    }

    private func by(_ person: String, _ desk: inout Desk) {
        desk.person = PersonIdentifier(checked: person)
    }

    private func useLimit(_ desk: Desk) -> Int64? { desk.use(.country(emirates))?.last }

    // "One proposes the operation, another approves it; both are entries." A proposal "has no
    // effect".
    @Test func whatIsProposedTakesEffectWhenAnotherApproves() {
        var desk = makeDesk()
        let count = desk.oracle.entries.count
        #expect(desk.result(signing()) == "needs-approval")
        #expect(desk.propose(signing(), id: "proposal") == "accepted")
        #expect(useLimit(desk) == 1_000)
        #expect(desk.decide("proposal", .approve) == "same-person")
        by("bob", &desk)
        #expect(desk.decide("proposal", .approve) == "accepted")
        #expect(useLimit(desk) == 2_000)
        #expect(desk.oracle.entries.count == count + 4)
    }

    // "a proposal that was approved, declined or refused is `proposal-closed`, which is asked
    // first."
    @Test func aProposalIsDecidedOnce() {
        var desk = makeDesk()
        desk.propose(signing(), id: "declined")
        desk.propose(signing(), id: "approved")
        by("bob", &desk)
        #expect(desk.decide("declined", .decline) == "accepted")
        #expect(desk.decide("declined", .approve) == "proposal-closed")
        #expect(desk.decide("approved", .approve) == "accepted")
        #expect(desk.decide("approved", .approve) == "proposal-closed")
        #expect(desk.decide("approved", .decline) == "proposal-closed")
        by("ann", &desk)
        #expect(desk.decide("approved", .approve) == "proposal-closed")
    }

    // "Approving what one has proposed (same organisation and person) is `same-person`".
    @Test func theSameNameElsewhereIsAnotherPerson() {
        var desk = makeDesk()
        desk.propose(signing(), id: "proposal")
        desk.role = .operator
        #expect(desk.decide("proposal", .approve) == "same-person")
        desk.organisation = OrganisationIdentifier(checked: "bolt")
        #expect(desk.decide("proposal", .approve) == "unknown-reference")
        #expect(desk.decide("proposal", .approve, of: "acme") == "accepted")
    }

    // "Declining one's own is a withdrawal and allowed."
    @Test func whoProposedMayWithdraw() {
        var desk = makeDesk()
        desk.propose(signing(), id: "proposal")
        desk.role = .auditor
        by("bob", &desk)
        #expect(desk.decide("proposal", .decline) == "not-permitted")
        by("ann", &desk)
        #expect(desk.decide("proposal", .decline) == "accepted")
        by("bob", &desk)
        desk.role = .regulator
        #expect(desk.decide("proposal", .approve) == "proposal-closed")
    }

    // "Who may propose and decide? Whoever may do the operation". A refusal by the policy, as
    // `same-person` or as `proposal-closed` leaves the proposal as it is.
    @Test func theKindOfTheOperationIsLookedUp() {
        var desk = makeDesk()
        desk.role = .vendor
        #expect(desk.propose(signing(), id: "not mine") == "not-permitted")
        desk.role = .regulator
        desk.propose(signing(), id: "proposal")
        by("bob", &desk)
        desk.role = .vendor
        #expect(desk.decide("proposal", .approve) == "not-permitted")
        #expect(desk.decide("proposal", .decline) == "not-permitted")
        desk.role = .operator
        #expect(desk.decide("proposal", .approve) == "accepted")
        // What was refused is no open proposal.
        #expect(desk.decide("not mine", .approve) == "proposal-closed")
    }

    // "The approval is judged as the operation would be in its place; ... a refusal is the
    // approval's", and closes the proposal.
    @Test func theWorldMayHaveChanged() {
        var desk = makeDesk()
        desk.propose(national(), id: "first")
        desk.propose(national(), id: "second")
        by("bob", &desk)
        #expect(desk.decide("second", .approve) == "accepted")
        #expect(desk.decide("first", .approve) == "status-exists")
        desk.change("second", .revoke)
        #expect(desk.decide("first", .approve) == "proposal-closed")
        #expect(desk.result(national()) == "needs-approval")
    }

    // "The proposal is judged as the operation would be: a rejection rejects it, but for refusals
    // only the policy is asked."
    @Test func aProposalIsRejectedAsItsOperationWouldBe() {
        var desk = makeDesk()
        let unknown = StatusGrant(
            kind: .universal,
            party: .init(checked: "X"),
            dates: .of(.of(2025, 1, 13))
        )
        #expect(desk.propose(.grantStatus(unknown)) == "unknown-party")
        let blank = PartyBlock(party: p, isBlocked: true, reason: "")
        #expect(desk.propose(.block(blank)) == "malformed-field")
        #expect(desk.propose(.adoptRulebook(RulebookAdoption(bytes: [1]))) == "invalid-rulebook")
        // Not eligible, but that is the approval's business.
        desk.role = .operator
        desk.party("Q")
        let seat = StatusGrant(
            kind: .universal,
            party: .init(checked: "Q"),
            dates: .of(.of(2025, 1, 13))
        )
        #expect(desk.propose(.grantStatus(seat), id: "proposal") == "accepted")
        by("bob", &desk)
        #expect(desk.decide("proposal", .approve) == "not-eligible")
    }

    // "Kinds that do not need two people may be proposed all the same; a kind that can not be
    // proposed is `malformed-field`."
    @Test func someKindsCanNotBeProposed() {
        var desk = makeDesk()
        for action in [
            Action.tick, .reserve(Desk.order([.tpp(1)])), .propose(Proposal(action: .tick)),
        ] {
            #expect(desk.propose(action) == "malformed-field")
        }
        let block = Action.block(PartyBlock(party: p, isBlocked: true, reason: "why"))
        #expect(desk.propose(block, id: "block") == "accepted")
        #expect(desk.reserve(.tpp(1)) == nil)
        by("bob", &desk)
        #expect(desk.decide("block", .approve) == "accepted")
        desk.role = .vendor
        #expect(desk.reserve(.tpp(1))?.refusal == .partyBlocked)
    }

    // "a rejection of the operation rejects the approval (which leaves the proposal open)".
    @Test func anOperationThatIsRejectedNowLeavesItsProposalOpen() {
        var desk = makeDesk()
        desk.role = .operator
        desk.party("Q", parent: "P")
        let move = PartyRecord(
            id: p,
            name: "P",
            site: emirates,
            headquarters: .of("US"),
            parent: .init(checked: "Q")
        )
        desk.party("Q")
        #expect(desk.propose(.party(move), id: "proposal") == "accepted")
        desk.party("Q", parent: "P")
        by("bob", &desk)
        let count = desk.oracle.entries.count
        #expect(desk.decide("proposal", .approve) == "parent-cycle")
        #expect(desk.oracle.entries.count == count)
        desk.party("Q")
        #expect(desk.decide("proposal", .approve) == "accepted")
    }

    // "Of a proposal that is closed nothing is judged any more."
    @Test func nothingIsJudgedOfAClosedProposal() {
        var desk = makeDesk()
        desk.propose(signing(), id: "agreement")
        by("bob", &desk)
        desk.decide("agreement", .approve)
        let end = AgreementEnd(
            agreement: OperationReference(id: .init(checked: "agreement")),
            until: .of(2025, 1, 13)
        )
        desk.propose(.endAgreement(end), id: "open")
        desk.propose(.endAgreement(end), id: "closed")
        by("ann", &desk)
        desk.decide("closed", .decline)
        // Its day has passed: the open one is rejected, the closed one closed.
        desk.clock = .of(2025, 1, 14)
        #expect(desk.decide("open", .approve) == "date-out-of-range")
        #expect(desk.decide("closed", .approve) == "proposal-closed")
        #expect(desk.decide("open", .decline) == "accepted")
    }

    // "What takes effect is dated at the approval and known by the proposal's organisation, id and
    // entry".
    @Test func whatTakesEffectIsKnownByTheProposal() throws {
        var desk = makeDesk()
        desk.propose(national(), id: "status")
        desk.propose(signing(until: .of(2026, 1, 1)), id: "agreement")
        #expect(desk.change("status", .suspend) == "unknown-reference")
        desk.organisation = OrganisationIdentifier(checked: "bolt")
        desk.decide("status", .approve, of: "acme")
        desk.decide("agreement", .approve, of: "acme")
        #expect(desk.change("status", .suspend) == "unknown-reference")
        #expect(desk.change("status", .suspend, of: "acme") == "accepted")
        let end = AgreementEnd(
            agreement: OperationReference(
                organisation: OrganisationIdentifier(checked: "acme"),
                id: .init(checked: "agreement")
            ),
            until: .of(2025, 1, 13)
        )
        desk.propose(.endAgreement(end), id: "end")
        by("bob", &desk)
        #expect(desk.decide("end", .approve) == "accepted")
        #expect(useLimit(desk) == 1_000)
        // The day has passed: a rejection, not a refusal.
        desk.clock = .of(2025, 1, 14)
        #expect(desk.propose(.endAgreement(end)) == "date-out-of-range")
    }

    // "which also holds the bytes of a rulebook": entries name the proposal, from the approval on.
    @Test func anAdoptedRulebookIsNamedByItsProposal() throws {
        var desk = makeDesk()
        let lower = OracleRulebook.tiny.renamed("lower", .country, .always(.tpp(10)))
        desk.propose(.adoptRulebook(RulebookAdoption(bytes: Desk.file(lower))), id: "law")
        let proposal = try #require(desk.oracle.entries.last)
        desk.clock = .of(2025, 3, 1)
        by("bob", &desk)
        desk.result(.tick)
        #expect(desk.oracle.entries.last?.rulebook == proposal.rulebook)
        desk.decide("law", .approve)
        #expect(desk.oracle.entries.last?.rulebook == proposal.rulebook)
        #expect(useLimit(desk) == 10)
        desk.result(.tick)
        #expect(desk.oracle.entries.last?.rulebook == proposal.number)
        #expect(desk.oracle.use(of: .country(emirates), asOf: proposal.number)?.limit == 1_000)
    }

    // "'The caller's own' is the proposer's own organisation."
    @Test func aProposalsReferencesAreTheProposers() {
        var desk = makeDesk()
        desk.propose(national(), id: "status")
        by("bob", &desk)
        desk.decide("status", .approve)
        let own = OperationReference(id: .init(checked: "status"))
        let change = StatusChange(grant: own, step: .revoke, reason: "why")
        desk.propose(.changeStatus(change), id: "change")
        desk.organisation = OrganisationIdentifier(checked: "bolt")
        #expect(desk.decide("change", .approve, of: "acme") == "accepted")
        #expect(desk.change("status", .reinstate, of: "acme") == "status-revoked")
    }

    // "A reference to something that is no proposal is `unknown-reference`."
    @Test func onlyProposalsAreDecided() {
        var desk = makeDesk()
        desk.role = .operator
        desk.reserve(.tpp(1), id: "hold")
        for step in ProposalStep.allCases {
            #expect(desk.decide("hold", step) == "unknown-reference")
            #expect(desk.decide("nothing", step) == "unknown-reference")
        }
    }

    // Proposals and decisions are replayed as any operation is.
    @Test func proposalsAreReplayed() {
        var desk = makeDesk()
        desk.propose(signing(), id: "proposal")
        let count = desk.oracle.entries.count
        #expect(desk.propose(signing(), id: "proposal") == "replay \(count - 1)")
        #expect(desk.propose(signing(until: .of(2026, 1, 1)), id: "proposal") == "id-reused")
        #expect(desk.result(signing(), id: "proposal") == "id-reused")
    }
}
