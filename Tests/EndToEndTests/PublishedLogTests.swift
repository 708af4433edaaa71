// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Testing

    /// A published log from the command line, and what is said when it is tampered with.
    @Suite struct PublishedLogTests {
        /// The key of the seed 0 to 31 under the name `headroom.local`; no ledger outside tests has it.
        private static let signingKey =
            "PRIVATE+KEY+headroom.local+eaf66773+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
        private static let key =
            "headroom.local+eaf66773+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"

        /// A ledger that was published.
        private struct World {
            let headroom: Headroom
            let key: String

            init() throws {
                headroom = try Headroom()
                try headroom.makeLedger()
                let file = try headroom.write("signing.key", signingKey + "\n")
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o600],
                    ofItemAtPath: file.path
                )
                key = file.path
                try publish()
            }

            func path(_ name: String) -> String {
                headroom.folder.appendingPathComponent(name).path
            }

            func publish() throws {
                try headroom.expect(0, "publish", path("public"), "--signing-key", key)
            }

            func grow(_ party: String) throws {
                try headroom.expect(
                    0,
                    "party",
                    "register",
                    "--party",
                    party,
                    "--name",
                    party,
                    "--site",
                    "JP",
                    "--headquarters",
                    "JP",
                    "--at",
                    "2025-01-14"
                )
            }

            func watch(_ status: Int32, _ folder: String = "public", _ more: String...) throws
                -> [String: Any]
            {
                try headroom.expect(
                    status,
                    all: ["watch", "--published", path(folder), "--key", PublishedLogTests.key]
                        + ["--state", path("seen"), "--once", "--json"] + more
                ).object()
            }

            func copy(_ name: String, to other: String) throws {
                try FileManager.default.copyItem(atPath: path(name), toPath: path(other))
            }
        }

        @Test func growthIsSeenAndAnythingElseIsAnAlarm() throws {
            let world = try World()
            #expect(try world.watch(0)["state"] as? String == "first")
            try world.copy("public", to: "earlier")
            try world.grow("NEW")
            try world.publish()
            let grown = try world.watch(0)
            #expect(grown["state"] as? String == "grown")
            #expect((grown["entries"] as? Int ?? 0) > grown["entries_before"] as? Int ?? .max)
            #expect(try world.watch(4, "earlier")["alarm"] as? String == "shrunk")

            // Each file with another byte.
            let files = ["checkpoint": "signature", "tile/0/000.p/7": "torn"]
            for (name, alarm) in files {
                let url = URL(fileURLWithPath: world.path("public/" + name))
                let whole = try Data(contentsOf: url)
                var altered = whole
                altered[altered.startIndex + 20] ^= 1
                try altered.write(to: url)
                #expect(try world.watch(4)["alarm"] as? String == alarm)
                try whole.write(to: url)
            }
            // Another ledger of the same name, and one of another.
            for (origin, alarm) in [("headroom.local", "forked"), ("elsewhere", "other-log")] {
                let ledger = world.path(origin)
                try world.headroom.expect(
                    0,
                    "init",
                    "--ledger",
                    ledger,
                    "--origin",
                    origin,
                    "--at",
                    "2025-01-13"
                )
                for number in 0..<6 {
                    try world.headroom.expect(
                        0,
                        "tick",
                        "--ledger",
                        ledger,
                        "--at",
                        "2025-02-0\(number + 1)"
                    )
                }
                let folder = "of-\(origin)"
                try world.headroom.expect(
                    0,
                    "publish",
                    world.path(folder),
                    "--ledger",
                    ledger,
                    "--signing-key",
                    world.key
                )
                #expect(try world.watch(4, folder)["alarm"] as? String == alarm)
            }
            #expect(try world.watch(0)["state"] as? String == "unchanged")
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -5_000)],
                ofItemAtPath: world.path("seen")
            )
            #expect(
                try world.watch(4, "public", "--stale-after", "3600")["alarm"] as? String == "stale"
            )
            #expect(
                try world.watch(0, "public", "--stale-after", "9000")["state"] as? String
                    == "unchanged"
            )
        }

        @Test func whatWasThereIsAuditedAndProved() throws {
            let world = try World()
            let headroom = world.headroom
            try FileManager.default.copyItem(
                atPath: world.path("public/checkpoint"),
                toPath: world.path("earlier")
            )
            try world.grow("NEW")
            try world.publish()
            let since = ["--since", world.path("earlier"), "--key", Self.key]
            let told = try headroom.expect(0, all: ["audit"] + since).output
            #expect(told.hasPrefix("audited: no entry that was in the log then has been changed"))
            #expect(told.contains("\nnew      1 entries\n"))
            let published = ["--published", world.path("public")]
            let files = try headroom.expect(0, all: ["audit"] + since + published).output
            #expect(files.hasSuffix("\nchecked  3 files, all of the signed tree\n"))
            for (kind, name) in [("consistency", world.path("earlier")), ("inclusion", "2")] {
                let mine = try headroom.expect(
                    0,
                    all: ["prove", kind, name, "--checkpoint", world.path("public/checkpoint")]
                ).output
                // From the ledger or from what it published, it is the same proof.
                #expect(
                    try headroom.expect(0, all: ["prove", kind, name] + published).output == mine
                )
                let file = try headroom.write(kind, mine).path
                let old = kind == "consistency" ? ["--old", world.path("earlier")] : []
                try headroom.expect(0, all: ["verify-proof", file, "--key", Self.key] + old)
                let other = mine.replacingOccurrences(of: "index 2", with: "index 3")
                    .replacingOccurrences(of: "old 6", with: "old 5")
                let altered = try headroom.write(kind, other).path
                try headroom.expect(4, all: ["verify-proof", altered, "--key", Self.key] + old)
            }
            // A checkpoint of another log, under the same key.
            try headroom.expect(0, "init", "--ledger", world.path("other"), "--at", "2025-01-13")
            try headroom.expect(
                0,
                "publish",
                world.path("of-other"),
                "--ledger",
                world.path("other"),
                "--signing-key",
                world.key
            )
            let run = try headroom.expect(
                4,
                all: ["audit", "--since", world.path("of-other/checkpoint"), "--key", Self.key]
                    + published
            )
            #expect(run.errors.contains("an entry that was in this one has been changed, left out"))
            try headroom.expect(
                4,
                "publish",
                world.path("public"),
                "--ledger",
                world.path("other"),
                "--signing-key",
                world.key
            )
        }
    }
#endif
