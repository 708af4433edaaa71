// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerReports
import LedgerText
import QuotaLedger

/// What became of the orders of a file, counted.
struct ImportTally: Sendable {
    /// How many orders, and how much they asked together.
    struct Count: Sendable {
        var orders: Int64 = 0
        var asked: TPP = .zero

        mutating func add(_ amount: TPP) {
            orders += 1
            asked = asked.adding(amount) ?? asked
        }
    }

    /// What a refusal is counted under.
    struct Reason: Hashable, Sendable {
        /// The mechanism that refused; `nil` where the ledger's policy did.
        var mechanism: MechanismKind?
        var refusal: Refusal

        /// The order in which reasons are shown.
        var place: (UInt8, UInt16) { (mechanism?.rawValue ?? 0, refusal.rawValue) }
    }

    private(set) var grants: [MechanismKind: Count] = [:]
    private(set) var refusals: [Reason: Count] = [:]
    private(set) var rejections: [RejectionCode: Int64] = [:]
    /// How many answers had been given before.
    private(set) var replayCount: Int64 = 0
    /// How many rows there were.
    private(set) var rowCount: Int64 = 0

    var grantCount: Int64 { grants.values.reduce(0) { $0 + $1.orders } }
    var refusalCount: Int64 { refusals.values.reduce(0) { $0 + $1.orders } }
    var rejectionCount: Int64 { rejections.values.reduce(0, +) }

    /// The exit status that says how it went.
    var status: ExitStatus {
        if rejectionCount > 0 { return .rejected }
        return refusalCount > 0 ? .refused : .done
    }

    mutating func add(_ row: ImportedRow) {
        rowCount += 1
        switch row.result {
        case .rejected(let rejection): rejections[rejection.code, default: 0] += 1
        case .recorded(let entry): add(entry)
        case .replayed(let entry):
            replayCount += 1
            add(entry)
        case .repeated(_, let outcome):
            replayCount += 1
            add(outcome)
        }
    }

    private mutating func add(_ entry: Entry) {
        if case .operation(let record) = entry.content { add(record.outcome) }
    }

    private mutating func add(_ outcome: Outcome) {
        switch outcome {
        case .decided(let decision):
            if let refusal = decision.refusal {
                let key = Reason(mechanism: decision.mechanism, refusal: refusal)
                refusals[key, default: Count()].add(decision.asked)
            } else {
                grants[decision.mechanism, default: Count()].add(decision.asked)
            }
        case .refused(let refusal):
            // Not weighed: what it asked counts nothing.
            refusals[Reason(mechanism: nil, refusal: refusal), default: Count()].add(.zero)
        case .accepted, .moved, .attested, .determined: break
        }
    }

    /// The summary for people.
    func text(isRehearsal: Bool, isAdvisory: Bool) -> String {
        var text =
            "\(rowCount) orders: \(grantCount) \(isRehearsal ? "would be granted" : "granted"), "
            + "\(refusalCount) refused, \(rejectionCount) rejected"
        if replayCount > 0 { text += "; \(replayCount) had been answered before" }
        if isRehearsal { text += "; nothing was written" }
        text += isAdvisory ? " (as if enforced)\n" : "\n"
        let lines =
            table.rows.isEmpty
            ? [] : table.lines(width: ResultText.width, style: ResultText.style)
        return text + lines.map { $0 + "\n" }.joined()
    }

    private var table: TextTable {
        var table = TextTable([
            .word("answer"), .word("mechanism"), .word("reason"), .number("orders"),
            .number("TPP asked"),
        ])
        func add(_ cells: [String]) { table.append(cells.map { TextTable.Cell($0) }) }
        for (mechanism, count) in sortedGrants {
            add([
                "granted", "\(mechanism)", "", "\(count.orders)", AmountStyle.tpp(count.asked),
            ])
        }
        for (key, count) in sortedRefusals {
            add([
                "refused", key.mechanism?.description ?? "policy", "\(key.refusal)",
                "\(count.orders)",
                AmountStyle.tpp(count.asked),
            ])
        }
        for (code, count) in sortedRejections { add(["rejected", "", "\(code)", "\(count)", ""]) }
        return table
    }

    /// Writes the summary's members.
    func write(to writer: inout JSONWriter) {
        writer.member("orders", rowCount)
        writer.member("granted", grantCount)
        writer.member("refused", refusalCount)
        writer.member("rejected", rejectionCount)
        writer.member("replayed", replayCount)
        writer.key("grants")
        writer.beginArray()
        for (mechanism, count) in sortedGrants {
            writer.beginObject()
            writer.member("mechanism", mechanism.description)
            writer.member("count", count.orders)
            writer.member("asked", count.asked.rawValue)
            writer.endObject()
        }
        writer.endArray()
        writer.key("refusals")
        writer.beginArray()
        for (key, count) in sortedRefusals {
            writer.beginObject()
            writer.member("mechanism", key.mechanism?.description)
            writer.member("refusal", key.refusal.description)
            writer.member("count", count.orders)
            writer.member("asked", count.asked.rawValue)
            writer.endObject()
        }
        writer.endArray()
        writer.key("rejections")
        writer.beginArray()
        for (code, count) in sortedRejections {
            writer.beginObject()
            writer.member("code", code.description)
            writer.member("count", count)
            writer.endObject()
        }
        writer.endArray()
    }

    private var sortedGrants: [(MechanismKind, Count)] {
        grants.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key, $0.value) }
    }

    private var sortedRefusals: [(Reason, Count)] {
        refusals.map { ($0.key, $0.value) }.sorted { $0.0.place < $1.0.place }
    }

    private var sortedRejections: [(RejectionCode, Int64)] {
        rejections.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key, $0.value) }
    }
}
