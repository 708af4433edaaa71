// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Glibc
    import Testing

    /// Processes that are killed and run again lose nothing and do nothing twice.
    @Suite(.serialized) struct KillTests {
        /// Enough for several batches.
        private static let orderCount = 5_000

        /// Rounds of each run: as many as the environment asks for, or 13.
        static let rounds: Range<UInt64> = {
            let asked = ProcessInfo.processInfo.environment["HEADROOM_KILL_ROUNDS"]
            return 0..<(asked.flatMap(UInt64.init) ?? 13)
        }()

        /// When an order is made, of those that bring their time.
        private static func time(_ number: Int) -> String {
            let second = number / 10
            return String(
                format: "2025-02-01T%02d:%02d:%02dZ",
                second / 3_600,
                second / 60 % 60,
                second % 60
            )
        }

        /// Orders with all outcomes.
        private func orders(
            time: (Int) -> String = Self.time,
            deadline: (Int) -> String = { $0 % 5 == 0 ? "2025-02-01T12:00:00Z" : "" }
        ) -> String {
            var text = "id,time,exporter,person,consignee,destination,tpp,end_use,deadline\n"
            for number in 0..<Self.orderCount {
                let country = ["AE", "JP", "CN", "BR"][number % 4]
                let consignee = number % 3 == 0 ? "ACME-AE" : number % 97 == 0 ? "NOBODY" : "ZETA"
                text += "o\(number),\(time(number)),CHIPS,pat,\(consignee),\(country),"
                text += "\((number % 11 + 1) * 30_000),commercial,\(deadline(number))\n"
            }
            return text
        }

        /// The same orders as an object of JSON on each line.
        private func ndjson(_ csv: String) -> String {
            let rows = csv.split(separator: "\n").map {
                $0.split(separator: ",", omittingEmptySubsequences: false)
            }
            return rows.dropFirst().map { row in
                let members = zip(rows[0], row).filter { !$0.1.isEmpty }.map { name, value in
                    name == "tpp" ? "\"tpp\":\(value)" : "\"\(name)\":\"\(value)\""
                }
                return "{" + members.joined(separator: ",") + "}\n"
            }.joined()
        }

        /// Whatever ended the runs before, and whichever format they read.
        @Test func aKilledImportGoesOnWhereItStopped() throws {
            let headroom = try Headroom()
            try headroom.makeLedger()
            let file = try headroom.write("orders.csv", orders())
            let files = [file, try headroom.write("orders.ndjson", ndjson(orders()))]
            let renew = try headroom.template()
            try renew()
            let begin = DispatchTime.now().uptimeNanoseconds
            let undisturbed = try headroom.run("import", file.path, "--json")
            let microseconds = (DispatchTime.now().uptimeNanoseconds - begin) / 1_000
            #expect(undisturbed.status == 2, "some rows name an unknown party")
            let expected = try headroom.head()
            let summary = try #require(try undisturbed.object()["summary"] as? [String: Any])
            for seed in Self.rounds {
                try renew()
                var random = Scatter(seed: seed)
                // More than once in a round: what is left behind is killed again.
                for _ in 0..<2 {
                    let file = files[Int(random.next(below: 2))]
                    let started = try headroom.start(["import", file.path])
                    usleep(UInt32(random.next(below: microseconds)))
                    let signals = [SIGKILL, SIGKILL, SIGINT, SIGTERM]
                    kill(started.process.processIdentifier, signals[Int(random.next(below: 4))])
                    _ = try started.end()
                }
                let file = files[Int(seed % 2)]
                let last = try headroom.run("import", file.path, "--json")
                #expect(last.status == 2, "seed \(seed): \(last.errors)")
                #expect(try headroom.head() == expected, "seed \(seed)")
                let again = try #require(try last.object()["summary"] as? [String: Any])
                for key in ["orders", "granted", "refused", "rejected"] {
                    #expect(again[key] as? Int == summary[key] as? Int, "seed \(seed), \(key)")
                }
            }
        }

        /// Ticks bring times of their own, so what an import comes to depends on when they get in
        /// between; what must hold whenever they do is checked on the log.
        @Test func importsAndTicksThatAreKilledLoseNothingAndDoNothingTwice() throws {
            let headroom = try Headroom()
            try headroom.makeLedger()
            // Stamped by the clock, or by the tick that was ahead of it.
            let file = try headroom.write(
                "orders.csv",
                orders(time: { _ in "" }, deadline: { "\(2090 + $0 % 9)-06-01T00:00:00Z" })
            )
            let renew = try headroom.template()
            var answeredCount = 0
            for seed in Self.rounds {
                try renew()
                var random = Scatter(seed: seed)
                var answered: Set<String> = []
                for step in 0..<4 {
                    let id = "t\(step)"
                    let tick = ["tick", "--id", id, "--at", "\(2091 + 2 * step)-06-02"]
                    // Either may be ahead of the other, and then has the ledger.
                    var commands = [["import", file.path], tick]
                    if random.next(below: 2) == 0 { commands.reverse() }
                    let started = try commands.map { try headroom.start($0) }
                    usleep(UInt32(random.next(below: 150_000)))
                    for (command, started) in zip(commands, started)
                    where command != tick || random.next(below: 3) > 0 {
                        kill(started.process.processIdentifier, SIGKILL)
                    }
                    for (command, started) in zip(commands, started) {
                        let isDone = try started.end().status == 0
                        if command == tick, isDone { answered.insert(id) }
                    }
                }
                answeredCount += answered.count
                let last = try headroom.run("import", file.path, "--json")
                #expect([1, 2].contains(last.status), "seed \(seed): \(last.errors)")
                _ = try headroom.run("tick", "--id", "last", "--at", "2099-01-01")
                try check(headroom, answered: answered.union(["last"]), last, seed: seed)
            }
            #expect(answeredCount > 0 || Self.rounds.count < 10, "no tick ever got in between")
        }

        /// Everything that was answered is there once, and every hold expired once.
        private func check(
            _ headroom: Headroom,
            answered: Set<String>,
            _ last: Run,
            seed: UInt64
        ) throws {
            let entries = try headroom.expect(0, "log", "--json").objects().compactMap {
                $0["entry"] as? [String: Any]
            }
            #expect(try headroom.head().entries == entries.count, "seed \(seed)")
            let ids = entries.compactMap { $0["id"] as? String }
            #expect(Set(ids).count == ids.count, "seed \(seed): an operation is there twice")
            #expect(answered.isSubset(of: ids), "seed \(seed): an answered tick is not there")
            let summary = try #require(try last.object()["summary"] as? [String: Any])
            let rejected = try #require(summary["rejected"] as? Int)
            let orders = ids.filter { $0.hasPrefix("o") }
            #expect(orders.count + rejected == Self.orderCount, "seed \(seed)")
            let granted = entries.filter {
                ($0["outcome"] as? [String: Any])?["result"] as? String == "granted"
            }
            let expired = entries.compactMap { $0["hold"] as? Int }
            #expect(expired.count == granted.count, "seed \(seed)")
            #expect(
                Set(expired) == Set(granted.compactMap { $0["number"] as? Int }),
                "seed \(seed)"
            )
            let report = try headroom.expect(0, "caps", "--json").object()
            let sums = try #require(report["reconciliation"] as? [String: Any])
            #expect(sums["is_reconciled"] as? Bool == true && sums["open_holds"] as? Int == 0)
        }
    }

    /// Numbers that look random and follow from a seed (xorshift64).
    private struct Scatter {
        private var state: UInt64

        init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 0x1234_5678_9abc_def1 }

        mutating func next(below bound: UInt64) -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state % max(bound, 1)
        }
    }

    extension Headroom {
        /// Puts the ledger aside, and returns what brings a copy of it back.
        ///
        /// A copy has the same secret, so the same entries have the same root.
        fileprivate func template() throws -> () throws -> Void {
            let template = folder.appendingPathComponent("template")
            try FileManager.default.moveItem(at: ledger, to: template)
            return {
                try? FileManager.default.removeItem(at: ledger)
                try FileManager.default.copyItem(at: template, to: ledger)
            }
        }
    }
#endif
