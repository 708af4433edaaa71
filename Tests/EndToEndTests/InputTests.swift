// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Testing

    /// A command with something wrong in it.
    struct WrongCommand: CustomTestStringConvertible, Sendable {
        var arguments: [String]
        /// What the message must name.
        var names: [String]

        var testDescription: String { arguments.joined(separator: " ") }

        init(_ arguments: String, _ names: String...) {
            self.arguments = arguments.split(separator: " ").map(String.init).map {
                $0.replacing("_", with: " ").replacing("EMPTY", with: "")
            }
            self.names = names
        }
    }

    private let order = "reserve --consignee ZETA --destination JP --end-use commercial"
    private let whole = order + " --tpp 1000"

    private let wrongCommands: [WrongCommand] = [
        WrongCommand("reserve", "--consignee"),
        WrongCommand("reserv", "Did you mean 'headroom reserve'?"),
        WrongCommand("party lst", "Did you mean 'headroom party list'?"),
        WrongCommand(whole + " --colour blue", "--colour"),
        WrongCommand(order + " --device H999 --quantity 1", "unknown-device", "H999"),
        WrongCommand(order + " --device H100 --quantity 1", "did you mean 'H100"),
        WrongCommand(order + " --device H100_SXM5 --quantity 0", "--quantity", "above 0"),
        WrongCommand(order + " --device H100_SXM5 --quantity=-5", "--quantity", "-5"),
        WrongCommand(order + " --device H100_SXM5 --quantity 1.5", "--quantity", "1.5"),
        WrongCommand(
            order + " --device H100_SXM5 --quantity 99999999999999999999",
            "amount-overflow",
            "--quantity"
        ),
        WrongCommand(order + " --device H100_SXM5 --quantity 99999999999", "amount-overflow"),
        WrongCommand(order + " --tpp 1000000000001", "amount-overflow"),
        WrongCommand(order + " --device H100_SXM5", "--quantity"),
        WrongCommand(order + " --line H100_SXM5", "--line"),
        WrongCommand(order + " --h100e 1.2345", "--h100e"),
        WrongCommand(order + " --tpp 5 --h100e 5", "--h100e"),
        WrongCommand(order, "an amount"),
        WrongCommand(
            "reserve --consignee NOBODY --destination JP --end-use commercial --tpp 1000",
            "unknown-party",
            "NOBODY"
        ),
        WrongCommand(
            "reserve --consignee ZETA --destination ZZ --end-use commercial --tpp 1000",
            "unknown-country",
            "ZZ"
        ),
        WrongCommand(
            "reserve --consignee ZETA --destination jp --end-use commercial --tpp 1000",
            "--destination"
        ),
        WrongCommand(
            "reserve --consignee ZETA --destination JP --end-use fun --tpp 1000",
            "unknown-end-use",
            "fun"
        ),
        WrongCommand(whole + " --at 2025-01-13T00:30:00Z", "time-went-back"),
        WrongCommand(whole + " --at yesterday", "--at", "yesterday"),
        WrongCommand(whole + " --at 2025-02-30", "--at"),
        WrongCommand(whole + " --deadline 2025-01-01T00:00:00Z", "deadline"),
        WrongCommand(whole + " --deadline soon", "--deadline"),
        WrongCommand(whole + " --id _x", "--id"),
        WrongCommand(whole + " --role king", "--role", "king"),
        WrongCommand(
            "party register --party ACME --name A --site AE --headquarters AE --parent ACME-AE",
            "parent-cycle"
        ),
        WrongCommand("party register --party B --name EMPTY --site AE --headquarters AE", "name"),
        WrongCommand("party show ACNE", "unknown-party", "did you mean 'ACME'?"),
        WrongCommand("status grant --kind uveu --party ZETA", "--from"),
        WrongCommand("status grant --kind xveu --party ZETA --from 2025-02-01", "--kind"),
        WrongCommand("status grant --kind nveu --party ZETA --from 2025-02-01", "--country"),
        WrongCommand(
            "status grant --kind uveu --party ZETA --from 2025-02-01 --until 2025-02-01",
            "--until"
        ),
        WrongCommand("status revoke --grant nothing --reason r", "unknown-reference"),
        WrongCommand("agreement end --agreement nothing", "unknown-reference"),
        WrongCommand(
            "attest installed --party ACME --as-of 2100-01-01 --installed AE=1",
            "date-out-of-range"
        ),
        WrongCommand(
            "attest installed --party ACME --as-of 2025-01-01 --installed AE=1 --installed AE=2",
            "--installed"
        ),
        WrongCommand("rulebook adopt diffusion-2025-breif", "did you mean 'diffusion-2025-brief'?"),
        WrongCommand("explain 999", "unknown-reference"),
        WrongCommand("explain nothing", "unknown-reference", "nothing"),
        WrongCommand("import nothing.csv", "nothing.csv"),
        WrongCommand("import parties.csv --map id", "--map", "COLUMN=FIELD"),
        WrongCommand("import parties.csv --map PO=id --map Nr=id", "map", "one name for id"),
        WrongCommand("import parties.csv --map PO=quantty", "did you mean quantity?"),
        WrongCommand("import parties.csv --format xml", "--format", "xml"),
        WrongCommand("import parties.csv --rejects parties.csv", "rejects", "overwritten"),
        WrongCommand("caps --through 999", "--through"),
        WrongCommand("caps --as-of 2024-01-01", "no-rulebook"),
        WrongCommand("party list --ledger nowhere", "--ledger", "headroom init"),
    ]

    /// What bad input gets: exit status 2, one clear message, no entry.
    @Suite struct InputTests {
        private let headroom: Headroom

        init() throws {
            headroom = try Headroom()
            try headroom.makeLedger()
        }

        @Test(arguments: wrongCommands)
        func aWrongCommandIsRejectedWithOneMessageAndNoEntry(_ wrong: WrongCommand) throws {
            let before = try headroom.head()
            let run = try headroom.start(wrong.arguments).end()
            #expect(run.status == 2, "\(run.output)\(run.errors)")
            #expect(run.output.isEmpty)
            let lines = run.errors.split(separator: "\n")
            #expect(lines.count == 1, "\(run.errors)")
            #expect(run.errors.hasPrefix("headroom: error: "))
            for name in wrong.names {
                #expect(run.errors.contains(name), "'\(name)' is missing in: \(run.errors)")
            }
            #expect(try headroom.head() == before)
        }

        private static let header =
            "id,time,exporter,person,consignee,destination,device,quantity,tpp,end_use\n"

        private func row(_ id: String, _ rest: String) -> String {
            "\(id),2025-02-01T00:00:00Z,CHIPS,pat,\(rest)\n"
        }

        @Test func goodRowsAreRecordedBesideRejectedOnes() throws {
            let good = row("good", "ZETA,JP,H100 SXM5,8,,commercial")
            let rows = [
                row("zero", "ZETA,JP,H100 SXM5,0,,commercial"),
                row("negative", "ZETA,JP,H100 SXM5,-1,,commercial"),
                row("fraction", "ZETA,JP,H100 SXM5,1.5,,commercial"),
                row("huge", "ZETA,JP,H100 SXM5,99999999999999999999,,commercial"),
                row("overflow", "ZETA,JP,H100 SXM5,99999999999,,commercial"),
                row("device", "ZETA,JP,H999,1,,commercial"),
                row("party", "NOBODY,JP,H100 SXM5,1,,commercial"),
                row("country", "ZETA,ZZ,H100 SXM5,1,,commercial"),
                row("use", "ZETA,JP,H100 SXM5,1,,fun"),
                "time,yesterday,CHIPS,pat,ZETA,JP,H100 SXM5,1,,commercial\n",
                "back,2025-01-01T00:00:00Z,CHIPS,pat,ZETA,JP,H100 SXM5,1,,commercial\n",
                "short,2025-02-01T00:00:00Z\n",
                row("good", "ZETA,JP,H100 SXM5,9,,commercial"),
                row("long", "ZETA,JP,H100 SXM5,1,,").dropLast()
                    + String(repeating: "x", count: 10_000_000) + "\n",
            ]
            var bytes = Data((Self.header + good + rows.joined()).utf8)
            bytes += Data("broken,2025-02-01T00:00:00Z,CHIPS,pat,ZETA,JP,".utf8)
            bytes += Data([0xff, 0xfe]) + Data(",1,,commercial\n".utf8)
            bytes += Data(row("last", "ZETA,JP,H100 SXM5,8,,commercial").utf8)
            let file = try headroom.write("orders.csv", bytes)
            let rejects = headroom.folder.appendingPathComponent("rejects.csv")
            let before = try headroom.head().entries
            let run = try headroom.run("import", file.path, "--json", "--rejects", rejects.path)
            #expect(run.status == 2, "\(run.errors)")
            let summary = try #require(try run.object()["summary"] as? [String: Any])
            #expect(summary["granted"] as? Int == 2)
            #expect(summary["rejected"] as? Int == rows.count + 1)
            #expect(try headroom.head().entries == before + 2)
            let told = run.errors.split(separator: "\n")
            #expect(told.count == 11, "ten rows and how many more")
            #expect(told.first?.contains("orders.csv:3: malformed-field: quantity") == true)
            let all = try String(contentsOf: rejects, encoding: .utf8).split(separator: "\n")
            #expect(all.count == rows.count + 2)
            for code in [
                "unknown-device", "unknown-party", "unknown-country", "unknown-end-use",
                "time-went-back", "amount-overflow", "id-reused", "malformed-input",
            ] {
                #expect(all.contains { $0.contains(code) }, "no row was rejected as \(code)")
            }
        }

        @Test func aByteOrderMarkAndCarriageReturnsAreAccepted() throws {
            let text = Self.header + row("good", "ZETA,JP,H100 SXM5,8,,commercial")
            let windows = text.replacing("\n", with: "\r\n")
            let file = try headroom.write(
                "orders.csv",
                Data([0xef, 0xbb, 0xbf]) + Data(windows.utf8)
            )
            try headroom.expect(0, "import", file.path)
        }

        @Test func standardInputIsAFileToo() throws {
            let text = Self.header + row("good", "ZETA,JP,H100 SXM5,8,,commercial")
            let file = try headroom.write("orders.csv", text)
            let run = try headroom.run("import", "-", "--each", "--json", input: file)
            #expect(run.status == 0, "\(run.errors)")
            let lines = try run.objects()
            #expect(lines.count == 2)
            #expect(lines[0]["answer"] as? String == "recorded")
            #expect(lines[1]["summary"] != nil)
        }

        @Test(arguments: [
            ("id,consignee,destination,end_use,tpp,color\n", "unknown-field"),
            ("id,consignee,destination,end_use,quantty,device\n", "did you mean quantity"),
            ("id,consignee,destination,end_use\n", "amount"),
            ("", "names of the columns"),
        ])
        func aHeaderThatIsNotUnderstoodRejectsTheFile(text: String, message: String) throws {
            let before = try headroom.head()
            let file = try headroom.write("orders.csv", text)
            let run = try headroom.run("import", file.path)
            #expect(run.status == 2)
            #expect(run.errors.contains(message), "\(run.errors)")
            #expect(run.errors.contains("orders.csv"))
            #expect(try headroom.head() == before)
        }

        @Test func partiesThatOwnEachOtherAreRejectedAndTheOthersRecorded() throws {
            let file = try headroom.write(
                "more.csv",
                """
                id,name,site,headquarters,parent
                P,P,AE,AE,Q
                Q,Q,AE,AE,P
                R,R,AE,AE,
                S,S,XX,AE,

                """
            )
            let run = try headroom.run("party", "import", file.path, "--json")
            #expect(run.status == 2)
            let found = try run.object()
            #expect(found["registered"] as? Int == 1)
            let codes = try #require(found["rejected"] as? [[String: Any]]).map {
                $0["code"] as? String
            }
            #expect(codes == ["parent-cycle", "parent-cycle", "unknown-country"])
            #expect(run.errors.contains("more.csv:2: parent-cycle: parent"))
        }

        @Test func importingPartiesAgainChangesNothing() throws {
            let before = try headroom.head()
            let file = headroom.folder.appendingPathComponent("parties.csv")
            let run = try headroom.run("party", "import", file.path, "--json")
            #expect(try run.object()["unchanged"] as? Int == 3)
            #expect(try headroom.head() == before)
        }

        @Test func aRulebookThatCanNeverApplyIsRejectedWithItsPlace() throws {
            let text = try headroom.expect(0, "rulebook", "show", "diffusion-2025-brief").output
            let broken = text.replacing("tpp-per-h100e:", with: "tpp-per-h100:", maxReplacements: 1)
            let file = try headroom.write("own.yaml", broken)
            for verb in ["validate", "adopt"] {
                let run = try headroom.run("rulebook", verb, file.path)
                #expect(run.status == 2)
                #expect(run.errors.contains("own.yaml:"), "\(run.errors)")
            }
        }
    }
#endif
