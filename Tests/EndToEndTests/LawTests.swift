// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Testing

    /// Roles, two people, breaches, shares and model weights, driven through the program.
    @Suite struct LawTests {
        private let headroom: Headroom

        init() throws { headroom = try Headroom() }

        private func say(
            _ status: Int32,
            _ line: String,
            _ more: [String] = [],
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws -> Run {
            try headroom.say(status, line, more, sourceLocation: sourceLocation)
        }

        private func refusal(_ line: String, _ more: [String] = []) throws -> String? {
            let run = try say(1, line + " --json", more)
            let entry = try #require(try run.object()["entry"] as? [String: Any])
            return (entry["outcome"] as? [String: Any])?["refusal"] as? String
        }

        // MARK: - Two people

        private func makeLedgerOfTwoPeople() throws -> Run {
            try say(
                0,
                "init --rulebook diffusion-2025-brief --at 2025-01-13 --person kim"
                    + " --organisation BIS --two-people adopt-rulebook,grant-status"
            )
        }

        @Test func aRulebookIsAdoptedByTwoPeople() throws {
            let made = try makeLedgerOfTwoPeople()
            #expect(made.output.contains("headroom approve init-rulebook --of BIS"))
            #expect(made.output.contains("operator access"))
            let order =
                "reserve --consignee ACME --destination AE --tpp 1 --end-use commercial"
                + " --at 2025-01-14"
            _ = try say(
                0,
                "party register --party ACME --name Acme --site AE --headquarters AE"
                    + " --at 2025-01-13"
            )
            #expect(try say(2, order).errors.contains("no-rulebook"))
            let listed = try say(0, "proposals --json").object()
            #expect((listed["proposals"] as? [[String: Any]])?.count == 1)
            let approve = "approve init-rulebook --of BIS --at 2025-01-13"
            #expect(
                try refusal("\(approve) --person kim --organisation BIS") == "same-person"
            )
            #expect(try refusal("\(approve) --person lee --role vendor") == "not-permitted")
            _ = try say(0, "\(approve) --person lee --organisation BIS")
            #expect(try refusal("\(approve) --person lee") == "proposal-closed")
            #expect(try say(0, "proposals").output.contains("no open proposals"))
            _ = try say(0, order)
            // The rulebook is known by the proposal's entry, and read from it.
            let rulebooks = try say(0, "rulebook list --json").object()
            let adopted = try #require((rulebooks["adopted"] as? [[String: Any]])?.first)
            #expect(adopted["entry"] as? Int == 2)
            #expect(try say(0, "caps").output.contains("adopted by entry 2"))
            _ = try say(0, "verify")
        }

        @Test func whatNeedsTwoPeopleIsRefusedToOne() throws {
            _ = try makeLedgerOfTwoPeople()
            let adopt = "rulebook adopt diffusion-2025-cfr --at 2025-02-01"
            let alone = try say(1, adopt)
            #expect(alone.output.contains("needs-approval"))
            #expect(alone.errors.contains("--propose"))
            let proposed = try say(0, "\(adopt) --propose --id R-7 --person kim")
            #expect(proposed.errors.contains("'headroom approve R-7 --of OPERATOR'"))
            _ = try say(0, "decline R-7 --person kim --at 2025-02-01")
            #expect(try refusal("approve R-7 --person lee --at 2025-02-01") == "proposal-closed")
        }

        @Test func anApprovedStatusIsKnownByItsProposal() throws {
            try headroom.makeLedger()
            let at = "--at 2025-01-15"
            _ = try say(
                0,
                "status grant --kind uveu --party ZETA --from 2025-01-15 --propose --id u1"
                    + " --person kim \(at)"
            )
            #expect(try say(0, "status list").output.contains("no statuses"))
            _ = try say(0, "approve u1 --person lee --id yes \(at)")
            let statuses = try say(0, "status list --json").object()
            let status = try #require((statuses["statuses"] as? [[String: Any]])?.first)
            #expect(status["id"] as? String == "u1" && status["entry"] as? Int == 6)
            _ = try say(0, "status suspend --grant u1 --reason test \(at)")
            #expect(try say(0, "status list").output.contains("suspended"))
            _ = try say(
                0,
                "agreement sign --country AE --from 2025-02-01 --propose --id a1 --person kim \(at)"
            )
            _ = try say(0, "approve a1 --person lee \(at)")
            _ = try say(
                0,
                "agreement end --agreement a1 --until 2025-03-01 --propose --id a2 --person kim"
                    + " \(at)"
            )
            #expect(try !say(0, "agreement list").output.contains("2025-03-01"))
            _ = try say(0, "approve a2 --person lee \(at)")
            #expect(try say(0, "agreement list").output.contains("2025-03-01"))
        }

        // MARK: - Roles

        @Test func aVendorTouchesOnlyItsOwnHolds() throws {
            try headroom.makeLedger()
            _ = try say(
                0,
                "reserve --id o1 --exporter CHIPS --role vendor --consignee ACME --destination AE"
                    + " --tpp 5 --end-use commercial --at 2025-02-01"
            )
            for line in [
                "ship o1", "release o1", "return o1", "retire o1 --cause loss",
                "extend o1 --deadline 2026-01-01T00:00:00Z", "revoke o1 --reason test",
            ] {
                let refused = try refusal(
                    "\(line) --of CHIPS --organisation OTHER --role vendor --at 2025-02-02"
                )
                #expect(refused == "not-permitted", "\(line)")
            }
            #expect(
                try refusal("party block --party ACME --reason x --role vendor --at 2025-02-02")
                    == "not-permitted"
            )
            #expect(try refusal("tick --role auditor --at 2025-02-02") == "not-permitted")
            #expect(
                try refusal("ship o1 --of CHIPS --role regulator --at 2025-02-02")
                    == "not-permitted"
            )
            _ = try say(0, "revoke o1 --of CHIPS --reason test --role regulator --at 2025-02-03")
        }

        @Test func thePolicyIsWhatInitWasTold() throws {
            _ = try say(
                0,
                "init --rulebook diffusion-2025-brief --at 2025-01-13 --permit auditor:correct,tick"
                    + " --forbid vendor:transfer-weights,correct"
            )
            let shown = try say(0, "policy --json").object()
            let policy = try #require(shown["policy"] as? [String: Any])
            let permissions = try #require(policy["permissions"] as? [String: [String]])
            #expect(permissions["auditor"] == ["correct", "tick"])
            #expect(permissions["vendor"]?.contains("reserve") == true)
            #expect(permissions["vendor"]?.contains("correct") == false)
            #expect(policy["two_people"] as? [String] == [])
            #expect(try say(0, "policy").output.contains("transfer-weights"))
            _ = try say(0, "tick --role auditor --at 2025-01-14")
            let file = try headroom.write(
                "orders.csv",
                "id,time,consignee,destination,tpp,end_use\na,2025-02-01T00:00:00Z,A,AE,1,x\n"
            )
            #expect(try say(2, "import \(file.path)").errors.contains("unknown-party"))
        }

        @Test(arguments: [
            "--two-people adopt-rulebooks", "--two-people reserve", "--permit vendor",
            "--permit seller:ship", "--forbid vendor:init",
            "--forbid regulator:adopt-devices --role regulator",
        ])
        func aPolicyThatCanNotBeIsRejectedBeforeAnythingIsMade(options: String) throws {
            let run = try say(2, "init \(options)")
            #expect(run.errors.contains("malformed-field"))
            #expect(!FileManager.default.fileExists(atPath: headroom.ledger.path))
        }

        @Test func ordersThatThePolicyRefusesAreCounted() throws {
            try headroom.makeLedger()
            let file = try headroom.write(
                "orders.csv",
                """
                id,time,consignee,destination,tpp,end_use
                a,2025-02-01T00:00:00Z,ACME,AE,5,commercial

                """
            )
            let run = try say(1, "import \(file.path) --each --role auditor")
            #expect(run.output.contains("policy") && run.output.contains("not-permitted"))
            #expect(run.output.contains("1 orders: 0 granted, 1 refused"))
            let check = try say(
                1,
                "check --consignee ACME --destination AE --tpp 5 --end-use commercial --role auditor"
                    + " --at 2025-02-02 --json"
            ).object()
            #expect(check["refusal"] as? String == "not-permitted")
        }

        // MARK: - Breaches

        @Test func aPartyThatJoinsAGroupCanBringItAboveItsLimit() throws {
            try headroom.makeLedger()
            // ACME and ZETA have used 1,000 H100e each of their own 1,700.
            for (id, party) in [("a", "ACME"), ("z", "ZETA")] {
                _ = try say(
                    0,
                    "reserve --id \(id) --consignee \(party) --destination AE --h100e 1000"
                        + " --end-use commercial --at 2025-02-01"
                )
            }
            #expect(try say(0, "breaches").output.contains("no limit is in breach"))
            _ = try say(
                0,
                "party register --party ZETA --name Zeta --site JP --headquarters JP --parent ACME"
                    + " --at 2025-02-02"
            )
            let found = try say(0, "breaches --json").object()
            let limit = try #require((found["limits"] as? [[String: Any]])?.first)
            #expect(limit["in_breach"] as? Bool == true)
            #expect(limit["used"] as? Int == 2_000 * 15_832)
            #expect((limit["name"] as? [String: Any])?["kind"] as? String == "small-order")
            #expect(try say(0, "breaches").output.contains("in breach"))
            let entries = try say(0, "log --json").objects()
            #expect((entries.last?["entry"] as? [String: Any])?["kind"] as? String == "breach")
            _ = try say(0, "release z --at 2025-02-03")
            #expect(try say(0, "breaches").output.contains("no limit is in breach"))
            // As it was.
            #expect(try say(0, "breaches --as-of 2025-02-02").output.contains("in breach"))
        }

        // MARK: - Shares

        @Test func theShareReportShowsBaseSharesGapsAndRatio() throws {
            _ = try say(0, "init --rulebook diffusion-2025-cfr --at 2025-01-13")
            for line in [
                "party register --party HYPER --name Hyper --site US --headquarters US"
                    + " --at 2025-01-14",
                "party register --party HYPER-AE --name Hyper --site AE --headquarters AE"
                    + " --parent HYPER --at 2025-01-14",
                "status grant --kind uveu --party HYPER --from 2025-01-15 --at 2025-01-15",
                "attest security --party HYPER --from 2025-01-15 --at 2025-01-15",
                "attest installed --party HYPER --as-of 2025-01-31 --installed US=8000000000"
                    + " --installed AE=100000000 --at 2025-02-03",
                "reserve --id o1 --consignee HYPER-AE --destination AE --tpp 300000000 --end-use"
                    + " cloud-services --at 2025-02-04",
                "ship o1 --tpp 100000000 --at 2025-02-05",
            ] { _ = try say(0, line) }
            let report = try say(0, "shares --json").object()
            let group = try #require((report["groups"] as? [[String: Any]])?.first)
            #expect(group["base"] as? Int == 8_200_000_000)
            #expect(group["attested_day"] as? String == "2025-01-31")
            let countries = try #require(group["countries"] as? [[String: Any]])
            #expect(countries.map { $0["country"] as? String } == ["AE", "US"])
            #expect(countries[0]["installed"] as? Int == 200_000_000)
            #expect(countries[0]["held"] as? Int == 200_000_000)
            let share = try #require(countries[0]["share"] as? [String: Any])
            #expect(share["limit"] as? Int == 574_000_000)
            #expect(share["headroom"] as? Int == 174_000_000)
            let gaps = try #require(group["gaps"] as? [String: Any])
            #expect(gaps["entry"] as? Int == 7)
            #expect((gaps["countries"] as? [Any])?.count == 2)
            let ratios = try #require(group["ratios"] as? [[String: Any]])
            #expect(ratios.map { $0["day"] as? String } == ["2025-02-01", "2025-02-05"])
            #expect(ratios.allSatisfy { $0["met"] as? Bool == true })
            let text = try say(0, "shares").output
            #expect(text.contains("as if enforced") && text.contains("home-share"))
            #expect(try say(2, "shares --as-of 2025-01-01").errors.contains("no-rulebook"))
        }

        // MARK: - Model weights

        @Test func weightsAreDeterminedAndRecorded() throws {
            _ = try say(0, "init --rulebook diffusion-2025-cfr --at 2025-01-13")
            for (party, country) in [("GULF", "AE"), ("ALLY", "JP")] {
                _ = try say(
                    0,
                    "party register --party \(party) --name X --site \(country) --headquarters"
                        + " \(country) --at 2025-01-14"
                )
            }
            let to = "--destination JP --at 2025-02-01 --json --recipient"
            func result(_ status: Int32, _ line: String) throws -> [String: Any] {
                let entry = try say(status, "weights --model m \(line)").object()["entry"]
                return try #require((entry as? [String: Any])?["outcome"] as? [String: Any])
            }
            let refused = try result(1, "--operations 10^26 \(to) GULF")
            #expect(refused["refusal"] as? String == "headquarters-not-trusted")
            let stored = try result(1, "--operations 1e26 \(to) ALLY")
            #expect(stored["refusal"] as? String == "storage-not-attested")
            _ = try say(0, "attest security --party ALLY --from 2025-01-15 --at 2025-02-01")
            let permitted = try result(0, "--operations 2.5e26 \(to) ALLY")
            #expect(permitted["result"] as? String == "permitted")
            let below = "99,999,999,999_999_999_999_999_999"
            let free = try result(0, "--operations \(below) \(to) GULF")
            #expect(free["exemption"] as? String == "below-threshold")
            let published = try result(0, "--operations 3e26 --published \(to) GULF")
            #expect(published["exemption"] as? String == "published")
        }

        @Test(arguments: [
            "", "1.5", "1.25e1", "-1", "10^", "1e", "e26", "1__0", ",1", "1e1e1", "0x10", "2^128",
            "1e39", "340282366920938463463374607431768211456",
        ])
        func aNumberOfOperationsThatIsNoneIsRejected(number: String) throws {
            try headroom.makeLedger()
            let run = try headroom.start([
                "weights", "--model", "m", "--operations=\(number)", "--recipient", "ACME",
                "--destination", "AE",
            ]).end()
            #expect(run.status == 2, "\(run.output)")
            #expect(run.errors.contains("--operations"))
        }
    }
#endif
