// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Glibc
    import Testing

    /// An import that is killed and run again ends where an undisturbed one does.
    @Suite struct KillTests {
        /// Enough for several batches.
        private static let orderCount = 12_000

        /// Rounds of each run: a few, or as many as the environment asks for.
        static let rounds: Range<UInt64> = {
            let asked = ProcessInfo.processInfo.environment["HEADROOM_KILL_ROUNDS"]
            return 0..<(asked.flatMap(UInt64.init) ?? 3)
        }()

        /// Orders with all outcomes; each brings its time.
        private func orders() -> String {
            var text = "id,time,exporter,person,consignee,destination,tpp,end_use,deadline\n"
            for number in 0..<Self.orderCount {
                let second = number / 10
                let time = String(
                    format: "2025-02-01T%02d:%02d:%02dZ",
                    second / 3_600,
                    second / 60 % 60,
                    second % 60
                )
                let country = ["AE", "JP", "CN", "BR"][number % 4]
                let consignee = number % 3 == 0 ? "ACME-AE" : number % 97 == 0 ? "NOBODY" : "ZETA"
                let deadline = number % 5 == 0 ? "2025-02-01T12:00:00Z" : ""
                text += "o\(number),\(time),CHIPS,pat,\(consignee),\(country),"
                text += "\((number % 11 + 1) * 30_000),commercial,\(deadline)\n"
            }
            return text
        }

        @Test func aKilledImportGoesOnWhereItStopped() throws {
            let headroom = try Headroom()
            try headroom.makeLedger()
            let file = try headroom.write("orders.csv", orders())
            // A copy has the same secret, so the same entries have the same root.
            let template = headroom.folder.appendingPathComponent("template")
            try FileManager.default.moveItem(at: headroom.ledger, to: template)
            func renew() throws {
                try? FileManager.default.removeItem(at: headroom.ledger)
                try FileManager.default.copyItem(at: template, to: headroom.ledger)
            }
            try renew()
            let begin = DispatchTime.now().uptimeNanoseconds
            let undisturbed = try headroom.run("import", file.path, "--json")
            let microseconds = (DispatchTime.now().uptimeNanoseconds - begin) / 1_000
            #expect(undisturbed.status == 2, "some rows name an unknown party")
            let expected = try headroom.head()
            let summary = try #require(try undisturbed.object()["summary"] as? [String: Any])
            for seed in Self.rounds {
                try renew()
                var state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 0x1234_5678_9abc_def1
                // More than once in a round: what is left behind is killed again.
                for _ in 0..<2 {
                    state ^= state << 13
                    state ^= state >> 7
                    state ^= state << 17
                    let started = try headroom.start(["import", file.path])
                    usleep(UInt32(state % max(microseconds, 1)))
                    kill(started.process.processIdentifier, SIGKILL)
                    _ = try started.end()
                }
                let last = try headroom.run("import", file.path, "--json")
                #expect(last.status == 2, "seed \(seed): \(last.errors)")
                #expect(try headroom.head() == expected, "seed \(seed)")
                let again = try #require(try last.object()["summary"] as? [String: Any])
                for key in ["orders", "granted", "refused", "rejected"] {
                    #expect(again[key] as? Int == summary[key] as? Int, "seed \(seed), \(key)")
                }
            }
        }
    }
#endif
