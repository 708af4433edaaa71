// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// The countries that there are: ISO 3166-1 alpha-2 codes with English short names.
public struct CountryTable: Hashable, Sendable {
    /// A country.
    public struct Country: Hashable, Sendable {
        /// Its code.
        public let code: CountryCode
        /// Its English short name.
        public let name: String
    }

    /// The countries, sorted by code.
    public let countries: [Country]
    private let names: [CountryCode: String]

    /// The name of a country, or `nil` if the code is not assigned.
    ///
    /// O(1).
    public func name(of code: CountryCode) -> String? { names[code] }

    /// Reads a table with the columns `code` and `name`.
    public static func load(
        bytes: [UInt8],
        fileName: String
    ) throws(RulebookError) -> CountryTable {
        let findings = FindingCollector(fileName: fileName)
        let table = CSVTable(bytes, columns: ["code", "name"], findings: findings)
        var names: [CountryCode: String] = [:]
        names.reserveCapacity(table?.rows.count ?? 0)
        for row in table?.rows ?? [] {
            let (code, name) = (row[0], row[1])
            guard let country = CountryCode(code.text), names[country] == nil else {
                findings.add(
                    "found \(quoted(code.text)); expected two capital letters, each code once",
                    at: code.place,
                    field: "code"
                )
                continue
            }
            if name.text.isEmpty {
                findings.add("found nothing; expected a name", at: name.place, field: "name")
            }
            names[country] = name.text
        }
        guard findings.isEmpty else { throw findings.error }
        return CountryTable(names)
    }

    private init(_ names: [CountryCode: String]) {
        self.names = names
        countries = names.map { Country(code: $0.key, name: $0.value) }
            .sorted { $0.code < $1.code }
    }

    /// The table that comes with the program.
    public static let shipped: CountryTable = {
        do {
            return try load(bytes: ShippedFile.countries.bytes, fileName: "countries.csv")
        } catch {
            // The file is part of the program; a build whose own table is broken can do nothing.
            preconditionFailure("the shipped country table must be readable: \(error)")
        }
    }()
}
