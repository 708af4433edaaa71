// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
import QuotaLedger
public import Rulebook

/// A reservation with the names under which it was asked.
public struct AskedOrder: Hashable, Sendable {
    /// The operation's id.
    public var id: OperationIdentifier
    /// Who asks.
    public var exporter: OrganisationIdentifier
    /// What is asked.
    public var reservation: Reservation

    /// Names a reservation.
    public init(
        id: OperationIdentifier,
        exporter: OrganisationIdentifier,
        reservation: Reservation
    ) {
        self.id = id
        self.exporter = exporter
        self.reservation = reservation
    }
}

/// Tells what entries and decisions say, under the rulebook that was in force.
///
/// Pure: it reads nothing but its own values and its arguments.
public struct Explainer: Hashable, Sendable {
    /// The rulebook in force at the decision; `nil` for entries before the first.
    public var rulebook: Rulebook?
    /// Whether the ledger binds.
    public var mode: LedgerMode
    /// What the reader may see of the limits that decisions tested.
    ///
    /// Any limit can be drawn on by several exporters, so ``LedgerModel/TotalsDisclosure/banded``
    /// shows bands in place of every number but what was asked.
    public var disclosure: TotalsDisclosure
    /// Whether the bands are known that ``LedgerModel/TotalsDisclosure/banded`` shows; a receipt that
    /// does not open the numbers proves none.
    public var knowsBands = true
    /// The names of the countries.
    public var countries: CountryTable

    /// Makes an explainer.
    public init(
        rulebook: Rulebook?,
        mode: LedgerMode,
        disclosure: TotalsDisclosure = .open,
        countries: CountryTable = .shipped
    ) {
        self.rulebook = rulebook
        self.mode = mode
        self.disclosure = disclosure
        self.countries = countries
    }

    /// What came of an entry, with all that there is to say about it.
    ///
    /// - Parameters:
    ///   - entry: The entry.
    ///   - remedies: What would have let a refused order through, if that was looked for.
    /// - Returns: The explanation.
    public func explanation(of entry: Entry, remedies: [Remedy]? = nil) -> Explanation {
        guard case .operation(let record) = entry.content else {
            return explanation(ofEvent: entry)
        }
        if case .reserve(let reservation) = record.action,
            case .decided(let decision) = record.outcome
        {
            return explanation(
                of: decision,
                on: AskedOrder(
                    id: record.id,
                    exporter: entry.actor.organisation,
                    reservation: reservation
                ),
                recordedAs: entry,
                remedies: remedies
            )
        }
        let facts =
            [
                Explanation.Fact("entry", "\(entry.number), \(entry.time), by \(entry.actor.text)"),
                Explanation.Fact("operation", "\(record.id)"),
            ] + redaction(of: entry)
        return Explanation(
            sentence: sentence(for: entry),
            facts: facts + self.facts(of: record) + closing(entry),
            sources: sources(of: record)
        )
    }

    /// What nobody asked for: an expiry, or what happened to a limit.
    private func explanation(ofEvent entry: Entry) -> Explanation {
        // Whoever brought it about may be another vendor.
        let actor = disclosure == .open ? ", by \(entry.actor.text)" : ""
        var facts = [Explanation.Fact("entry", "\(entry.number), \(entry.time)\(actor)")]
        facts += redaction(of: entry)
        var sources: [Explanation.Fact] = []
        if case .limit(let event) = entry.content {
            facts += self.facts(of: event)
            if let source = source(of: event.name, testedBy: event.name.mechanism) {
                sources = [source]
            }
        }
        return Explanation(
            sentence: sentence(for: entry),
            facts: facts + closing(entry),
            sources: sources
        )
    }

    /// What there is to tell of an operation beyond its sentence.
    private func facts(of record: OperationRecord) -> [Explanation.Fact] {
        switch (record.action, record.outcome) {
        case (_, .moved(let move)): facts(of: move, record.action)
        case (_, .attested(let gaps)): facts(of: gaps)
        case (.transferWeights(let transfer), .determined): facts(of: transfer)
        case (.createLedger(let creation), _): facts(of: creation.policy)
        case (.propose(let proposal), _):
            [Explanation.Fact("proposed", words(for: proposal))]
        default: []
        }
    }

    private func sources(of record: OperationRecord) -> [Explanation.Fact] {
        guard case .determined = record.outcome, let rule = rulebook?.modelWeights else {
            return []
        }
        return [
            Explanation.Fact("threshold", rule.threshold.citation),
            Explanation.Fact("floor", rule.floor.citation),
            Explanation.Fact("conditions", rule.citation),
        ]
    }

    /// What came of an entry in one sentence, as lists of entries show it.
    public func sentence(for entry: Entry) -> String {
        switch entry.content {
        case .expiry(let expiry): return plainText(sentence(for: expiry))
        case .limit(let event): return plainText(sentence(for: event))
        case .operation(let record):
            if case .reserve(let reservation) = record.action,
                case .decided(let decision) = record.outcome
            {
                let order = AskedOrder(
                    id: record.id,
                    exporter: entry.actor.organisation,
                    reservation: reservation
                )
                return sentence(for: decision, on: order)
            }
            return plainText(sentence(for: record, askedAs: entry.actor.role))
        }
    }

    /// That an entry no longer says everything.
    func redaction(of entry: Entry?) -> [Explanation.Fact] {
        guard entry?.isRedacted ?? false else { return [] }
        return [Explanation.Fact("redacted", "the person and free text were taken out of it")]
    }

    /// What closes every explanation: the rulebook and what the ledger binds.
    func closing(_ entry: Entry?) -> [Explanation.Fact] {
        var facts: [Explanation.Fact] = []
        if let rulebook {
            let adoption = entry?.rulebook.map { ", adopted by entry \($0)" } ?? ""
            facts.append(
                Explanation.Fact(
                    "rulebook",
                    "\(rulebook.name) version \(rulebook.version)\(adoption); \(rulebook.source)"
                )
            )
            let factor = grouped(rulebook.tppPerH100e.value)
            facts.append(Explanation.Fact("unit", "1 H100e is \(factor) TPP"))
        }
        if mode == .advisory {
            facts.append(
                Explanation.Fact("basis", "as if enforced: the ledger is advisory, it binds nobody")
            )
        }
        return facts
    }

    // MARK: Words

    /// What an answer of the rules is followed by in an advisory ledger.
    var asIfEnforced: String { mode == .advisory ? " as if enforced" : "" }

    /// A country with its name: `United Arab Emirates (AE)`.
    func name(of country: CountryCode) -> String {
        countries.name(of: country).map { "\($0) (\(country))" } ?? "\(country)"
    }

    /// An amount in the unit of people; in TPP where no rulebook says what an H100e is.
    func short(_ amount: TPP, _ rounding: H100Rounding) -> String {
        guard let rulebook else { return AmountStyle.tpp(amount) + " TPP" }
        return AmountStyle(rulebook).h100e(amount, rounding: rounding) + " H100e"
    }

    /// An amount in both units.
    func both(_ amount: TPP, _ rounding: H100Rounding) -> String {
        guard let rulebook else { return AmountStyle.tpp(amount) + " TPP" }
        return AmountStyle(rulebook).h100e(amount, rounding: rounding) + " H100e ("
            + AmountStyle.tpp(amount) + " TPP)"
    }

    /// What a limit limits, in words.
    func subject(of name: LimitName) -> String {
        switch name {
        case .country(let country): "the allocation of \(self.name(of: country))"
        case .smallOrder(let group, let year):
            "the small-order allowance of group \(group) for \(year)"
        case .nationalVEU(let party, let country):
            "the National VEU allocation of party \(party) in \(self.name(of: country))"
        case .countryShare(let group, let country):
            "the share of group \(group)'s own base for \(self.name(of: country))"
        case .outsideShare(let group):
            "the share of group \(group)'s own base for all countries outside home and allied"
        }
    }
}

extension LimitTest {
    /// How near the limit is to being full after the decision.
    func band(after decision: Decision) -> UseBand {
        let taken = decision.isGranted && mechanism == decision.mechanism ? decision.granted : .zero
        return UseBand(used: used.adding(taken) ?? .maximumSum, limit: limit)
    }
}

extension LedgerModel.Actor {
    /// The actor in words.
    var text: String { "\(person) of \(organisation) (\(role))" }
}

extension LedgerCreation {
    /// What a reader in a role may see of the limits that decisions tested: vendors see what the
    /// ledger's policy says, everyone else the numbers.
    public func disclosure(to role: Role) -> TotalsDisclosure {
        role == .vendor ? disclosure : .open
    }
}
