// swift-tools-version: 6.3
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// Settings that hold for every target of this package.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
]

let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "BenchmarkSupport", targets: ["BenchmarkSupport"]),
        .library(name: "BenchmarkWorkloads", targets: ["BenchmarkWorkloads"]),
        .executable(name: "headroom-bench", targets: ["headroom-bench"]),
    ],
    dependencies: [
        .package(name: "headroom", path: "../"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift.git", from: "0.1.4"),
    ],
    targets: [
        // Statistics, histograms, environment, output, baselines and plots: no word of a ledger.
        .target(
            name: "BenchmarkSupport",
            dependencies: [.product(name: "Histogram", package: "hdrhistogram-swift")]
        ),
        // The workloads, their oracle, and generated orders.
        .target(
            name: "BenchmarkWorkloads",
            dependencies: [
                "BenchmarkSupport",
                .product(name: "AllocationKernel", package: "headroom"),
                .product(name: "LedgerModel", package: "headroom"),
                .product(name: "Rulebook", package: "headroom"),
            ]
        ),
        .executableTarget(
            name: "headroom-bench",
            dependencies: [
                "BenchmarkSupport", "BenchmarkWorkloads",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AllocationKernel", package: "headroom"),
                .product(name: "EntryLog", package: "headroom"),
                .product(name: "LMDBEntryLog", package: "headroom"),
                .product(name: "LedgerAudit", package: "headroom"),
                .product(name: "LedgerModel", package: "headroom"),
                .product(name: "QuotaLedger", package: "headroom"),
                .product(name: "Rulebook", package: "headroom"),
                .product(name: "StateStore", package: "headroom"),
            ]
        ),
        .testTarget(name: "BenchmarkSupportTests", dependencies: ["BenchmarkSupport"]),
        .testTarget(
            name: "BenchmarkWorkloadsTests",
            dependencies: [
                "BenchmarkSupport", "BenchmarkWorkloads",
                .product(name: "AllocationKernel", package: "headroom"),
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets {
    target.swiftSettings = (target.swiftSettings ?? []) + settings
}
