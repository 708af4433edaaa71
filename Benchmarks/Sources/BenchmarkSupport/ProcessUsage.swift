// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// What this process, or the programs it started, have used so far.
public struct ProcessUsage: Hashable, Sendable {
    /// Time on a core, in the program and in the system for it.
    public var cpuSeconds: Double
    /// The most memory that was in use at any time.
    public var peakMemoryBytes: Int64

    /// Whose usage.
    public enum Owner: Sendable {
        /// This process with all its threads.
        case process
        /// The programs that it started and that have ended.
        case endedPrograms
    }

    /// The usage as of now.
    public init(of owner: Owner = .process) {
        var usage = rusage()
        let who = owner == .process ? RUSAGE_SELF : RUSAGE_CHILDREN
        // Safe: the structure is lent for the length of the call.
        _ = unsafe getrusage(who.rawValue, &usage)
        func seconds(_ time: timeval) -> Double {
            Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
        }
        cpuSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
        peakMemoryBytes = Int64(usage.ru_maxrss) * 1_024
    }

    /// What of this process is in memory now.
    public static func residentBytes() -> Int64 {
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?
            .split(separator: " ")
        guard let fields, fields.count > 1, let pages = Int64(fields[1]) else { return 0 }
        return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }
}

/// How long each thread of this process has been on a core.
public struct ThreadUsage: Hashable, Sendable {
    /// Nanoseconds by the number that the system gave the thread.
    public var nanosecondsByThread: [Int32: UInt64] = [:]

    /// The usage as of now.
    public init() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        for name in names {
            guard let thread = Int32(name) else { continue }
            // The clock of a thread's time on a core, as <linux/posix-timers.h> forms its number.
            let clock = (~thread << 3) | 6
            var time = timespec()
            // Safe: the structure is lent for the length of the call. A thread may have ended.
            guard unsafe clock_gettime(clock, &time) == 0 else { continue }
            nanosecondsByThread[thread] = UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        }
    }

    /// Seconds on a core since `earlier`, of each thread that was on one, longest first.
    ///
    /// Threads that ended meanwhile are not seen.
    public func busySeconds(since earlier: ThreadUsage) -> [Double] {
        nanosecondsByThread
            .map { thread, now in
                let before = earlier.nanosecondsByThread[thread] ?? 0
                return now > before ? Double(now - before) / 1_000_000_000 : 0
            }
            .filter { $0 > 0 }
            .sorted(by: >)
    }
}
