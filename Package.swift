// swift-tools-version: 6.3
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// What only the command line (and later the HTTP service) needs.
///
/// Work on the core switches it off with `--disable-default-traits`, and builds in seconds instead of minutes.
let service: TargetDependencyCondition? = .when(traits: ["Service"])

/// Settings that hold for every Swift target of this package.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
]

let package = Package(
    name: "headroom",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "LedgerModel", targets: ["LedgerModel"]),
        .library(name: "LedgerText", targets: ["LedgerText"]),
        .library(name: "Rulebook", targets: ["Rulebook"]),
        .library(name: "AllocationKernel", targets: ["AllocationKernel"]),
        .library(name: "EntryLog", targets: ["EntryLog"]),
        .library(name: "LMDBEntryLog", targets: ["LMDBEntryLog"]),
        .library(name: "StateStore", targets: ["StateStore"]),
        .library(name: "LedgerDisclosure", targets: ["LedgerDisclosure"]),
        .library(name: "QuotaLedger", targets: ["QuotaLedger"]),
        .library(name: "LedgerReports", targets: ["LedgerReports"]),
        .library(name: "LedgerExport", targets: ["LedgerExport"]),
        .library(name: "LedgerAudit", targets: ["LedgerAudit"]),
        .library(name: "LedgerProofs", targets: ["LedgerProofs"]),
        .executable(name: "headroom", targets: ["headroom"]),
    ],
    traits: [
        .default(enabledTraits: ["Service"]),
        .trait(
            name: "Service",
            description: "What people and programs talk to: the command line, later the HTTP API."
        ),
        .trait(
            name: "PlantedBugs",
            description: "Bugs that the simulator must find; never in a build that is used."
        ),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.0"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.0"),
    ],
    targets: [
        .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
        .systemLibrary(
            name: "CLibCrypto",
            pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]
        ),
        .systemLibrary(name: "CMalloc"),
        .target(name: "LMDB", dependencies: ["CLMDB"]),
        .target(name: "LedgerModel"),
        .target(name: "LedgerText", dependencies: ["LedgerModel"]),
        .target(
            name: "Rulebook",
            dependencies: ["LedgerModel", .product(name: "Yams", package: "Yams")],
            resources: [
                .embedInCode("Resources/diffusion-2025-brief.yaml"),
                .embedInCode("Resources/diffusion-2025-cfr.yaml"),
                .embedInCode("Resources/devices.csv"),
                .embedInCode("Resources/countries.csv"),
            ]
        ),
        .systemLibrary(name: "CPrefetch"),
        .target(name: "AllocationKernel", dependencies: ["CPrefetch", "LedgerModel"]),
        .target(
            name: "EntryLog",
            dependencies: ["CLibCrypto", "LedgerModel"],
            swiftSettings: [.enableExperimentalFeature("Lifetimes")]
        ),
        .target(name: "LMDBEntryLog", dependencies: ["EntryLog", "LedgerModel", "LMDB"]),
        .target(name: "StateStore", dependencies: ["EntryLog", "LedgerModel", "LMDB"]),
        .target(
            name: "QuotaLedger",
            dependencies: [
                "LedgerModel", "Rulebook", "AllocationKernel", "EntryLog", "StateStore",
            ]
        ),
        .target(
            name: "LedgerDisclosure",
            dependencies: ["LedgerModel", "LedgerText", "Rulebook", "EntryLog", "LedgerProofs"]
        ),
        .target(
            name: "LedgerReports",
            dependencies: ["LedgerModel", "Rulebook", "QuotaLedger"]
        ),
        .target(
            name: "LedgerExport",
            dependencies: [
                "LedgerModel", "LedgerText", "EntryLog", "LedgerDisclosure", "QuotaLedger",
            ]
        ),
        .target(
            name: "LedgerProofs",
            dependencies: [
                "LedgerModel", "LedgerText", "EntryLog",
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        // Judges a log without anything of the kernel or the ledger.
        .target(name: "LedgerAudit", dependencies: ["LedgerModel", "Rulebook", "EntryLog"]),
        .target(
            name: "HeadroomCLI",
            dependencies: [
                "CMalloc", "LedgerModel", "LedgerText", "Rulebook", "EntryLog", "LMDBEntryLog",
                "StateStore",
                "QuotaLedger", "LedgerReports", "LedgerExport", "LedgerAudit", "LedgerProofs",
                "LedgerDisclosure",
                .product(
                    name: "ArgumentParser",
                    package: "swift-argument-parser",
                    condition: service
                ),
            ]
        ),
        .executableTarget(name: "headroom", dependencies: ["HeadroomCLI"]),
        // Measures what only this package may see; `scripts/bench index` builds it.
        .executableTarget(
            name: "IndexBenchmark",
            dependencies: ["LMDB", "LedgerModel", "QuotaLedger", "StateStore"],
            path: "Benchmarks/Sources/IndexBenchmark"
        ),
        // Measures the log's hash against swift-crypto; `scripts/bench hash` builds it.
        .executableTarget(
            name: "HashBenchmark",
            dependencies: ["EntryLog", .product(name: "Crypto", package: "swift-crypto")],
            path: "Benchmarks/Sources/HashBenchmark"
        ),
        .target(
            name: "LedgerTestSupport",
            dependencies: ["LedgerModel"],
            path: "Tests/LedgerTestSupport"
        ),
        .target(
            name: "LedgerSimulation",
            dependencies: [
                "LedgerModel", "EntryLog", "StateStore", "QuotaLedger", "LedgerAudit",
                "LedgerTestSupport",
            ],
            path: "Tests/LedgerSimulation"
        ),
        .executableTarget(
            name: "headroom-simulate",
            dependencies: ["LedgerSimulation", "EntryLog"],
            path: "Tests/headroom-simulate"
        ),
        .testTarget(
            name: "LedgerSimulationTests",
            dependencies: [
                "LedgerSimulation", "EntryLog", "EntryLogConformance", "LedgerModel", "StateStore",
            ]
        ),
        .testTarget(name: "LedgerModelTests", dependencies: ["LedgerModel"]),
        .testTarget(
            name: "LedgerTestSupportTests",
            dependencies: ["LedgerTestSupport", "LedgerModel", "Rulebook"]
        ),
        .testTarget(name: "AllocationKernelTests", dependencies: ["AllocationKernel"]),
        .testTarget(name: "LMDBTests", dependencies: ["LMDB"]),
        .testTarget(name: "RulebookTests", dependencies: ["LedgerModel", "Rulebook"]),
        .testTarget(
            name: "LedgerReportsTests",
            dependencies: [
                "LedgerReports", "LedgerModel", "LedgerTestSupport", "QuotaLedger", "Rulebook",
            ],
            exclude: ["Snapshots"]
        ),
        .testTarget(
            name: "LedgerExportTests",
            dependencies: [
                "LedgerExport", "LedgerModel", "LedgerText", "EntryLog", "QuotaLedger",
                "LedgerTestSupport",
            ]
        ),
        .testTarget(
            name: "LedgerAuditTests",
            dependencies: [
                "LedgerAudit", "LedgerModel", "Rulebook", "EntryLog", "QuotaLedger",
                "LedgerTestSupport",
            ],
            exclude: ["Snapshots"]
        ),
        .testTarget(
            name: "LedgerProofsTests",
            dependencies: [
                "LedgerProofs", "LedgerModel", "LedgerText", "EntryLog", "EntryLogConformance",
            ]
        ),
        .testTarget(
            name: "LedgerDisclosureTests",
            dependencies: [
                "LedgerDisclosure", "LedgerProofs", "LedgerModel", "LedgerText", "EntryLog",
                "EntryLogConformance", "Rulebook",
            ],
            exclude: ["Golden", "Golden2"]
        ),
        .testTarget(
            name: "QuotaLedgerTests",
            dependencies: [
                "QuotaLedger", "LedgerModel", "Rulebook", "EntryLog", "LedgerTestSupport",
                "StateStore",
            ]
        ),
        .testTarget(
            name: "StateStoreTests",
            dependencies: ["EntryLog", "LMDB", "LedgerModel", "StateStore"]
        ),
        .testTarget(name: "LedgerTextTests", dependencies: ["LedgerModel", "LedgerText"]),
        .target(
            name: "EntryLogConformance",
            dependencies: ["EntryLog", "LedgerModel"],
            path: "Tests/EntryLogConformance"
        ),
        .testTarget(
            name: "EntryLogTests",
            dependencies: [
                "EntryLog", "EntryLogConformance", "LedgerModel",
                // A second implementation, to compare with.
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: ["Golden", "Golden2"]
        ),
        .testTarget(
            name: "LMDBEntryLogTests",
            dependencies: [
                "EntryLog", "EntryLogConformance", "LMDB", "LMDBEntryLog", "LedgerModel",
            ]
        ),
        // Runs the built program; it must be there, and is not imported. The log's modules forge
        // what the program must find.
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["headroom", "EntryLog", "LMDBEntryLog", "LedgerModel"],
            exclude: ["Snapshots"]
        ),
    ],
    swiftLanguageModes: [.v6]
)

// Under a sanitizer everything is built anew and slowly; `scripts/sanitize --concurrent` asks for the
// rooms that threads share, their tests and what these need.
if Context.environment["HEADROOM_ROOMS"] == "concurrent" {
    let rooms: Set = [
        "CLMDB", "CLibCrypto", "CPrefetch", "LMDB", "LedgerModel", "Rulebook", "AllocationKernel",
        "EntryLog", "LMDBEntryLog", "StateStore", "QuotaLedger", "LedgerTestSupport",
        "EntryLogConformance", "LMDBTests", "AllocationKernelTests", "EntryLogTests",
        "LMDBEntryLogTests", "StateStoreTests", "QuotaLedgerTests",
    ]
    package.targets.removeAll { !rooms.contains($0.name) }
    package.products.removeAll { !rooms.contains($0.name) }
    // The second implementation of the hash is a library that takes longer to build than all of these.
    for target in package.targets where target.name == "EntryLogTests" {
        target.exclude.append("HashTests.swift")
        target.dependencies = ["EntryLog", "EntryLogConformance", "LedgerModel"]
    }
}

for target in package.targets where target.type != .system && target.type != .plugin {
    target.swiftSettings = (target.swiftSettings ?? []) + settings
}
