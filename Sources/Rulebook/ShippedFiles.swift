// SPDX-License-Identifier: Apache-2.0

/// A file that is embedded in the program, so that the binary can be moved.
public struct ShippedFile: Hashable, Sendable {
    /// Its name, such as `devices.csv`.
    public let fileName: String
    /// Its bytes.
    public let bytes: [UInt8]

    /// The device catalogue: TPP, density and purpose, with sources.
    public static let devices = ShippedFile(
        fileName: "devices.csv",
        bytes: PackageResources.devices_csv
    )
    /// The countries of ISO 3166-1.
    public static let countries = ShippedFile(
        fileName: "countries.csv",
        bytes: PackageResources.countries_csv
    )
}

/// A rulebook that comes with the program, as its file's bytes: what an adoption carries.
public struct ShippedRulebook: Hashable, Sendable {
    /// Its name, such as `diffusion-2025-cfr`.
    public let name: String
    /// Its file.
    public let file: ShippedFile

    /// The rule as published for the public, in H100-equivalents.
    public static let brief = ShippedRulebook(
        name: "diffusion-2025-brief",
        file: ShippedFile(
            fileName: "diffusion-2025-brief.yaml",
            bytes: PackageResources.diffusion_2025_brief_yaml
        )
    )
    /// The rule as codified, in TPP.
    public static let codified = ShippedRulebook(
        name: "diffusion-2025-cfr",
        file: ShippedFile(
            fileName: "diffusion-2025-cfr.yaml",
            bytes: PackageResources.diffusion_2025_cfr_yaml
        )
    )
    /// All of them, by name.
    public static let all = [brief, codified]

    /// The shipped rulebook of a name, or `nil`.
    public static func named(_ name: String) -> ShippedRulebook? { all.first { $0.name == name } }

    /// The rulebook, parsed.
    public func load() throws(RulebookError) -> Rulebook {
        try Rulebook.load(bytes: file.bytes, fileName: file.fileName)
    }
}
