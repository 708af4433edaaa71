// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Testing

    /// A verb as the program's dump of its help tells it.
    private struct DumpedVerb {
        var path: [String]
        var discussion: String
        var options: Set<String>
        var isGroup: Bool

        /// The command lines of its examples, those that go on in the next line joined.
        var examples: [String] {
            let parts = discussion.components(separatedBy: "Examples:\n")
            guard parts.count == 2 else { return [] }
            return parts[1].replacing("\\\n", with: " ").split(separator: "\n")
                .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        }
    }

    @Suite("Help") struct HelpTests {
        private let headroom: Headroom
        private let verbs: [DumpedVerb]

        init() throws {
            headroom = try Headroom()
            verbs = try Self.dumped.get()
        }

        /// All verbs; a program that is not optimized takes seconds to tell them.
        private static let dumped = Result {
            let dump = try Headroom().expect(0, "--experimental-dump-help").object()
            return try verbs(try #require(dump["command"] as? [String: Any]), [])
        }

        private static func verbs(
            _ command: [String: Any],
            _ above: [String]
        ) throws -> [DumpedVerb] {
            let name = try #require(command["commandName"] as? String)
            guard name != "help" else { return [] }
            let path = above.isEmpty && name == "headroom" ? [] : above + [name]
            let children = command["subcommands"] as? [[String: Any]] ?? []
            let arguments = command["arguments"] as? [[String: Any]] ?? []
            let names = arguments.flatMap { $0["names"] as? [[String: Any]] ?? [] }
            let verb = DumpedVerb(
                path: path,
                discussion: command["discussion"] as? String ?? "",
                options: Set(names.compactMap { $0["name"] as? String }),
                isGroup: children.contains { $0["commandName"] as? String != "help" }
            )
            return try [verb] + children.flatMap { try verbs($0, path) }
        }

        @Test func everyVerbsHelpIsWhatWasLookedAt() throws {
            var names: Set<String> = []
            for verb in verbs {
                let help = try headroom.start(verb.path + ["--help"]).end()
                #expect(help.status == 0)
                let name = (["headroom"] + verb.path).joined(separator: "-") + ".txt"
                names.insert(name)
                try Snapshot.expect(help.output, is: "help/\(name)")
            }
            #expect(try Snapshot.names(in: "help") == names)
        }

        @Test func helpOfAVerbIsTheSameByBothWays() throws {
            for path in [["reserve"], ["party", "list"], ["rulebook"]] {
                let help = try headroom.start(["help"] + path).end()
                #expect(help.output == (try headroom.start(path + ["--help"]).end().output))
            }
        }

        @Test func everyVerbHasExamplesOfItself() {
            for verb in verbs {
                let line = (["headroom"] + verb.path).joined(separator: " ")
                #expect(verb.examples.contains { $0.hasPrefix(line) }, "\(line)")
            }
        }

        /// They fail for want of a ledger or a file, but never because they are wrongly written.
        @Test func noExampleIsWrongUsage() throws {
            for verb in verbs {
                for example in verb.examples {
                    let script = "PATH=${1%/*}:$PATH HOME=$PWD; " + example
                    let run = try headroom.start([], through: ["bash", "-c", script, "bash"]).end()
                    #expect(run.status != 127, "\(example): \(run.errors)")
                    #expect(!run.errors.contains("--help'"), "\(example): \(run.errors)")
                }
            }
        }

        @Test func everyVerbThatPrintsResultsPrintsThemAsJSONToo() {
            // A receipt is JSON whether it is asked for or not, and a proof has the form of others; public
            // keys are lines, and `key show` has them as JSON.
            let others: Set<[String]> = [
                [], ["completions"], ["receipt"], ["prove", "consistency"], ["prove", "inclusion"],
                ["key", "export"],
            ]
            for verb in verbs where !verb.isGroup && !others.contains(verb.path) {
                #expect(verb.options.contains("json"), "\(verb.path)")
            }
        }

        @Test func wrongUsageSaysWhereHelpIs() throws {
            func error(_ arguments: String...) throws -> String {
                let run = try headroom.start(arguments).end()
                #expect(run.status == 2)
                #expect(run.output.isEmpty == !arguments.contains("--json"))
                return run.errors
            }
            #expect(
                try error("impotr")
                    == "headroom: error: there is no verb 'impotr'. Did you mean "
                    + "'headroom import'? See 'headroom --help'.\n"
            )
            #expect(
                try error("party", "lst", "--json")
                    == "headroom: error: there is no verb 'party lst'. Did you mean "
                    + "'headroom party list'? See 'headroom party --help'.\n"
            )
            #expect(try error("help", "cups").contains("'headroom caps'"))
            #expect(try error("caps", "--frmat").contains("Did you mean '--format'?"))
            #expect(
                try error("reserve").contains("'--consignee <id>'. See 'headroom reserve --help'")
            )
            #expect(
                try error("--ledger", "elsewhere", "caps")
                    .contains("options come behind the verb: 'headroom caps ...'")
            )
        }
    }
#endif
