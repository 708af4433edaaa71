// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Testing

    /// The program on a terminal, and at the end of a pipe.
    @Suite("On a terminal", .timeLimit(.minutes(2))) struct TerminalTests {
        private let headroom: Headroom

        init() throws {
            headroom = try Headroom()
            try headroom.makeLedger()
            try headroom.expect(
                0,
                "reserve",
                "--id",
                "o1",
                "--consignee",
                "ACME-AE",
                "--destination",
                "AE",
                "--end-use",
                "commercial",
                "--h100e",
                "45000",
                "--at",
                "2025-01-20"
            )
        }

        private func isColored(_ text: String) -> Bool { text.contains("\u{1b}[") }

        /// A text without the sequences that color it.
        private func plain(_ text: String) -> String {
            text.replacing(/\u{1b}\[[0-9;]*m/, with: "")
        }

        @Test func colorsAreForTerminals() throws {
            #expect(isColored(try headroom.show(["caps"]).screen))
            #expect(!isColored(try headroom.expect(0, "caps").output))
        }

        @Test func colorsCanBeChosen() throws {
            #expect(!isColored(try headroom.show(["caps", "--color", "never"]).screen))
            #expect(!isColored(try headroom.show(["caps"], environment: ["NO_COLOR": "1"]).screen))
            #expect(!isColored(try headroom.show(["caps"], environment: ["TERM": "dumb"]).screen))
            #expect(isColored(try headroom.show(["caps"], environment: ["NO_COLOR": ""]).screen))
            #expect(isColored(try headroom.expect(0, "caps", "--color", "always").output))
            let chosen = try headroom.show(
                ["breaches", "--color", "always"],
                environment: ["NO_COLOR": "1"]
            )
            #expect(isColored(chosen.screen))
            #expect(!isColored(try headroom.show(["caps", "--json"]).screen))
        }

        @Test func whatColorsSayStandsThereInWords() throws {
            let colored = try headroom.show(["breaches"], columns: 200).screen
            #expect(plain(colored) == (try headroom.expect(0, "breaches").output))
            #expect(plain(colored).contains("90 %"))
        }

        @Test(arguments: [40, 60, 80, 100, 132] as [UInt16])
        func tablesFitTheTerminal(columns: UInt16) throws {
            for verb in [["caps"], ["breaches"], ["overview"], ["party", "list"], ["policy"]] {
                let screen = plain(try headroom.show(verb, columns: columns).screen)
                for line in screen.split(separator: "\n") {
                    #expect(line.count <= Int(columns), "\(verb): \(line)")
                }
            }
        }

        @Test func columnsGoBeforeWhatTheTerminalSays() throws {
            let wide = try headroom.show(["caps"], columns: 60, environment: ["COLUMNS": "250"])
            #expect(plain(wide.screen).split(separator: "\n").contains { $0.count > 60 })
        }

        @Test func tablesHaveTheirFullWidthInAPipe() throws {
            let output = try headroom.expect(0, "caps").output
            #expect(output.split(separator: "\n").contains { $0.count > 132 })
        }

        @Test func progressIsShownOnATerminalOnly() throws {
            let file = headroom.folder.appendingPathComponent("all.ndjson").path
            let shown = try headroom.show(
                ["export", "--to", file],
                withErrors: true
            )
            #expect(shown.status == 0)
            #expect(shown.screen.contains(" entries\n"))
            try FileManager.default.removeItem(atPath: file)
            #expect(try headroom.expect(0, "export", "--to", file).errors.isEmpty)
        }

        @Test(arguments: [
            ["log"], ["log", "--json"], ["export"], ["caps"], ["verify"], ["overview"],
        ])
        func aReaderThatHasGoneIsNoFailure(verb: [String]) throws {
            // The reader ends first, whatever the program is about to write.
            let script =
                "{ sleep 0.1; \"$@\"; echo $? >status; } 2>errors | true; cat status errors"
            let run = try headroom.start(verb, through: ["bash", "-c", script, "bash"]).end()
            // 141 is how a shell tells of the signal.
            #expect(run.output == "141\n", "\(run.output)\(run.errors)")
        }

        @Test func anImportGoesOnWhenNobodyReads() throws {
            let orders = (0..<3_000).map { "n\($0),ACME-AE,AE,1,commercial" }
            let file = try headroom.write(
                "orders.csv",
                "id,consignee,destination,tpp,end_use\n" + orders.joined(separator: "\n") + "\n"
            )
            let script =
                "{ sleep 0.1; \"$@\"; echo $? >status; } 2>errors | true; cat status errors"
            let run = try headroom.start(
                ["import", file.path, "--each"],
                through: ["bash", "-c", script, "bash"]
            ).end()
            #expect(run.output == "0\n", "\(run.output)")
            let overview = try headroom.expect(0, "overview", "--json").object()
            #expect(overview["open_holds"] as? Int == 3_001)
        }
    }
#endif
