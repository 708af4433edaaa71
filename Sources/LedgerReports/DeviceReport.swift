// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import Rulebook

/// A device catalogue with the entry that adopted it.
public struct AdoptedCatalogue: Hashable, Sendable {
    /// The entry that adopted it, or proposed it if it needed two people.
    public var entry: EntryNumber
    /// When it was adopted.
    public var time: LedgerTime
    /// The catalogue.
    public var catalogue: DeviceCatalogue

    /// Makes an adoption; nothing is checked here.
    public init(entry: EntryNumber, time: LedgerTime, catalogue: DeviceCatalogue) {
        self.entry = entry
        self.time = time
        self.catalogue = catalogue
    }
}

/// What devices are rated at, whether they count, and since when the ledger has known it.
///
/// Pure; safe to use from any thread.
public struct DeviceReport: Hashable, Sendable {
    /// The catalogue in force.
    public let catalogue: DeviceCatalogue
    /// The catalogues that the ledger adopted, oldest first; none of a catalogue without a ledger.
    public let adopted: [AdoptedCatalogue]
    /// The rulebook that says which devices count.
    public let rulebook: Rulebook

    /// Makes a report.
    ///
    /// - Parameters:
    ///   - catalogue: The catalogue in force.
    ///   - adopted: The catalogues that the ledger adopted, oldest first.
    ///   - rulebook: The rulebook that says which devices count.
    public init(
        _ catalogue: DeviceCatalogue,
        adopted: [AdoptedCatalogue] = [],
        under rulebook: Rulebook
    ) {
        self.catalogue = catalogue
        self.adopted = adopted
        self.rulebook = rulebook
    }

    /// The ratings in force on a day, one a device; without a day all of them, in the file's order.
    public func ratings(on day: CivilDate? = nil) -> Listing {
        let shown = catalogue.ratings.filter { rating in
            day.map { catalogue.rating(of: rating.device, on: $0) == rating } ?? true
        }
        return listing("devices", shown)
    }

    /// All ratings of a device, in order of their first days.
    public func ratings(of device: DeviceIdentifier) -> Listing {
        listing("ratings", catalogue.ratings(of: device))
    }

    /// What each adoption changed about a device, oldest first.
    public func history(of device: DeviceIdentifier) -> Listing {
        var listing = Listing(
            "history",
            [
                .init("entry", nil, .count), .init("time"), .init("change", nil, .text),
            ]
        )
        var before: [DeviceRating] = []
        for adoption in adopted {
            let after = adoption.catalogue.ratings(of: device)
            if after != before {
                listing.append([
                    .count(Int64(clamping: adoption.entry.rawValue)),
                    .text(adoption.time.description),
                    .text(Self.changes(from: before, to: after).joined(separator: "; ")),
                ])
            }
            before = after
        }
        return listing
    }

    /// The adoption since which the catalogues have had a rating as it is; `nil` without a ledger.
    public func adoption(of rating: DeviceRating) -> AdoptedCatalogue? {
        adopted.reversed().prefix { $0.catalogue.ratings(of: rating.device).contains(rating) }.last
    }

    /// Whether a rating counts under the rulebook.
    public func isControlled(_ rating: DeviceRating) -> Bool {
        rulebook.control.isControlled(rating)
    }

    /// Why a rating counts, or does not, in words.
    public func reason(_ rating: DeviceRating) -> String {
        let control = rulebook.control
        let tpp = "\(AmountStyle.tpp(rating.tpp)) TPP"
        guard rating.isForDataCenters else { return "not made for data centers" }
        if rating.tpp >= control.threshold {
            return "\(tpp), at least \(AmountStyle.tpp(control.threshold))"
        }
        let dense = AmountStyle.tpp(control.denseThreshold)
        guard rating.tpp >= control.denseThreshold else { return "\(tpp), less than \(dense)" }
        guard let density = rating.density else {
            return "\(tpp), at least \(dense), and its density is not known, which counts as "
                + (control.unknownDensity == .controlled ? "enough" : "too little")
        }
        let comparison = density >= control.density ? "at least" : "less than"
        return "\(tpp), at least \(dense), and a density of \(density), \(comparison) "
            + "\(control.density)"
    }

    private func listing(_ name: String, _ ratings: [DeviceRating]) -> Listing {
        var listing = Listing(
            name,
            [
                .init("device"), .init("vendor", nil, .text), .init("from"),
                .init("tpp", "TPP", .count), .init("performance_density", "density"),
                .init("data_center"), .init("controlled"), .init("entry", nil, .count),
                .init("source", nil, .text, isInTable: false),
                .init("note", nil, .text, isInTable: false),
            ]
        )
        for rating in ratings {
            listing.append([
                .text(rating.device.text), .text(rating.vendor), .text(rating.from.description),
                .count(rating.tpp.rawValue), rating.density.map { .text("\($0)") } ?? .none,
                .flag(rating.isForDataCenters), .flag(isControlled(rating)),
                adoption(of: rating).map { .count(Int64(clamping: $0.entry.rawValue)) } ?? .none,
                .text(rating.source), rating.note.isEmpty ? .none : .text(rating.note),
            ])
        }
        return listing
    }

    /// What is different of a device's ratings, one text a rating.
    private static func changes(
        from before: [DeviceRating],
        to after: [DeviceRating]
    ) -> [String] {
        if after.isEmpty { return ["no longer in the catalogue"] }
        let gone = before.filter { old in !after.contains { $0.from == old.from } }
            .map { "no longer rated from \($0.from)" }
        return gone
            + after.compactMap { rating -> String? in
                let old = before.first { $0.from == rating.from }
                guard old != rating else { return nil }
                guard let old else {
                    return "rated \(AmountStyle.tpp(rating.tpp)) TPP from \(rating.from)"
                }
                guard old.tpp == rating.tpp else {
                    return "rated \(AmountStyle.tpp(rating.tpp)) TPP from \(rating.from), not "
                        + AmountStyle.tpp(old.tpp)
                }
                return "from \(rating.from): other details"
            }
    }
}
