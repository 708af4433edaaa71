// SPDX-License-Identifier: Apache-2.0

#if Service
    import EntryLog
    import Foundation
    import LMDBEntryLog
    import LedgerModel
    import Testing

    /// `verify --readjudicate`, of a ledger, of one that was forged, and of exports.
    @Suite struct ReadjudicationTests {
        private let headroom: Headroom

        init() throws {
            headroom = try Headroom()
            try headroom.makeLedger()
            let orders = try headroom.write(
                "orders.csv",
                """
                id,time,exporter,consignee,destination,tpp,end_use
                o1,2025-02-01T10:00:00Z,CHIPS,ACME-AE,AE,700000000,commercial
                o2,2025-02-02T10:00:00Z,CHIPS,ACME-AE,AE,90000000,commercial
                o3,2025-02-03T10:00:00Z,CHIPS,ZETA,JP,7000,military
                o4,2025-02-04T10:00:00Z,CHIPS,ZETA,JP,5000,commercial

                """
            )
            try headroom.expect(1, "import", orders.path)
        }

        private func path(_ name: String) -> String {
            headroom.folder.appendingPathComponent(name).path
        }

        /// Writes the ledger again with something changed, the refusal of `o3` into a grant, and with
        /// every hash computed anew.
        private func forge(
            _ name: String,
            _ change: (Entry) -> Entry = Self.forged
        ) throws {
            let log = try LMDBEntryLog.open(
                at: headroom.ledger.appendingPathComponent("log").path,
                access: .readOnly
            )
            try FileManager.default.createDirectory(
                atPath: path(name),
                withIntermediateDirectories: true
            )
            let forged = try LMDBEntryLog.create(at: path(name) + "/log", secret: log.secret)
            let head = try forged.takeOver()
            var builder = BatchBuilder(secret: log.secret, frontier: try forged.frontier())
            try log.read(from: EntryNumber(rawValue: 0)) { _, batch throws(EntryLogError) in
                try BatchReader.forEachEntry(in: batch) { _, bytes throws(EntryLogError) in
                    try builder.append(change(try EntryCodec.decode(bytes)))
                    return .next
                }
                return .next
            }
            _ = try forged.append(builder.finish(previous: head), expecting: head)
        }

        private static func forged(_ entry: Entry) -> Entry {
            guard case .operation(var record) = entry.content, record.id.text == "o3",
                case .decided(var decision) = record.outcome
            else { return entry }
            decision.refusal = nil
            decision.mechanism = .allied
            decision.granted = decision.asked
            record.outcome = .decided(decision)
            var forged = entry
            forged.content = .operation(record)
            return forged
        }

        @Test func aRightLedgerIsJudgedToItsEndAndSoIsItsExport() throws {
            let found = try headroom.expect(0, "verify", "--readjudicate", "--json").object()
            let (entries, root) = try headroom.head()
            #expect(found["verified"] as? Bool == true)
            #expect(found["entries"] as? Int == entries)
            #expect(found["root"] as? String == root)
            #expect(found["grants"] as? Int == 3)
            #expect(found["refusals"] as? Int == 1)
            #expect(found["open"] as? Int == 790_005_000)
            try headroom.expect(0, "export", "--to", path("all.ndjson"))
            let exported = try headroom.expect(
                0,
                "verify",
                "--readjudicate",
                "--export",
                path("all.ndjson"),
                "--json"
            ).object()
            #expect(exported["root"] as? String == root)
            #expect(exported["open"] as? Int == 790_005_000)
            #expect(exported["head"] == nil)
        }

        /// Whoever writes past the program can say that another key signs; nobody can sign it.
        @Test func aForgedRotationOfTheKeyIsFound() throws {
            try headroom.expect(0, "key", "make")
            try headroom.expect(0, "key", "rotate", "--at", "2025-03-01")
            try headroom.expect(0, "verify", "--readjudicate")
            try forge("rotated") { entry in
                guard case .operation(var record) = entry.content,
                    case .rotateKey(var rotation) = record.action
                else { return entry }
                // As if it had been stated when the log had fewer entries.
                rotation.statement = rotation.statement.replacingOccurrences(
                    of: "\n\(entry.number)\n\n",
                    with: "\n\(entry.number.rawValue - 1)\n\n"
                )
                record.action = .rotateKey(rotation)
                var forged = entry
                forged.content = .operation(record)
                return forged
            }
            let plain = try headroom.expect(4, "verify", "--ledger", path("rotated"))
            #expect(plain.errors.contains("its rotation of the key"))
            #expect(plain.errors.contains("the signature of headroom.local is not one of this"))
            let told = try headroom.expect(
                4,
                "verify",
                "--readjudicate",
                "--ledger",
                path("rotated")
            )
            #expect(told.output.contains("the signature of headroom.local is not one of this text"))
        }

        @Test func aForgedGrantPassesVerificationAndIsFoundByJudging() throws {
            try forge("forged")
            try headroom.expect(0, "verify", "--ledger", path("forged"))
            let told = try headroom.expect(
                4,
                "verify",
                "--readjudicate",
                "--ledger",
                path("forged")
            )
            #expect(told.output.contains("order o3 of CHIPS for ZETA to JP"))
            #expect(told.output.contains("refused by prohibited: prohibited-end-use"))
            #expect(told.errors.contains("is not what the rules in force make of what was asked"))
            let found = try headroom.expect(
                4,
                "verify",
                "--readjudicate",
                "--json",
                "--ledger",
                path("forged")
            ).object()
            #expect(found["verified"] as? Bool == false)
            let divergence = try #require(found["divergence"] as? [String: Any])
            #expect(divergence["kind"] as? String == "verdict")
            #expect(divergence["found"] as? String == "granted by allied")
            try headroom.expect(
                0,
                "export",
                "--to",
                path("forged.ndjson"),
                "--ledger",
                path("forged")
            )
            try headroom.expect(0, "export", "--check", path("forged.ndjson"))
            let exported = try headroom.expect(
                4,
                "verify",
                "--readjudicate",
                "--export",
                path("forged.ndjson")
            )
            #expect(exported.output == told.output)
        }

        @Test func anExportAloneIsNotVerified() throws {
            try headroom.expect(2, "verify", "--export", path("all.ndjson"))
        }

        @Test func aDamagedExportIsToldAsSuch() throws {
            try headroom.expect(0, "export", "--to", path("all.ndjson"))
            var text = try Data(contentsOf: URL(fileURLWithPath: path("all.ndjson")))
            text[text.count / 2] ^= 1
            let damaged = try headroom.write("damaged.ndjson", text)
            let told = try headroom.expect(
                4,
                "verify",
                "--readjudicate",
                "--export",
                damaged.path
            )
            #expect(told.errors.contains("line "))
        }
    }
#endif
