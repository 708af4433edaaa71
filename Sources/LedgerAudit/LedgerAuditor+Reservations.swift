// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

extension LedgerAuditor {
    /// Judges the entry of a reservation, and takes in what it charges if it is granted.
    mutating func judge(
        _ reservation: Reservation,
        of consignee: PartyIndex?,
        _ record: OperationRecord,
        _ entry: Entry
    ) throws(AuditError) {
        var worth: AuditBooks.Worth?
        var isProhibited: Bool?
        if let rules = books.rules {
            worth = books.worth(of: reservation, rules)
            isProhibited = rules.rulebook.endUses[reservation.endUse]
        }
        if let rejection = rejection(
            of: reservation,
            consignee,
            worth,
            isKnownEndUse: isProhibited != nil,
            at: entry.time
        ) {
            throw shouldHaveBeenRejected(rejection, entry)
        }
        guard let consignee, let worth, let rules = books.rules else {
            preconditionFailure("a reservation that is not rejected must have all it names")
        }
        if let refusal = refusalByPolicy(.reserve, hold: nil, entry.actor) {
            try compare(.refused(refusal), record, entry)
            return
        }
        books.decide(
            reservation,
            of: consignee,
            worth: worth,
            isProhibitedEndUse: isProhibited ?? false,
            rules,
            into: &decision
        )
        guard case .decided(let found) = record.outcome else {
            throw verdict(record.outcome, entry, rules)
        }
        guard isExpected(found) else { throw differs(found, entry, rules) }
        guard decision.refusal == nil else { return }
        charge(reservation, of: consignee, by: entry, rules)
    }

    private mutating func charge(
        _ reservation: Reservation,
        of consignee: PartyIndex,
        by entry: Entry,
        _ rules: RulesOfDay
    ) {
        let place = CountryPlace(reservation.destination)
        let index = books.charges.count
        let status = books.grantingStatus(decision.mechanism, consignee, place, rules)
        books.charge(
            Charge(
                entry: entry.number,
                day: books.day,
                mechanism: decision.mechanism,
                place: place,
                party: consignee,
                account: books.account(of: books.ultimateParent(of: consignee)),
                status: status.map { Int32($0) } ?? -1,
                deadline: reservation.deadline,
                open: decision.granted
            )
        )
        touch(index)
    }

    /// Whether a decision is to the last number what it must be.
    private func isExpected(_ found: Decision) -> Bool {
        guard found.refusal == decision.refusal, found.mechanism == decision.mechanism,
            found.asked.rawValue == decision.asked, found.granted.rawValue == decision.granted,
            found.bindingTest == decision.binding,
            found.roomByInstalling?.rawValue == decision.roomByInstalling,
            found.attestationLapsed == decision.attestationLapsed,
            found.tests.count == decision.tests.count
        else { return false }
        for index in found.tests.indices {
            let expected = decision.tests[index]
            guard found.tests[index].mechanism == expected.mechanism,
                found.tests[index].used.rawValue == expected.use.used,
                found.tests[index].limit.rawValue == expected.use.limit,
                found.tests[index].left.rawValue == expected.left,
                books.isNamed(expected.key, found.tests[index].name)
            else { return false }
        }
        return true
    }

    // MARK: - Words

    /// The entry tells of something else than a decision.
    private func verdict(_ found: Outcome, _ entry: Entry, _ rules: RulesOfDay) -> AuditError {
        diverges(
            entry,
            .verdict,
            "the answer",
            expected: verdict(decision.refusal, decision.mechanism),
            found: described(found),
            reasons: arithmetic(rules)
        )
    }

    private func verdict(_ refusal: Refusal?, _ mechanism: MechanismKind) -> String {
        refusal.map { "refused by \(mechanism): \($0)" } ?? "granted by \(mechanism)"
    }

    /// The first difference of a decision: the answer, then the amounts, then the limits in order.
    private func differs(_ found: Decision, _ entry: Entry, _ rules: RulesOfDay) -> AuditError {
        func error(
            _ kind: Divergence.Kind,
            _ what: String,
            _ expected: String,
            _ told: String,
            limit: LimitName? = nil
        ) -> AuditError {
            diverges(
                entry,
                kind,
                what,
                expected: expected,
                found: told,
                limit: limit,
                reasons: arithmetic(rules)
            )
        }
        let binding = decision.binding.map { books.name(of: decision.tests[$0].key) }
        if found.refusal != decision.refusal || found.mechanism != decision.mechanism {
            return error(
                .verdict,
                "the answer",
                verdict(decision.refusal, decision.mechanism),
                verdict(found.refusal, found.mechanism),
                limit: binding
            )
        }
        let amounts = [
            ("what was asked", decision.asked, found.asked.rawValue),
            ("what was granted", decision.granted, found.granted.rawValue),
        ]
        for (what, expected, told) in amounts where expected != told {
            return error(.arithmetic, what, amount(expected), amount(told), limit: binding)
        }
        for (expected, told) in zip(decision.tests, found.tests) {
            let name = books.name(of: expected.key)
            guard name == told.name, expected.mechanism == told.mechanism else {
                return error(.arithmetic, "a limit tested", "\(name)", "\(told.name)", limit: name)
            }
            let numbers = [
                ("used of \(name) before it", expected.use.used, told.used.rawValue),
                ("the limit \(name)", expected.use.limit, told.limit.rawValue),
                ("left of \(name) after it", expected.left, told.left.rawValue),
            ]
            for (what, expected, told) in numbers where expected != told {
                return error(.arithmetic, what, amount(expected), amount(told), limit: name)
            }
        }
        guard found.tests.count == decision.tests.count else {
            let names = decision.tests.map { "\(books.name(of: $0.key))" }
            return error(
                .arithmetic,
                "the limits tested",
                names.isEmpty ? "none" : names.joined(separator: ", "),
                found.tests.isEmpty
                    ? "none" : found.tests.map { "\($0.name)" }.joined(separator: ", ")
            )
        }
        if found.bindingTest != decision.binding {
            return error(
                .arithmetic,
                "the limit that binds",
                binding.map { "\($0)" } ?? "none",
                found.bindingTest.map { "\(found.tests[$0].name)" } ?? "none",
                limit: binding
            )
        }
        if found.attestationLapsed != decision.attestationLapsed {
            return error(
                .arithmetic,
                "the note attestation-lapsed",
                decision.attestationLapsed ? "there" : "not there",
                found.attestationLapsed ? "there" : "not there"
            )
        }
        return error(
            .arithmetic,
            "what would have to be installed elsewhere to make room",
            decision.roomByInstalling.map { amount($0) } ?? "nothing told",
            found.roomByInstalling.map { amount($0.rawValue) } ?? "nothing told",
            limit: binding
        )
    }

    /// How each limit stood that the order reached, and where the rule comes from.
    private func arithmetic(_ rules: RulesOfDay) -> [String] {
        var lines = decision.tests.map { test in
            "\(books.name(of: test.key)): used \(amount(test.use.used)) of "
                + "\(amount(test.use.limit)), asked \(amount(decision.asked))"
        }
        let rulebook = rules.rulebook
        lines.append(
            "rulebook \(rulebook.file.name) version \(rulebook.file.version), adopted by entry "
                + "\(rulebook.entry)"
        )
        return lines
    }
}
