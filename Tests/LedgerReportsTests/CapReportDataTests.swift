// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerReports
import QuotaLedger
import Rulebook
import Testing

@Suite struct CapReportDataTests {
    @Test func countriesAreOneTableWithUnitsInTheColumns() throws {
        #expect(
            try Fixtures.threeCountries().countriesCSV() == """
                as_of,through_entry,basis,rulebook,rulebook_version,tpp_per_h100e,country,name,tie\
                r,agreement,limit_tpp,limit_h100e,used_tpp,used_h100e,shipped_tpp,shipped_h100e,he\
                ld_tpp,held_h100e,headroom_tpp,headroom_h100e,shipped_percent,used_percent,band,ex\
                piring_30_days_tpp,expiring_60_days_tpp,expiring_90_days_tpp,small_orders_tpp,smal\
                l_orders_h100e,other_grants_tpp,other_grants_h100e
                2025-06-01T12:00:00.000Z,41,as if enforced,diffusion-2025-brief,1,15832,AE,United \
                Arab Emirates,capped,yes,1583200000,100000.000,791600001,50000.001,316640000,20000\
                .000,474960001,30000.001,791599999,49999.999,20.000,50.000,open,15832,31664,31665,\
                26900001,1699.091,0,0.000
                2025-06-01T12:00:00.000Z,41,as if enforced,diffusion-2025-brief,1,15832,GS,South G\
                eorgia and the South Sandwich Islands,capped,no,791600000,50000.000,791600000,5000\
                0.000,0,0.000,791600000,50000.000,0,0.000,0.000,100.000,exhausted,0,0,0,0,0.000,0,\
                0.000
                2025-06-01T12:00:00.000Z,41,as if enforced,diffusion-2025-brief,1,15832,JP,Japan,a\
                llied,no,791600000,50000.000,0,0.000,0,0.000,0,0.000,791600000,50000.000,0.000,0.0\
                00,open,0,0,0,0,0.000,5000000000,315816.069
                2025-06-01T12:00:00.000Z,41,as if enforced,diffusion-2025-brief,1,15832,SA,Saudi A\
                rabia,capped,no,791600000,50000.000,716799999,45275.392,0,0.000,716799999,45275.39\
                2,74800001,4724.608,0.000,90.550,critical,0,0,0,0,0.000,0,0.000

                """
        )
    }

    @Test func decisionsAreOneTableThatEndsWithWhatIsHeld() throws {
        #expect(
            try Fixtures.threeCountries().decisionsCSV() == """
                as_of,through_entry,basis,rulebook,rulebook_version,tpp_per_h100e,result,mechanism\
                ,reason,count,amount_tpp,amount_h100e
                2025-06-01T12:00:00.000Z,41,as if enforced,diffusion-2025-brief,1,15832,granted,al\
                lied,,1,5000000000,315816.069
                2025-06-01T12:00:00.000Z,41,as if enforced,diffusion-2025-brief,1,15832,granted,sm\
                all-order,,3,26900001,1699.091
                2025-06-01T12:00:00.000Z,41,as if enforced,diffusion-2025-brief,1,15832,granted,co\
                untry,,12,2312000000,146033.351
                2025-06-01T12:00:00.000Z,41,as if enforced,diffusion-2025-brief,1,15832,refused,co\
                ncern,concern,1,15832,1.000
                2025-06-01T12:00:00.000Z,41,as if enforced,diffusion-2025-brief,1,15832,refused,co\
                untry,limit-reached,2,1583200,100.000
                2025-06-01T12:00:00.000Z,41,as if enforced,diffusion-2025-brief,1,15832,expired,,,\
                1,12000000,757.958
                2025-06-01T12:00:00.000Z,41,as if enforced,diffusion-2025-brief,1,15832,released,,\
                ,0,0,0.000
                2025-06-01T12:00:00.000Z,41,as if enforced,diffusion-2025-brief,1,15832,revoked,,,\
                0,0,0.000
                2025-06-01T12:00:00.000Z,41,as if enforced,diffusion-2025-brief,1,15832,freed,,,0,\
                0,0.000
                2025-06-01T12:00:00.000Z,41,as if enforced,diffusion-2025-brief,1,15832,shipped,,,\
                2,316640000,20000.000
                2025-06-01T12:00:00.000Z,41,as if enforced,diffusion-2025-brief,1,15832,returned,,\
                ,1,15832,1.000
                2025-06-01T12:00:00.000Z,41,as if enforced,diffusion-2025-brief,1,15832,retired,,,\
                0,0,0.000
                2025-06-01T12:00:00.000Z,41,as if enforced,diffusion-2025-brief,1,15832,held,,,14,\
                7010260001,442790.551

                """
        )
    }

    @Test func withoutAnyUseTheTableOfCountriesIsItsHeader() throws {
        let csv = try Fixtures.report([]).countriesCSV()
        #expect(csv == CapReportRendering.countryColumns.joined(separator: ",") + "\n")
    }

    @Test func everyRowHasACellForEachColumn() throws {
        let report = try Fixtures.threeCountries()
        for line in report.countriesCSV().split(separator: "\n") {
            #expect(
                line.split(separator: ",", omittingEmptySubsequences: false).count
                    == CapReportRendering.countryColumns.count
            )
        }
        for line in report.decisionsCSV().split(separator: "\n") {
            #expect(
                line.split(separator: ",", omittingEmptySubsequences: false).count
                    == CapReportRendering.decisionColumns.count
            )
        }
    }

    @Test func cellsWithCommasAreQuoted() throws {
        let report = try Fixtures.report([Fixtures.line("BQ", limit: 0, used: 0)])
        #expect(
            report.countriesCSV().contains(
                #",BQ,"Bonaire, Sint Eustatius and Saba",capped,no,0,0.000,"#
            )
        )
        // No percentage of a limit of 0: an empty cell, not 0.
        #expect(report.countriesCSV().contains(",0,0.000,,,closed,"))
    }

    @Test func theTreeHasTheSchemaOfTheReference() throws {
        let value = try Fixtures.threeCountries().value
        #expect(
            value["report"] == .text("caps") && value["schema"] == .integer(1)
                && value["basis"] == .text("as if enforced")
        )
        #expect(value["run_on"] == .text("2025-06-02T12:00:00.000Z"))
        #expect(value["data_through"]?["entry"] == .integer(41))
        #expect(value["as_of"] == .text("2025-06-01T12:00:00.000Z"))
        #expect(value["ledger"]?["mode"] == .text("advisory"))
        #expect(value["ledger"]?["disclosure"] == .text("open"))
        #expect(value["rulebook"]?["name"] == .text("diffusion-2025-brief"))
        #expect(value["rulebook"]?["adopted_by"] == .integer(1))
        #expect(value["unit"]?["tpp_per_h100e"] == .integer(15_832))
        #expect(value["limit"]?["agreement_multiplier"] == .integer(2))
        #expect(value["legal_status"]?["published"]?["holds"] == .boolean(true))
        #expect(value["legal_status"]?["enforced"]?["from"] == .null)
        #expect(value["legal_status"]?["enforced"]?["until"] == .text("2025-05-13"))
        #expect(value["refusals"]?[1]?["refusal"] == .text("limit-reached"))
        #expect(value["refusals"]?[1]?["count"] == .integer(2))
        #expect(value["grants"]?[2]?["mechanism"] == .text("country"))
        #expect(value["grants"]?[3] == nil)
    }

    @Test func aCountryIsAnObject() throws {
        let country = try #require(try Fixtures.threeCountries().value["countries"]?[0])
        func expiring(_ days: Int64, _ held: Int64, _ h100e: String) -> ReportValue {
            .object([
                .init("within_days", .integer(days)), .init("held", .integer(held)),
                .init("held_h100e", .decimal(h100e)),
            ])
        }
        #expect(
            country
                == .object([
                    .init("country", .text("AE")), .init("name", .text("United Arab Emirates")),
                    .init("tier", .text("capped")), .init("agreement", .boolean(true)),
                    .init("limit", .integer(1_583_200_000)),
                    .init("limit_h100e", .decimal("100000.000")),
                    .init("used", .integer(791_600_001)),
                    .init("used_h100e", .decimal("50000.001")),
                    .init("shipped", .integer(316_640_000)),
                    .init("shipped_h100e", .decimal("20000.000")),
                    .init("held", .integer(474_960_001)),
                    .init("held_h100e", .decimal("30000.001")),
                    .init("headroom", .integer(791_599_999)),
                    .init("headroom_h100e", .decimal("49999.999")),
                    .init("shipped_percent", .decimal("20.000")),
                    .init("used_percent", .decimal("50.000")), .init("band", .text("open")),
                    .init(
                        "expiring",
                        .array([
                            expiring(30, 15_832, "1.000"), expiring(60, 31_664, "2.000"),
                            expiring(90, 31_665, "2.000"),
                        ])
                    ),
                    .init("small_orders", .integer(26_900_001)),
                    .init("small_orders_h100e", .decimal("1699.091")),
                    .init("other_grants", .integer(0)),
                    .init("other_grants_h100e", .decimal("0.000")),
                ])
        )
    }

    @Test func theTreeProvesTheSums() throws {
        let sums = try #require(try Fixtures.threeCountries().value["reconciliation"])
        #expect(sums["granted"] == .integer(7_338_900_001))
        #expect(sums["grant_count"] == .integer(16))
        #expect(sums["expired"] == .integer(12_000_000))
        #expect(sums["expired_h100e"] == .decimal("757.958"))
        #expect(sums["shipped"] == .integer(316_640_000))
        #expect(sums["shipped_h100e"] == .decimal("20000.000"))
        #expect(sums["returned"] == .integer(15_832))
        #expect(sums["return_count"] == .integer(1))
        #expect(sums["open_holds"] == .integer(7_010_260_001))
        #expect(sums["open_hold_count"] == .integer(14))
        #expect(sums["held"] == .integer(1_983_360_000))
        #expect(sums["outside_window"] == .integer(0))
        #expect(sums["is_reconciled"] == .boolean(true))
    }

    @Test func noUseIsNoCountryAndNotZero() throws {
        let value = try Fixtures.report([]).value
        #expect(value["countries"] == .array([]))
        let closed = try Fixtures.report([Fixtures.line("AE", limit: 0, used: 0)]).value
        #expect(closed["countries"]?[0]?["used_percent"] == .null)
        #expect(closed["countries"]?[0]?["band"] == .text("closed"))
    }
}
