// swift-tools-version: 6.3
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// Settings that hold for every Swift target of this package.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
]

// A package of its own, so that nobody needs the libraries of other databases to build Headroom or
// its other benchmarks.
let package = Package(
    name: "peers",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "headroom-peers", targets: ["headroom-peers"])],
    dependencies: [
        .package(name: "headroom", path: "../../"),
        .package(name: "benchmarks", path: "../"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CSQLite",
            pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"])]
        ),
        .systemLibrary(
            name: "CPostgreSQL",
            pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"])]
        ),
        .systemLibrary(name: "CFloorLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
        .target(
            name: "Peers",
            dependencies: [
                "CSQLite", "CPostgreSQL", "CFloorLMDB",
                .product(name: "BenchmarkSupport", package: "benchmarks"),
                .product(name: "AllocationKernel", package: "headroom"),
                .product(name: "EntryLog", package: "headroom"),
                .product(name: "LMDBEntryLog", package: "headroom"),
                .product(name: "LedgerModel", package: "headroom"),
                .product(name: "QuotaLedger", package: "headroom"),
                .product(name: "Rulebook", package: "headroom"),
                .product(name: "StateStore", package: "headroom"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "headroom-peers",
            dependencies: [
                "Peers",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "BenchmarkSupport", package: "benchmarks"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PeersTests",
            dependencies: [
                "Peers", .product(name: "BenchmarkSupport", package: "benchmarks"),
            ],
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6]
)
