// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport

extension OracleRulebook {
    /// The regulation with numbers that fit a head: 50 TPP of small orders, 1,000 of a country and
    /// of a National VEU, 7 and 25 percent of a base.
    static let tiny: OracleRulebook = {
        var rulebook = OracleRulebook.cfr
        rulebook.name = "tiny"
        rulebook.limit(.nationalVEU, .always(.tpp(1_000)))
        rulebook.limit(.smallOrder, .calendarYear(.tpp(50)))
        rulebook.limit(
            .country,
            .period(from: .of(2025, 1, 1), until: .of(2028, 1, 1), .tpp(1_000))
        )
        return rulebook
    }()

    /// The same under another name, with one limit changed, from a day on.
    func renamed(
        _ name: String,
        from day: CivilDate = .of(2025, 1, 13),
        _ kind: MechanismKind,
        _ limits: Limit...
    ) -> OracleRulebook {
        var rulebook = self
        rulebook.name = name
        rulebook.effective = day
        rulebook.change(kind) { $0.limits = limits }
        return rulebook
    }

    /// The same under another name without a mechanism.
    func without(_ kind: MechanismKind, named name: String) -> OracleRulebook {
        var rulebook = self
        rulebook.name = name
        rulebook.mechanisms.removeAll { $0.kind == kind }
        return rulebook
    }

    /// Changes a mechanism.
    mutating func change(_ kind: MechanismKind, _ change: (inout Mechanism) -> Void) {
        for index in mechanisms.indices where mechanisms[index].kind == kind {
            change(&mechanisms[index])
        }
    }

    private mutating func limit(_ kind: MechanismKind, _ limit: Limit) {
        change(kind) { $0.limits = [limit] }
    }
}

/// Operations on the hold of an operation, by its id and, if it is not the caller's, organisation.
extension Desk {
    private func name(_ id: String, _ owner: String?) -> OperationReference {
        OperationReference(
            organisation: owner.map(OrganisationIdentifier.init(checked:)),
            id: OperationIdentifier(checked: id)
        )
    }

    private func part(_ amount: Int64?) -> HoldPart {
        amount.map { .amount(TPP(rawValue: $0)) } ?? .rest
    }

    @discardableResult
    mutating func ship(
        _ id: String,
        _ amount: Int64? = nil,
        isFinal: Bool = false,
        of owner: String? = nil
    ) -> String {
        move(.ship(Shipment(hold: name(id, owner), part: part(amount), isFinal: isFinal)))
    }

    @discardableResult
    mutating func release(_ id: String, of owner: String? = nil) -> String {
        move(.release(HoldRelease(hold: name(id, owner))))
    }

    @discardableResult
    mutating func extend(_ id: String, to deadline: LedgerTime, of owner: String? = nil) -> String {
        move(.extend(HoldExtension(hold: name(id, owner), deadline: deadline)))
    }

    @discardableResult
    mutating func giveBack(_ id: String, _ amount: Int64? = nil, of owner: String? = nil) -> String
    {
        move(.giveBack(GoodsReturn(hold: name(id, owner), part: part(amount))))
    }

    @discardableResult
    mutating func retire(_ id: String, _ amount: Int64? = nil, of owner: String? = nil) -> String {
        move(.retire(Retirement(hold: name(id, owner), part: part(amount), cause: .loss)))
    }

    @discardableResult
    mutating func revoke(_ id: String, of owner: String? = nil) -> String {
        move(.revoke(Revocation(hold: name(id, owner), reason: "because")))
    }

    @discardableResult
    mutating func correct(_ id: String, of owner: String? = nil) -> String {
        result(.correct(Correction(target: .operation(name(id, owner)), text: "it was nine")))
    }

    @discardableResult
    mutating func propose(_ action: Action, id: String? = nil) -> String {
        result(.propose(Proposal(action: action)), id: id)
    }

    @discardableResult
    mutating func decide(_ id: String, _ step: ProposalStep, of owner: String? = nil) -> String {
        result(.decideProposal(ProposalDecision(proposal: name(id, owner), step: step)))
    }

    @discardableResult
    mutating func tick(_ time: LedgerTime) -> String {
        clock = time
        return result(.tick)
    }

    /// What came of an operation on a hold in one line: `30 of 100+0, frees 70`, where 100 were open
    /// and 0 were out before; or a refusal's or rejection's code, with what was asked.
    private mutating func move(_ action: Action) -> String {
        switch apply(action) {
        case .replay(let entry): return "replay \(entry)"
        case .rejected(let code): return code.description
        case .entry(let entry):
            guard case .operation(let record) = entry.content else { return "event" }
            guard case .moved(let move) = record.outcome else {
                return record.outcome.refusal?.description ?? "accepted"
            }
            let before = "\(move.before.open.rawValue)+\(move.before.out.rawValue)"
            let answer = move.refusal.map { "\($0): " } ?? ""
            let freed = move.freed == .zero ? "" : ", frees \(move.freed.rawValue)"
            return answer + "\(move.amount.rawValue) of \(before)" + freed
        }
    }

    /// The balance of the hold of an operation: open, out, returned, retired.
    func balance(_ id: String, asOf number: EntryNumber? = nil) -> [Int64]? {
        let entry = oracle.entries.first {
            guard case .operation(let record) = $0.content else { return false }
            return record.id.text == id
        }
        guard let entry, let balance = oracle.balance(of: entry.number, asOf: number) else {
            return nil
        }
        return [balance.open, balance.out, balance.returned, balance.retired].map(\.rawValue)
    }
}
