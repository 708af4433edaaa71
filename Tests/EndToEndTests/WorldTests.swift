// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Glibc
    import Testing

    /// What happens when the world is in the way: others, damage, permissions, a full disk.
    @Suite struct WorldTests {
        private let headroom: Headroom

        init() throws {
            headroom = try Headroom()
            try headroom.makeLedger()
        }

        private func block(_ arguments: String...) -> [String] {
            ["party", "block", "--party", "ZETA", "--reason", "test"] + arguments
        }

        /// Damages the log's file and shows that every verb says so.
        private func expectDamage(_ words: String...) throws {
            let verify = try headroom.run("verify")
            #expect(verify.status == 4, "\(verify.output)\(verify.errors)")
            #expect(verify.errors.hasPrefix("headroom: error: "))
            for word in words { #expect(verify.errors.contains(word), "\(verify.errors)") }
        }

        @Test func aSecondWriterIsToldAtOnceAndReadersAreNotInTheWay() throws {
            let pipe = Pipe()
            let first = try headroom.start(["import", "-", "--each"], inputPipe: pipe)
            let order =
                "id,time,consignee,destination,end_use,tpp\n"
                + "a,2025-02-01T00:00:00Z,ZETA,JP,commercial,1000\n"
            try pipe.fileHandleForWriting.write(contentsOf: Data(order.utf8))
            // Its first answer shows that the first process has the ledger open.
            while try Data(contentsOf: first.output).isEmpty, first.process.isRunning {
                usleep(10_000)
            }
            let second = try headroom.start(block()).end()
            #expect(second.status == 3, "\(second.errors)")
            #expect(second.errors.contains("process \(first.process.processIdentifier)"))
            try headroom.expect(0, "caps")
            try headroom.expect(0, "log")
            try headroom.expect(0, "verify")
            try pipe.fileHandleForWriting.close()
            #expect(try first.end().status == 0)
            #expect(try headroom.start(block()).end().status == 0)
        }

        @Test func aLedgerIsMadeOnce() throws {
            let before = try headroom.head()
            let again = try headroom.expect(3, "init")
            #expect(again.errors.contains("there is a ledger here already"))
            #expect(try headroom.head() == before)
        }

        @Test func aFolderWithOtherFilesIsNotMadeALedger() throws {
            let run = try headroom.expect(2, "init", "--ledger", headroom.folder.path)
            #expect(run.errors.contains("--ledger"))
        }

        @Test func aFileThatIsCutShortIsNoticed() throws {
            let file = try FileHandle(forWritingTo: headroom.dataFile)
            let size = try file.seekToEnd()
            try file.truncate(atOffset: size / 2 / 4_096 * 4_096)
            try file.close()
            try expectDamage("cut short", "backup")
            let run = try headroom.start(block()).end()
            #expect(run.status == 5)
            #expect(run.errors.contains("cut short"))
        }

        @Test func aChangedByteIsNoticed() throws {
            var bytes = try Data(contentsOf: headroom.dataFile)
            let name = try #require(bytes.range(of: Data("Acme Emirates".utf8)))
            bytes[name.lowerBound] = UInt8(ascii: "B")
            try bytes.write(to: headroom.dataFile)
            try expectDamage("checksum")
        }

        @Test func aNewerFormatIsNotTouched() throws {
            var bytes = try Data(contentsOf: headroom.dataFile)
            let magic = Data("headroom".utf8) + Data([1, 0, 0, 0, 0, 0, 0, 0])
            var found = false
            while let place = bytes.range(of: magic) {
                bytes[place.lowerBound + 8] = 2
                found = true
            }
            #expect(found)
            try bytes.write(to: headroom.dataFile)
            let run = try headroom.start(block()).end()
            #expect(run.status == 5)
            #expect(run.errors.contains("Upgrade headroom"), "\(run.errors)")
            #expect(try Data(contentsOf: headroom.dataFile) == bytes)
        }

        /// How to run a program as somebody who may not, if that can be had.
        private static let asNobody: [String]? = {
            if geteuid() != 0 { return [] }
            let setpriv = "/usr/bin/setpriv"
            guard FileManager.default.isExecutableFile(atPath: setpriv) else { return nil }
            return [setpriv, "--reuid=65534", "--regid=65534", "--clear-groups"]
        }()

        @Test(.enabled(if: asNobody != nil))
        func aMissingPermissionIsSaid() throws {
            let before = try headroom.head()
            let launcher = try #require(Self.asNobody)
            // Where the program was built may be out of that user's reach.
            var moved = headroom
            moved.binary = headroom.folder.appendingPathComponent("headroom")
            try FileManager.default.copyItem(at: Headroom.builtBinary, to: moved.binary)
            func setMode(_ mode: Int, _ url: URL) throws {
                try FileManager.default.setAttributes(
                    [.posixPermissions: mode],
                    ofItemAtPath: url.path
                )
            }
            try setMode(0o755, moved.binary)
            try setMode(0o755, headroom.folder)
            for mode in [0o000, 0o755] {
                let closed = mode == 0 ? headroom.ledger : headroom.dataFile
                try setMode(0o755, headroom.ledger)
                try setMode(0o755, headroom.ledger.appendingPathComponent("log"))
                try setMode(0o000, closed)
                let run = try moved.start(block(), through: launcher).end()
                #expect(run.status == 5, "\(run.errors)")
                #expect(run.errors.contains("Permission denied"), "\(run.errors)")
                try setMode(mode == 0 ? 0o755 : 0o600, closed)
            }
            #expect(try headroom.head() == before)
        }

        @Test func aFullDiskLeavesNothingHalfWritten() throws {
            let before = try headroom.head()
            var text = "id,time,consignee,destination,end_use,tpp\n"
            for number in 0..<20_000 {
                text += "o\(number),2025-02-01T00:00:00Z,ZETA,JP,commercial,1000\n"
            }
            let orders = try headroom.write("orders.csv", text)
            let size = try Data(contentsOf: headroom.dataFile).count / 1_024 + 400
            let full = try headroom.run(
                "import",
                orders.path,
                through: ["bash", "-c", "ulimit -f \(size); exec \"$@\"", "limited"]
            )
            #expect(full.status == 5, "\(full.signal ?? 0) \(full.output)\(full.errors)")
            #expect(full.errors.contains("ree space"), "\(full.errors)")
            let after = try headroom.head()
            #expect(after.entries >= before.entries)
            #expect(after.entries < before.entries + 20_000)
            let again = try headroom.expect(0, "import", orders.path, "--json").object()
            let summary = try #require(again["summary"] as? [String: Any])
            #expect(summary["granted"] as? Int == 20_000)
            #expect(summary["replayed"] as? Int == after.entries - before.entries)
        }

        @Test func anInterruptedInitCanBeRunAgain() throws {
            // What is there when the process ends between making the log and its first entry.
            let empty = headroom.folder.appendingPathComponent("interrupted")
            for round in 0..<20 {
                try? FileManager.default.removeItem(at: empty)
                let started = try headroom.start(["init", "--ledger", empty.path])
                usleep(UInt32(round) * 1_500)
                kill(started.process.processIdentifier, SIGKILL)
                _ = try started.end()
                let again = try headroom.run("init", "--ledger", empty.path)
                #expect(again.status == 0 || again.status == 3, "round \(round) \(again.errors)")
                let entries = try headroom.expect(0, "verify", "--ledger", empty.path, "--json")
                #expect(try entries.object()["entries"] as? Int == 2, "round \(round)")
            }
        }

        @Test func theBinaryWorksWhereverItIs() throws {
            let place = headroom.folder.appendingPathComponent("elsewhere")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            var moved = headroom
            moved.binary = place.appendingPathComponent("moved")
            try FileManager.default.copyItem(at: Headroom.builtBinary, to: moved.binary)
            try moved.expect(0, "rulebook", "list")
            try moved.expect(0, "devices", "list")
            try moved.expect(0, "verify")
            try moved.expect(
                0,
                "init",
                "--ledger",
                place.path + "/new",
                "--rulebook",
                "diffusion-2025-cfr"
            )
        }
    }
#endif
