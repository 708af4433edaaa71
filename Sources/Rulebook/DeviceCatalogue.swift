// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// What a device is worth from a day on, with the source.
public struct DeviceRating: Hashable, Sendable {
    /// The device, by its model name.
    public let device: DeviceIdentifier
    /// Who makes it.
    public let vendor: String
    /// The first day of the rating.
    public let from: CivilDate
    /// What one of it is worth.
    public let tpp: TPP
    /// Its performance density, or `nil` when unknown.
    public let density: PerformanceDensity?
    /// Whether it is made for data centers.
    public let isForDataCenters: Bool
    /// Where the figures come from.
    public let source: String
    /// Where sources disagree, and what else to know; may be empty.
    public let note: String

    /// Makes a rating; nothing is checked here.
    public init(
        device: DeviceIdentifier,
        vendor: String,
        from: CivilDate,
        tpp: TPP,
        density: PerformanceDensity?,
        isForDataCenters: Bool,
        source: String,
        note: String = ""
    ) {
        self.device = device
        self.vendor = vendor
        self.from = from
        self.tpp = tpp
        self.density = density
        self.isForDataCenters = isForDataCenters
        self.source = source
        self.note = note
    }
}

extension ControlRule {
    /// Whether a device of this rating counts against limits.
    public func isControlled(_ rating: DeviceRating) -> Bool {
        isControlled(
            tpp: rating.tpp,
            density: rating.density,
            isForDataCenters: rating.isForDataCenters
        )
    }
}

/// The devices that orders can name, with dated ratings.
///
/// Immutable; safe from any thread.
public struct DeviceCatalogue: Hashable, Sendable {
    /// The columns of a catalogue file, in order.
    public static let columns = [
        "device", "vendor", "from", "tpp", "performance_density", "data_center", "source", "note",
    ]

    /// Every row, in the order of the file.
    public let ratings: [DeviceRating]
    private let ratingsByDevice: [DeviceIdentifier: [DeviceRating]]

    /// The rating of a device on a day: the last one begun by then, or the first if all begin later.
    ///
    /// `nil` if the catalogue does not have the device. Orders are announced before devices ship, so
    /// a rating counts before its first day too. O(1) for devices that are not re-rated.
    public func rating(of device: DeviceIdentifier, on day: CivilDate) -> DeviceRating? {
        guard let ratings = ratingsByDevice[device] else { return nil }
        return ratings.last { $0.from <= day } ?? ratings.first
    }

    /// Reads a catalogue file: CSV with the ``columns``, at most 60,000 bytes.
    public static func load(
        bytes: [UInt8],
        fileName: String
    ) throws(RulebookError) -> DeviceCatalogue {
        let findings = FindingCollector(fileName: fileName)
        var ratings: [DeviceRating] = []
        var byDevice: [DeviceIdentifier: [DeviceRating]] = [:]
        let table = CSVTable(bytes, columns: columns, findings: findings)
        for row in table?.rows ?? [] {
            let cells = zip(columns, row).map { column, cell in
                Field(
                    node: YAMLNode(content: .scalar(cell.text), place: cell.place),
                    path: column,
                    findings: findings
                )
            }
            guard let rating = rating(cells) else { continue }
            if byDevice[rating.device]?.contains(where: { $0.from == rating.from }) == true {
                cells[0].fail("\(quoted(rating.device.text)) is rated twice from \(rating.from)")
            }
            ratings.append(rating)
            byDevice[rating.device, default: []].append(rating)
        }
        if table != nil, ratings.isEmpty, findings.isEmpty {
            findings.add("found no device; expected at least one", at: .start)
        }
        guard findings.isEmpty else { throw findings.error }
        return DeviceCatalogue(
            ratings: ratings,
            ratingsByDevice: byDevice.mapValues { $0.sorted { $0.from < $1.from } }
        )
    }

    /// Reads a row; every cell that is wrong is a finding.
    private static func rating(_ cells: [Field]) -> DeviceRating? {
        let device = cells[0].value(identifierShape) { DeviceIdentifier($0) }
        let vendor = cells[1].text(maximumByteCount: 200)
        let from = cells[2].date()
        let tpp = cells[3].value("whole TPP from 1 to 1000000000000, digits only") { text in
            plainNumber(text).flatMap { $0 <= TPP.maximumAmount ? $0 : nil }
        }
        let density: PerformanceDensity?? =
            cells[4].isEmpty
            ? .some(nil)
            : cells[4].value("a density with at most two decimals, such as 5.92, or nothing") {
                PerformanceDensity($0).map { .some($0) }
            }
        let isForDataCenters = cells[5].yesOrNo()
        let source = cells[6].text()
        let note = cells[7].isEmpty ? "" : cells[7].text()
        guard let device, let vendor, let from, let tpp, let density, let isForDataCenters,
            let source, let note
        else { return nil }
        return DeviceRating(
            device: device,
            vendor: vendor,
            from: from,
            tpp: tpp,
            density: density,
            isForDataCenters: isForDataCenters,
            source: source,
            note: note
        )
    }

    /// Digits without separators, as tables have them.
    private static func plainNumber(_ text: String) -> TPP? {
        guard text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }),
            let number = Int64(text), number > 0
        else { return nil }
        return TPP(rawValue: number)
    }
}

extension Field {
    /// Whether there is no text.
    fileprivate var isEmpty: Bool {
        if case .scalar("") = node.content { true } else { false }
    }
}
