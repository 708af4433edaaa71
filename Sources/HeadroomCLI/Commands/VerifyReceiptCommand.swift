// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import EntryLog
    import LedgerDisclosure
    import LedgerModel
    import LedgerProofs
    import LedgerReports
    import LedgerText

    /// `headroom verify-receipt`.
    struct VerifyReceiptCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "verify-receipt",
            abstract: "Check a receipt and say what it proves; needs no ledger and no network.",
            discussion: """
                What is said comes from the bytes that were proven, not from the clear text beside \
                them. Exit status 4 and the part that was altered, if one was.

                Examples:
                  headroom verify-receipt PO-1001.json --key "$(cat ledger.pub)"
                  headroom verify-receipt PO-1001.json --key "$KEY" --format html --to PO-1001.html
                """
        )

        /// How the result is shown.
        enum Format: String, ExpressibleByArgument, CaseIterable {
            case text
            case json
            case html
        }

        @Argument(help: ArgumentHelp("A receipt; - is standard input.", valueName: "file"))
        var receipt: String

        @Option(
            help: ArgumentHelp(
                "A verifier key that you trust: the ledger's, and again for each witness.",
                valueName: "key"
            )
        )
        var key: [String]

        @Option(help: "text, json or html: one file for people, with the head as a QR code.")
        var format = Format.text

        @OptionGroup var file: ReportFileOptions
        @OptionGroup var output: OutputOptions

        func perform() throws -> ExitStatus {
            let keys = try self.key.map { text in
                do throws(ProofError) {
                    return try NoteVerifierKey(text)
                } catch {
                    throw CommandFailure(error, "--key")
                }
            }
            let bytes = try InputFile.contents(
                of: receipt,
                atMost: Receipt.maximumByteCount,
                called: "file"
            )
            let verified: VerifiedReceipt
            do throws(ReceiptFault) {
                verified = try ReceiptVerifier(keys: keys).verify(bytes)
            } catch {
                throw CommandFailure(.verificationFailed, error.description)
            }
            try show(verified)
            return .done
        }

        private func show(_ verified: VerifiedReceipt) throws(CommandFailure) {
            let report = ReceiptReport(verified)
            switch output.json ? .json : format {
            case .text:
                try file.write(
                    "verified: the entry is in the log whose head was signed\n\n"
                        + report.explanation.text(width: file.width, style: file.style)
                )
            case .html: try file.write(report.html)
            case .json:
                let isAdvisory = verified.creation.mode == .advisory
                try file.write(
                    Output.documentBytes(asIfEnforced: isAdvisory) { writer in
                        writer.member("verified", true)
                        writer.key("entry")
                        writer.value(verified.reading)
                        writer.key("head")
                        writer.beginObject()
                        writer.member("origin", verified.checkpoint.origin)
                        writer.key("entries")
                        writer.integer(verified.checkpoint.size)
                        writer.member("root", verified.checkpoint.root.description)
                        writer.endObject()
                        writer.key("signed_by")
                        writer.beginArray()
                        for signature in verified.signatures { writer.string(signature.key.text) }
                        writer.endArray()
                    }
                )
            }
        }
    }

    extension ReceiptReport {
        /// What a verified receipt says.
        fileprivate init(_ verified: VerifiedReceipt) {
            let header = verified.reading.header
            let kind: String =
                switch verified.reading.content {
                case .operation(let record): record.action.kind.description
                default: "\(header.kind)"
                }
            self.init(
                number: header.number,
                time: header.time,
                kind: kind,
                actor: verified.reading.actor,
                content: verified.reading.content,
                tellsTotals: verified.reading.tellsShared,
                limitsAfter: verified.reading.limitsAfter ?? [],
                creation: verified.creation,
                adoption: header.rulebook,
                rulebook: verified.rulebook,
                rulebookHash: verified.rulebookHash?.description,
                headEntryCount: verified.checkpoint.size,
                headRoot: verified.checkpoint.root.description,
                head: String(decoding: verified.receipt.proof.checkpoint.bytes, as: UTF8.self),
                signers: verified.signatures.map(\.words)
            )
        }
    }

    extension VerifiedSignature {
        /// Who signed, and of a witness when.
        fileprivate var words: String {
            let time = secondsSince1970.flatMap {
                LedgerTime(
                    millisecondsSince1970: Int64(clamping: $0).multipliedReportingOverflow(
                        by: 1_000
                    ).partialValue
                )
            }
            return "\(key.name), with the key \(key.text)" + (time.map { ", at \($0)" } ?? "")
        }
    }
#endif
