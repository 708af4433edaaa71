// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Testing

    /// What the program says when something is wrong, and how it ends.
    @Suite("Messages") struct MessageTests {
        private let headroom: Headroom

        init() throws {
            headroom = try Headroom()
            try headroom.makeLedger()
        }

        private func order(_ changes: [String: String] = [:]) -> [String] {
            var order = [
                "--id": "order-1", "--consignee": "ACME-AE", "--destination": "AE",
                "--end-use": "commercial", "--tpp": "1000", "--at": "2025-01-20",
            ]
            order.merge(changes) { $1 }
            return order.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
        }

        /// The one line that a command ends with.
        private func error(_ arguments: [String]) throws -> String {
            let run = try headroom.start(arguments).end()
            #expect(run.status == 2, "\(run.output)")
            #expect(run.errors.hasPrefix("headroom: error: "))
            #expect(run.errors.split(separator: "\n").count == 1)
            return run.errors
        }

        @Test func whatWasProbablyMeantIsNamed() throws {
            func guesses(_ name: String, _ arguments: [String]) throws {
                let error = try error(arguments)
                #expect(error.contains("did you mean '\(name)'?"), "\(error)")
            }
            #expect(try headroom.start(["reserve"] + order()).end().status == 0)
            for verb in ["reserve", "check"] {
                let next = ["--id": "order-2"]
                try guesses(
                    "ACME-AE",
                    [verb] + order(next.merging(["--consignee": "ACME-A"]) { $1 })
                )
                try guesses("GB", [verb] + order(next.merging(["--destination": "UK"]) { $1 }))
                try guesses("DE", [verb] + order(next.merging(["--destination": "Germany"]) { $1 }))
                try guesses(
                    "commercial",
                    [verb] + order(next.merging(["--end-use": "comercial"]) { $1 })
                )
            }
            for verb in ["explain", "hold", "ship"] { try guesses("order-1", [verb, "ordr-1"]) }
            try guesses("vendor", ["tick", "--role", "vendr"])
            try guesses("diffusion-2025-cfr", ["rulebook", "show", "difusion-2025-cfr"])
        }

        @Test func failuresAreDocumentsWhereResultsAre() throws {
            func failure(_ arguments: String..., status: Int32 = 2) throws -> [String] {
                let run = try headroom.start(arguments).end()
                #expect(run.status == status)
                let document = try #require(
                    try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
                )
                #expect(document["answer"] as? String == "failed")
                #expect(document["status"] as? Int == Int(status))
                let messages = try #require(document["messages"] as? [String])
                #expect(run.errors == messages.map { "headroom: error: \($0)\n" }.joined())
                return messages
            }
            #expect(try failure("caps", "--ledger", "nowhere", "--json")[0].contains("nowhere"))
            #expect(try failure("caps", "--no-such-option", "--json")[0].contains("--help"))
            let again = ["init", "--rulebook", "diffusion-2025-brief", "--json"]
            let conflict = try headroom.start(again).end()
            #expect(conflict.status == 3 && conflict.output.contains("\"failed\""))
            // One that has shown what is wrong shows it once.
            let file = try headroom.write("bad.yaml", "nothing: 1\n")
            let run = try headroom.start(["rulebook", "validate", file.path, "--json"]).end()
            #expect(run.status == 2)
            let shown = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
            #expect((shown as? [String: Any])?["valid"] as? Bool == false)
        }

        @Test func whatIsFarFromEverythingIsNotGuessed() throws {
            for arguments in [
                ["explain", "something-else"], ["check"] + order(["--consignee": "UNHEARD-OF"]),
                ["check"] + order(["--destination": "XX"]),
            ] {
                #expect(!(try error(arguments).contains("did you mean")))
            }
        }

        @Test func aGuessIsInJSONToo() throws {
            let run = try headroom.start(
                ["reserve"] + order(["--consignee": "ACME-A"]) + ["--json"]
            )
            .end()
            let rejection = try #require(try run.object()["rejection"] as? [String: Any])
            #expect(
                (rejection["expected"] as? String)?.hasSuffix("did you mean 'ACME-AE'?") == true
            )
        }

        @Test func everyExitStatusHasItsCase() throws {
            #expect(try headroom.start(["reserve"] + order()).end().status == 0)
            let tooMuch = order(["--id": "order-2", "--tpp": "900000000000"])
            #expect(try headroom.start(["reserve"] + tooMuch).end().status == 1)
            #expect(try headroom.start(["reserve"] + order(["--tpp": "-1"])).end().status == 2)
            #expect(try headroom.run("init").status == 3)
            try headroom.expect(5, "backup", "/dev/null/backup")
            let log = headroom.ledger.appendingPathComponent("log/data.mdb")
            let file = try FileHandle(forWritingTo: log)
            try file.truncate(atOffset: try file.seekToEnd() / 2)
            try file.close()
            try headroom.expect(4, "verify")
        }
    }
#endif
