// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Testing

    /// Backups of a ledger that is in use.
    @Suite struct BackupTests {
        private let headroom: Headroom

        init() throws {
            headroom = try Headroom()
            try headroom.makeLedger()
        }

        private func path(_ name: String) -> String {
            headroom.folder.appendingPathComponent(name).path
        }

        private func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }

        @Test func backupsTakenWhileOrdersComeInAreTheLogUpToAnEntry() throws {
            let pipe = Pipe()
            let writer = try headroom.start(["import", "-"], inputPipe: pipe)
            var rows = try PortableTests.orders(6_000).split(separator: "\n").map { "\($0)\n" }[...]
            var backups: [(name: String, entries: Int, root: String)] = []
            while !rows.isEmpty {
                let part = rows.prefix(600).joined()
                rows = rows.dropFirst(600)
                try pipe.fileHandleForWriting.write(contentsOf: Data(part.utf8))
                let name = "backup\(backups.count)"
                let made = try headroom.expect(0, "backup", path(name), "--json").object()
                backups.append(
                    (
                        name, try #require(made["entries"] as? Int),
                        try #require(made["root"] as? String)
                    )
                )
                try headroom.expect(0, "export", "--to", path("\(name).ndjson"))
            }
            try pipe.fileHandleForWriting.close()
            #expect(try writer.end().status == 0)
            let log = try headroom.expect(0, "log", "--json").output
            for backup in backups {
                let checked = try headroom.expect(
                    0,
                    "backup",
                    "--check",
                    path(backup.name),
                    "--json"
                ).object()
                #expect(checked["entries"] as? Int == backup.entries)
                #expect(checked["root"] as? String == backup.root)
                let part = try headroom.expect(
                    0,
                    "log",
                    "--json",
                    "--ledger",
                    path(backup.name)
                ).output
                #expect(part.count { $0 == "\n" } == backup.entries)
                #expect(log.hasPrefix(part), "\(backup.name)")
                let exported = try headroom.expect(
                    0,
                    "export",
                    "--check",
                    path("\(backup.name).ndjson"),
                    "--json"
                ).object()
                #expect(exported["entries"] as? Int ?? 0 >= backup.entries)
            }
            #expect(backups.map(\.entries) == backups.map(\.entries).sorted())
            #expect(Set(backups.map(\.entries)).count > 1, "they were taken while it grew")
        }

        @Test func aBackupHoldsTheLogOnlyAndOnlyItsOwnerCanReadIt() throws {
            try headroom.expect(0, "backup", path("backup"))
            let files = FileManager.default
            #expect(try files.contentsOfDirectory(atPath: path("backup")) == ["log"])
            #expect(try files.contentsOfDirectory(atPath: path("backup/log")) == ["data.mdb"])
            #expect(try mode(path("backup")) == 0o700)
            #expect(try mode(path("backup/log")) == 0o700)
            #expect(try mode(path("backup/log/data.mdb")) == 0o600)
        }

        @Test func aRestoredBackupIsTheLedger() throws {
            let head = try headroom.head()
            try headroom.expect(0, "backup", path("backup"))
            let orders = try headroom.write("orders.csv", try PortableTests.orders(300))
            try headroom.expect(0, "import", orders.path)
            let full = try headroom.head()
            try FileManager.default.removeItem(at: headroom.ledger)
            try FileManager.default.copyItem(atPath: path("backup"), toPath: headroom.ledger.path)
            #expect(try headroom.head() == head)
            // What came after the backup is sent again.
            try headroom.expect(0, "import", orders.path)
            #expect(try headroom.head() == full)
        }

        @Test func aDamagedBackupIsFoundOut() throws {
            let orders = try headroom.write("orders.csv", try PortableTests.orders(3_000))
            try headroom.expect(0, "import", orders.path)
            try headroom.expect(0, "backup", path("backup"))
            let file = URL(fileURLWithPath: path("backup/log/data.mdb"))
            let whole = try Data(contentsOf: file)
            var changed = whole
            let name = try #require(changed.range(of: Data("o1777".utf8)))
            changed[name.lowerBound] ^= 1
            for bytes in [changed, whole.prefix(whole.count / 2 / 4_096 * 4_096)] {
                try bytes.write(to: file)
                let run = try headroom.expect(4, "backup", "--check", path("backup"))
                #expect(run.errors.hasPrefix("headroom: error: "))
            }
            try whole.write(to: file)
            try headroom.expect(0, "backup", "--check", path("backup"))
        }

        @Test func aDamagedLedgerIsNotBackedUp() throws {
            var bytes = try Data(contentsOf: headroom.dataFile)
            let name = try #require(bytes.range(of: Data("Acme Emirates".utf8)))
            bytes[name.lowerBound] = UInt8(ascii: "B")
            try bytes.write(to: headroom.dataFile)
            try headroom.expect(4, "backup", path("backup"))
            let names = try FileManager.default.contentsOfDirectory(atPath: headroom.folder.path)
            #expect(!names.contains { $0.hasPrefix("backup") })
            // Nor exported as if it were whole.
            let run = try headroom.expect(5, "export", "--to", path("all.ndjson"))
            #expect(run.errors.contains("checksum"))
        }

        @Test func nothingIsWrittenOver() throws {
            try headroom.expect(0, "backup", path("backup"))
            try headroom.expect(3, "backup", path("backup"))
            try headroom.expect(3, "backup", headroom.ledger.path)
            try headroom.expect(2, "backup", headroom.folder.path)
            try headroom.expect(2, "backup", path("nowhere/backup"))
            try headroom.expect(2, "backup", "--check", path("nowhere"))
        }
    }
#endif
