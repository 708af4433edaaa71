// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Testing

    /// Keys, checkpoints and witnesses from the command line.
    @Suite struct CheckpointTests {
        /// The cosigner of C2SP's example: a key of the seed 0 to 31.
        private static let witness =
            "witness.example.com/w1+a0059f11+BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"

        private func world() throws -> Headroom {
            let headroom = try Headroom()
            try headroom.makeLedger()
            try headroom.expect(0, "key", "make")
            return headroom
        }

        private func file(_ headroom: Headroom, _ name: String) -> URL {
            headroom.ledger.appendingPathComponent(name)
        }

        @Test func whatIsSignedIsStoredVerifiedAndBackedUp() throws {
            let headroom = try world()
            let note = try headroom.expect(0, "checkpoint").output
            #expect(note.hasPrefix("headroom.local\n6\n"))
            #expect(
                try String(contentsOf: file(headroom, "checkpoints/6"), encoding: .utf8) == note
            )
            #expect(try headroom.expect(0, "checkpoint", "show", "6").output == note)
            #expect(try headroom.expect(0, "verify").output.contains("signed   6 entries"))
            #expect(try headroom.expect(0, "overview").output.contains("signed    6 entries"))
            let key = try headroom.expect(0, "key", "export").output.trimmingCharacters(
                in: .newlines
            )
            // A receipt of what is covered signs nothing anew.
            try headroom.expect(0, "tick", "--at", "2025-03-01")
            let receipt = headroom.folder.appendingPathComponent("receipt.json").path
            try headroom.expect(0, "receipt", "--entry", "0", "--authority", "--to", receipt)
            try headroom.expect(0, "verify-receipt", receipt, "--key", key)
            #expect(try String(contentsOfFile: receipt, encoding: .utf8).contains("\"6\","))
            // One of the tick needs a newer head.
            try headroom.expect(0, "receipt", "--entry", "6", "--authority")
            let list = try headroom.expect(0, "checkpoint", "list", "--json").object()
            #expect((list["checkpoints"] as? [[String: Any]])?.count == 2)
            let backup = headroom.folder.appendingPathComponent("backup")
            try headroom.expect(0, "backup", backup.path)
            try headroom.expect(0, "backup", backup.path, "--check")
            let names = try FileManager.default.contentsOfDirectory(atPath: backup.path).sorted()
            #expect(names.filter { $0 != "state" } == ["checkpoints", "log", "public-keys"])
        }

        @Test func aKeyIsNeitherWrittenOverNorForgotten() throws {
            let headroom = try world()
            #expect(try headroom.expect(3, "key", "make").errors.contains("already"))
            let key = file(headroom, "keys/signing")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o640],
                ofItemAtPath: key.path
            )
            #expect(try headroom.expect(5, "checkpoint").errors.contains("chmod 600"))
            let elsewhere = headroom.folder.appendingPathComponent("elsewhere")
            try FileManager.default.moveItem(at: file(headroom, "keys"), to: elsewhere)
            #expect(try headroom.expect(3, "key", "make").errors.contains("--in-place-of-lost"))
            #expect(try headroom.expect(2, "checkpoint").errors.contains("key make"))
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600],
                ofItemAtPath: elsewhere.path + "/signing"
            )
            try headroom.expect(0, "checkpoint", "--keys", elsewhere.path)
            try headroom.expect(0, "key", "make", "--in-place-of-lost")
            let all = try headroom.expect(0, "key", "export", "--all").output
            #expect(all.split(separator: "\n").count == 2)
            // Both keys sign one head, and are known for what they signed.
            try headroom.expect(0, "checkpoint")
            try headroom.expect(0, "verify")
        }

        @Test func aRotationIsAnEntryAndBothKeysSignUntilTheOldOneIsRetired() throws {
            let headroom = try world()
            try headroom.expect(0, "checkpoint")
            let old = try headroom.expect(0, "key", "export").output
            // Others than the operator are refused, and nothing is signed by the key that was begun.
            try headroom.expect(1, "key", "rotate", "--role", "regulator", "--at", "2025-02-01")
            #expect(try headroom.expect(0, "key", "export").output == old)
            let begun = try String(contentsOf: file(headroom, "keys/next"), encoding: .utf8)
            let told = try headroom.expect(0, "key", "rotate", "--at", "2025-02-02").output
            #expect(told.hasPrefix("Signing key headroom.local+"))
            #expect(
                try String(contentsOf: file(headroom, "keys/signing"), encoding: .utf8) == begun
            )
            #expect(try headroom.expect(3, "key", "rotate").errors.contains("key retire"))
            let both = try headroom.expect(0, "key", "export").output
            #expect(both.hasSuffix(old) && both != old)
            let note = try headroom.expect(0, "checkpoint").output
            #expect(note.split(separator: "\n").count { $0.hasPrefix("—") } == 2)
            let retired = try headroom.expect(0, "key", "retire").output
            #expect(retired.hasPrefix("retired: " + old.dropLast()))
            try headroom.expect(3, "key", "retire")
            #expect(try headroom.expect(0, "checkpoint", "show", "6").output.count < note.count)
            try headroom.expect(0, "verify")
            try headroom.expect(0, "verify", "--readjudicate")
            let log = try headroom.expect(0, "explain", "7", "--json").output
            #expect(log.contains("headroom/key-rotation/v1"))
            // Everybody may read it.
            try headroom.expect(0, "receipt", "--entry", "7", "--for", "CHIPS")
        }

        /// The entry is written and the process ended: the next run finds it.
        @Test func aRotationIsNotWrittenTwice() throws {
            let headroom = try world()
            let keys = file(headroom, "keys")
            let old = try Data(contentsOf: keys.appendingPathComponent("signing"))
            try headroom.expect(0, "key", "rotate", "--at", "2025-02-02")
            let new = try Data(contentsOf: keys.appendingPathComponent("signing"))
            for isKept in [false, true] {
                // As after the entry, and as after the present key was kept.
                try old.write(to: keys.appendingPathComponent("signing"))
                try new.write(to: keys.appendingPathComponent("next"))
                if !isKept {
                    try FileManager.default.removeItem(at: keys.appendingPathComponent("previous"))
                }
                for name in ["signing", "next"] {
                    try FileManager.default.setAttributes(
                        [.posixPermissions: 0o600],
                        ofItemAtPath: keys.path + "/" + name
                    )
                }
                let run = try headroom.expect(0, "key", "rotate")
                #expect(run.errors.contains("entry 6 said so before"))
                #expect(try Data(contentsOf: keys.appendingPathComponent("signing")) == new)
                #expect(try Data(contentsOf: keys.appendingPathComponent("previous")) == old)
                #expect(try headroom.head().entries == 7)
            }
        }

        @Test func anotherLogThanTheSignedOneIsTold() throws {
            let headroom = try world()
            let files = FileManager.default
            let older = headroom.folder.appendingPathComponent("older")
            try files.copyItem(at: file(headroom, "log"), to: older)
            try headroom.expect(0, "tick", "--at", "2025-03-01")
            try headroom.expect(0, "checkpoint")
            try files.removeItem(at: file(headroom, "log"))
            try files.removeItem(at: file(headroom, "state"))
            try files.copyItem(at: older, to: file(headroom, "log"))
            for verb in ["verify", "checkpoint"] {
                let run = try headroom.expect(4, verb)
                #expect(run.errors.contains("the log has 6 entries, and a head of 7 was signed"))
            }
            try headroom.expect(0, "tick", "--at", "2025-03-02")
            for verb in ["verify", "checkpoint"] {
                let run = try headroom.expect(4, verb)
                #expect(run.errors.contains("the log was rewritten"), "\(run.errors)")
            }
        }

        /// The heads beside the log, as `watch` and `audit` of the ledger's folder see them.
        @Test func storedHeadsAreWatched() throws {
            let headroom = try world()
            let first = try headroom.expect(0, "checkpoint").output
            let since = try headroom.write("since.txt", first).path
            let old = try headroom.expect(0, "key", "export").output.trimmingCharacters(
                in: .newlines
            )
            // The head that follows is signed by a key for which the first one vouches.
            try headroom.expect(0, "key", "rotate", "--at", "2025-02-02")
            try headroom.expect(0, "key", "retire")
            try headroom.expect(0, "checkpoint")
            let seen = headroom.folder.appendingPathComponent("seen").path
            let watch = ["watch", "--state", seen, "--once", "--json"]
            let audit = ["audit", "--since", since]
            for (keys, word) in [([String](), "ledger"), (["--key", old], "key")] {
                let found = try headroom.expect(0, all: watch + keys).object()
                #expect(found["checkpoints_checked"] as? Int == 2)
                #expect(found["checkpoints_trusted_by"] as? String == word)
                #expect(found["signed_entries"] as? Int == 7)
                let told = try headroom.expect(0, all: audit + keys).output
                #expect(
                    told.contains("\nheads    2 stored checkpoints are of this log, the newest of")
                )
            }
            // Of somebody else's key, and of one head that was altered, or signed by a stranger.
            let stranger = [
                "--key", "headroom.local+eaf66773+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
            ]
            #expect(try headroom.expect(4, all: watch + stranger).errors.contains("signature"))
            let stored = file(headroom, "checkpoints/7")
            let whole = try String(contentsOf: stored, encoding: .utf8)
            let forged = whole.split(separator: "\n", omittingEmptySubsequences: false)
                .map { $0.hasPrefix("—") ? String($0.dropLast(8)) + "AAAAAAA=" : String($0) }
                .joined(separator: "\n")
            try Data(forged.utf8).write(to: stored)
            for keys in [[], ["--key", old]] {
                #expect(
                    try headroom.expect(4, all: watch + keys).object()["alarm"] as? String
                        == "signature"
                )
                #expect(try headroom.expect(4, all: audit + keys).errors.contains("checkpoints/7"))
            }
            // A head of the ledger's own key for entries that the log does not have.
            let other = headroom.folder.appendingPathComponent("other").path
            try headroom.expect(
                0,
                all: [
                    "init", "--ledger", other, "--origin", "headroom.local", "--at", "2025-01-13",
                ]
            )
            let keys = file(headroom, "keys").path
            try headroom.expect(0, all: ["checkpoint", "--ledger", other, "--keys", keys])
            let name = try #require(
                try FileManager.default.contentsOfDirectory(atPath: other + "/checkpoints").first
            )
            try Data(whole.utf8).write(to: stored)
            try FileManager.default.copyItem(
                atPath: "\(other)/checkpoints/\(name)",
                toPath: file(headroom, "checkpoints/\(name)").path
            )
            let forked = try headroom.expect(4, all: watch).object()
            #expect(forked["alarm"] as? String == "forked")
            #expect(try headroom.expect(4, all: audit).errors.contains("the log was rewritten"))
        }

        @Test func whatNoWitnessSignedIsNotKept() throws {
            let headroom = try world()
            let note = try headroom.expect(0, "checkpoint").output
            let head = try headroom.write("head.txt", note)
            let run = try headroom.expect(2, "checkpoint", "cosign", head.path)
            #expect(run.errors.contains("no signature of a known witness"))
            let forged = try headroom.write(
                "forged.txt",
                "— witness.example.com/w1 oAWfEQAAAABkGFDLBuRDazBLVac2NE+Y+IjbjQOcXLfF9CSDZVUIoS83rE1n"
                    + "FZsVE8YiWV6Ngr7lV8H6bdoBQGP/l73euDMQ9k+bBQ==\n"
            )
            let arguments = ["checkpoint", "cosign", forged.path, "--witness-key", Self.witness]
            let refused = try headroom.start(arguments).end()
            #expect(refused.status == 2)
            #expect(refused.errors.contains("the signature of witness.example.com/w1 is not one"))
            #expect(!FileManager.default.fileExists(atPath: file(headroom, "witnesses").path))
            let key = try headroom.expect(0, "key", "export").output.dropLast()
            try headroom.expect(
                2,
                "checkpoint",
                "cosign",
                head.path,
                "--witness-key",
                String(key)
            )
            #expect(try headroom.expect(0, "checkpoint", "show").output == note)
        }
    }
#endif
