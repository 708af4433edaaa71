// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import LedgerModel
import Testing

/// What no entry about the life of an order, model weights, two people or limits may hold is refused
/// before it is written, and when it is read.
struct LifeRangeTests {
    @Test(arguments: unwritableActions.indices)
    func whatNoOperationMayAskIsNotWritten(index: Int) {
        let (action, outcome) = LifeRangeTests.unwritableActions[index]
        #expect(throws: EntryLogError.self) { try encoded(changed(action, outcome)) }
    }

    @Test(arguments: unwritableEvents.indices)
    func whatNoLimitsEventMaySayIsNotWritten(index: Int) throws {
        var entry = try SampleEntries.named("breach")
        guard case .limit(var event) = entry.content else { return }
        LifeRangeTests.unwritableEvents[index](&event)
        entry.content = .limit(event)
        #expect(throws: EntryLogError.self) { try encoded(entry) }
    }

    /// Codes 30 and 31 stand alone, whatever was asked; everything else has the outcome of its kind.
    @Test func anOutcomeIsThatOfItsKind() throws {
        let outcomes: [Outcome] = [
            .accepted, .refused(.partyBlocked), .decided(SampleEntries.decision),
            .moved(HoldMove(hold: EntryNumber(rawValue: 0), before: .zero)), .attested([]),
            .determined(.permitted), .determined(.refused(.partyBlocked)),
        ]
        for (name, fitting) in [
            ("reserve-up-to", [2]), ("ship", [3]), ("extend", [3]), ("give-back", [3]),
            ("attest-installed", [1, 4]), ("weights", [5, 6]), ("tick", [0, 1]),
            ("correct", [0, 1]), ("decide-proposal", [0, 1]),
        ] {
            guard case .operation(let record) = try SampleEntries.named(name).content else {
                continue
            }
            for (index, outcome) in outcomes.enumerated() {
                let entry = changed(record.action, outcome)
                if fitting.contains(index) {
                    #expect(try decoded(encoded(entry)) == entry, "\(name): \(outcome)")
                } else {
                    #expect(throws: EntryLogError.self, "\(name): \(outcome)") {
                        try encoded(entry)
                    }
                }
            }
            for refusal in [Refusal.notPermitted, .needsApproval] {
                let entry = changed(record.action, .refused(refusal))
                #expect(try decoded(encoded(entry)) == entry, "\(name)")
            }
        }
    }

    /// Nothing else that policies could say is another policy: each has one form.
    @Test func aPolicySetByHandIsWrittenOnlyIfItIsOne() throws {
        let changes: [(inout LedgerPolicy) -> Void] = [
            { $0.permissions[.auditor] = [] },
            { $0.permissions[.vendor]?.insert(.propose) },
            { $0.permissions[.operator]?.insert(.createLedger) },
            { $0.twoPeople.insert(.reserve) },
        ]
        for change in changes {
            var policy = LedgerPolicy.standard
            change(&policy)
            #expect(throws: EntryLogError.self) {
                try ActionCodec.contentBytes(of: LifeRangeTests.creation(policy))
            }
        }
    }

    private func changed(_ action: Action, _ outcome: Outcome) -> Entry {
        var entry = SampleEntries.reservation(9)
        entry.content = .operation(
            OperationRecord(
                id: OperationIdentifier(checked: "id"),
                action: action,
                outcome: outcome
            )
        )
        return entry
    }

    private static func creation(_ policy: LedgerPolicy) -> Action {
        .createLedger(
            LedgerCreation(
                origin: OrganisationIdentifier(checked: "o"),
                mode: .binding,
                disclosure: .open,
                policy: policy
            )
        )
    }
}

extension LifeRangeTests {
    private static let order = OperationReference(id: OperationIdentifier(checked: "order"))
    private static let release = Action.release(HoldRelease(hold: order))

    private static let unwritableActions: [(Action, Outcome)] = {
        let moved = Outcome.moved(move)
        let long = String(repeating: "a", count: 201)
        var cases: [(Action, Outcome)] = [
            (.ship(Shipment(hold: order, part: .amount(.zero))), moved),
            (.giveBack(GoodsReturn(hold: order, part: .amount(TPP(rawValue: -1)))), moved),
            (.retire(Retirement(hold: order, part: .amount(.zero), cause: .loss)), moved),
            (.revoke(Revocation(hold: order, reason: "")), moved),
            (.revoke(Revocation(hold: order, reason: long)), moved),
            (.correct(Correction(target: .operation(order), text: "")), .accepted),
            (
                .correct(Correction(target: .entry(EntryNumber(rawValue: 9)), text: "x")),
                .accepted
            ),
            (.propose(Proposal(action: .tick)), .accepted),
            (.propose(Proposal(action: release)), .accepted),
            (.propose(Proposal(action: creation(.standard))), .accepted),
            (.propose(Proposal(action: .propose(Proposal(action: .tick)))), .accepted),
            (upToTwoLines, .decided(SampleEntries.decision)),
            (release, .moved(HoldMove(hold: EntryNumber(rawValue: 9), before: .zero))),
            (release, .moved(HoldMove(refusal: .needsApproval, hold: first, before: .zero))),
            (weights(model: ""), .determined(.permitted)),
            (weights(model: "m"), .determined(.refused(.notPermitted))),
        ]
        for change in badMoves {
            var move = move
            change(&move)
            cases.append((release, .moved(move)))
        }
        return cases + badGaps.map { (attestation, .attested($0)) }
    }()

    private static let first = EntryNumber(rawValue: 0)
    private static let move = HoldMove(hold: first, before: HoldBalance(open: .maximumSum))

    private static let badMoves: [@Sendable (inout HoldMove) -> Void] = [
        { $0.before.open = TPP(rawValue: (1 << 62) + 1) },
        { $0.before.out = TPP(rawValue: -1) },
        { $0.before.returned = TPP(rawValue: -1) },
        { $0.before.retired = TPP(rawValue: -1) },
        { $0.amount = TPP(rawValue: -1) },
        { $0.freed = TPP(rawValue: -1) },
    ]

    private static let badGaps: [[InstalledGap]] = [
        [gap("AE", 1, 1)],
        [gap("AE", 1, 2), gap("AE", 2, 1)],
        [gap("IN", 1, 2), gap("AE", 2, 1)],
        [gap("AE", -1, 2)],
        [gap("AE", 1, (1 << 62) + 1)],
    ]

    private static func gap(_ country: String, _ known: Int64, _ attested: Int64) -> InstalledGap {
        InstalledGap(
            country: SampleEntries.country(country),
            known: TPP(rawValue: known),
            attested: TPP(rawValue: attested)
        )
    }

    private static let attestation = Action.attestInstalled(
        InstalledAttestation(
            party: PartyIdentifier(checked: "p"),
            asOf: .earliest,
            amounts: []
        )
    )

    private static let upToTwoLines: Action = {
        guard
            case .reserve(var order) = SampleEntries.reserveAction([
                .tpp(TPP(rawValue: 1)), .tpp(TPP(rawValue: 2)),
            ])
        else { return .tick }
        order.isUpTo = true
        return .reserve(order)
    }()

    private static func weights(model: String) -> Action {
        .transferWeights(
            WeightsTransfer(
                model: model,
                isPublished: true,
                trainingOperations: .max,
                recipient: PartyIdentifier(checked: "p"),
                destination: SampleEntries.countryAE
            )
        )
    }

    private static let unwritableEvents: [@Sendable (inout LimitEvent) -> Void] = [
        { $0.change = .crossed(percent: 0) },
        { $0.change = .crossed(percent: 101) },
        { $0.change = .unwatched },
        { $0.used = TPP(rawValue: -1) },
        { $0.limit = TPP(rawValue: (1 << 62) + 1) },
        { $0.name = .outsideShare(group: PartyIdentifier(checked: "")) },
    ]
}
