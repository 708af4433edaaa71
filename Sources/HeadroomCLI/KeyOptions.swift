// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import EntryLog
    import Foundation
    import LedgerModel
    import LedgerProofs
    import LedgerText

    /// Where a ledger's signing keys are.
    struct KeyOptions: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "The folder of the signing keys (default: $HEADROOM_KEYS, or keys/ in the ledger's "
                    + "folder).",
                valueName: "folder"
            ),
            completion: .directory
        )
        var keys: String?

        /// The folder that was named, by option or environment.
        var folder: String? {
            if let keys { return keys }
            let named = ProcessInfo.processInfo.environment["HEADROOM_KEYS"]
            return named.flatMap { $0.isEmpty ? nil : $0 }
        }

        /// The heads of a ledger whose log is open, with its keys.
        func heads(of ledger: LedgerOptions, _ log: OpenLog) -> LedgerHeads {
            LedgerHeads(of: ledger.folder, log, keys: folder)
        }

        /// The heads of a ledger, with its keys; its log is opened for reading.
        func heads(of ledger: LedgerOptions) throws(CommandFailure) -> LedgerHeads {
            heads(of: ledger, try ledger.folder.openForReading())
        }
    }

    extension VerifiedSignature {
        /// When a witness says that it cosigned.
        var time: LedgerTime? {
            secondsSince1970.flatMap { seconds in
                Int64(exactly: seconds).flatMap { seconds in
                    let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
                    return overflow ? nil : LedgerTime(millisecondsSince1970: milliseconds)
                }
            }
        }
    }

    extension JSONWriter {
        /// Writes a signed head as an object.
        mutating func value(_ signed: SignedCheckpoint, _ signatures: [VerifiedSignature]) {
            beginObject()
            member("origin", signed.checkpoint.origin)
            key("entries")
            integer(signed.checkpoint.size)
            member("root", signed.checkpoint.root.description)
            key("signed_by")
            beginArray()
            for signature in signatures {
                beginObject()
                member("key", signature.key.text)
                member(
                    "as",
                    signature.key.algorithm == .cosignature ? "witness" : "ledger"
                )
                if signature.key.algorithm == .cosignature { member("time", signature.time) }
                endObject()
            }
            endArray()
            member("note", String(decoding: signed.bytes, as: UTF8.self))
            endObject()
        }
    }
#endif
