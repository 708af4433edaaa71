// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Testing

    /// What each verb does, says and ends with.
    @Suite struct VerbTests {
        private let headroom: Headroom

        init() throws {
            headroom = try Headroom()
            try headroom.makeLedger()
        }

        @Test func reserveGrantsRefusesAndShowsTheArithmetic() throws {
            let order = [
                "--consignee", "ACME-AE", "--destination", "AE", "--end-use", "commercial",
            ]
            let granted = try headroom.start(
                ["reserve", "--id", "o1", "--exporter", "CHIPS", "--device", "H100 SXM5"]
                    + ["--quantity", "1700", "--at", "2025-01-20T00:00:00Z"] + order
            ).end()
            #expect(granted.status == 0)
            #expect(granted.output.contains("small-order"))
            #expect(granted.output.contains("as if enforced"))
            #expect(granted.errors.isEmpty)
            let refused = try headroom.start(
                ["reserve", "--id", "o2", "--exporter", "CHIPS", "--line", "H100 SXM5=50001"]
                    + ["--at", "2025-01-21T00:00:00Z", "--json"] + order
            ).end()
            #expect(refused.status == 1)
            let object = try refused.object()
            #expect(object["answer"] as? String == "recorded")
            #expect(object["as_if_enforced"] as? Bool == true)
            let entry = try #require(object["entry"] as? [String: Any])
            let outcome = try #require(entry["outcome"] as? [String: Any])
            #expect(outcome["refusal"] as? String == "limit-reached")
            #expect(outcome["asked"] as? Int == 50_001 * 15_832)
        }

        @Test func theSameOrderAgainIsAReplayAndAnotherOneUnderItsIdIsRejected() throws {
            let order = [
                "reserve", "--id", "o1", "--consignee", "ZETA", "--destination", "JP",
                "--end-use", "research", "--at", "2025-01-20T00:00:00Z", "--json",
            ]
            #expect(try headroom.start(order + ["--tpp", "1000"]).end().status == 0)
            let entries = try headroom.head().entries
            let again = try headroom.start(order + ["--tpp", "1000"]).end()
            #expect(again.status == 0)
            #expect(try again.object()["answer"] as? String == "replayed")
            let other = try headroom.start(order + ["--tpp", "1001"]).end()
            #expect(other.status == 2)
            #expect(other.errors.contains("id-reused"))
            let rejection = try #require(try other.object()["rejection"] as? [String: Any])
            #expect(rejection["code"] as? String == "id-reused")
            #expect(try headroom.head().entries == entries)
        }

        @Test func aRandomIdIsMadeAndShown() throws {
            let run = try headroom.expect(
                0,
                "party",
                "block",
                "--party",
                "ZETA",
                "--reason",
                "test",
                "--json"
            )
            let entry = try #require(try run.object()["entry"] as? [String: Any])
            let id = try #require(entry["id"] as? String)
            #expect(id.utf8.count == 16)
            let explained = try headroom.expect(0, "explain", id)
            #expect(explained.output.contains("ZETA"))
        }

        @Test func checkSaysWhatReserveWouldAndWritesNothing() throws {
            let before = try headroom.head()
            let arguments = [
                "--consignee", "ACME-AE", "--destination", "AE", "--end-use", "commercial",
                "--h100e", "1700", "--at", "2025-02-01", "--json", "--id", "o1",
            ]
            let check = try headroom.start(["check"] + arguments).end()
            #expect(check.status == 0)
            #expect(try headroom.head() == before)
            let reserve = try headroom.start(["reserve"] + arguments).end()
            let decision = try #require(try check.object()["decision"] as? NSDictionary)
            let entry = try #require(try reserve.object()["entry"] as? [String: Any])
            #expect(entry["outcome"] as? NSDictionary == decision)
        }

        @Test func statusesAttestationsAndAgreementsAreListed() throws {
            let at = ["--at", "2025-01-14T00:00:00Z"]
            func allowed(_ arguments: [String]) throws {
                let run = try headroom.start(arguments + at).end()
                #expect(run.status == 0, "\(arguments) \(run.errors)")
            }
            try allowed([
                "status", "grant", "--id", "s1", "--kind", "nveu", "--country", "AE",
                "--party", "ACME", "--from", "2025-01-15",
            ])
            try allowed([
                "attest", "security", "--party", "ACME", "--from", "2025-01-15",
                "--until", "2026-01-15",
            ])
            try allowed([
                "attest", "installed", "--party", "ACME", "--as-of", "2025-01-13",
                "--installed", "AE=1000", "--installed", "JP=0",
            ])
            try allowed(["status", "suspend", "--grant", "s1", "--reason", "test"])
            try allowed(["status", "reinstate", "--grant", "s1", "--reason", "test"])
            try allowed(["status", "revoke", "--grant", "s1", "--reason", "test"])
            try allowed([
                "agreement", "sign", "--id", "a1", "--country", "AE", "--from", "2025-02-01",
            ])
            try allowed(["agreement", "end", "--agreement", "a1", "--until", "2025-03-01"])
            try allowed(["party", "block", "--party", "ACME", "--reason", "test"])
            try allowed(["party", "unblock", "--party", "ACME", "--reason", "test"])
            let refused = try headroom.start(
                ["status", "reinstate", "--grant", "s1", "--reason", "test"] + at
            ).end()
            #expect(refused.status == 1)
            #expect(refused.output.contains("status-revoked"))
            let statuses = try headroom.expect(0, "status", "list", "--json").object()
            let status = try #require((statuses["statuses"] as? [[String: Any]])?.first)
            #expect(status["standing"] as? String == "revoked")
            let agreements = try headroom.expect(0, "agreement", "list", "--json").object()
            let agreement = try #require((agreements["agreements"] as? [[String: Any]])?.first)
            #expect(agreement["until"] as? String == "2025-03-01")
            let party = try headroom.expect(0, "party", "show", "ACME")
            #expect(party.output.contains("nveu AE"))
            #expect(party.output.contains("until 2026-01-15"))
            try headroom.expect(0, "status", "list")
            try headroom.expect(0, "agreement", "list")
            try headroom.expect(0, "party", "list")
        }

        @Test(arguments: [
            ["party", "list"], ["party", "show", "ACME"], ["status", "list"],
            ["agreement", "list"], ["rulebook", "list"], ["devices", "list"],
            ["rulebook", "show", "diffusion-2025-cfr"],
            ["rulebook", "validate", "diffusion-2025-cfr"], ["explain", "0"], ["caps"],
            ["caps", "--through", "3"], ["caps", "--as-of", "2025-06-01"], ["verify"],
            ["policy"], ["proposals"], ["shares"], ["breaches"], ["breaches", "--through", "1"],
        ])
        func readingVerbsSayOneJSONDocument(arguments: [String]) throws {
            let run = try headroom.start(arguments + ["--json"]).end()
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.errors.isEmpty)
            _ = try run.object()
        }

        @Test(arguments: [
            ["party", "list"], ["party", "show", "ACME"], ["status", "list"], ["caps"],
            ["explain", "3"], ["log"], ["verify"], ["policy"], ["proposals"], ["shares"],
            ["breaches"],
        ])
        func anAdvisoryLedgerSaysSoEverywhere(arguments: [String]) throws {
            let text = try headroom.start(arguments).end()
            #expect(text.output.contains("as if enforced"), "\(text.output)")
            for object in try headroom.start(arguments + ["--json"]).end().jsonObjects() {
                #expect(object["as_if_enforced"] as? Bool == true)
            }
        }

        @Test func theLogIsAStreamOfEntries() throws {
            let all = try headroom.expect(0, "log", "--json").objects()
            #expect(all.count == 6)
            let some = try headroom.expect(0, "log", "--from", "2", "--count", "3", "--json")
            let numbers = try some.objects().map {
                try #require(($0["entry"] as? [String: Any])?["number"] as? Int)
            }
            #expect(numbers == [2, 3, 4])
            #expect(try headroom.expect(0, "log", "--from", "100").output.isEmpty)
        }

        @Test func capsShowTheLogAsItWas() throws {
            let orders = try headroom.write(
                "orders.csv",
                """
                id,time,exporter,person,consignee,destination,tpp,end_use
                a,2025-02-01T00:00:00Z,CHIPS,pat,ACME,AE,100000000,commercial
                b,2025-03-01T00:00:00Z,CHIPS,pat,ACME,AE,200000000,commercial

                """
            )
            try headroom.expect(0, "import", orders.path)
            func used(_ arguments: [String]) throws -> Int? {
                let report = try headroom.start(["caps", "--json"] + arguments).end().object()
                let countries = try #require(report["countries"] as? [[String: Any]])
                return countries.first { $0["country"] as? String == "AE" }?["used"] as? Int
            }
            #expect(try used([]) == 300_000_000)
            #expect(try used(["--as-of", "2025-02-15"]) == 100_000_000)
            #expect(try used(["--as-of", "2025-01-31"]) == nil)
            #expect(try used(["--through", "6"]) == 100_000_000)
            let table = try headroom.expect(0, "caps", "--format", "csv").output
            #expect(table.hasPrefix("as_of,through_entry,"))
        }

        @Test func rulebooksAndDevicesAreAdopted() throws {
            try headroom.expect(
                0,
                "rulebook",
                "adopt",
                "diffusion-2025-cfr",
                "--at",
                "2025-02-01"
            )
            try headroom.expect(0, "devices", "adopt", "--at", "2025-02-01")
            let adopted = try headroom.expect(0, "rulebook", "list", "--json").object()
            #expect((adopted["adopted"] as? [Any])?.count == 2)
            let shown = try headroom.expect(0, "rulebook", "show", "diffusion-2025-cfr")
            let own = try headroom.write("own.yaml", shown.output)
            let valid = try headroom.expect(0, "rulebook", "validate", own.path)
            #expect(valid.output.contains("valid"))
        }

        @Test func verifyNamesTheEntriesAndTheRoot() throws {
            let run = try headroom.expect(0, "verify")
            let head = try headroom.head()
            #expect(head.entries == 6)
            #expect(run.output.contains(head.root))
        }

        @Test func helpAndVersionAreResults() throws {
            let help = try headroom.expect(0, "--help")
            #expect(help.output.contains("operator access"))
            #expect(help.errors.isEmpty)
            try headroom.expect(0, "reserve", "--help")
            try headroom.expect(0, "party")
            #expect(try headroom.expect(0, "--version").output.split(separator: ".").count == 3)
        }
    }

    extension Run {
        /// Standard output as JSON, one object or one a line.
        fileprivate func jsonObjects() throws -> [[String: Any]] {
            do { return [try object()] } catch { return try objects() }
        }
    }
#endif
