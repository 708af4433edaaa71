// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Testing

    /// What a run of the program said and how it ended.
    struct Run {
        var status: Int32
        /// The signal that ended it, if one did.
        var signal: Int32?
        var output: String
        var errors: String

        /// Standard output as one JSON object.
        func object() throws -> [String: Any] {
            let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
            return try #require(value as? [String: Any], "not an object: \(output)")
        }

        /// Standard output as lines of JSON objects.
        func objects() throws -> [[String: Any]] {
            try output.split(separator: "\n").map { line in
                let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
                return try #require(value as? [String: Any], "not an object: \(line)")
            }
        }
    }

    /// A temporary folder with a ledger in it, and the built program to ask it with.
    struct Headroom: Sendable {
        private let scratch: Scratch
        var binary: URL

        /// A folder that goes away with its last user.
        private final class Scratch: Sendable {
            let folder: URL

            init(_ folder: URL) { self.folder = folder }

            deinit { try? FileManager.default.removeItem(at: folder) }
        }

        var folder: URL { scratch.folder }

        /// The program beside the test bundle.
        static let builtBinary = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("headroom")

        /// The repository's folder.
        static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()

        init() throws {
            scratch = Scratch(
                FileManager.default.temporaryDirectory
                    .appendingPathComponent("headroom-\(UUID().uuidString)")
            )
            try FileManager.default.createDirectory(
                at: scratch.folder,
                withIntermediateDirectories: true
            )
            binary = Self.builtBinary
        }

        var ledger: URL { folder.appendingPathComponent("ledger") }

        /// Starts the program, or another one, with files for what it says.
        func start(
            _ arguments: [String],
            input: URL? = nil,
            inputPipe: Pipe? = nil,
            through launcher: [String] = []
        ) throws -> Started {
            let name = UUID().uuidString
            let started = Started(
                output: folder.appendingPathComponent("\(name).out"),
                errors: folder.appendingPathComponent("\(name).err")
            )
            let command = launcher + [binary.path] + arguments
            let process = started.process
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = command
            process.currentDirectoryURL = folder
            var environment = ProcessInfo.processInfo.environment
            environment["HEADROOM_LEDGER"] = ledger.path
            environment["HEADROOM_ORGANISATION"] = nil
            for name in ["COLUMNS", "NO_COLOR"] { environment[name] = nil }
            process.environment = environment
            for url in [started.output, started.errors] {
                try Data().write(to: url)
            }
            process.standardOutput = try FileHandle(forWritingTo: started.output)
            process.standardError = try FileHandle(forWritingTo: started.errors)
            process.standardInput =
                try inputPipe ?? input.map { try FileHandle(forReadingFrom: $0) }
                ?? FileHandle.nullDevice
            try process.run()
            return started
        }

        /// Runs the program to its end.
        @discardableResult
        func run(
            _ arguments: String...,
            input: URL? = nil,
            through launcher: [String] = []
        ) throws -> Run {
            try start(arguments, input: input, through: launcher).end()
        }

        /// Runs the program and requires an exit status.
        @discardableResult
        func expect(
            _ status: Int32,
            _ arguments: String...,
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws -> Run {
            try expect(status, all: arguments, sourceLocation: sourceLocation)
        }

        /// The same, with arguments from a list.
        @discardableResult
        func expect(
            _ status: Int32,
            all arguments: [String],
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws -> Run {
            let run = try start(arguments).end()
            #expect(
                run.status == status && run.signal == nil,
                "headroom \(arguments.joined(separator: " "))\n\(run.output)\(run.errors)",
                sourceLocation: sourceLocation
            )
            return run
        }

        /// Puts a ledger in place that was made at 2025-01-13, with a rulebook and three parties.
        func makeLedger() throws {
            let template = try Self.template.get()
            try FileManager.default.copyItem(at: template.ledger, to: ledger)
            try FileManager.default.copyItem(
                at: template.folder.appendingPathComponent("parties.csv"),
                to: folder.appendingPathComponent("parties.csv")
            )
        }

        /// What every such ledger is a copy of; copies have one secret, so equal logs equal roots.
        private static let template = Result { () throws -> Headroom in
            let headroom = try Headroom()
            try headroom.expect(
                0,
                "init",
                "--rulebook",
                "diffusion-2025-brief",
                "--at",
                "2025-01-13"
            )
            let parties = try headroom.write(
                "parties.csv",
                """
                id,name,site,headquarters,parent
                ACME-AE,Acme Emirates,AE,AE,ACME
                ACME,Acme,AE,AE,
                ZETA,Zeta,JP,JP,

                """
            )
            try headroom.expect(0, "party", "import", parties.path, "--at", "2025-01-13T01:00:00Z")
            return headroom
        }

        /// Writes a file in the folder.
        func write(_ name: String, _ text: String) throws -> URL {
            try write(name, Data(text.utf8))
        }

        func write(_ name: String, _ data: Data) throws -> URL {
            let url = folder.appendingPathComponent(name)
            try data.write(to: url)
            return url
        }

        /// How many entries the log has, and its root: everything that it says is in them.
        func head() throws -> (entries: Int, root: String) {
            let found = try expect(0, "verify", "--json", "--in-this-process").object()
            return (
                try #require(found["entries"] as? Int), try #require(found["root"] as? String)
            )
        }

        /// The log's only data file.
        var dataFile: URL { ledger.appendingPathComponent("log/data.mdb") }
    }

    /// A program that runs.
    struct Started {
        let process = Process()
        let output: URL
        let errors: URL

        /// Waits for its end.
        func end() throws -> Run {
            process.waitUntilExit()
            let isExit = process.terminationReason == .exit
            return Run(
                status: isExit ? process.terminationStatus : -1,
                signal: isExit ? nil : process.terminationStatus,
                output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
                errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self)
            )
        }
    }
#endif
