// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// Takes down what a benchmark runs on: made before the first run, finished after the last.
public struct EnvironmentCapture: Sendable {
    private let startedAt: String
    private let loadBefore: Double
    private let activity: MachineActivity
    private let folder: String?

    /// Notes the load before the first run.
    ///
    /// - Parameter folder: The folder that is worked in, if any; it must exist when it is finished,
    ///   or its parent.
    public init(folder: String? = nil) {
        startedAt = Date().formatted(.iso8601)
        loadBefore = Self.load()
        activity = MachineActivity()
        self.folder = folder
    }

    /// Notes the load after the last run and describes the machine.
    public func finished() -> BenchmarkEnvironment {
        BenchmarkEnvironment(
            processor: Self.processor(),
            coreCount: ProcessInfo.processInfo.activeProcessorCount,
            memoryBytes: Int64(clamping: ProcessInfo.processInfo.physicalMemory),
            operatingSystem: Self.operatingSystem(),
            kernel: Self.text("/proc/sys/kernel/osrelease") ?? "unknown",
            governor: Self.text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
            swiftVersion: Self.swiftVersion(),
            buildMode: Self.buildMode,
            commit: Self.commit(),
            fileSystem: folder.flatMap(Self.fileSystem(of:)),
            startedAt: startedAt,
            loadBefore: loadBefore,
            loadAfter: Self.load(),
            othersShare: MachineActivity().othersShare(since: activity)
        )
    }

    private static var buildMode: String {
        #if DEBUG
            "debug"
        #else
            "release"
        #endif
    }

    /// A small file's text without the line's end, `nil` if there is none.
    static func text(_ path: String) -> String? {
        (try? String(contentsOfFile: path, encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func load() -> Double {
        text("/proc/loadavg")?.split(separator: " ").first.flatMap { Double($0) } ?? 0
    }

    private static func processor() -> String {
        let line = text("/proc/cpuinfo")?.split(separator: "\n")
            .first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last
            .map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
    }

    private static func operatingSystem() -> String {
        let line = text("/etc/os-release")?.split(separator: "\n")
            .first { $0.hasPrefix("PRETTY_NAME=") }
        return line.map { $0.dropFirst("PRETTY_NAME=".count).filter { $0 != "\"" } } ?? "unknown"
    }

    /// The compiler on PATH, which built the program if it was run by `scripts/bench`.
    private static func swiftVersion() -> String {
        let printed = output(of: ["swift", "--version"])
        guard let range = printed?.range(of: "Swift version ") else { return "unknown" }
        return printed?[range.upperBound...].split(separator: " ").first.map(String.init)
            ?? "unknown"
    }

    /// The commit of the repository in which the program lies.
    private static func commit() -> String? {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let git = ["git", "-C", program.deletingLastPathComponent().path]
        guard let commit = output(of: git + ["rev-parse", "HEAD"]), !commit.isEmpty else {
            return nil
        }
        let changes = output(of: git + ["status", "--porcelain", ":/"])
        let isClean = changes?.isEmpty ?? true
        return isClean ? commit : commit + "-dirty"
    }

    /// What a program prints, `nil` if it fails.
    private static func output(of arguments: [String]) -> String? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return String(decoding: data, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The type of the file system with the longest mount point above the folder.
    private static func fileSystem(of folder: String) -> String? {
        let path = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        var found: (length: Int, type: String)?
        for line in (text("/proc/self/mounts") ?? "").split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 2 else { continue }
            let point = String(fields[1])
            let isAbove = point == "/" || path == point || path.hasPrefix(point + "/")
            if isAbove, point.count >= found?.length ?? 0 {
                found = (point.count, String(fields[2]))
            }
        }
        return found?.type
    }
}

/// How busy the machine's cores have been since it started, and this process's part in it.
struct MachineActivity: Sendable {
    private var busySeconds = 0.0
    private var totalSeconds = 0.0
    private var ownSeconds: Double

    init() {
        ownSeconds =
            ProcessUsage(of: .process).cpuSeconds + ProcessUsage(of: .endedPrograms).cpuSeconds
        let line = EnvironmentCapture.text("/proc/stat")?.split(separator: "\n").first
        let ticks = line?.split(separator: " ").dropFirst().compactMap { Double($0) } ?? []
        guard ticks.count >= 8 else { return }
        let perSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
        // User, nice, system, idle, waiting for input and output, interrupts, soft interrupts,
        // stolen by the host; guests are counted in the first two already.
        totalSeconds = ticks[..<8].reduce(0, +) / perSecond
        busySeconds = totalSeconds - (ticks[3] + ticks[4]) / perSecond
    }

    /// The share of all cores' time that others took since `earlier`.
    func othersShare(since earlier: MachineActivity) -> Double {
        let total = totalSeconds - earlier.totalSeconds
        guard total > 0 else { return 0 }
        let others = busySeconds - earlier.busySeconds - (ownSeconds - earlier.ownSeconds)
        return max(0, others) / total
    }
}
