// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Testing

/// Follows what the core says would make room for refused orders, and lets the oracle judge.
@Suite("What makes room for a refused order")
struct RemedyTests {
    @Test("is granted when it is followed, and not before", arguments: 0..<40)
    func followed(seed: Int) throws {
        let profile = StreamProfile.allCases[seed % StreamProfile.allCases.count]
        let stream = GeneratedStream(seed: 5_000 + UInt64(seed), profile: profile, count: 150)
        var oracle = stream.makeOracle()
        var core = LedgerCore(key: HashKey(first: 1, second: 2))
        var random = SplitMix64(seed: UInt64(seed))
        for step in stream.steps {
            if case .reserve(let reservation) = step.operation.action {
                var asked = step.operation
                asked.id = OperationIdentifier(checked: "asked")
                let question = RefusedQuestion(
                    reservation: reservation,
                    actor: asked.actor,
                    time: max(asked.time ?? step.now, oracle.newestTime),
                    oracle: oracle
                )
                let before = try core.check(asked, now: step.now)
                let remedies = try core.remedies(for: asked, now: step.now)
                #expect(try core.check(asked, now: step.now) == before, "seed \(seed)")
                let digest = core.digest
                let both = try core.checkWithRemedies(asked, now: step.now)
                #expect(both.answer == before && both.remedies == remedies, "seed \(seed)")
                let after = core.digest
                #expect(after == digest, "seed \(seed)")
                switch before {
                case .decided(let decision) where !decision.isGranted:
                    if let finding = question.finding(about: remedies, &random) {
                        Issue.record("seed \(seed), \(profile), \(asked): \(finding)")
                        return
                    }
                default: #expect(remedies.isEmpty, "seed \(seed)")
                }
            }
            _ = try core.decide([step.operation], now: step.now)
            _ = oracle.apply(step.operation, now: step.now)
        }
    }

    @Test("is of every kind in generated streams")
    func everyKind() throws {
        var kinds = Set<String>()
        for seed in 0..<40 {
            let profile = StreamProfile.allCases[seed % StreamProfile.allCases.count]
            let stream = GeneratedStream(seed: 5_000 + UInt64(seed), profile: profile, count: 150)
            var core = LedgerCore(key: HashKey(first: 1, second: 2))
            for step in stream.steps {
                if case .reserve = step.operation.action {
                    for remedy in try core.remedies(for: step.operation, now: step.now) {
                        kinds.formUnion(Self.kinds(of: remedy))
                    }
                }
                _ = try core.decide([step.operation], now: step.now)
            }
        }
        #expect(
            kinds == [
                "ask less", "ask less TPP", "wait", "rulebook", "mechanism", "weight", "limit",
                "window", "expiries", "agreement", "agreement in part", "renew", "reinstate",
                "attest", "install",
            ]
        )
    }

    private static func kinds(of remedy: Remedy) -> Set<String> {
        switch remedy.step {
        case .askLess:
            if case .devices = remedy.reservation.lines[0] { return ["ask less"] }
            return ["ask less TPP"]
        case .wait(_, let causes):
            return Set(
                causes.map { cause in
                    switch cause {
                    case .rulebook: "rulebook"
                    case .mechanism: "mechanism"
                    case .weight: "weight"
                    case .limit: "limit"
                    case .window: "window"
                    case .expiries: "expiries"
                    }
                }
            ).union(["wait"])
        case .agreement: return [remedy.isWhole ? "agreement" : "agreement in part"]
        case .status(let repair):
            var kinds = Set<String>()
            if repair.needsRenewal { kinds.insert("renew") }
            if repair.needsReinstatement { kinds.insert("reinstate") }
            if repair.needsAttestation { kinds.insert("attest") }
            return kinds
        case .install: return ["install"]
        }
    }
}

/// A refused order, and a copy of the oracle as it stood when it was asked.
private struct RefusedQuestion {
    let reservation: Reservation
    let actor: LedgerModel.Actor
    let time: LedgerTime
    let oracle: Oracle

    /// What is wrong with some remedies, if anything is.
    func finding(about remedies: [Remedy], _ random: inout SplitMix64) -> String? {
        for remedy in remedies {
            if let finding = finding(about: remedy) { return "\(remedy): \(finding)" }
        }
        return findingAboutLess(remedies) ?? findingAboutWaiting(remedies, &random)
    }

    private func finding(about remedy: Remedy) -> String? {
        var later = oracle
        switch remedy.step {
        case .askLess: break
        case .wait(_, let causes):
            if causes.isEmpty { return "a wait without a cause" }
            if remedy.time <= time { return "a wait that is none" }
        case .agreement(let country):
            guard let days = DateRange(from: time.day, until: nil),
                later.suppose(
                    .signAgreement(AgreementSigning(country: country, dates: days)),
                    at: time
                )
            else { return "the agreement is not accepted" }
        case .status(let repair):
            if let finding = Self.make(repair, at: time, &later) { return finding }
        case .install(let amount, let home):
            return finding(about: remedy, amount, home)
        }
        return answerFinding(remedy, later)
    }

    /// Compares what the oracle answers with what the remedy says, and asks for one unit more.
    private func answerFinding(_ remedy: Remedy, _ later: Oracle) -> String? {
        let answer = later.check(remedy.reservation, by: actor, time: remedy.time, now: remedy.time)
        guard answer == .decision(remedy.decision), remedy.decision.isGranted else {
            return "followed, the order is answered \(answer)"
        }
        guard !remedy.isWhole, !remedy.reservation.isUpTo else { return nil }
        let more = Self.oneMore(than: remedy.reservation)
        return Self.isGranted(later.check(more, by: actor, time: remedy.time, now: remedy.time))
            ? "one unit more is granted, too" : nil
    }

    private static func make(
        _ repair: StatusRepair,
        at time: LedgerTime,
        _ later: inout Oracle
    ) -> String? {
        guard let days = DateRange(from: time.day, until: nil) else { return "no days" }
        if repair.needsRenewal {
            let grant = StatusGrant(kind: repair.kind, party: repair.party, dates: days)
            guard later.suppose(.grantStatus(grant), at: time) else { return "not granted again" }
        }
        if repair.needsReinstatement {
            let entry = later.entries[Int(repair.grant.rawValue)]
            guard case .operation(let record) = entry.content else { return "no grant" }
            let change = StatusChange(
                grant: OperationReference(organisation: entry.actor.organisation, id: record.id),
                step: .reinstate,
                reason: "supposed"
            )
            guard later.suppose(.changeStatus(change), at: time) else { return "not reinstated" }
        }
        if repair.needsAttestation {
            let attestation = SecurityAttestation(party: repair.party, dates: days)
            guard later.suppose(.attestSecurity(attestation), at: time) else {
                return "not attested"
            }
        }
        return nil
    }

    /// What is installed makes room for all, and one TPP less does not.
    private func finding(
        about remedy: Remedy,
        _ amount: TPP,
        _ home: CountryCode
    ) -> String? {
        func answer(_ amount: TPP) -> OracleCheck? {
            var later = oracle
            guard
                later.supposeInstalled(amount, in: home, for: reservation.consignee, at: time)
            else { return nil }
            return later.check(remedy.reservation, by: actor, time: time, now: time)
        }
        if let found = answer(amount), found != .decision(remedy.decision) {
            return "installed, the order is answered \(found)"
        }
        guard remedy.isWhole else { return "not all of the order is granted" }
        guard amount.rawValue > 1, let less = answer(TPP(rawValue: amount.rawValue - 1)) else {
            return nil
        }
        guard case .decision(let decision) = less, decision.granted == decision.asked else {
            return nil
        }
        return "one TPP less would be enough"
    }

    /// Orders of other sizes below what was asked are granted only up to the one that is named.
    private func findingAboutLess(_ remedies: [Remedy]) -> String? {
        guard
            case .decision(let refused) = oracle.check(
                reservation,
                by: actor,
                time: time,
                now: time
            )
        else {
            return "the oracle does not decide it"
        }
        let named = remedies.first { $0.step == .askLess }
        let (most, size) =
            if reservation.lines.count == 1, case .devices(_, let quantity) = reservation.lines[0] {
                (quantity, refused.asked.rawValue / max(1, quantity))
            } else { (refused.asked.rawValue, Int64(1)) }
        let granted = (named?.decision.granted.rawValue ?? 0) / max(1, size)
        for count in Set([granted + 1, (granted + most) / 2, most / 3, most / 2, most - 1])
        where count > granted && count < most {
            if Self.isGranted(oracle.check(sized(count), by: actor, time: time, now: time)) {
                return "\(count) are granted, at most \(granted) expected"
            }
        }
        return nil
    }

    /// Before the end of the wait that is named, or ever, the order is not granted.
    private func findingAboutWaiting(
        _ remedies: [Remedy],
        _ random: inout SplitMix64
    ) -> String? {
        var end: LedgerTime?
        for remedy in remedies {
            if case .wait = remedy.step { end = remedy.time }
        }
        var instants = oracle.turns(after: time)
        instants = (0..<min(12, instants.count)).map { _ in random.pick(instants) }
        if let end { instants.append(end.adding(milliseconds: -1)) }
        for instant in instants where instant < end ?? .latest && instant > time {
            var order = reservation
            if let deadline = order.deadline, deadline <= instant { order.deadline = nil }
            if Self.isGranted(oracle.check(order, by: actor, time: instant, now: instant)) {
                return "granted at \(instant), expected \(end.map { "\($0)" } ?? "never")"
            }
        }
        return nil
    }

    private func sized(_ count: Int64) -> Reservation {
        var sized = reservation
        sized.isUpTo = false
        if reservation.lines.count == 1, case .devices(let device, _) = reservation.lines[0] {
            sized.lines = [.devices(device, quantity: count)]
        } else {
            sized.lines = [.tpp(TPP(rawValue: count))]
        }
        return sized
    }

    private static func oneMore(than reservation: Reservation) -> Reservation {
        var more = reservation
        switch reservation.lines[0] {
        case .devices(let device, let quantity):
            more.lines = [.devices(device, quantity: quantity + 1)]
        case .tpp(let amount): more.lines = [.tpp(TPP(rawValue: amount.rawValue + 1))]
        case .h100e: break
        }
        return more
    }

    private static func isGranted(_ answer: OracleCheck) -> Bool {
        if case .decision(let decision) = answer { decision.isGranted } else { false }
    }
}
