// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Testing

    /// The examples of docs/examples, played with the built program.
    @Suite struct ExampleTests {
        private static let examples = Headroom.repository.appendingPathComponent("docs/examples")

        @Test(arguments: ["brief", "cfr"])
        func theHypotheticalExampleGetsWhatWasWorkedOutByHand(column: String) throws {
            let headroom = try Headroom()
            try headroom.expect(
                0,
                "init",
                "--rulebook",
                "diffusion-2025-\(column)",
                "--at",
                "2025-01-13"
            )
            let script = Self.examples.appendingPathComponent("hypothetical/setup.sh")
            let played = try headroom.run(
                script.path,
                headroom.ledger.path,
                through: ["bash", "-c", "HEADROOM=$1 exec bash \"$2\" \"$3\"", "play"]
            )
            #expect(played.status == 0, "\(played.output)\(played.errors)")
            let table = try String(
                contentsOf: Self.examples.appendingPathComponent("hypothetical/expected.csv"),
                encoding: .utf8
            )
            let lines = table.split(separator: "\n").map {
                $0.split(separator: ",").map(String.init)
            }
            let position = try #require(lines.first?.firstIndex(of: column))
            let answers = try answers(headroom)
            for line in lines.dropFirst() {
                #expect(answers[line[0]] == line[position], "\(line[0])")
            }
        }

        /// What the log says became of each operation, by its id, in the words of expected.csv.
        private func answers(_ headroom: Headroom) throws -> [String: String] {
            var answers: [String: String] = [:]
            for object in try headroom.expect(0, "log", "--json").objects() {
                let entry = try #require(object["entry"] as? [String: Any])
                guard let id = entry["id"] as? String else { continue }
                let outcome = try #require(entry["outcome"] as? [String: Any])
                var words = [outcome["result"] as? String, outcome["mechanism"] as? String]
                words.append(outcome["refusal"] as? String)
                if outcome["attestation_lapsed"] as? Bool == true {
                    words.append("attestation-lapsed")
                }
                answers[id] = words.compactMap(\.self).joined(separator: " ")
            }
            return answers
        }

        @Test func theAnnouncedOrdersAreDecidedAsTheExampleSays() throws {
            let headroom = try Headroom()
            try headroom.expect(
                0,
                "init",
                "--rulebook",
                "diffusion-2025-brief",
                "--at",
                "2025-01-13"
            )
            let folder = Self.examples.appendingPathComponent("announced")
            try headroom.expect(
                0,
                "party",
                "import",
                folder.appendingPathComponent("parties.csv").path,
                "--at",
                "2025-01-13"
            )
            let orders = folder.appendingPathComponent("orders.csv").path
            let run = try headroom.expect(1, "import", orders, "--each")
            #expect(run.errors.isEmpty)
            let lines = run.output.split(separator: "\n")
            let refused = lines.filter { $0.contains("  refused  limit-reached (country)") }
            #expect(refused.map { String($0.prefix(4)) } == ["A159", "A160", "A166"])
            #expect(lines.contains { $0.hasPrefix("49 orders: 46 granted, 3 refused, 0 rejected") })
        }
    }
#endif
