// SPDX-License-Identifier: Apache-2.0

import CMalloc
import Glibc
import LedgerModel

#if Service
    import ArgumentParser
#endif

/// The command line program.
public enum HeadroomProgram {
    /// The program's version.
    public static let version = "0.1.0"

    /// Runs the command that the process was started with, and exits.
    public static func main() -> Never {
        // A file that may not grow any more is an error to report, not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        // Each thread else gets a heap of its own, of which little is used and nothing is given back:
        // a third of what an import takes.
        mallopt(M_ARENA_MAX, Int32(clamping: max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
        BrokenPipe.becomeAnError()
        if let broken = brokenArgument() {
            let failure = CommandFailure(broken)
            failure.report()
            if CommandLine.arguments.contains("--json") { failure.showDocument() }
            exit(ExitStatus.rejected.rawValue)
        }
        exit(run(Array(CommandLine.arguments.dropFirst())))
    }

    /// What is wrong with the first argument that is not UTF-8.
    ///
    /// The standard library repairs such arguments with replacement characters, which would make
    /// two different texts one.
    private static func brokenArgument() -> Rejection? {
        let repaired = CommandLine.arguments
        for index in repaired.indices.dropFirst() {
            guard let bytes = unsafe CommandLine.unsafeArgv[index],
                unsafe strlen(bytes) != repaired[index].utf8.count
                    || String(validatingCString: bytes) == nil
            else { continue }
            return Rejection(
                .malformedField,
                field: "argument \(index)",
                found: repaired[index],
                expected: "text in UTF-8"
            )
        }
        return nil
    }

    /// Runs a command and returns its exit status.
    ///
    /// Results go to standard output, everything else to standard error.
    public static func run(_ arguments: [String]) -> Int32 {
        #if Service
            return CommandRunner(arguments).run().rawValue
        #else
            let failure = CommandFailure(
                .failed,
                "this program was built without its command line. Build it with the Service "
                    + "trait, which is on unless it is switched off"
            )
            failure.report()
            return failure.status.rawValue
        #endif
    }
}

#if Service
    /// Parses arguments and runs what they ask for.
    struct CommandRunner {
        private let arguments: [String]

        init(_ arguments: [String]) { self.arguments = arguments }

        func run() -> ExitStatus {
            Output.begin()
            do {
                if arguments.first == "help", VerbCall(arguments).unknown != nil {
                    throw usage("")
                }
                var command: any ParsableCommand
                do {
                    command = try HeadroomCommand.parseAsRoot(arguments)
                    guard command is any Verb else {
                        // A group of commands, or help: its text comes as an error.
                        try command.run()
                        return .done
                    }
                } catch {
                    return try end(parsing: error)
                }
                guard let verb = command as? any Verb else { return .done }
                return try perform(verb)
            } catch {
                let failure = CommandFailure(any: error)
                if failure.isUnread { BrokenPipe.endProcess() }
                failure.report()
                if wantsJSON { failure.showDocument() }
                return failure.status
            }
        }

        /// Whether a document is expected, also of arguments that can not be parsed.
        private var wantsJSON: Bool { arguments.contains("--json") }

        private func perform(_ verb: any Verb) throws -> ExitStatus {
            do {
                return try verb.perform()
            } catch {
                var failure = CommandFailure(any: error)
                if let rejection = failure.rejection, failure.lines.count == 1,
                    failure.lines[0] == rejection.description
                {
                    failure.rejection = Suggestions.completed(rejection)
                    failure.lines = [Suggestions.completed(rejection).description]
                }
                if failure.isUnread { BrokenPipe.endProcess() }
                failure.report()
                if wantsJSON { failure.showDocument() }
                return failure.status
            }
        }

        private func end(parsing error: any Error) throws -> ExitStatus {
            guard HeadroomCommand.exitCode(for: error) != .success else {
                try Output.writeLine(HeadroomCommand.fullMessage(for: error))
                return .done
            }
            throw usage(HeadroomCommand.message(for: error))
        }

        /// Wrong usage, in one line.
        private func usage(_ message: String) -> CommandFailure {
            let call = VerbCall(arguments)
            var message = oneLine(message)
            if let unknown = call.unknown {
                message = "there is no verb '\(unknown)'."
                if let guess = call.guess { message += " Did you mean 'headroom \(guess)'?" }
            } else if let late = call.late {
                message = "options come behind the verb: 'headroom \(late) ...'."
            }
            if !".?!".contains(message.last ?? " ") { message += "." }
            let place = (["headroom"] + call.known).joined(separator: " ")
            return CommandFailure(.rejected, "\(message) See '\(place) --help'.")
        }
    }
#endif
