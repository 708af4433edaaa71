// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Testing

    /// `headroom report` and what goes in and out of it.
    @Suite struct ReportVerbTests {
        private let headroom: Headroom

        init() throws {
            headroom = try Headroom()
            try headroom.makeLedger()
            for (id, amount, day) in [
                ("o1", "15832000", "2025-02-01"), ("o2", "700000000", "2025-03-01"),
                ("o3", "800000000", "2025-04-01"),
            ] {
                _ = try headroom.start([
                    "reserve", "--id", id, "--exporter", "CHIPS", "--consignee", "ACME-AE",
                    "--destination", "AE", "--end-use", "commercial", "--tpp", amount, "--at", day,
                ]).end()
            }
        }

        private static let reports = [
            ["caps"], ["country", "AE"], ["shares"], ["party", "ACME-AE"], ["small-orders"],
            ["exceptions"], ["refusals"], ["reconciliation"], ["weights"],
        ]

        @Test(arguments: reports)
        func eachIsShownInEveryForm(report: [String]) throws {
            for form in ["table", "csv", "json", "html"] {
                let run = try headroom.start(["report"] + report + ["--format", form]).end()
                #expect(run.status == 0, "\(report) as \(form): \(run.errors)")
                switch form {
                case "csv": #expect(run.output.hasPrefix("as_of,through_entry,basis,"))
                case "json":
                    let object = try run.object()
                    #expect(object["report"] as? String == report[0])
                    #expect(object["as_if_enforced"] as? Bool == true)
                case "html": #expect(run.output.hasPrefix("<!DOCTYPE html>"))
                default: #expect(run.output.contains("as if enforced"))
                }
            }
            let file = headroom.folder.appendingPathComponent("report.csv").path
            let write = ["report"] + report + ["--format", "csv", "--to", file]
            #expect(try headroom.start(write).end().status == 0)
            // A report never replaces a file.
            #expect(try headroom.start(write).end().status != 0)
        }

        @Test func theyTellTheLedgerAsItWas() throws {
            func refused(_ arguments: String...) throws -> Int {
                let run = try headroom.start(["report", "refusals", "--json"] + arguments).end()
                let reasons = try #require(try run.object()["reasons"] as? [[String: Any]])
                return reasons.reduce(0) { $0 + ($1["count"] as? Int ?? 0) }
            }
            #expect(try refused() == 1)
            #expect(try refused("--as-of", "2025-03-31") == 0)
            // The millisecond of the refusal itself is part of its day.
            #expect(try refused("--as-of", "2025-04-01") == 1)
            let entries = try headroom.head().entries
            #expect(try refused("--through", "\(entries - 2)") == 0)
            let before = try headroom.expect(2, "report", "refusals", "--as-of", "2025-01-01")
            #expect(before.errors.contains("no-rulebook"))
        }

        @Test func aListThatIsNotThereIsRejectedWithThoseThatAre() throws {
            let run = try headroom.expect(
                2,
                "report",
                "exceptions",
                "--format",
                "csv",
                "--list",
                "nothing"
            )
            #expect(run.errors.contains("--list"))
            #expect(run.errors.contains("breaches, lapsed, lapsed_decisions, gaps"))
            #expect(run.output.isEmpty)
        }

        @Test func whatIsUnknownIsRejected() throws {
            let party = try headroom.expect(2, "report", "party", "ACME-AF")
            #expect(party.errors.contains("unknown-party"))
            #expect(party.errors.contains("did you mean 'ACME-AE'?"))
            let country = try headroom.expect(2, "report", "country", "ZZ")
            #expect(country.errors.contains("unknown-country"))
            #expect(try headroom.expect(2, "report", "nothing").errors.contains("headroom"))
        }

        @Test func sharesAndBreachesAreWrittenAsCSV() throws {
            let shares = try headroom.expect(0, "shares", "--format", "csv")
            #expect(shares.output.split(separator: "\n").count == 1)
            let breaches = try headroom.expect(0, "breaches", "--format", "csv")
            let lines = breaches.output.split(separator: "\n")
            #expect(lines.count == 2)
            #expect(
                lines.last?.hasSuffix("country AE,700000000,44214.250,791600000,50000.000,no,80")
                    == true
            )
        }
    }
#endif
