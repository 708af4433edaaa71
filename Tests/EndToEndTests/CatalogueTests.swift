// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Testing

    /// Devices and countries on the command line.
    @Suite struct CatalogueTests {
        private let headroom: Headroom

        init() throws {
            headroom = try Headroom()
            try headroom.makeLedger()
        }

        private func asked(_ id: String, at: String) throws -> Int {
            let run = try headroom.start([
                "reserve", "--id", id, "--exporter", "CHIPS", "--consignee", "ACME-AE",
                "--destination", "AE", "--device", "B300", "--quantity", "10", "--end-use",
                "commercial", "--at", at, "--json",
            ]).end()
            #expect(run.status == 0, "\(run.errors)")
            let entry = try #require(try run.object()["entry"] as? [String: Any])
            let outcome = try #require(entry["outcome"] as? [String: Any])
            return try #require(outcome["asked"] as? Int)
        }

        private func held(_ id: String) throws -> Int {
            let run = try headroom.expect(0, "hold", id, "--of", "CHIPS", "--json")
            let hold = try #require(try run.object()["hold"] as? [String: Any])
            return try #require(hold["open"] as? Int)
        }

        @Test func aRatingActsFromItsEntryOnAndAHoldKeepsItsOwn() throws {
            #expect(try asked("before", at: "2025-02-01") == 540_000)
            let rerate = [
                "devices", "rerate", "B300", "--tpp", "56000", "--density", "34.40",
                "--source", "sheet, second", "--from", "2025-01-01", "--id", "rerate",
                "--at", "2025-02-02",
            ]
            #expect(try headroom.start(rerate).end().status == 0)
            // Asked again it is the first answer again.
            let again = try headroom.start(rerate).end()
            #expect(again.status == 0)
            #expect(again.errors.contains("answered before"))
            #expect(try asked("after", at: "2025-02-02") == 560_000)
            #expect(try held("before") == 540_000)
            #expect(try held("after") == 560_000)
            let shown = try headroom.expect(0, "devices", "show", "B300", "--json").object()
            #expect(shown["tpp"] as? Int == 56_000)
            let history = try #require(shown["history"] as? [[String: Any]])
            #expect(history.count == 2)
            #expect(
                (history.last?["change"] as? String)?.contains("rated 56,000 TPP") == true
            )
        }

        @Test func aRatingFromALaterDayWaitsForIt() throws {
            try headroom.expect(
                0,
                "devices",
                "rerate",
                "B300",
                "--tpp",
                "56000",
                "--source",
                "sheet",
                "--from",
                "2025-03-01",
                "--at",
                "2025-02-02"
            )
            #expect(try asked("earlier", at: "2025-02-28T23:59:59.999Z") == 540_000)
            #expect(try asked("later", at: "2025-03-01T00:00:00Z") == 560_000)
            #expect(try held("earlier") == 540_000)
        }

        @Test func aDeviceIsAddedOnceAndWrongInputLeavesNoEntry() throws {
            let add = [
                "devices", "add", "GB400", "--vendor", "NVIDIA", "--tpp", "80000",
                "--data-center", "yes", "--source", "sheet", "--at", "2025-02-02",
            ]
            #expect(try headroom.start(add).end().status == 0)
            let before = try headroom.head()
            for (arguments, words) in [
                (Array(add.map { $0 == "80000" ? "90000" : $0 }), "devices rerate"),
                (add + ["--density", "1.234"], "--density: found '1.234'"),
                (
                    [
                        "devices", "rerate", "GB40", "--tpp", "1", "--source", "s",
                    ], "did you mean 'GB400'"
                ),
                (
                    [
                        "devices", "rerate", "GB400", "--tpp", "0", "--source", "s",
                    ], "--tpp: found '0'"
                ),
                (
                    [
                        "devices", "rerate", "GB400", "--tpp", "1", "--source", "",
                    ], "source"
                ),
                (["devices", "show", "GB40"], "did you mean 'GB400'"),
                (["countries", "show", "ZZ"], "unknown-country"),
                (["countries", "list", "--tier", "rich"], "--tier: found 'rich'"),
            ] {
                let run = try headroom.start(arguments).end()
                #expect(run.status == 2, "\(arguments)")
                #expect(run.errors.contains(words), "\(arguments) \(run.errors)")
            }
            #expect(try headroom.head() == before)
        }

        @Test func theListedFileIsTheCatalogueThatCanBeAdopted() throws {
            let file = try headroom.expect(0, "devices", "list", "--format", "file").output
            let copy = try headroom.write("devices.csv", file)
            try headroom.expect(0, "devices", "adopt", copy.path, "--at", "2025-02-01")
            #expect(try headroom.expect(0, "devices", "list", "--format", "file").output == file)
            let csv = try headroom.expect(
                0,
                "devices",
                "list",
                "--on",
                "2025-02-01",
                "--format",
                "csv"
            ).output
            #expect(csv.contains("controlled,entry,source,note\n"))
            #expect(csv.contains("H20,NVIDIA,2023-01-01,2368,2.91,yes,no,"))
        }

        @Test func aNewRatingTakesTwoPeopleWhereThePolicySaysSo() throws {
            let strict = try Headroom()
            try strict.expect(
                0,
                "init",
                "--origin",
                "strict.example",
                "--rulebook",
                "diffusion-2025-brief",
                "--at",
                "2025-01-13",
                "--two-people",
                "adopt-devices"
            )
            try strict.expect(
                0,
                "approve",
                "init-devices",
                "--person",
                "second",
                "--at",
                "2025-01-13"
            )
            let rerate = [
                "devices", "rerate", "B300", "--tpp", "57123", "--source", "sheet",
                "--person", "first", "--at", "2025-02-02",
            ]
            let alone = try strict.start(rerate).end()
            #expect(alone.status == 1)
            #expect(alone.output.contains("needs-approval"))
            #expect(try strict.start(rerate + ["--propose", "--id", "p"]).end().status == 0)
            #expect(!(try strict.expect(0, "devices", "show", "B300").output.contains("57,123")))
            try strict.expect(0, "approve", "p", "--person", "second", "--at", "2025-02-03")
            #expect(try strict.expect(0, "devices", "show", "B300").output.contains("57,123"))
        }

        @Test func countriesHaveTheirTierAgreementAndCapOfTheDay() throws {
            try headroom.expect(
                0,
                "agreement",
                "sign",
                "--country",
                "AE",
                "--from",
                "2025-02-01",
                "--until",
                "2025-03-01",
                "--at",
                "2025-01-20"
            )
            for (day, limit) in [
                ("2025-01-31", 791_600_000), ("2025-02-01", 1_583_200_000),
                ("2025-02-28", 1_583_200_000), ("2025-03-01", 791_600_000), ("2028-01-01", 0),
            ] {
                let shown = try headroom.expect(
                    0,
                    "countries",
                    "show",
                    "AE",
                    "--on",
                    day,
                    "--json"
                ).object()
                #expect(shown["limit"] as? Int == limit, "\(day)")
            }
            let text = try headroom.expect(0, "countries", "show", "AE", "--on", "2025-02-10")
            #expect(text.output.contains("100,000.000 H100e (1,583,200,000 TPP)"))
            let listed = try headroom.expect(
                0,
                "countries",
                "list",
                "--on",
                "2025-02-10",
                "--format",
                "csv"
            ).output
            #expect(
                listed.contains("AE,United Arab Emirates,capped,,,,yes,1583200000,100000.000\n")
            )
            let other = try headroom.expect(
                0,
                "countries",
                "list",
                "--rulebook",
                "diffusion-2025-cfr",
                "--on",
                "2025-02-10",
                "--json"
            ).object()
            #expect(other["rulebook"] as? String == "diffusion-2025-cfr")
        }
    }
#endif
