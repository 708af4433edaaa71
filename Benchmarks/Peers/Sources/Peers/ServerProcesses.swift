// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The processes of a server: one, and those that it started.
public struct ServerProcesses: Sendable {
    /// The first of them.
    public let root: Int32

    /// Names a server by the process that was started first.
    public init(root: Int32) { self.root = root }

    /// The CPU time of all of them so far, also of those that have ended, user and system; in
    /// hundredths of a second, which is how the system counts it.
    public func cpuSeconds() -> Double {
        var ticks: UInt64 = 0
        let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        for number in numbers.compactMap({ Int32($0) }) {
            guard let status = Self.status(of: number) else { continue }
            if number == root {
                ticks += status.ownTicks + status.endedChildrenTicks
            } else if status.parent == root {
                ticks += status.ownTicks
            }
        }
        return Double(ticks) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private struct Status {
        var parent: Int32
        var ownTicks: UInt64
        var endedChildrenTicks: UInt64
    }

    /// Reads a process's line of figures (proc(5)); its name may hold blanks and brackets.
    private static func status(of process: Int32) -> Status? {
        guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = line.lastIndex(of: ")")
        else { return nil }
        let fields = line[line.index(after: end)...].split(separator: " ")
        // Field 3 of the manual page is the first here.
        guard fields.count > 14, let parent = Int32(fields[1]), let user = UInt64(fields[11]),
            let system = UInt64(fields[12]), let childUser = UInt64(fields[13]),
            let childSystem = UInt64(fields[14])
        else { return nil }
        return Status(
            parent: parent,
            ownTicks: user + system,
            endedChildrenTicks: childUser + childSystem
        )
    }
}
