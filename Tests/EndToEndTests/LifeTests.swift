// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Testing

    /// The life of an order after its grant, driven through the program.
    @Suite struct LifeTests {
        private let headroom: Headroom

        /// The TPP of an H100 SXM5, of which the orders below are.
        private static let device = 15_832

        init() throws {
            headroom = try Headroom()
            try headroom.makeLedger()
        }

        private func say(
            _ status: Int32,
            _ line: String,
            _ more: [String] = [],
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws -> Run {
            try headroom.say(status, line, more, sourceLocation: sourceLocation)
        }

        private func reserve(_ id: String, quantity: Int, _ more: String = "") throws {
            _ = try say(
                0,
                "reserve --id \(id) --exporter CHIPS --consignee ACME-AE --destination AE"
                    + " --quantity \(quantity) --end-use commercial --at 2025-02-01 \(more)",
                ["--device", "H100 SXM5"]
            )
        }

        /// How the hold of an order stands.
        private func hold(_ id: String) throws -> [String: Any] {
            let run = try say(0, "hold \(id) --json")
            return try #require(try run.object()["hold"] as? [String: Any])
        }

        private func expectHold(
            _ id: String,
            open: Int = 0,
            out: Int = 0,
            returned: Int = 0,
            retired: Int = 0,
            freed: Int = 0,
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            let found = try hold(id)
            let expected = [
                "open": open, "out": out, "returned": returned, "retired": retired, "freed": freed,
            ]
            for (name, devices) in expected {
                #expect(
                    found[name] as? Int == devices * Self.device,
                    "\(name)",
                    sourceLocation: sourceLocation
                )
            }
        }

        private func used() throws -> Int? {
            let report = try say(0, "caps --json").object()
            #expect((report["reconciliation"] as? [String: Any])?["is_reconciled"] as? Bool == true)
            let countries = try #require(report["countries"] as? [[String: Any]])
            return countries.first { $0["country"] as? String == "AE" }?["used"] as? Int
        }

        @Test func anOrderIsShippedInPartsExtendedReturnedAndRetired() throws {
            try reserve("o1", quantity: 20_000, "--deadline 2025-06-01T00:00:00Z")
            try expectHold("o1", open: 20_000)
            let part = try say(0, "ship o1 --of CHIPS --quantity 5000 --at 2025-03-01")
            #expect(part.output.contains("as if enforced"))
            _ = try say(
                0,
                "extend o1 --of CHIPS --deadline 2025-09-01T00:00:00Z --at 2025-03-02"
            )
            #expect(try hold("o1")["deadline"] as? String == "2025-09-01T00:00:00.000Z")
            let tpp = 10_000 * Self.device
            _ = try say(0, "ship o1 --of CHIPS --tpp \(tpp) --final --at 2025-03-03")
            try expectHold("o1", out: 15_000, freed: 5_000)
            #expect(try used() == 15_000 * Self.device)
            _ = try say(0, "return o1 --of CHIPS --quantity 1000 --at 2025-03-04")
            _ = try say(0, "retire o1 --of CHIPS --quantity 500 --cause loss --at 2025-03-05")
            try expectHold("o1", out: 13_500, returned: 1_000, retired: 500, freed: 5_000)
            // Returns are credited to the country's allocation, losses are not.
            #expect(try used() == 14_000 * Self.device)
            _ = try say(0, "return o1 --of CHIPS --at 2025-03-06")
            try expectHold("o1", returned: 14_500, retired: 500, freed: 5_000)
            let history = try say(0, "hold o1 --json").object()
            #expect((history["entries"] as? [Any])?.count == 6)
            let text = try say(0, "hold o1").output
            #expect(text.contains("closed by entry 9"))
        }

        @Test func whatIsMoreThanThereIsIsRefusedAndAnEntry() throws {
            try reserve("o1", quantity: 2_000)
            let refusals = [
                ("ship o1 --quantity 2001", "exceeds-hold"),
                ("return o1 --quantity 1", "exceeds-shipped"),
                ("retire o1 --cause disposal", "exceeds-shipped"),
                ("extend o1 --deadline 2025-09-01T00:00:00Z", "deadline-not-later"),
            ]
            for (line, refusal) in refusals {
                let entries = try headroom.head().entries
                let run = try say(1, "\(line) --of CHIPS --at 2025-03-01 --json")
                let entry = try #require(try run.object()["entry"] as? [String: Any])
                let outcome = try #require(entry["outcome"] as? [String: Any])
                #expect(outcome["refusal"] as? String == refusal, "\(line)")
                #expect(try headroom.head().entries == entries + 1)
            }
            try expectHold("o1", open: 2_000)
            _ = try say(0, "release o1 --of CHIPS --at 2025-03-02")
            for line in ["ship o1", "release o1", "revoke o1 --reason late"] {
                let run = try say(1, "\(line) --of CHIPS --at 2025-03-03")
                #expect(run.output.contains("hold-closed"), "\(line)")
            }
            let order =
                "reserve --id big --exporter CHIPS --consignee ACME-AE --destination AE --tpp"
                + " 900000000 --end-use commercial --at 2025-03-04"
            _ = try say(1, order)
            #expect(
                try say(1, "ship big --of CHIPS --at 2025-03-05").output.contains("not-granted")
            )
            #expect(try hold("big")["standing"] as? String == "refused")
        }

        @Test(arguments: [
            ("ship nothing", "an operation of OPERATOR that reserved"),
            ("ship o1", "'--of CHIPS'"),
            ("ship o1 --of CHIPS --tpp 0", "above 0"),
            ("ship o1 --of CHIPS --tpp 1 --quantity 1", "only one of"),
            ("ship o1 --of CHIPS --all --tpp 1", "only one of"),
            ("ship o1 --of CHIPS --quantity 999999999999999", "at most the 1 of the order"),
            ("ship plain --of CHIPS --quantity 1", "give '--tpp'"),
            ("retire o1 --of CHIPS --cause weather", "loss, failure or disposal"),
            ("retire o1 --of CHIPS", "--cause"),
            ("revoke o1 --of CHIPS --reason \u{20}", "--reason"),
            ("extend o1 --of CHIPS --deadline tomorrow", "--deadline"),
            ("extend o1 --of CHIPS --deadline 2025-02-01T00:00:00Z", "deadline"),
            ("correct --text x", "either --entry or --operation"),
            ("correct --entry 1 --operation o1 --text x", "either --entry or --operation"),
            ("correct --entry 1 --of CHIPS --text x", "an entry has a number"),
            ("correct --entry 99 --text x", "entry"), ("correct --operation no --text x", "no"),
            ("approve o1 --of CHIPS", "an operation that proposed"),
            ("hold p1", "see 'headroom"), ("tick --at 2024-01-01", "time-went-back"),
        ])
        func badInputIsRejectedAndLeavesNoEntry(line: String, message: String) throws {
            try reserve("o1", quantity: 1)
            _ = try say(
                0,
                "reserve --id plain --exporter CHIPS --consignee ACME-AE --destination AE --tpp 5"
                    + " --end-use commercial --at 2025-02-01"
            )
            let head = try headroom.head()
            let run = try say(2, line)
            #expect(run.errors.contains(message), "\(run.errors)")
            #expect(run.errors.hasPrefix("headroom: error: ") && run.output.isEmpty)
            #expect(try headroom.head() == head)
        }

        @Test func aMixedOrderIsShippedByItsTPPOnly() throws {
            _ = try say(
                0,
                "reserve --id m --consignee ZETA --destination JP --end-use research"
                    + " --at 2025-02-01",
                ["--line", "H100 SXM5=10", "--line", "B200=5"]
            )
            #expect(try say(2, "ship m --quantity 5").errors.contains("--tpp"))
            _ = try say(0, "ship m --at 2025-02-02")
        }

        @Test func aSentShipmentCanBeSentAgain() throws {
            try reserve("o1", quantity: 10)
            let line = "ship o1 --of CHIPS --quantity 4 --id s1 --json --at"
            _ = try say(0, "\(line) 2025-03-01")
            let again = try say(0, "\(line) 2025-04-01")
            #expect(try again.object()["answer"] as? String == "replayed")
            // A number of devices and their TPP are the same content.
            let tpp = 4 * Self.device
            let same = try say(0, "ship o1 --of CHIPS --tpp \(tpp) --id s1 --json")
            #expect(try same.object()["answer"] as? String == "replayed")
            let other = try say(2, "ship o1 --of CHIPS --quantity 5 --id s1")
            #expect(other.errors.contains("id-reused"))
            try expectHold("o1", open: 6, out: 4)
        }

        @Test func aTickLetsHoldsExpireAndSaysSo() throws {
            try reserve("o1", quantity: 20_000, "--deadline 2025-06-01T00:00:00Z")
            try reserve("o2", quantity: 20_000, "--deadline 2025-07-01T00:00:00Z")
            _ = try say(0, "ship o1 --of CHIPS --quantity 5000 --at 2025-03-01")
            let early = try say(0, "tick --at 2025-05-31")
            #expect(early.output.contains("due        0 holds expired, 0 events of limits\n"))
            let tick = try say(0, "tick --at 2025-06-01")
            let due = "due        1 hold expired, 0 events of limits: entry 11\n"
            #expect(tick.output.contains(due))
            try expectHold("o1", out: 5_000, freed: 15_000)
            try expectHold("o2", open: 20_000)
            #expect(try used() == 25_000 * Self.device)
            let entries = try say(0, "log --json").objects().compactMap {
                $0["entry"] as? [String: Any]
            }
            #expect(entries.suffix(2).map { $0["kind"] as? String } == ["expiry", "operation"])
            let late = try say(1, "ship o1 --of CHIPS --at 2025-06-02")
            #expect(late.output.contains("hold-closed"))
        }

        @Test func aCorrectionNamesAnEntryAndMovesNothing() throws {
            try reserve("o1", quantity: 10)
            let before = try used()
            _ = try say(
                0,
                "correct --operation o1 --of CHIPS --at 2025-03-01",
                ["--text", "the reference is D1234567"]
            )
            _ = try say(0, "correct --entry 6 --at 2025-03-01", ["--text", "as said"])
            #expect(try used() == before)
            #expect(try say(0, "log --from 7").output.contains("the reference is D1234567"))
        }

        @Test func upToTakesWhatFitsInWholeUnits() throws {
            try reserve("o1", quantity: 49_990)
            let order =
                "--exporter CHIPS --consignee ACME-AE --destination AE --quantity 5000"
                + " --end-use commercial --at 2025-02-02 --json --id o2 --up-to"
            let device = ["--device", "H100 SXM5"]
            let check = try say(0, "check \(order)", device).object()
            let decision = try #require(check["decision"] as? [String: Any])
            #expect(decision["granted"] as? Int == 10 * Self.device)
            let run = try say(0, "reserve \(order)", device).object()
            let entry = try #require(run["entry"] as? [String: Any])
            #expect((entry["outcome"] as? [String: Any])?["granted"] as? Int == 10 * Self.device)
            _ = try say(0, "ship o2 --of CHIPS --quantity 10 --at 2025-02-03")
            #expect(try hold("o2")["standing"] as? String == "closed")
            let two = ["--line", "H100 SXM5=1", "--line", "B200=1"]
            let mixed = try say(
                2,
                "reserve --consignee ACME --destination AE --end-use commercial --up-to",
                two
            )
            #expect(mixed.errors.contains("lines"))
        }

        @Test func anOrdersFileSaysWhichOrdersTakeLess() throws {
            let file = try headroom.write(
                "orders.csv",
                """
                id,time,consignee,destination,tpp,end_use,up_to
                a,2025-02-01T00:00:00Z,ACME,AE,791000000,commercial,
                b,2025-02-01T00:00:00Z,ACME,AE,700000000,commercial,yes
                c,2025-02-01T00:00:00Z,ACME,AE,700000000,commercial,no
                d,2025-02-01T00:00:00Z,ACME,AE,1,commercial,maybe

                """
            )
            let run = try say(2, "import \(file.path) --json")
            #expect(run.errors.contains(":5: malformed-field: up_to"))
            #expect(try hold("b")["granted"] as? Int == 600_000)
            #expect(try hold("c")["standing"] as? String == "refused")
        }
    }

    extension Headroom {
        /// Runs the program with the words of a line, and requires an exit status.
        func say(
            _ status: Int32,
            _ line: String,
            _ more: [String] = [],
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws -> Run {
            let words = line.split(separator: " ").map(String.init) + more
            let run = try start(words).end()
            #expect(
                run.status == status && run.signal == nil,
                "headroom \(words.joined(separator: " "))\n\(run.output)\(run.errors)",
                sourceLocation: sourceLocation
            )
            return run
        }
    }
#endif
