// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Glibc

/// Measures Headroom: seeded workloads, several runs, the machine noted.
@main
struct HeadroomBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "headroom-bench",
        abstract: "Measure Headroom on seeded workloads.",
        subcommands: [
            KernelBenchmark.self, CheckBenchmark.self, LedgerBenchmark.self, RecoveryBenchmark.self,
            ReportBenchmark.self, ImportBenchmark.self, CoreBenchmark.self,
            ExpiryBenchmark.self, OpeningBenchmark.self, EncodingBenchmark.self,
            CompareCommand.self, PlotCommand.self,
            CrashWriter.self,
        ]
    )

    /// Runs the command: exit status 2 for wrong use, 1 for a run that failed, or what it says.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as UsageError {
            FileHandle.standardError.write(Data("headroom-bench: \(error)\n".utf8))
            Glibc.exit(2)
        } catch let error where exitCode(for: error) == .validationFailure {
            FileHandle.standardError.write(Data("\(fullMessage(for: error))\n".utf8))
            Glibc.exit(2)
        } catch {
            exit(withError: error)
        }
    }
}
