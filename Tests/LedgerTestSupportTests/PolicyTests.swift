// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import Testing

/// What a role may do: the policy is enforced in the ledger, not in a layer above.
@Suite struct PolicyTests {
    private let emirates = CountryCode.of("AE")

    private func makeDesk(_ policy: LedgerPolicy = .standard) -> Desk {
        var desk = Desk(.tiny, policy: policy)
        desk.party("P")
        desk.reserve(.tpp(100), id: "hold")
        desk.ship("hold", 50)
        return desk
    }

    private func signing(_ country: CountryCode) -> Action {
        .signAgreement(AgreementSigning(country: country, dates: .of(.of(2025, 1, 13))))
    }

    // "Whatever else it tries is refused, `not-permitted`, and is an entry."
    @Test func whatTheRoleMayNotDoIsRefusedAndIsAnEntry() {
        var desk = makeDesk()
        desk.role = .vendor
        let count = desk.oracle.entries.count
        #expect(desk.party("Q") == "not-permitted")
        #expect(desk.revoke("hold") == "not-permitted")
        #expect(desk.result(signing(emirates)) == "not-permitted")
        #expect(desk.oracle.entries.count == count + 3)
        #expect(desk.use(.country(emirates)) == [100, 1_000])
        desk.role = .regulator
        #expect(desk.result(.reserve(Desk.order([.tpp(1)]))) == "not-permitted")
        #expect(desk.ship("hold", 1) == "not-permitted")
        #expect(desk.result(signing(emirates)) == "accepted")
        // "auditors only read": not even a tick.
        desk.role = .auditor
        #expect(desk.tick(.of(2025, 2, 1)) == "not-permitted")
        #expect(desk.oracle.newestTime == .of(2025, 2, 1))
    }

    // A refusal by the policy brings its time as any refusal does.
    @Test func aRefusalByThePolicyMakesThingsFallDue() {
        var desk = makeDesk()
        desk.reserve(.tpp(100), deadline: .of(2025, 2, 1))
        desk.role = .auditor
        _ = desk.news()
        desk.tick(.of(2025, 3, 1))
        #expect(desk.news() == ["expired 6, 100 free"])
    }

    // "A vendor may act on holds of its own organisation only, and may correct only what it names by
    // an operation of its own."
    @Test func aVendorActsOnItsOwnHoldsOnly() {
        var desk = makeDesk()
        desk.role = .vendor
        desk.organisation = OrganisationIdentifier(checked: "bolt")
        #expect(desk.ship("hold", 1, of: "acme") == "not-permitted")
        #expect(desk.release("hold", of: "acme") == "not-permitted")
        #expect(desk.extend("hold", to: .of(2030, 1, 1), of: "acme") == "not-permitted")
        #expect(desk.giveBack("hold", of: "acme") == "not-permitted")
        #expect(desk.retire("hold", of: "acme") == "not-permitted")
        #expect(desk.correct("hold", of: "acme") == "not-permitted")
        let first = CorrectionTarget.entry(EntryNumber(rawValue: 0))
        let correction = Action.correct(Correction(target: first, text: "no"))
        #expect(desk.result(correction) == "not-permitted")
        desk.organisation = OrganisationIdentifier(checked: "acme")
        #expect(desk.result(correction) == "not-permitted")
        #expect(desk.ship("hold", 1, of: "acme") == "1 of 50+50")
        #expect(desk.correct("hold") == "accepted")
        // An operator acts on everyone's.
        desk.role = .operator
        desk.organisation = OrganisationIdentifier(checked: "bolt")
        #expect(desk.ship("hold", 1, of: "acme") == "1 of 49+51")
        #expect(desk.result(correction) == "accepted")
    }

    // "After all rejections and before all other refusals: `not-permitted`, then `needs-approval`."
    @Test func thePolicyComesAfterRejectionsAndBeforeOtherRefusals() {
        let policy = LedgerPolicy(
            permissions: [
                .operator: ActionKind.permissible, .vendor: [.ship], .regulator: [.party],
            ],
            twoPeople: [.signAgreement]
        )
        var desk = makeDesk(policy)
        desk.role = .regulator
        #expect(desk.ship("nothing") == "unknown-reference")
        #expect(desk.extend("hold", to: .of(2025, 1, 13)) == "malformed-field")
        // More than the hold has, but that is not looked at.
        #expect(desk.ship("hold", 1_000) == "not-permitted")
        #expect(desk.result(signing(.of("XX"))) == "unknown-country")
        #expect(desk.result(signing(emirates)) == "not-permitted")
        desk.role = .operator
        #expect(desk.result(signing(emirates)) == "needs-approval")
        #expect(desk.ship("hold", 1_000) == "exceeds-hold: 1000 of 50+50")
    }

    // "A reservation that was refused is `not-granted`", by whatever it was refused.
    @Test func aReservationThatThePolicyRefusedIsNotGranted() {
        var desk = makeDesk()
        desk.role = .regulator
        #expect(desk.result(.reserve(Desk.order([.tpp(1)])), id: "try") == "not-permitted")
        desk.role = .operator
        #expect(desk.ship("try", 1) == "not-granted: 0 of 0+0")
        // Its id is used.
        #expect(desk.result(.reserve(Desk.order([.tpp(1)])), id: "try") == "replay 6")
        #expect(desk.result(.reserve(Desk.order([.tpp(2)])), id: "try") == "id-reused")
    }

    // "it is fixed by the ledger's first entry"; "A ledger whose first entry is not its creation has
    // the standard policy."
    @Test func withoutACreationThePolicyIsTheStandardOne() {
        var oracle = Oracle(rulebooks: [:], devices: [:], countries: OracleCountries.assigned)
        func ask(_ id: String, _ role: Role, _ action: Action) -> OracleAnswer {
            var actor = Oracle.nobody
            actor.role = role
            let operation = Operation(id: .init(checked: id), actor: actor, action: action)
            return oracle.apply(operation, now: .of(2025, 1, 1))
        }
        func outcome(_ answer: OracleAnswer) -> Outcome? {
            guard case .entry(let entry) = answer,
                case .operation(let record) = entry.content
            else { return nil }
            return record.outcome
        }
        #expect(outcome(ask("1", .auditor, .tick)) == .refused(.notPermitted))
        #expect(outcome(ask("2", .vendor, .tick)) == .accepted)
        let creation = LedgerCreation(
            origin: .init(checked: "late"),
            mode: .binding,
            disclosure: .open,
            policy: LedgerPolicy(permissions: [:])
        )
        #expect(ask("3", .operator, .createLedger(creation)) == .rejected(.ledgerExists))
        #expect(outcome(ask("4", .vendor, .tick)) == .accepted)
    }

    // "creating the ledger is its first entry, whoever does it".
    @Test func whoeverCreatesTheLedgerSetsItsPolicy() {
        let policy = LedgerPolicy(permissions: [.auditor: [.tick]])
        var desk = Desk(.tiny, adopting: false, policy: policy)
        #expect(desk.result(.tick) == "not-permitted")
        desk.role = .auditor
        #expect(desk.result(.tick) == "accepted")
    }

    // A check is answered as the reservation would be, by the caller's role.
    @Test func aCheckIsRefusedByThePolicyToo() {
        let desk = makeDesk()
        let order = Desk.order([.tpp(1)])
        var actor = desk.actor
        actor.role = .auditor
        #expect(desk.oracle.check(order, by: actor, now: desk.clock) == .refused(.notPermitted))
        #expect(
            desk.oracle.check(Desk.order([.tpp(1)], for: "nobody"), by: actor, now: desk.clock)
                == .rejected(.unknownParty)
        )
        actor.role = .vendor
        guard case .decision = desk.oracle.check(order, by: actor, now: desk.clock) else {
            Issue.record("a vendor's check must be decided")
            return
        }
    }
}
