// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// How the ledger's words are put in JSON; the schema is in docs/reference/json.md.
public struct JSONRendering: Hashable, Sendable {
    /// The TPP of one H100-equivalent under the rulebook meant.
    ///
    /// With it, every amount comes in H100e as well: a decimal string with three decimals, used
    /// and asked rounded up, limits and what is left rounded down.
    public var tppPerH100e: Int64?
    /// Whether the text of an adopted rulebook or device catalogue is written out.
    public var includesFiles: Bool
    /// Whether the numbers of limits that others share are left out, as for a vendor of a ledger
    /// that shows bands only.
    public var hidesTotals: Bool
    /// Whether what is personal was taken out, so that who acted and free texts are left out.
    var isRedacted = false

    /// Chooses a rendering.
    public init(
        tppPerH100e: Int64? = nil,
        includesFiles: Bool = false,
        hidesTotals: Bool = false
    ) {
        self.tppPerH100e = tppPerH100e
        self.includesFiles = includesFiles
        self.hidesTotals = hidesTotals
    }
}

extension JSONWriter {
    /// Writes an amount as a member in TPP and, where a factor is given, one in H100e.
    ///
    /// The second is named like the first with `_h100e` after it.
    public mutating func amount(
        _ name: String,
        _ amount: TPP?,
        rounding: H100Rounding,
        _ rendering: JSONRendering = JSONRendering()
    ) {
        member(name, amount?.rawValue)
        guard let factor = rendering.tppPerH100e else { return }
        let h100e = amount.flatMap {
            H100Equivalent($0, tppPerH100e: factor, rounding: rounding)
        }
        member(name + "_h100e", h100e?.description)
    }

    /// Writes who acts; of a redacted entry without the person.
    public mutating func value(_ actor: Actor, isRedacted: Bool = false) {
        beginObject()
        member("organisation", actor.organisation.text)
        if !isRedacted { member("person", actor.person.text) }
        member("role", actor.role.description)
        endObject()
    }

    /// Writes an operation.
    public mutating func value(
        _ operation: Operation,
        _ rendering: JSONRendering = JSONRendering()
    ) {
        beginObject()
        member("id", operation.id.text)
        key("actor")
        value(operation.actor)
        member("time", operation.time)
        key("action")
        value(operation.action, rendering)
        endObject()
    }

    /// Writes an entry of the log.
    public mutating func value(_ entry: Entry, _ rendering: JSONRendering = JSONRendering()) {
        beginObject()
        key("number")
        integer(entry.number.rawValue)
        member("time", entry.time)
        key("actor")
        value(entry.actor, isRedacted: entry.isRedacted)
        key("rulebook")
        if let rulebook = entry.rulebook { integer(rulebook.rawValue) } else { null() }
        if entry.isRedacted { member("redacted", true) }
        var rendering = rendering
        rendering.isRedacted = entry.isRedacted
        switch entry.content {
        case .operation(let record):
            member("kind", "operation")
            member("id", record.id.text)
            key("action")
            value(record.action, rendering)
            key("outcome")
            value(record.outcome, rendering)
        case .expiry(let expiry):
            member("kind", "expiry")
            key("hold")
            integer(expiry.hold.rawValue)
            amount("freed", expiry.freed, rounding: .down, rendering)
        case .limit(let event): members(event, rendering)
        }
        endObject()
    }

    /// Writes what is wrong with an input and, where it is known, on which line of it.
    public mutating func value(_ rejection: Rejection, line: Int? = nil) {
        beginObject()
        member("result", "rejected")
        member("code", rejection.code.description)
        member("field", rejection.field)
        member("found", rejection.found)
        member("expected", rejection.expected)
        if let line { member("line", Int64(line)) }
        endObject()
    }

    /// Writes which limit is meant.
    public mutating func value(_ name: LimitName) {
        beginObject()
        switch name {
        case .country(let country):
            member("kind", "country")
            member("country", country.description)
        case .smallOrder(let group, let year):
            member("kind", "small-order")
            member("group", group.text)
            member("year", Int64(year))
        case .nationalVEU(let party, let country):
            member("kind", "nveu")
            member("party", party.text)
            member("country", country.description)
        case .countryShare(let group, let country):
            member("kind", "uveu-country")
            member("group", group.text)
            member("country", country.description)
        case .outsideShare(let group):
            member("kind", "uveu-outside")
            member("group", group.text)
        }
        endObject()
    }

    private mutating func members(_ event: LimitEvent, _ rendering: JSONRendering) {
        switch event.change {
        case .breached: member("kind", "breach")
        case .cured, .unwatched: member("kind", "cure")
        case .crossed: member("kind", "threshold")
        }
        key("name")
        value(event.name)
        switch event.change {
        case .breached: break
        case .cured: member("watched", true)
        case .unwatched: member("watched", false)
        case .crossed(let percent): member("percent", Int64(percent))
        }
        guard !rendering.hidesTotals else { return }
        amount("used", event.used, rounding: .up, rendering)
        amount("limit", event.limit, rounding: .down, rendering)
    }
}
