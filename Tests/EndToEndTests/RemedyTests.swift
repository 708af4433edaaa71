// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Testing

    /// What `explain` and `check` say would make room, and what comes of doing so.
    @Suite struct RemedyTests {
        private let headroom: Headroom
        private let order = [
            "--exporter", "CHIPS", "--consignee", "ACME-AE", "--destination", "AE",
            "--device", "H100 SXM5", "--end-use", "commercial",
        ]

        init() throws {
            headroom = try Headroom()
            try headroom.makeLedger()
            let held = [
                "--id", "held", "--quantity", "45000", "--deadline", "2025-06-01T00:00:00Z",
            ]
            let run = try headroom.start(
                ["reserve", "--at", "2025-02-01T00:00:00Z"] + order + held
            ).end()
            #expect(run.status == 0, "\(run.errors)")
        }

        private func remedies(_ arguments: [String], status: Int32) throws -> [[String: Any]] {
            let run = try headroom.start(arguments + ["--json"]).end()
            #expect(run.status == status, "\(run.errors)")
            return try #require(try run.object()["remedies"] as? [[String: Any]])
        }

        @Test func aCheckThatIsFollowedIsGranted() throws {
            let before = try headroom.head()
            let asked = order + ["--at", "2025-02-02T00:00:00Z", "--quantity", "20000"]
            let remedies = try remedies(["check"] + asked, status: 1)
            #expect(
                remedies.compactMap { $0["remedy"] as? String } == [
                    "ask-less", "wait", "agreement",
                ]
            )
            #expect(try headroom.head() == before)
            let less = try #require(remedies[0]["order"] as? [String: Any])
            let lines = try #require(less["lines"] as? [[String: Any]])
            #expect(lines.first?["quantity"] as? Int == 5_000)
            #expect(remedies[1]["time"] as? String == "2025-06-01T00:00:00.000Z")
            let smaller = order + ["--at", "2025-02-02T00:00:00Z", "--quantity"]
            #expect(try headroom.start(["check"] + smaller + ["5001"]).end().status == 1)
            #expect(try headroom.start(["check"] + smaller + ["5000"]).end().status == 0)
            let later = order + ["--quantity", "20000", "--at"]
            #expect(
                try headroom.start(["check"] + later + ["2025-05-31T23:59:59.999Z"]).end().status
                    == 1
            )
            #expect(try headroom.start(["reserve"] + later + ["2025-06-01"]).end().status == 0)
        }

        @Test func anExplanationSaysWhatWouldHaveMadeRoomThen() throws {
            let refused = try headroom.start(
                ["reserve", "--id", "refused", "--at", "2025-02-02T00:00:00Z"] + order
                    + ["--quantity", "20000"]
            ).end()
            #expect(refused.status == 1)
            #expect(
                refused.errors.contains("'headroom explain refused --organisation CHIPS' says")
            )
            // What happens later changes nothing of it.
            try headroom.expect(0, "tick", "--at", "2025-07-01T00:00:00Z")
            let remedies = try remedies(["explain", "refused"], status: 0)
            #expect(
                remedies.compactMap { $0["remedy"] as? String } == [
                    "ask-less", "wait", "agreement",
                ]
            )
            let text = try headroom.expect(0, "explain", "refused").output
            #expect(text.contains("ask for at most 5,000 x H100 SXM5"))
            #expect(text.contains("wait until 2025-06-01: 1 hold of 45,000.000 H100e"))
            #expect(text.contains("an agreement with United Arab Emirates (AE)"))
            let granted = try headroom.start(["explain", "held", "--json"]).end()
            #expect(try granted.object()["remedies"] == nil)
        }
    }
#endif
