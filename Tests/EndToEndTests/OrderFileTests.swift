// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Glibc
    import Testing

    /// Files of orders in both formats, under other names, rehearsed, interrupted.
    @Suite struct OrderFileTests {
        private let headroom: Headroom

        init() throws {
            headroom = try Headroom()
            try headroom.makeLedger()
        }

        private struct Order {
            var id: String
            var time = "2025-02-01T00:00:00Z"
            var consignee = "ACME-AE"
            var destination = "AE"
            var device = "H100 SXM5"
            var quantity: Int
        }

        /// Grants, refusals by a full country and by concern, repetitions and rejections.
        private let orders =
            (0..<40).map { Order(id: "o\($0)", quantity: 1_701 + $0 * 100) }
            + [
                Order(id: "small", quantity: 17), Order(id: "o0", quantity: 1_701),
                Order(id: "o0", quantity: 1_702),
                Order(id: "jp", consignee: "ZETA", destination: "JP", quantity: 5),
                Order(id: "cn", consignee: "ZETA", destination: "CN", quantity: 5),
                Order(id: "nobody", consignee: "NOBODY", quantity: 5),
                Order(id: "device", device: "H999", quantity: 5),
                Order(id: "late", time: "2025-01-01T00:00:00Z", quantity: 5),
            ]

        private func csv(_ header: String = "id,time,consignee,destination,device,quantity,end_use")
            -> String
        {
            let rows = orders.map {
                "\($0.id),\($0.time),\($0.consignee),\($0.destination),\($0.device),"
                    + "\($0.quantity),commercial"
            }
            return ([header] + rows).map { $0 + "\n" }.joined()
        }

        private func ndjson(id: String = "id") -> String {
            orders.map {
                #"{"\#(id)":"\#($0.id)","time":"\#($0.time)","consignee":"\#($0.consignee)","#
                    + #""destination":"\#($0.destination)","lines":[{"device":"\#($0.device)","#
                    + #""quantity":\#($0.quantity).0}],"end_use":"commercial"}"# + "\n"
            }.joined()
        }

        private func summary(_ run: Run) throws -> NSDictionary {
            let objects = try run.objects()
            return try #require(objects.last?["summary"] as? NSDictionary, "\(run.errors)")
        }

        @Test func theSameOrdersInBothFormatsGiveTheSameRoot() throws {
            let csv = try headroom.write("orders.csv", csv())
            let json = try headroom.write("orders.ndjson", ndjson())
            let first = try headroom.run("import", csv.path, "--each", "--json")
            #expect(first.status == 2, "\(first.errors)")
            let expected = try headroom.head()
            // In the same ledger all of it is known.
            let again = try headroom.run("import", json.path, "--each", "--json")
            #expect(try headroom.head() == expected)
            #expect(try summary(again)["replayed"] as? Int == 44)
            #expect(try summary(again)["granted"] as? Int == summary(first)["granted"] as? Int)
            // In a ledger of its own the same is decided.
            try FileManager.default.removeItem(at: headroom.ledger)
            try FileManager.default.removeItem(
                at: headroom.folder.appendingPathComponent("parties.csv")
            )
            try headroom.makeLedger()
            let other = try headroom.run("import", json.path, "--each", "--json")
            #expect(try headroom.head() == expected)
            #expect(try summary(other) == summary(first))
        }

        @Test(arguments: ["csv", "ndjson"])
        func aDryRunSaysWhatIsThenDoneAndLeavesNoTrace(format: String) throws {
            let file = try headroom.write("orders", format == "csv" ? csv() : ndjson())
            // Some of it is recorded already.
            let known = try headroom.write(
                "known.csv",
                csv().split(separator: "\n").prefix(5).joined(separator: "\n")
            )
            try headroom.expect(0, "import", known.path)
            let before = try headroom.head()
            let bytes = try Data(contentsOf: headroom.dataFile)
            let dry = try headroom.run("import", file.path, "--dry-run", "--each", "--json")
            #expect(dry.status == 2, "\(dry.errors)")
            #expect(try headroom.head() == before)
            #expect(try Data(contentsOf: headroom.dataFile) == bytes)
            #expect(try dry.objects().last?["dry_run"] as? Bool == true)
            let done = try headroom.run("import", file.path, "--each", "--json")
            #expect(try summary(dry) == summary(done))
            #expect(dry.errors == done.errors)
            for (would, did) in zip(try dry.objects(), try done.objects()).dropLast() {
                #expect(would["line"] as? Int == did["line"] as? Int)
                guard would["answer"] as? String == "decided" else { continue }
                let entry = did["entry"] as? [String: Any]
                #expect(would["id"] as? String == entry?["id"] as? String)
                let outcome = entry?["outcome"] as? [String: Any]
                let decision = would["decision"] as? [String: Any]
                #expect(decision?["result"] as? String == outcome?["result"] as? String)
                #expect(decision?["granted"] as? Int == outcome?["granted"] as? Int)
            }
            let answers = try dry.objects().compactMap { $0["answer"] as? String }
            for (answer, count) in [("replayed", 5), ("repeated", 0), ("decided", 39)] {
                #expect(answers.count { $0 == answer } == count, "\(answer)")
            }
            let told = try headroom.run("import", file.path, "--dry-run")
            #expect(told.output.contains("would be granted"))
            #expect(told.output.contains("nothing was written (as if enforced)"))
        }

        @Test func columnsAndKeysMayHaveOtherNames() throws {
            let plain = try headroom.write("plain.csv", csv())
            let header = "PO Number,made,Sold=To,destination,sku,n,end_use"
            let named = try headroom.write("named.csv", csv(header))
            let json = try headroom.write("named.ndjson", ndjson(id: "PO Number"))
            let first = try headroom.run("import", plain.path, "--json")
            let expected = try headroom.head()
            let mapped = try headroom.run(
                "import",
                named.path,
                "--json",
                "--map",
                "PO Number=id",
                "--map",
                "made=time",
                "--map",
                "Sold=To=consignee",
                "--map",
                "sku=device",
                "--map",
                "n=quantity"
            )
            #expect(mapped.status == first.status, "\(mapped.errors)")
            let keys = try headroom.run("import", json.path, "--json", "--map", "PO Number=id")
            #expect(keys.status == first.status, "\(keys.errors)")
            #expect(try headroom.head() == expected)
            for run in [mapped, keys] {
                #expect(try run.object().count == first.object().count)
                let replayed = try #require(try run.object()["summary"] as? [String: Any])
                #expect(replayed["replayed"] as? Int == 44)
            }
            let wrong = try headroom.run("import", named.path)
            #expect(wrong.status == 2)
            #expect(wrong.errors.contains("named.csv: unknown-field: header: found 'PO Number'"))
            let missing = try headroom.run("import", plain.path, "--map", "PO=id")
            #expect(missing.status == 2)
            #expect(missing.errors.contains("map: found 'PO=id', expected a column of the file"))
        }

        @Test func theRejectsFileHasEveryBadLineWithItsReason() throws {
            let bad = [
                "{\"id\":\"a\"", "[]", "{\"id\":\"b\",\"id\":\"b\"}", "{\"x\":\"\u{1}\"}",
                String(repeating: "[", count: 5_000),
                ndjson().split(separator: "\n")[45].description,
            ]
            var text = ""
            var lines: [String: String] = [:]
            for (index, line) in bad.enumerated() {
                text += ndjson().split(separator: "\n")[index] + "\n" + line + "\n"
                lines["\(2 * index + 2)"] = line
            }
            let file = try headroom.write("orders.ndjson", text)
            let rejects = headroom.folder.appendingPathComponent("rejects.csv")
            for option in [["--dry-run"], []] {
                let run = try headroom.start(
                    ["import", file.path, "--rejects", rejects.path] + option
                ).end()
                #expect(run.status == 2)
                let rows = try String(contentsOf: rejects, encoding: .utf8).split(separator: "\n")
                #expect(rows.first == "line,code,field,found,expected,row")
                #expect(rows.count == bad.count + 1)
                for row in rows.dropFirst() {
                    let number = row.prefix { $0 != "," }
                    let line = try #require(lines[String(number)])
                    let quoted = "\"" + line.replacing("\"", with: "\"\"") + "\""
                    #expect(row.hasSuffix("," + quoted) || row.hasSuffix("," + line), "\(row)")
                }
            }
        }

        @Test func standardInputMayBeLinesOfJSON() throws {
            let pipe = Pipe()
            let started = try headroom.start(["import", "-", "--json"], inputPipe: pipe)
            // In pieces, the first of which tells nothing.
            try pipe.fileHandleForWriting.write(contentsOf: Data("\n".utf8))
            try pipe.fileHandleForWriting.write(contentsOf: Data(ndjson().utf8))
            try pipe.fileHandleForWriting.close()
            let run = try started.end()
            #expect(run.status == 2)
            let summary = try #require(try run.object()["summary"] as? [String: Any])
            #expect(summary["orders"] as? Int == orders.count)
            #expect(!run.errors.contains("\r"), "progress is for terminals")
            let empty = try headroom.write("empty", "")
            let none = try headroom.run("import", "-", "--format", "ndjson", input: empty)
            #expect(none.status == 0)
            #expect(none.output.hasPrefix("0 orders"))
        }

        @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
        func progressIsShownOnATerminal() throws {
            let file = try headroom.write("orders.csv", csv())
            let terminal = "exec /usr/bin/script -qec \"$0 $*\" /dev/null"
            let run = try headroom.run("import", file.path, through: ["sh", "-c", terminal])
            #expect(run.output.contains("\r["))
            #expect(run.output.contains("100 %  48 orders"), "\(run.output)")
        }

        @Test(arguments: [SIGINT, SIGTERM])
        func whoInterruptsAnImportIsToldHowToGoOn(signal: Int32) throws {
            let pipe = Pipe()
            let started = try headroom.start(["import", "-", "--each"], inputPipe: pipe)
            let lines = ndjson().split(separator: "\n", omittingEmptySubsequences: true)
            let first = lines.prefix(3).map { $0 + "\n" }.joined()
            try pipe.fileHandleForWriting.write(contentsOf: Data(first.utf8))
            // Until the three are answered, as standard output tells.
            while try Data(contentsOf: started.output).count(where: { $0 == 0x0a }) < 3 {
                guard started.process.isRunning else { break }
                usleep(1_000)
            }
            kill(started.process.processIdentifier, signal)
            let run = try started.end()
            try pipe.fileHandleForWriting.close()
            #expect(run.signal == signal)
            #expect(run.errors.contains("interrupted after 3 orders"), "\(run.errors)")
            let file = try headroom.write("orders.ndjson", ndjson())
            let last = try headroom.run("import", file.path, "--json")
            let summary = try #require(try last.object()["summary"] as? [String: Any])
            #expect(summary["replayed"] as? Int == 4, "three, and the one that comes twice")
        }
    }
#endif
