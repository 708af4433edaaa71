// SPDX-License-Identifier: Apache-2.0

/// What a benchmark ran on.
public struct BenchmarkEnvironment: Codable, Hashable, Sendable {
    /// The processor's name.
    public var processor: String
    /// How many cores the process may use.
    public var coreCount: Int
    /// The machine's memory.
    public var memoryBytes: Int64
    /// The operating system's name and version.
    public var operatingSystem: String
    /// The kernel's version.
    public var kernel: String
    /// How the clock rate is governed; `nil` where the system does not tell (virtual machines).
    public var governor: String?
    /// The version of Swift that built the program.
    public var swiftVersion: String
    /// `release` or `debug`.
    public var buildMode: String
    /// The commit that was built, with `-dirty` if files differed; `nil` outside of a repository.
    public var commit: String?
    /// The file system of the folder that was worked in, such as `ext4`; `nil` if none was.
    public var fileSystem: String?
    /// When it began, in UTC (RFC 3339).
    public var startedAt: String
    /// The load average of the last minute before the first run.
    public var loadBefore: Double
    /// The load average of the last minute after the last run.
    public var loadAfter: Double
    /// The share of all cores' time that other processes and the host's other guests took meanwhile.
    public var othersShare: Double

    /// Makes a description.
    public init(
        processor: String,
        coreCount: Int,
        memoryBytes: Int64,
        operatingSystem: String,
        kernel: String,
        governor: String?,
        swiftVersion: String,
        buildMode: String,
        commit: String?,
        fileSystem: String?,
        startedAt: String,
        loadBefore: Double,
        loadAfter: Double,
        othersShare: Double
    ) {
        self.processor = processor
        self.coreCount = coreCount
        self.memoryBytes = memoryBytes
        self.operatingSystem = operatingSystem
        self.kernel = kernel
        self.governor = governor
        self.swiftVersion = swiftVersion
        self.buildMode = buildMode
        self.commit = commit
        self.fileSystem = fileSystem
        self.startedAt = startedAt
        self.loadBefore = loadBefore
        self.loadAfter = loadAfter
        self.othersShare = othersShare
    }

    /// The share of the cores that others may take before a machine counts as not quiet.
    public static let quietShare = 0.05

    /// Why figures from this machine are not to be quoted, if so.
    public var warning: String? {
        var findings: [String] = []
        if buildMode != "release" { findings.append("this is a \(buildMode) build") }
        let load = Double(coreCount) / 4
        if loadBefore > load {
            findings.append("the load was \(shortened(loadBefore, 2)) before the first run")
        }
        if othersShare > Self.quietShare {
            findings.append("others took \(shortened(othersShare * 100, 0)) % of the cores")
        }
        guard !findings.isEmpty else { return nil }
        return "NOT A QUIET MEASUREMENT: " + findings.joined(separator: "; ")
            + ". Do not quote these figures."
    }

    /// Why figures from the two can not be held against each other, if so.
    public func difference(from other: BenchmarkEnvironment) -> String? {
        func differ(_ what: String, _ one: String, _ two: String) -> String? {
            one == two ? nil : "another \(what): \(one), \(two)"
        }
        let gibibyte: Int64 = 1 << 30
        return differ("processor", processor, other.processor)
            ?? differ("number of cores", "\(coreCount)", "\(other.coreCount)")
            // Kernels of one machine report slightly different sizes.
            ?? differ(
                "amount of memory",
                "\((memoryBytes + gibibyte / 2) / gibibyte) GiB",
                "\((other.memoryBytes + gibibyte / 2) / gibibyte) GiB"
            )
            ?? differ("build mode", buildMode, other.buildMode)
            ?? differ("file system", fileSystem ?? "none", other.fileSystem ?? "none")
    }
}
