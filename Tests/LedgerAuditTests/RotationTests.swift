// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerAudit
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Testing

@Suite("The rotation of a ledger's key, as the ledger, the oracle and the audit have it")
struct RotationTests {
    private static let rotation = KeyRotation(
        previousKey: "log.example+1+AQ==",
        newKey: "log.example+2+AQ==",
        statement: "from 1 to 2\n\n— 1\n"
    )

    private static func operation(
        _ id: String,
        _ action: Action,
        _ role: Role = .operator
    ) -> Operation {
        Operation(
            id: OperationIdentifier(checked: id),
            actor: Actor(
                organisation: OrganisationIdentifier(checked: "OPERATOR"),
                person: PersonIdentifier(checked: "kim"),
                role: role
            ),
            time: .of(2025, 1, 13),
            action: action
        )
    }

    /// Every rotation that is malformed in one way.
    private static var malformed: [KeyRotation] {
        var all: [KeyRotation] = []
        func add(_ change: (inout KeyRotation) -> Void) {
            var rotation = rotation
            change(&rotation)
            all.append(rotation)
        }
        add { $0.newKey = $0.previousKey }
        add { $0.previousKey = "" }
        add { $0.newKey = "two\nlines" }
        add { $0.newKey = String(repeating: "k", count: 201) }
        add { $0.statement = "" }
        add { $0.statement = "a\rline\n" }
        add { $0.statement = String(repeating: "s", count: 2_049) }
        return all
    }

    private static var operations: [Operation] {
        let creation = LedgerCreation(
            origin: OrganisationIdentifier(checked: "log.example"),
            mode: .binding,
            disclosure: .open,
            // Not even who may do nothing else is kept from it, nor is anybody let in.
            policy: LedgerPolicy(permissions: [.regulator: ActionKind.permissible])
        )
        var other = rotation
        other.newKey = "log.example+3+AQ=="
        return [
            operation("create", .createLedger(creation)),
            operation("r-1", .rotateKey(rotation)),
            operation("r-1", .rotateKey(rotation)),
            operation("r-1", .rotateKey(other)),
            operation("r-2", .rotateKey(rotation), .regulator),
            operation("r-3", .rotateKey(rotation), .vendor),
            operation("r-4", .propose(Proposal(action: .rotateKey(rotation)))),
        ] + malformed.map { operation("r-5", .rotateKey($0)) }
    }

    private func entries() throws -> (entries: [Entry], answers: [LedgerAnswer]) {
        let log = InMemoryEntryLog()
        let ledger = try Ledger.open(log, secret: AuditedHistory.secret(), clock: { .earliest })
        var answers: [LedgerAnswer] = []
        for operation in Self.operations { answers += try ledger.submit([operation]) }
        ledger.close()
        return (try AuditedHistory.entries(of: log), answers)
    }

    @Test func theOperatorRotatesAndNobodyElse() throws {
        let (entries, answers) = try entries()
        let outcomes = entries.map { entry -> Outcome? in
            guard case .operation(let record) = entry.content else { return nil }
            return record.outcome
        }
        #expect(
            outcomes == [
                .accepted, .accepted, .refused(.notPermitted), .refused(.notPermitted),
            ]
        )
        let codes = answers.map { answer -> RejectionCode? in
            guard case .rejected(let rejection) = answer else { return nil }
            return rejection.code
        }
        #expect(codes.prefix(7) == [nil, nil, nil, .idReused, nil, nil, .malformedField])
        #expect(codes.dropFirst(7).allSatisfy { $0 == .malformedField })
    }

    @Test func theOracleAnswersTheSame() throws {
        let (entries, answers) = try entries()
        var oracle = Oracle(rulebooks: [:], devices: [:], countries: [])
        for (operation, answer) in zip(Self.operations, answers) {
            let expected = oracle.apply(operation, now: .earliest)
            if case .rejected(let rejection) = answer {
                #expect(expected == .rejected(rejection.code))
            }
        }
        #expect(oracle.entries == entries)
    }

    @Test func theAuditFindsWhatTheSignaturesDoNotBear() throws {
        let (entries, _) = try entries()
        guard case .success(let tally) = audit(entries) else {
            Issue.record("the ledger's own entries are not right")
            return
        }
        #expect(tally.operations == 4)
        var auditor = LedgerAuditor(rotationFault: { rotation, origin, number in
            rotation == Self.rotation && origin == "log.example" && number.rawValue == 1
                ? "not signed" : nil
        })
        try auditor.judge(entries[0])
        do {
            try auditor.judge(entries[1])
            Issue.record("a rotation that nobody signed was taken")
        } catch {
            guard case .diverges(let divergence) = error else { throw error }
            #expect(divergence.kind == .rejection)
            #expect("\(divergence)".contains("not signed"))
        }
        // Who was refused may not be let through, nor the other way round.
        for (index, outcome) in [(1, Outcome.refused(.notPermitted)), (2, .accepted)] {
            var forged = entries
            guard case .operation(var record) = forged[index].content else { continue }
            record.outcome = outcome
            forged[index].content = .operation(record)
            guard case .failure = audit(forged) else {
                Issue.record("entry \(index) was taken")
                continue
            }
        }
    }
}
