// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import QuotaLedger
import Rulebook

/// What stands above every report: which ledger, how much of it, when, under which rulebook.
struct ReportHeader {
    var creation: LedgerCreation
    var through: EntryNumber
    var throughTime: LedgerTime
    var asOf: LedgerTime
    var rulebook: Rulebook
    var adoption: EntryNumber
    var runOn: LedgerTime

    /// What the ledger's mode makes of everything in the report.
    var basis: String { creation.mode.basis }

    private var amounts: AmountStyle { AmountStyle(rulebook) }

    /// The lines for people: what it is, and its text.
    var lines: [(label: String, text: String)] {
        [
            ("ledger", "\(creation.origin), \(creation.mode.word)"),
            ("run on", "\(runOn)"),
            ("data through", "entry \(through), \(throughTime)"),
            ("as of", "\(asOf)"),
            (
                "rulebook",
                "\(rulebook.name) version \(rulebook.version), adopted by entry \(adoption)"
            ),
            ("source", rulebook.source),
            (
                "unit",
                "H100e; 1 H100e is \(grouped(amounts.tppPerH100e)) TPP"
                    + " (\(rulebook.tppPerH100e.citation))"
            ),
        ]
    }

    /// What a page says at its end.
    var closing: String {
        "Run on \(runOn), with the data through entry \(through) of the ledger"
            + " \(creation.origin), \(throughTime)."
            + (creation.mode == .advisory ? " Everything here is as if enforced." : "")
    }

    /// The cells with which each row of a table in CSV says by itself what it is of.
    var context: [(column: String, cell: String)] {
        [
            ("as_of", asOf.description), ("through_entry", through.description), ("basis", basis),
            ("rulebook", rulebook.name.text), ("rulebook_version", "\(rulebook.version)"),
            ("tpp_per_h100e", "\(amounts.tppPerH100e)"),
        ]
    }

    /// The members of a report's tree that come first.
    func members(report: String, schema: Int64) -> [ReportValue.Member] {
        [
            .init("report", .text(report)), .init("schema", .integer(schema)),
            .init("run_on", .text(runOn.description)),
            .init(
                "data_through",
                .members(["entry": .entry(through), "time": .text(throughTime.description)])
            ),
            .init("as_of", .text(asOf.description)), .init("basis", .text(basis)),
            .init(
                "ledger",
                .members([
                    "origin": .text(creation.origin.text), "mode": .text(creation.mode.word),
                    "disclosure": .text(creation.disclosure.word),
                ])
            ),
            .init(
                "rulebook",
                .members([
                    "name": .text(rulebook.name.text), "version": .integer(rulebook.version),
                    "title": .text(rulebook.title), "source": .text(rulebook.source),
                    "effective": .text(rulebook.effective.value.description),
                    "adopted_by": .entry(adoption),
                ])
            ),
            .init(
                "unit",
                .members([
                    "tpp_per_h100e": .integer(amounts.tppPerH100e),
                    "citation": .text(rulebook.tppPerH100e.citation),
                ])
            ),
        ]
    }
}

extension ReportScope {
    func header(runOn: LedgerTime) -> ReportHeader {
        ReportHeader(
            creation: creation,
            through: through,
            throughTime: throughTime,
            asOf: asOf,
            rulebook: rulebook,
            adoption: adoption,
            runOn: runOn
        )
    }
}

extension CapReport {
    func header(runOn: LedgerTime) -> ReportHeader {
        ReportHeader(
            creation: creation,
            through: through,
            throughTime: throughTime,
            asOf: asOf,
            rulebook: rulebook,
            adoption: adoption,
            runOn: runOn
        )
    }
}

extension ShareReport {
    func header(runOn: LedgerTime) -> ReportHeader {
        ReportHeader(
            creation: creation,
            through: through,
            throughTime: throughTime,
            asOf: asOf,
            rulebook: rulebook,
            adoption: adoption,
            runOn: runOn
        )
    }
}

extension ReportValue {
    /// An entry's number.
    static func entry(_ number: EntryNumber) -> ReportValue {
        .integer(Int64(clamping: number.rawValue))
    }
}

extension AmountStyle {
    /// An amount in TPP and, beside it, in H100e.
    func members(
        _ name: String,
        _ amount: TPP,
        _ rounding: H100Rounding
    ) -> [ReportValue.Member] {
        [
            .init(name, .integer(amount.rawValue)),
            .init(name + "_h100e", .decimal(decimal(amount, rounding: rounding))),
        ]
    }
}
