// SPDX-License-Identifier: Apache-2.0

import EntryLog
import Foundation
import LedgerAudit
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Rulebook
import Testing

/// Each of these edits a ledger's log and computes every hash anew, so that verification alone
/// finds nothing; the audit must.
@Suite("A log that was tampered with and hashed anew") struct TamperingTests {
    /// A way to tamper with a history.
    struct Tampering: Sendable, CustomStringConvertible {
        var description: String
        var edit: @Sendable (AuditedHistory) throws -> [Entry]

        init(_ name: String, _ edit: @escaping @Sendable (AuditedHistory) throws -> [Entry]) {
            description = name
            self.edit = edit
        }
    }

    static let all = edits + removals + forgeries

    private static let edits = [
        Tampering("an order's amount edited") { history in
            var entries = history.entries
            let number = try history.number(of: "A2")
            guard case .reserve(var asked)? = entries[number].record?.action else { return [] }
            asked.lines = [.tpp(TPP(rawValue: 200_000_000))]
            entries[number].record?.action = .reserve(asked)
            return entries
        },
        Tampering("a wrong used in a decision") { history in
            var entries = history.entries
            let number = try history.number(of: "S2")
            entries[number].decision?.tests[0].used = .zero
            return entries
        },
        Tampering("a wrong left in a decision") { history in
            var entries = history.entries
            let number = try history.number(of: "A2")
            entries[number].decision?.tests[0].left = TPP(rawValue: 1)
            return entries
        },
        Tampering("a refusal that should have been a grant") { history in
            var entries = history.entries
            let number = try history.number(of: "S4")
            entries[number].decision?.refusal = .limitReached
            entries[number].decision?.granted = .zero
            return entries
        },
        Tampering("a back-dated time") { history in
            var entries = history.entries
            let number = try history.number(of: "S4")
            entries[number].time = .of(2025, 12, 31)
            return entries
        },
        Tampering("another time order") { history in
            var entries = history.entries
            let number = try history.number(of: "A3")
            entries[number].time = .of(2025, 1, 21)
            return entries
        },
        Tampering("a rulebook changed after the fact") { history in
            var entries = history.entries
            let number = try history.number(of: "rulebook")
            entries[number].record?.action = .adoptRulebook(
                RulebookAdoption(bytes: try Self.widerRulebook())
            )
            return entries
        },
    ]

    private static let removals = [
        Tampering("an order removed and all numbers shifted") { history in
            var entries = history.entries
            entries.remove(at: try history.number(of: "S1"))
            return AuditedHistory.renumbered(entries)
        },
        Tampering("two orders swapped") { history in
            var entries = history.entries
            let (one, other) = (try history.number(of: "S1"), try history.number(of: "S2"))
            entries.swapAt(one, other)
            entries[one].time = history.entries[one].time
            entries[other].time = history.entries[other].time
            return AuditedHistory.renumbered(entries)
        },
        Tampering("an expiry left out") { history in
            var entries = history.entries
            entries.removeAll { entry in
                if case .expiry = entry.content { true } else { false }
            }
            return AuditedHistory.renumbered(entries)
        },
        Tampering("a threshold left out") { history in
            var entries = history.entries
            let number = try #require(
                entries.firstIndex { $0.event?.change == .crossed(percent: 80) }
            )
            entries.remove(at: number)
            return AuditedHistory.renumbered(entries)
        },
        Tampering("a breach left out") { history in
            var entries = history.entries
            entries.removeAll { $0.event?.change == .breached }
            return AuditedHistory.renumbered(entries)
        },
    ]

    private static let forgeries = [
        Tampering("a grant above the limit slipped in") { history in
            var entries = history.entries
            let last = try history.number(of: "S2")
            var forged = entries[last]
            forged.record?.id = OperationIdentifier(checked: "S2-bis")
            entries.insert(forged, at: last + 1)
            return AuditedHistory.renumbered(entries)
        },
        Tampering("a grant above a country's limit slipped in") { history in
            var entries = history.entries
            let refused = try history.number(of: "A3")
            var forged = entries[refused]
            forged.record?.id = OperationIdentifier(checked: "A3-bis")
            forged.decision?.refusal = nil
            let asked = try #require(forged.decision?.asked)
            forged.decision?.granted = asked
            forged.decision?.tests[0].left = .zero
            entries.insert(forged, at: refused + 1)
            return AuditedHistory.renumbered(entries)
        },
        Tampering("a refusal turned into a grant") { history in
            var entries = history.entries
            let number = try history.number(of: "A6")
            entries[number].decision?.refusal = nil
            let asked = try #require(entries[number].decision?.asked)
            entries[number].decision?.granted = asked
            return entries
        },
        Tampering("a threshold that nobody reached") { history in
            var entries = history.entries
            let number = try history.number(of: "A1")
            var forged = entries[number]
            forged.content = .limit(
                LimitEvent(
                    name: .country(.of("AE")),
                    change: .crossed(percent: 80),
                    used: TPP(rawValue: 700_000_000),
                    limit: TPP(rawValue: 791_600_000)
                )
            )
            entries.insert(forged, at: number + 1)
            return AuditedHistory.renumbered(entries)
        },
        Tampering("an order answered twice") { history in
            var entries = history.entries
            let number = try history.number(of: "S1")
            entries.insert(entries[number], at: number + 1)
            return AuditedHistory.renumbered(entries)
        },
        Tampering("an entry that names another rulebook") { history in
            var entries = history.entries
            entries[try history.number(of: "A2")].rulebook = nil
            return entries
        },
        Tampering("an order for a party that nobody registered") { history in
            var entries = history.entries
            let number = try history.number(of: "A3")
            guard case .reserve(var asked)? = entries[number].record?.action else { return [] }
            asked.consignee = PartyIdentifier(checked: "GHOST")
            entries[number].record?.action = .reserve(asked)
            return entries
        },
        Tampering("someone else brought a threshold about") { history in
            var entries = history.entries
            let number = try #require(entries.firstIndex { $0.event != nil })
            entries[number].actor.person = PersonIdentifier(checked: "eve")
            return entries
        },
        Tampering("someone else brought the time of an expiry") { history in
            var entries = history.entries
            for index in entries.indices {
                if case .expiry = entries[index].content {
                    entries[index].actor.person = PersonIdentifier(checked: "eve")
                }
            }
            return entries
        },
    ]

    /// The shipped rulebook with a wider allowance for small orders.
    static func widerRulebook() throws -> [UInt8] {
        let text = String(decoding: ShippedRulebook.brief.file.bytes, as: UTF8.self)
        let wider = text.replacingOccurrences(
            of: "amount: 1,700 H100e",
            with: "amount: 9,700 H100e"
        )
        #expect(wider != text)
        return Array(wider.utf8)
    }

    /// What the ledger's own verification says, or `nil` if it finds nothing.
    private func findingOfVerification(_ log: any EntryLog) throws -> String? {
        var frontier = MerkleFrontier()
        let secret = try AuditedHistory.secret()
        do throws(LedgerError) {
            _ = try LedgerCore.verified(from: log, secret: secret, frontier: &frontier)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func theHistoryItselfIsRight() throws {
        let history = try AuditedHistory()
        let log = try AuditedHistory.log(of: history.entries)
        let audited = try AuditedLog(of: log, secret: AuditedHistory.secret())
        #expect(try audited.frontier == log.frontier())
        #expect(audited.tally.entries == UInt64(history.entries.count))
        #expect(audited.tally.expiries == 1)
        #expect(audited.tally.limitsInBreach == 1)
        #expect(audited.tally.limitEvents >= 4)
    }

    @Test(arguments: all) func isFoundByTheAudit(tampering: Tampering) throws {
        let entries = try tampering.edit(AuditedHistory())
        let log = try AuditedHistory.log(of: entries)
        let secret = try AuditedHistory.secret()
        do throws(AuditError) {
            _ = try AuditedLog(of: log, secret: secret)
            Issue.record("\(tampering): nothing was found")
        } catch {
            guard case .diverges = error else {
                Issue.record("\(tampering): \(error)")
                return
            }
        }
    }

    /// What the ledger's own verification finds too.
    ///
    /// It also rebuilds the state, where times and events of limits must fit what was decided. It
    /// decides nothing again.
    private static let seenByVerification: Set<String> = [
        "another time order", "an expiry left out", "a threshold left out", "a breach left out",
        "a grant above a country's limit slipped in", "a threshold that nobody reached",
        "someone else brought a threshold about",
    ]

    @Test(arguments: all) func everyHashFits(tampering: Tampering) throws {
        let log = try AuditedHistory.log(of: tampering.edit(AuditedHistory()))
        #expect(try log.verify(secret: AuditedHistory.secret()) == log.frontier())
    }

    @Test(arguments: all) func isNotFoundByVerificationAlone(tampering: Tampering) throws {
        let log = try AuditedHistory.log(of: tampering.edit(AuditedHistory()))
        let found = try findingOfVerification(log)
        let isSeen = Self.seenByVerification.contains(tampering.description)
        #expect((found != nil) == isSeen, "\(tampering): \(found ?? "nothing")")
    }

    /// Set `HEADROOM_WRITE_SNAPSHOTS=1` to write it anew after a change that is meant.
    @Test func isToldInTheseWords() throws {
        var text = ""
        for tampering in Self.all {
            text += "# \(tampering)\n"
            if case .failure(let error) = audit(try tampering.edit(AuditedHistory())),
                case .diverges(let divergence) = error
            {
                text += divergence.lines.joined(separator: "\n") + "\n\n"
            }
        }
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Snapshots/tampering.txt")
        if ProcessInfo.processInfo.environment["HEADROOM_WRITE_SNAPSHOTS"] == "1" {
            try Data(text.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    @Test func theReferenceShowsOneOfThem() throws {
        let tampering = try #require(
            Self.all.first { $0.description == "a grant above a country's limit slipped in" }
        )
        guard case .failure(.diverges(let divergence)) = audit(try tampering.edit(AuditedHistory()))
        else {
            Issue.record("nothing was found")
            return
        }
        let page = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../docs/reference/readjudication.md")
        #expect(
            try String(contentsOf: page, encoding: .utf8)
                .contains(divergence.lines.joined(separator: "\n"))
        )
    }

    // MARK: - What only an earlier checkpoint or receipt shows

    @Test func aRefusedOrderThatIsRemovedLeavesARightHistoryWithAnotherRoot() throws {
        let history = try AuditedHistory()
        var entries = history.entries
        entries.remove(at: try history.number(of: "A3"))
        let log = try AuditedHistory.log(of: AuditedHistory.renumbered(entries))
        let audited = try AuditedLog(of: log, secret: AuditedHistory.secret())
        let original = try AuditedHistory.log(of: history.entries)
        #expect(try audited.frontier.root != original.frontier().root)
    }

    @Test func aHistoryDecidedAnewUnderAnotherRulebookIsRightWithAnotherRoot() throws {
        let history = try AuditedHistory(rulebook: Self.widerRulebook())
        let log = try AuditedHistory.log(of: history.entries)
        let audited = try AuditedLog(of: log, secret: AuditedHistory.secret())
        let original = try AuditedHistory.log(of: AuditedHistory().entries)
        #expect(try audited.frontier.root != original.frontier().root)
    }

    @Test func aLogThatIsCutShortIsARightHistory() throws {
        let entries = try AuditedHistory().entries.dropLast(3)
        let log = try AuditedHistory.log(of: Array(entries))
        #expect(throws: Never.self) {
            try AuditedLog(of: log, secret: AuditedHistory.secret())
        }
    }
}
