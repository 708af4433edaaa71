// swift-tools-version: 6.3
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "headroom", path: "../"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift.git", from: "0.1.4"),
    ],
    targets: [
        .executableTarget(
            name: "headroom-bench",
            dependencies: [
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AllocationKernel", package: "headroom"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "EntryLog", package: "headroom"),
                .product(name: "LMDBEntryLog", package: "headroom"),
                .product(name: "LedgerModel", package: "headroom"),
                .product(name: "QuotaLedger", package: "headroom"),
                .product(name: "Rulebook", package: "headroom"),
                .product(name: "StateStore", package: "headroom"),
            ]
        )
    ],
    swiftLanguageModes: [.v6]
)
