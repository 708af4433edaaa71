// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A verification in a process of its own: a map that reaches past the end of its file, or pages
/// that can not be read, end it and not the command.
enum VerificationProcess {
    /// Runs the program with other arguments; `nil` if no process can be started.
    static func run(_ arguments: [String]) throws(CommandFailure) -> ExitStatus? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = arguments
        do {
            try process.run()
        } catch {
            return nil
        }
        process.waitUntilExit()
        guard process.terminationReason == .exit else {
            // Whoever read the result has gone: end as any program does then.
            if process.terminationStatus == SIGPIPE { BrokenPipe.endProcess() }
            guard [SIGBUS, SIGSEGV, SIGILL, SIGABRT].contains(process.terminationStatus) else {
                throw CommandFailure(
                    .failed,
                    "verification did not finish: it was ended by signal "
                        + "\(process.terminationStatus). Run it again"
                )
            }
            throw CommandFailure(
                .verificationFailed,
                "reading the log ended with signal \(process.terminationStatus): the file is "
                    + "cut short or can not be read. Change nothing, keep a copy of the files, "
                    + "and restore a backup"
            )
        }
        return ExitStatus(rawValue: process.terminationStatus) ?? .verificationFailed
    }
}
