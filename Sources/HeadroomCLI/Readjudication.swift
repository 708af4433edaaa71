// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LMDBEntryLog
import LedgerAudit
import LedgerExport
import LedgerModel
import LedgerProofs
import LedgerReports
import LedgerText

/// What came of judging every entry of a ledger, or of an export of one, again.
struct Readjudication {
    enum Finding {
        case right(RightLedger)
        case diverges(Divergence)
    }

    let finding: Finding
    let isAdvisory: Bool

    /// A ledger of which every entry is what it must be.
    struct RightLedger {
        var tally: AuditTally
        var root: LedgerHash
        /// The head of the log; an export has none.
        var head: LogHead?
    }

    /// Verifies and judges a log.
    init(of log: OpenLog) throws(CommandFailure) {
        isAdvisory = log.isAdvisory
        var progress = ProgressLine("entries judged")
        defer { progress.end() }
        let head: LogHead
        do throws(EntryLogError) {
            head = try log.log.head()
        } catch {
            throw Verification.failure(error)
        }
        do throws(AuditError) {
            let audited = try AuditedLog(
                of: log.log,
                secret: log.log.secret,
                rotationFault: Self.rotationFault
            ) { count in
                progress.show(count, of: head.next)
            }
            finding = .right(
                RightLedger(tally: audited.tally, root: audited.frontier.root, head: head)
            )
        } catch {
            finding = .diverges(try Self.divergence(error))
        }
    }

    /// Checks and judges an export.
    init(ofExport input: borrowing InputFile, called name: String) throws(CommandFailure) {
        var reader = ExportReader(handingOutEntries: true)
        var auditor = LedgerAuditor(rotationFault: Self.rotationFault)
        var isAdvisory = false
        var progress = ProgressLine("entries judged")
        defer { progress.end() }
        while true {
            let block = try input.read()
            do throws(ExportError) {
                if block.isEmpty {
                    _ = try reader.finish()
                } else {
                    try reader.append(block)
                }
            } catch {
                throw CommandFailure(error, inFile: name)
            }
            do throws(AuditError) {
                for entry in reader.takeEntries() {
                    if entry.ledgerMode == .advisory { isAdvisory = true }
                    try auditor.judge(entry)
                }
                progress.show(reader.entryCount, of: reader.header?.entryCount)
                guard block.isEmpty, let header = reader.header else { continue }
                finding = .right(RightLedger(tally: try auditor.finish(), root: header.root))
            } catch {
                finding = .diverges(try Self.divergence(error))
            }
            self.isAdvisory = isAdvisory
            return
        }
    }

    /// What is wrong with the statement of a key's rotation, if something is.
    private static let rotationFault: LedgerAuditor.RotationCheck = { rotation, origin, number in
        RotationStatement.fault(of: rotation, origin: origin, at: number)
    }

    /// The divergence that ended an audit, or the failure of the command that anything else is.
    private static func divergence(_ error: AuditError) throws(CommandFailure) -> Divergence {
        switch error {
        case .diverges(let divergence): return divergence
        case .log(let fault): throw Verification.failure(fault.error)
        case .disagrees: throw CommandFailure(.failed, error.description)
        }
    }

    // MARK: - What is shown

    var status: ExitStatus {
        switch finding {
        case .right: .done
        case .diverges: .verificationFailed
        }
    }

    /// What is wrong, on one line, if something is.
    var error: String? {
        guard case .diverges(let divergence) = finding else { return nil }
        return "entry \(divergence.entry) is not what the rules in force make of what was asked"
    }

    var text: String {
        var lines: [String]
        switch finding {
        case .diverges(let divergence): lines = divergence.lines
        case .right(let ledger): lines = ledger.lines
        }
        if isAdvisory { lines.append("basis     as if enforced") }
        return lines.map { $0 + "\n" }.joined()
    }

    /// Writes the members of the JSON document.
    func write(to writer: inout JSONWriter) {
        switch finding {
        case .diverges(let divergence):
            writer.member("verified", false)
            writer.key("divergence")
            divergence.write(to: &writer)
        case .right(let ledger):
            writer.member("verified", true)
            ledger.write(to: &writer)
        }
    }
}

extension Readjudication.RightLedger {
    fileprivate var lines: [String] {
        let open = AmountStyle.tpp(TPP(rawValue: tally.openSum))
        var lines = [
            "verified: every entry is what was written",
            "judged: every entry is what the rules in force make of what was asked",
            "entries   \(tally.entries)",
            "judged    operations \(tally.operations), orders granted \(tally.grants), refusals "
                + "\(tally.refusals), expiries \(tally.expiries), events of limits "
                + "\(tally.limitEvents)",
            "balances  open holds \(tally.openHolds) (\(open) TPP), limits in breach "
                + "\(tally.limitsInBreach); sums folded anew \(tally.foldedAt.count) times",
            "root      \(root)",
        ]
        if let head { lines.append("head      \(head.hash)") }
        if tally.entries > 0 { lines.append("newest    \(tally.newestTime)") }
        if tally.eventsWithoutOperation + tally.eventsOutstanding > 0 {
            lines.append(
                "end       a writer ended there: events without their operation "
                    + "\(tally.eventsWithoutOperation), not written yet "
                    + "\(tally.eventsOutstanding)"
            )
        }
        if tally.redacted > 0 {
            lines.append(
                "redacted  entries \(tally.redacted); not judged again: whether two people decided "
                    + "\(tally.personsNotCompared), refusals to redact "
                    + "\(tally.redactionsNotJudged)"
            )
        }
        return lines
    }

    fileprivate func write(to writer: inout JSONWriter) {
        for (name, count) in [
            ("entries", tally.entries), ("operations", tally.operations),
            ("grants", tally.grants), ("refusals", tally.refusals),
            ("expiries", tally.expiries), ("limit_events", tally.limitEvents),
            ("open_holds", tally.openHolds), ("open", UInt64(tally.openSum)),
            ("limits_in_breach", UInt64(tally.limitsInBreach)),
            ("folds", UInt64(tally.foldedAt.count)),
            ("events_without_operation", tally.eventsWithoutOperation),
            ("events_outstanding", tally.eventsOutstanding),
            ("redacted", tally.redacted),
            ("persons_not_compared", tally.personsNotCompared),
            ("redactions_not_judged", tally.redactionsNotJudged),
        ] {
            writer.key(name)
            writer.integer(count)
        }
        writer.member("root", root.description)
        if let head {
            writer.member("head", head.hash.description)
            writer.key("epoch")
            writer.integer(head.epoch)
        }
        writer.member("newest_time", tally.entries > 0 ? tally.newestTime : nil)
    }
}

extension Divergence {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("entry")
        writer.integer(entry.rawValue)
        writer.member("time", time)
        writer.member("kind", kind.rawValue)
        writer.member("subject", subject)
        writer.member("what", what)
        writer.member("limit", limit?.description)
        writer.member("found", found)
        writer.member("expected", expected)
        writer.key("because")
        writer.beginArray()
        for reason in reasons { writer.string(reason) }
        writer.endArray()
        writer.endObject()
    }
}

extension Entry {
    /// The mode of the ledger that the entry makes, if it makes one.
    fileprivate var ledgerMode: LedgerMode? {
        guard case .operation(let record) = content,
            case .createLedger(let creation) = record.action
        else { return nil }
        return creation.mode
    }
}
