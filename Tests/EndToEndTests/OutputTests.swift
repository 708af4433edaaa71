// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Testing

    /// Tables and JSON of the hypothetical example, as somebody looked at them.
    @Suite("Output") struct OutputTests {
        private let headroom: Headroom

        init() throws { headroom = try Self.played.get() }

        /// The example's ledger, which these tests only read.
        private static let played = Result {
            let headroom = try Headroom()
            try headroom.expect(
                0,
                "init",
                "--rulebook",
                "diffusion-2025-brief",
                "--at",
                "2025-01-13"
            )
            let script = Headroom.repository
                .appendingPathComponent("docs/examples/hypothetical/setup.sh")
            let run = try headroom.run(
                script.path,
                headroom.ledger.path,
                through: ["bash", "-c", "HEADROOM=$1 exec bash \"$2\" \"$3\"", "play"]
            )
            try #require(run.status == 0, "\(run.errors)")
            return headroom
        }

        /// What the clock wrote, replaced: reports say when they were run.
        private func timeless(_ text: String) -> String {
            text.replacing(/(run on +|"run_on": ")[-0-9T:.]+Z/) { "\($0.output.1)NOW" }
        }

        private static let order = [
            "check", "--id", "order", "--consignee", "PRETEND-TELECOM-DE", "--destination", "KZ",
            "--device", "H100 SXM5", "--quantity", "60000", "--end-use", "commercial", "--at",
            "2027-04-01",
        ]

        private static let commands = [
            "caps": ["caps"], "breaches": ["breaches"], "status-list": ["status", "list"],
            "hold": ["hold", "nveu-first"], "check": order,
            "party-show": ["party", "show", "FABLE-CLOUD"],
        ]

        @Test(arguments: commands.keys.sorted())
        func tablesAndJSONAreWhatWasLookedAt(name: String) throws {
            let command = try #require(Self.commands[name])
            let text = try headroom.start(command).end()
            #expect(text.errors.isEmpty)
            try Snapshot.expect(timeless(text.output), is: "output/\(name).txt")
            let json = try headroom.start(command + ["--json"]).end()
            #expect(json.status == text.status)
            try Snapshot.expect(timeless(json.output), is: "output/\(name).json")
        }

        @Test(arguments: ["explain", "hold"])
        func theIndexFindsWhatTheLogHas(verb: String) throws {
            let owner = verb == "explain" ? "--organisation" : "--of"
            let search = try headroom.expect(0, verb, "nveu-first")
            let index = try headroom.expect(0, verb, "nveu-first", owner, "EXAMPLE-CHIPS")
            #expect(index.output == search.output)
            let other = try headroom.expect(2, verb, "nveu-first", owner, "OTHER-CHIPS")
            #expect(other.errors.contains("by OTHER-CHIPS"))
        }

        @Test(arguments: ["caps", "breaches", "status-list"])
        func tablesOnANarrowTerminalAreWhatWasLookedAt(name: String) throws {
            let command = try #require(Self.commands[name])
            for columns in [40, 80] as [UInt16] {
                let shown = try headroom.show(command + ["--color", "never"], columns: columns)
                try Snapshot.expect(timeless(shown.screen), is: "output/\(name)-\(columns).txt")
            }
        }
    }
#endif
