// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Glibc
    import Testing

    /// Exports, and ledgers made of them.
    @Suite struct PortableTests {
        private let headroom: Headroom

        init() throws {
            headroom = try Headroom()
            try headroom.makeLedger()
            let orders = try headroom.write("orders.csv", try Self.orders(200))
            try headroom.expect(0, "import", orders.path)
        }

        /// Orders that are granted, one a second.
        static func orders(_ count: Int) throws -> String {
            var text = "id,time,exporter,consignee,destination,tpp,end_use\n"
            for number in 0..<count {
                let time = String(
                    format: "2025-02-01T%02d:%02d:%02dZ",
                    number / 3_600,
                    number / 60 % 60,
                    number % 60
                )
                text += "o\(number),\(time),CHIPS,ZETA,JP,\(number % 7 + 1)000,commercial\n"
            }
            return text
        }

        private func path(_ name: String) -> String {
            headroom.folder.appendingPathComponent(name).path
        }

        private func export(_ ledger: String? = nil, to name: String) throws -> Data {
            try headroom.expect(
                0,
                "export",
                "--with-secret",
                "--to",
                path(name),
                "--ledger",
                ledger ?? headroom.ledger.path
            )
            return try Data(contentsOf: URL(fileURLWithPath: path(name)))
        }

        /// What lies in the folder, but for what the program said.
        private func names() throws -> Set<String> {
            let all = try FileManager.default.contentsOfDirectory(atPath: headroom.folder.path)
            return Set(all.filter { !$0.hasSuffix(".out") && !$0.hasSuffix(".err") })
        }

        @Test func aLedgerMadeOfAnExportIsTheSame() throws {
            let exported = try export(to: "all.ndjson")
            let made = try headroom.expect(
                0,
                "import",
                path("all.ndjson"),
                "--ledger",
                path("new"),
                "--json"
            ).object()
            let head = try headroom.head()
            #expect(made["root"] as? String == head.root)
            #expect(made["entries"] as? Int == head.entries)
            let verified = try headroom.expect(0, "verify", "--ledger", path("new"), "--json")
            #expect(try verified.object()["root"] as? String == head.root)
            #expect(try export(path("new"), to: "again.ndjson") == exported)
            for verb in ["caps", "log"] {
                let there = try headroom.expect(0, verb, "--json").output
                let here = try headroom.expect(0, verb, "--json", "--ledger", path("new")).output
                #expect(verb == "caps" || there == here)
                #expect(!here.isEmpty)
            }
            // It goes on: what was asked is answered as before.
            let orders = try headroom.expect(
                0,
                "import",
                path("orders.csv"),
                "--ledger",
                path("new"),
                "--json"
            ).object()
            let summary = try #require(orders["summary"] as? [String: Any])
            #expect(summary["replayed"] as? Int == 200)
        }

        @Test func anExportGoesThroughAPipeAndIsReadWithoutTheSecret() throws {
            let plain = try headroom.expect(0, "export")
            #expect(plain.output.contains(#""secret":null"#))
            let file = try headroom.write("plain.ndjson", plain.output)
            let checked = try headroom.run("export", "--check", "-", "--json", input: file)
            #expect(checked.status == 0)
            #expect(try checked.object()["root"] as? String == headroom.head().root)
            let refused = try headroom.run(
                "import",
                "-",
                "--ledger",
                path("new"),
                input: file
            )
            #expect(refused.status == 2)
            #expect(refused.errors.contains("--with-secret"))
            #expect(try !names().contains("new"))
            // Each line is JSON, and the entries are those of the log.
            let lines = try Run(
                status: 0,
                signal: nil,
                output: plain.output,
                errors: ""
            ).objects()
            let entries = lines.compactMap { $0["entry"] as? [String: Any] }
            #expect(entries.count == (try headroom.head().entries))
            #expect(entries.enumerated().allSatisfy { $1["number"] as? Int == $0 })
        }

        @Test func onlyTheOwnerCanReadAnExportAndNoneIsWrittenOver() throws {
            _ = try export(to: "all.ndjson")
            let attributes = try FileManager.default.attributesOfItem(atPath: path("all.ndjson"))
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            let again = try headroom.expect(2, "export", "--to", path("all.ndjson"))
            #expect(again.errors.contains("--to"))
        }

        @Test func aFaultIsNamedAndLeavesNoLedger() throws {
            let exported = try export(to: "all.ndjson")
            let before = try names()
            let lines = exported.split(separator: UInt8(ascii: "\n"))
            func expectFault(_ changed: [Data], _ words: String...) throws {
                let text = changed.reduce(into: Data()) { $0 += $1 + [UInt8(ascii: "\n")] }
                let file = try headroom.write("changed.ndjson", text)
                for command in [
                    ["import", file.path, "--ledger", path("new")],
                    ["export", "--check", file.path],
                ] {
                    let run = try headroom.start(command).end()
                    #expect(run.status == 4, "\(run.output)\(run.errors)")
                    for word in words { #expect(run.errors.contains(word), "\(run.errors)") }
                }
                #expect(try names() == before.union(["changed.ndjson"]))
            }
            var changed = lines
            let order = try #require(changed[60].range(of: Data(#""consignee":"ZETA""#.utf8)))
            changed[60][order.upperBound - 2] = UInt8(ascii: "B")
            try expectFault(changed, "line 61, entry 59")
            changed = lines
            changed.remove(at: 100)
            try expectFault(changed, "line 101, entry 99", "entry 100 stands in its place")
            changed = lines
            changed.swapAt(30, 31)
            try expectFault(changed, "line 31, entry 29", "entry 30 stands in its place")
            try expectFault(Array(lines.prefix(50)), "cut short after line 50", "has 49 of")
        }

        @Test func aLedgerIsNotMadeOverAnother() throws {
            _ = try export(to: "all.ndjson")
            let head = try headroom.head()
            #expect(try headroom.run("import", path("all.ndjson")).status == 3)
            #expect(try headroom.head() == head)
            let taken = try headroom.run(
                "import",
                path("all.ndjson"),
                "--ledger",
                headroom.folder.path
            )
            #expect(taken.status == 2)
            // An empty folder is as good as none.
            try FileManager.default.createDirectory(
                atPath: path("empty"),
                withIntermediateDirectories: false
            )
            try headroom.expect(0, "import", path("all.ndjson"), "--ledger", path("empty"))
            let options = try headroom.run(
                "import",
                path("all.ndjson"),
                "--ledger",
                path("new"),
                "--each"
            )
            #expect(options.status == 2)
            #expect(options.errors.contains("--each"))
        }

        @Test func aKilledImportLeavesAWholeLedgerOrNone() throws {
            let orders = try headroom.write("many.csv", try Self.orders(5_000))
            // The first 200 are answered as before.
            try headroom.expect(0, "import", orders.path)
            _ = try export(to: "all.ndjson")
            let head = try headroom.head()
            let arguments = ["import", path("all.ndjson"), "--ledger", path("new")]
            let begin = DispatchTime.now().uptimeNanoseconds
            #expect(try headroom.start(arguments).end().status == 0)
            let microseconds = (DispatchTime.now().uptimeNanoseconds - begin) / 1_000
            for round in 0..<8 as Range<UInt64> {
                try? FileManager.default.removeItem(atPath: path("new"))
                let started = try headroom.start(arguments)
                usleep(UInt32(microseconds * (round + 1) / 7))
                kill(started.process.processIdentifier, SIGKILL)
                _ = try started.end()
                if try names().contains("new") {
                    let found = try headroom.expect(0, "verify", "--ledger", path("new"), "--json")
                    #expect(try found.object()["root"] as? String == head.root)
                }
                for left in try names() where left.contains("incomplete") {
                    if FileManager.default.fileExists(atPath: path(left) + "/log") { continue }
                    try headroom.expect(2, "verify", "--ledger", path(left))
                    try FileManager.default.removeItem(atPath: path(left))
                }
            }
        }

        @Test func aFullDiskLeavesNoLedgerAndNoFile() throws {
            _ = try export(to: "all.ndjson")
            let before = try names()
            let limited = ["bash", "-c", "ulimit -f 60; exec \"$@\"", "limited"]
            for command in [
                ["import", path("all.ndjson"), "--ledger", path("new")],
                ["export", "--to", path("other.ndjson")],
                ["backup", path("backup")],
            ] {
                let run = try headroom.start(command, through: limited).end()
                #expect(run.status == 5, "\(command) \(run.signal ?? 0) \(run.errors)")
                #expect(run.errors.contains("ree space"), "\(command) \(run.errors)")
                #expect(try names() == before, "\(command)")
            }
        }
    }
#endif
