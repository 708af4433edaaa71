// swift-tools-version: 6.3
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// Settings that hold for every Swift target of this package.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

// A package of its own, so that nobody needs the benchmark library to build Headroom or its other
// benchmarks.
let package = Package(
    name: "micro",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "headroom", path: "../../"),
        .package(
            url: "https://github.com/ordo-one/benchmark.git",
            from: "1.38.1",
            traits: []
        ),
    ],
    targets: [
        // The library's plugin looks for its targets in a folder of this name.
        .executableTarget(
            name: "HeadroomMicro",
            dependencies: [
                .product(name: "Benchmark", package: "benchmark"),
                .product(name: "AllocationKernel", package: "headroom"),
                .product(name: "EntryLog", package: "headroom"),
                .product(name: "LedgerModel", package: "headroom"),
                .product(name: "LedgerText", package: "headroom"),
                .product(name: "QuotaLedger", package: "headroom"),
                .product(name: "Rulebook", package: "headroom"),
            ],
            path: "Benchmarks/HeadroomMicro",
            swiftSettings: settings,
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        )
    ],
    swiftLanguageModes: [.v6]
)
