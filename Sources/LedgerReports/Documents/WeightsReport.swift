// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import QuotaLedger
public import Rulebook

/// Which transfers of model weights were permitted, refused or not controlled.
public struct WeightsReport {
    let scope: ReportScope
    let fold: WeightsFold
    let countries: CountryTable

    /// Makes a report.
    ///
    /// - Parameters:
    ///   - scope: Of what it is.
    ///   - fold: The log through the scope's last entry.
    ///   - countries: The names of the countries.
    public init(_ scope: ReportScope, fold: WeightsFold, countries: CountryTable = .shipped) {
        self.scope = scope
        self.fold = fold
        self.countries = countries
    }

    /// The report as a document.
    ///
    /// - Parameter runOn: When it is run; the caller's clock.
    /// - Returns: The document; the same arguments give the same one.
    public func document(runOn: LedgerTime) -> ReportDocument {
        func count(_ answer: String) -> Int {
            fold.asked.filter { $0.answer.word == answer }.count
        }
        return ReportDocument(
            name: "weights",
            title: "Report on model weights",
            header: scope.header(runOn: runOn),
            facts: [("rule", scope.rulebook.modelWeights.citation)],
            keyFigures: [
                ("permitted", grouped(count("permitted"))), ("refused", grouped(count("refused"))),
                ("not controlled", grouped(count("not-controlled"))),
            ],
            conclusion: [
                fold.asked.isEmpty
                    ? "Nobody asked about model weights."
                    : "\(counted(fold.asked.count, "transfer")) asked: "
                        + "\(grouped(count("permitted"))) permitted, "
                        + "\(grouped(count("refused"))) refused, "
                        + "\(grouped(count("not-controlled"))) not controlled."
            ],
            parts: [answers, places, transfers]
        )
    }

    private var answers: ReportDocument.Part {
        var counts: [String: (answer: WeightsDetermination, count: Int64)] = [:]
        for asked in fold.asked {
            let key = asked.answer.word + " " + (asked.answer.reason ?? "")
            counts[key] = (asked.answer, (counts[key]?.count ?? 0) + 1)
        }
        var list = Listing(
            "answers",
            [.init("answer"), .init("reason"), .init("transfers", nil, .count)]
        )
        for (_, row) in counts.sorted(by: { $0.key < $1.key }) {
            list.append([
                .text(row.answer.word), row.answer.reason.map { .text($0) } ?? .none,
                .count(row.count),
            ])
        }
        return .init(heading: "Answers", list: list, ifEmpty: "No transfer was asked for: no data.")
    }

    private var places: ReportDocument.Part {
        struct Counts {
            var permitted: Int64 = 0
            var refused: Int64 = 0
            var notControlled: Int64 = 0
        }
        var counts: [CountryCode: Counts] = [:]
        for asked in fold.asked {
            let country = asked.transfer.destination
            switch asked.answer {
            case .permitted: counts[country, default: Counts()].permitted += 1
            case .refused: counts[country, default: Counts()].refused += 1
            case .notControlled: counts[country, default: Counts()].notControlled += 1
            }
        }
        var list = Listing(
            "countries",
            [
                .init("country"), .init("name", nil, .text), .init("permitted", nil, .count),
                .init("refused", nil, .count), .init("not_controlled", nil, .count),
            ]
        )
        for (country, count) in counts.sorted(by: { $0.key < $1.key }) {
            list.append([
                .text(country.description),
                countries.name(of: country).map { .text($0) } ?? .none, .count(count.permitted),
                .count(count.refused), .count(count.notControlled),
            ])
        }
        return .init(
            heading: "By country of storage",
            list: list,
            ifEmpty: "No transfer was asked for: no data."
        )
    }

    private var transfers: ReportDocument.Part {
        var list = Listing(
            "transfers",
            [
                .init("entry", nil, .number), .init("time"), .init("organisation"),
                .init("model", nil, .text), .init("published"),
                .init("training_operations", nil, .number), .init("recipient"),
                .init("destination", "to"), .init("answer"), .init("reason"),
            ]
        )
        for asked in fold.asked {
            list.append([
                .entry(asked.entry), .text("\(asked.time)"), .text(asked.organisation.text),
                .text(asked.transfer.model), .flag(asked.transfer.isPublished),
                .text("\(asked.transfer.trainingOperations)"),
                .text(asked.transfer.recipient.text),
                .text(asked.transfer.destination.description), .text(asked.answer.word),
                asked.answer.reason.map { .text($0) } ?? .none,
            ])
        }
        return .init(
            heading: "Transfers",
            list: list,
            ifEmpty: "No transfer was asked for: no data.",
            isShownEmpty: false
        )
    }
}

extension WeightsDetermination {
    /// The answer in a word.
    fileprivate var word: String {
        switch self {
        case .notControlled: "not-controlled"
        case .permitted: "permitted"
        case .refused: "refused"
        }
    }

    /// Why, where there is a reason.
    fileprivate var reason: String? {
        switch self {
        case .notControlled(let exemption): exemption.description
        case .permitted: nil
        case .refused(let refusal): refusal.description
        }
    }
}
