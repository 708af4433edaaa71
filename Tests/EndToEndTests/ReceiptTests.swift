// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Testing

    /// Receipts from the command line.
    @Suite struct ReceiptTests {
        /// The key of the seed 0 to 31 under the name `headroom.local`; no ledger outside tests has it.
        private static let signingKey =
            "PRIVATE+KEY+headroom.local+eaf66773+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
        private static let key =
            "headroom.local+eaf66773+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"

        private func world() throws -> (headroom: Headroom, signingKey: String) {
            let headroom = try Headroom()
            try headroom.makeLedger()
            try headroom.expect(
                0,
                "reserve",
                "--id",
                "PO-1",
                "--exporter",
                "CHIPS",
                "--consignee",
                "ACME-AE",
                "--destination",
                "AE",
                "--tpp",
                "1000000",
                "--end-use",
                "commercial",
                "--at",
                "2025-02-01"
            )
            let key = try headroom.write("signing.key", Self.signingKey + "\n")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600],
                ofItemAtPath: key.path
            )
            return (headroom, key.path)
        }

        @Test func aReceiptIsVerifiedWithoutTheLedger() throws {
            let (headroom, signingKey) = try world()
            let file = headroom.folder.appendingPathComponent("receipt.json").path
            try headroom.expect(0, "receipt", "PO-1", "--signing-key", signingKey, "--to", file)
            try FileManager.default.removeItem(at: headroom.ledger)
            let told = try headroom.expect(0, "verify-receipt", file, "--key", Self.key).output
            #expect(told.hasPrefix("verified: the entry is in the log whose head was signed\n"))
            #expect(told.contains("Order PO-1 of CHIPS"))
            #expect(told.contains("with it    small-order ACME 2025: "))
            #expect(told.contains("signed     headroom.local, with the key \(Self.key)"))
            let page = try headroom.expect(
                0,
                "verify-receipt",
                file,
                "--key",
                Self.key,
                "--format",
                "html"
            ).output
            #expect(page.hasPrefix("<!DOCTYPE html>"))
            let object = try headroom.expect(0, "verify-receipt", file, "--key", Self.key, "--json")
                .object()
            #expect(object["verified"] as? Bool == true)
        }

        @Test func whatWasAlteredIsNamed() throws {
            let (headroom, signingKey) = try world()
            let receipt = try headroom.expect(0, "receipt", "PO-1", "--signing-key", signingKey)
                .output
            let altered = try headroom.write(
                "altered.json",
                receipt.replacingOccurrences(of: "\"asked\": 1000000", with: "\"asked\": 2000000")
            )
            let run = try headroom.expect(4, "verify-receipt", altered.path, "--key", Self.key)
            #expect(
                run.errors
                    == "headroom: error: claim 'entry.outcome.asked': found 2000000, and the proven "
                    + "bytes say 1000000\n"
            )
            #expect(run.output.isEmpty)
        }

        @Test func aCheckpointStandsInForTheKey() throws {
            let (headroom, signingKey) = try world()
            let receipt = try headroom.expect(0, "receipt", "PO-1", "--signing-key", signingKey)
                .output
            let object = try JSONSerialization.jsonObject(with: Data(receipt.utf8))
            let proof = try #require((object as? [String: Any])?["proof"] as? [String])
            let start = try #require(proof.firstIndex(of: "")) + 1
            let head = try headroom.write(
                "head.txt",
                proof[start...].map { $0 + "\n" }.joined()
            )
            try headroom.expect(0, "tick", "--at", "2025-03-01")
            let again = try headroom.expect(0, "receipt", "PO-1", "--checkpoint", head.path).output
            #expect(again == receipt)
            // The tick came after that head.
            let run = try headroom.expect(
                2,
                "receipt",
                "--entry",
                "7",
                "--authority",
                "--checkpoint",
                head.path
            )
            #expect(run.errors.contains("sign a newer one"))
        }

        @Test func whatIsNotTheReadersHasNoReceipt() throws {
            let (headroom, signingKey) = try world()
            for (arguments, reason) in [
                (["PO-1", "--for", "OTHERS"], "nothing of entry 6 is for OTHERS to see"),
                (["PO-9"], "unknown-reference: id: found 'PO-9'"),
                (["--entry", "99"], "found entry 99, expected one from 0 to 6"),
                (["PO-1", "--entry", "6"], "expected the id of an operation, or else --entry"),
                (["PO-1", "--authority", "--for", "CHIPS"], "expected one of them"),
            ] {
                let run = try headroom.start(
                    ["receipt"] + arguments + ["--signing-key", signingKey]
                ).end()
                #expect(run.status == 2)
                #expect(run.errors.contains(reason), "\(run.errors)")
            }
        }

        @Test func aRedactedExportHasTheLedgersRoot() throws {
            let (headroom, _) = try world()
            let file = headroom.folder.appendingPathComponent("chips.ndjson").path
            try headroom.expect(0, "export", "--redacted-for", "CHIPS", "--to", file)
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(text.contains("PO-1"))
            #expect(!text.contains("Zeta"))
            let root = try headroom.head().root
            let checked = try headroom.expect(0, "export", "--check", file).output
            #expect(checked.contains(root))
            let altered = try headroom.write(
                "altered.ndjson",
                text.replacingOccurrences(of: "PO-1", with: "PO-2")
            )
            try headroom.expect(4, "export", "--check", altered.path)
            try headroom.expect(2, "import", file, "--ledger", file + ".ledger")
        }
    }
#endif
