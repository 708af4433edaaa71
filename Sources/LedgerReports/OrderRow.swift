// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
import QuotaLedger
import Rulebook

/// An order and its answer in one row, for lists of orders.
public struct OrderRow: Hashable, Sendable {
    /// The operation's id.
    public let id: String
    /// The party that would receive.
    public let consignee: String
    /// The country of destination.
    public let destination: String
    /// What was asked, in H100e rounded up; in TPP without a rulebook.
    public let asked: String
    /// `granted` or `refused`.
    public let result: String
    /// The mechanism of a grant, the reason of a refusal (with the mechanism, where a limit
    /// refused).
    public let reason: String
    /// What is left on the limit that binds, in H100e rounded down, or its band; empty when none
    /// does.
    public let left: String

    /// The row in a line for lists that are written while they are made; fields are two blanks
    /// apart and keep their order.
    ///
    /// - Parameter isAdvisory: Whether the line has to say "as if enforced".
    /// - Returns: The line, without a line feed.
    public func line(isAdvisory: Bool) -> String {
        var fields = [id, consignee, destination, asked, result, reason]
        if !left.isEmpty { fields.append("left \(left)") }
        if isAdvisory { fields.append("(as if enforced)") }
        return fields.joined(separator: "  ")
    }

    /// A table of rows; its caller says "as if enforced" above it where that is due.
    public static func table(_ rows: some Sequence<OrderRow>) -> TextTable {
        var table = TextTable([
            .text("order"), .text("consignee"), .word("to"), .number("asked"), .word("result"),
            .text("mechanism or reason"), .number("left"),
        ])
        for row in rows {
            table.append([
                TextTable.Cell(row.id), TextTable.Cell(row.consignee),
                TextTable.Cell(row.destination), TextTable.Cell(row.asked),
                TextTable.Cell(row.result, row.result == "refused" ? .warning : .plain),
                TextTable.Cell(row.reason), TextTable.Cell(row.left),
            ])
        }
        return table
    }
}

extension Explainer {
    /// The row of an order's entry, or `nil` if the entry is about something else.
    public func row(of entry: Entry) -> OrderRow? {
        guard case .operation(let record) = entry.content,
            case .reserve(let reservation) = record.action,
            case .decided(let decision) = record.outcome
        else { return nil }
        return row(
            of: decision,
            on: AskedOrder(
                id: record.id,
                exporter: entry.actor.organisation,
                reservation: reservation
            )
        )
    }

    /// The row of a decision.
    public func row(of decision: Decision, on order: AskedOrder) -> OrderRow {
        let test = decision.bindingTest.flatMap {
            decision.tests.indices.contains($0) ? decision.tests[$0] : nil
        }
        let left = test.map {
            disclosure == .open
                ? short($0.left, .down) : $0.band(after: decision).rawValue
        }
        let reason =
            switch decision.refusal {
            case nil where decision.isInPart:
                "\(decision.mechanism), \(short(decision.granted, .up)) of it"
            case nil: "\(decision.mechanism)"
            case .limitReached: "\(Refusal.limitReached) (\(decision.mechanism))"
            case .some(let refusal): "\(refusal)"
            }
        return OrderRow(
            id: order.id.text,
            consignee: order.reservation.consignee.text,
            destination: order.reservation.destination.description,
            asked: short(decision.asked, .up),
            result: decision.isGranted ? "granted" : "refused",
            reason: reason,
            left: left ?? ""
        )
    }
}
