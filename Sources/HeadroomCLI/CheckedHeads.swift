// SPDX-License-Identifier: Apache-2.0

#if Service
    import LedgerProofs
    import LedgerText

    extension CheckpointStore.CheckedHeads {
        /// What was checked of a ledger's stored heads, and what it is worth.
        func sentence(trusting trust: TrustedKeyOptions) -> String {
            guard let newest else { return "no checkpoint is stored" }
            let signers =
                trust.key.isEmpty
                ? "keys that the ledger's folder lists"
                : "keys that you named or that these vouch for"
            let heads = count == 1 ? "1 stored checkpoint is" : "\(count) stored checkpoints are"
            return
                "\(heads) of this log, the newest of \(newest.checkpoint.size) entries, signed by "
                + signers
        }

        /// Writes the members of a JSON document.
        func write(to writer: inout JSONWriter, trusting trust: TrustedKeyOptions) {
            writer.member("checkpoints_checked", Int64(count))
            writer.member("checkpoints_trusted_by", trust.key.isEmpty ? "ledger" : "key")
            if let newest {
                writer.key("signed_entries")
                writer.integer(newest.checkpoint.size)
            }
        }
    }
#endif
