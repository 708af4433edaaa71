// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Testing

    @Suite("The overview") struct OverviewTests {
        private let headroom: Headroom

        init() throws { headroom = try Headroom() }

        /// What is printed, with the folder, which is another each time, as a name.
        private func overview(_ arguments: String...) throws -> String {
            let run = try headroom.start(arguments).end()
            #expect(run.status == 0)
            #expect(run.errors.isEmpty)
            return run.output.replacing(headroom.folder.path, with: "FOLDER")
        }

        private func steps(_ json: [String: Any]) throws -> [String] {
            let steps = try #require(json["next"] as? [[String: Any]])
            return steps.compactMap { $0["command"] as? String }
        }

        @Test func withoutALedgerItSaysHowToMakeOne() throws {
            try Snapshot.expect(try overview(), is: "overview-none.txt")
            let json = try headroom.expect(0, "overview", "--json").object()
            #expect(json["state"] as? String == "none")
            #expect(try steps(json).first == "headroom init --rulebook diffusion-2025-brief")
        }

        @Test func anEmptyLedgerWantsARulebookPartiesAndOrders() throws {
            try headroom.expect(0, "init", "--at", "2025-01-13")
            try Snapshot.expect(try overview(), is: "overview-new.txt")
            let json = try headroom.expect(0, "--json").object()
            #expect(json["state"] as? String == "empty")
            #expect(
                try steps(json) == [
                    "headroom rulebook adopt diffusion-2025-brief",
                    "headroom party import parties.csv", "headroom import orders.csv",
                ]
            )
        }

        @Test func aLedgerWithRulebookAndPartiesWantsOrders() throws {
            try headroom.makeLedger()
            try Snapshot.expect(try overview(), is: "overview-empty.txt")
            let json = try headroom.expect(0, "overview", "--json").object()
            #expect(try steps(json).first == "headroom import orders.csv")
        }

        @Test func aWorkingLedgerShowsHoldsAndTheLimitsThatStandOut() throws {
            try headroom.makeLedger()
            try reserve("o1", "45000")
            let quiet = try headroom.expect(0, "overview", "--json").object()
            #expect(quiet["state"] as? String == "working")
            #expect(quiet["open_holds"] as? Int == 1)
            #expect(quiet["open_h100e"] as? String == "45000.000")
            #expect(try steps(quiet).first == "headroom breaches")
            try headroom.expect(
                0,
                "agreement",
                "sign",
                "--country",
                "AE",
                "--from",
                "2025-02-01",
                "--id",
                "a1",
                "--at",
                "2025-01-21"
            )
            let proposal = ["party", "block", "--party", "ZETA", "--reason", "test", "--propose"]
            #expect(
                try headroom.start(proposal + ["--id", "p1", "--at", "2025-02-02"]).end().status
                    == 0
            )
            try reserve("o2", "50000", "2025-02-03")
            try headroom.expect(
                0,
                "agreement",
                "end",
                "--agreement",
                "a1",
                "--until",
                "2025-02-04",
                "--at",
                "2025-02-03"
            )
            try headroom.expect(0, "tick", "--at", "2025-02-05")
            try Snapshot.expect(try overview(), is: "overview-working.txt")
            let json = try headroom.expect(0, "overview", "--json").object()
            #expect(
                try steps(json) == ["headroom proposals", "headroom breaches", "headroom caps"]
            )
        }

        @Test func stepsNameTheLedgerThatTheOptionNamed() throws {
            try headroom.makeLedger()
            let text = try overview("overview", "--ledger", headroom.ledger.path)
            #expect(text.contains("headroom import orders.csv --ledger FOLDER/ledger"))
        }

        @Test func aDamagedLedgerIsAnErrorAndNotNoLedger() throws {
            try headroom.makeLedger()
            try headroom.expect(0, "tick", "--at", "2025-01-14")
            let log = headroom.ledger.appendingPathComponent("log")
            try FileManager.default.removeItem(at: log)
            // What is derived from the log says that there was one.
            let state = headroom.ledger.appendingPathComponent("state/data.mdb")
            try #require(FileManager.default.fileExists(atPath: state.path))
            try headroom.expect(5)
        }

        private func reserve(_ id: String, _ amount: String, _ at: String = "2025-01-20") throws {
            try headroom.expect(
                0,
                "reserve",
                "--id",
                id,
                "--consignee",
                "ACME-AE",
                "--destination",
                "AE",
                "--end-use",
                "commercial",
                "--h100e",
                amount,
                "--at",
                at
            )
        }
    }
#endif
