// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

// What is said of a difference, in words that need no knowledge of the program.

extension LedgerAuditor {
    func diverges(
        _ entry: Entry,
        _ kind: Divergence.Kind,
        _ what: String,
        expected: String,
        found: String,
        limit: LimitName? = nil,
        subject: String? = nil,
        reasons: [String] = []
    ) -> AuditError {
        .diverges(
            Divergence(
                entry: entry.number,
                time: entry.time,
                subject: subject ?? described(entry),
                kind: kind,
                limit: limit,
                what: what,
                expected: expected,
                found: found,
                reasons: reasons
            )
        )
    }

    func redactedUnasked(_ number: EntryNumber) -> AuditError {
        .diverges(
            Divergence(
                entry: number,
                time: newestTime,
                subject: "entry \(number)",
                kind: .redaction,
                limit: nil,
                what: "who acted, and free text",
                expected: "all of it, as no redaction of it was approved",
                found: "an entry that is redacted",
                reasons: []
            )
        )
    }

    func shouldHaveBeenRejected(_ rejection: ExpectedRejection, _ entry: Entry) -> AuditError {
        diverges(
            entry,
            .rejection,
            "an operation that should have been rejected",
            expected: "no entry: \(rejection.code), as \(rejection.why)",
            found: "an entry"
        )
    }

    // MARK: - Events

    /// Nothing happens by itself where an entry says so.
    func unexpected(_ entry: Entry) -> AuditError {
        var limit: LimitName?
        if case .limit(let event) = entry.content { limit = event.name }
        return diverges(
            entry,
            .unexpected,
            "what happens by itself",
            expected: "nothing: no hold is at its deadline and no limit has changed its standing",
            found: described(entry),
            limit: limit
        )
    }

    /// Something must happen before an operation, and is not there.
    func missing(_ due: ExpectedEvent, before entry: Entry) -> AuditError {
        diverges(
            entry,
            .missing,
            "what happens by itself before it",
            expected: described(due),
            found: "nothing",
            limit: limit(of: due.content),
            reasons: reasons(for: due)
        )
    }

    /// Something else happens by itself than an entry says.
    func differs(_ entry: Entry, from due: ExpectedEvent) -> AuditError {
        let isOther: Bool
        switch (entry.content, due.content) {
        case (.expiry(let found), .expiry(let wanted)): isOther = found.hold != wanted.hold
        case (.limit(let found), .limit(let wanted)):
            isOther = found.name != wanted.name || found.change != wanted.change
        default: isOther = true
        }
        return diverges(
            entry,
            isOther ? .missing : .outcome,
            isOther ? "what happens by itself next" : "what happens by itself",
            expected: described(due),
            found: "\(described(entry)), at \(entry.time)",
            limit: limit(of: due.content),
            reasons: reasons(for: due)
        )
    }

    private func limit(of content: EntryContent) -> LimitName? {
        if case .limit(let event) = content { event.name } else { nil }
    }

    private func described(_ due: ExpectedEvent) -> String {
        "\(described(due.content)), at \(due.time)"
    }

    private func reasons(for due: ExpectedEvent) -> [String] {
        switch due.content {
        case .expiry(let expiry):
            ["the hold of entry \(expiry.hold) had its deadline at \(due.time), and was open"]
        case .limit(let event):
            event.change == .unwatched
                ? []
                : [
                    "\(event.name): \(amount(event.used.rawValue)) used of "
                        + "\(amount(event.limit.rawValue))"
                ]
        case .operation: []
        }
    }

    // MARK: - Entries

    func described(_ entry: Entry) -> String {
        guard case .operation(let record) = entry.content else { return described(entry.content) }
        let owner = "\(record.id) of \(entry.actor.organisation)"
        switch record.action {
        case .reserve(let reservation):
            return "order \(owner) for \(reservation.consignee) to \(reservation.destination)"
        default:
            if let hold = hold(of: record.action) {
                return "\(record.action.kind) \(owner), for the hold of \(hold.id)"
            }
            return "\(record.action.kind) \(owner)"
        }
    }

    private func described(_ content: EntryContent) -> String {
        switch content {
        case .operation(let record): "\(record.action.kind) \(record.id)"
        case .expiry(let expiry):
            "the hold of entry \(expiry.hold) expires and frees \(amount(expiry.freed.rawValue))"
        case .limit(let event):
            switch event.change {
            case .breached: "\(event.name) comes into breach, \(standing(event))"
            case .cured: "\(event.name) is in breach no more, \(standing(event))"
            case .unwatched: "\(event.name) is not watched any more"
            case .crossed(let percent): "\(event.name) reaches \(percent) %, \(standing(event))"
            }
        }
    }

    private func standing(_ event: LimitEvent) -> String {
        "\(amount(event.used.rawValue)) used of \(amount(event.limit.rawValue))"
    }

    func described(_ actor: Actor) -> String {
        "\(actor.person) of \(actor.organisation) (\(actor.role))"
    }

    // MARK: - Outcomes

    func described(_ outcome: Outcome) -> String {
        switch outcome {
        case .accepted: return "accepted"
        case .refused(let refusal): return "refused: \(refusal)"
        case .decided(let decision):
            let answer = decision.refusal.map { "refused: \($0)" } ?? "granted"
            return "\(answer), by \(decision.mechanism)"
        case .moved(let move): return described(move)
        case .attested(let gaps):
            if gaps.isEmpty { return "attested, without a gap" }
            let told = gaps.map { gap in
                "\(gap.country) known \(amount(gap.known.rawValue)), attested "
                    + amount(gap.attested.rawValue)
            }
            return "attested, with gaps: " + told.joined(separator: "; ")
        case .determined(.permitted): return "permitted"
        case .determined(.notControlled(let exemption)): return "not controlled: \(exemption)"
        case .determined(.refused(let refusal)): return "refused: \(refusal)"
        }
    }

    private func described(_ move: HoldMove) -> String {
        let answer = move.refusal.map { "refused: \($0)" } ?? "done"
        let before = [
            ("open", move.before.open), ("out", move.before.out),
            ("returned", move.before.returned), ("retired", move.before.retired),
        ].map { "\($0) \(amount($1.rawValue))" }.joined(separator: ", ")
        return "\(answer), the hold of entry \(move.hold) being \(before) before, moving "
            + "\(amount(move.amount.rawValue)) and freeing \(amount(move.freed.rawValue))"
    }

    /// An amount in the unit that people read and in the one that counts.
    func amount(_ tpp: Int64) -> String {
        let exact = grouped("\(tpp)") + " TPP"
        guard tpp != 0, let factor = books.rules?.rulebook.file.tppPerH100e.value,
            let read = H100Equivalent(TPP(rawValue: tpp), tppPerH100e: factor, rounding: .down)
        else { return exact }
        let parts = read.description.split(separator: ".")
        return "\(exact) (\(grouped(String(parts[0]))).\(parts[1]) H100e)"
    }

    /// A whole number with a comma before every third digit.
    private func grouped(_ number: String) -> String {
        var text = ""
        for (position, digit) in number.enumerated() {
            let rest = number.count - position
            if position > 0, rest % 3 == 0, text != "-" { text += "," }
            text.append(digit)
        }
        return text
    }
}
